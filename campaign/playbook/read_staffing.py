"""Reads bodies and their duties, rules for the staff, liaison points and pairing."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from campaign.playbook.node import Node
from campaign.playbook.read_work import read_items
from campaign.playbook.staffing import (
    BODY_KINDS,
    LEAVE_OF,
    LEAVE_TO,
    PAIRED_AS,
    BodyRule,
    LeaveRoute,
    Liaison,
    LiaisonPlan,
    Pairing,
    PairingKind,
    Staffing,
)


def read_bodies(root: Node) -> tuple[BodyRule, ...]:
    nodes = root.tables_at("bodies")
    root.unique("bodies", nodes)
    return tuple(_read_body(node) for node in nodes)


def _read_body(node: Node) -> BodyRule:
    body = BodyRule(
        key=node.need_choice("key", BODY_KINDS),
        name=node.need_text("name"),
        duties=read_items(node, "duties"),
        head=node.text("head"),
        mode=node.text("mode"),
        principle=node.text("principle"),
        note=node.text("note"),
        subgroups=node.integer("subgroups", 1, 100),
        in_office=bool(node.flag("in_office")),
    )
    node.close()
    return body


def read_staffing(root: Node) -> Staffing:
    node = root.table_at("staffing") or Node({}, "staffing", root.faults)
    leave = node.tables_at("leave")
    node.unique("leave", leave, by="who")
    staffing = Staffing(
        leave=tuple(_read_leave(route) for route in leave),
        leave_rule=node.text("leave_rule"),
        discipline=read_items(node, "discipline"),
        instruction=node.text("instruction"),
        travel=node.text("travel"),
        travel_exceptions=read_items(node, "travel_exceptions"),
        party_school=node.text("party_school"),
    )
    if staffing.travel_exceptions and staffing.travel is None:
        message = _("Exceptions stand here without the rule from which they are taken.")
        node.fault("travel_exceptions", message, _("Write the rule at travel, or leave the exceptions out."))
    node.close()
    return staffing


def _read_leave(node: Node) -> LeaveRoute:
    who: Any = node.need_choice("who", LEAVE_OF)
    to: Any = node.need_choice("to", LEAVE_TO)
    if who == to:
        node.fault("to", _("Nobody asks himself for leave."), _("Name the leading group or the office."))
    node.close()
    return LeaveRoute(who, to)


def read_liaison(root: Node) -> Liaison | None:
    node = root.table_at("liaison")
    if node is None:
        return None
    plan = node.tables_at("plan")
    node.unique("plan", plan, by="batch")
    liaison = Liaison(
        rule=node.need_text("rule"),
        plan=tuple(_read_plan(row) for row in plan),
        duties=read_items(node, "duties"),
        model=node.text("model"),
        principal=node.text("principal"),
    )
    node.close()
    return liaison


def _read_plan(node: Node) -> LiaisonPlan:
    plan = LiaisonPlan(node.need_integer("batch", 1, 20), node.need_text("name"))
    node.close()
    return plan


def read_pairing(root: Node) -> Pairing | None:
    node = root.table_at("pairing")
    if node is None:
        return None
    kinds = node.tables_at("kinds")
    node.unique("kinds", kinds)
    pairing = Pairing(rule=node.need_text("rule"), kinds=tuple(_read_kind(kind) for kind in kinds))
    node.close()
    return pairing


def _read_kind(node: Node) -> PairingKind:
    who: Any = node.need_choice("who", PAIRED_AS)
    kind = PairingKind(key=node.need_slug("key"), name=node.need_text("name"), who=who)
    node.close()
    return kind
