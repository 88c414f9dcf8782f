"""Reads batches, stages, gates, actions and study."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from campaign.playbook.deeds import TREATMENTS, ProblemKind
from campaign.playbook.node import Node
from campaign.playbook.work import (
    EVIDENCE,
    PERS,
    RESERVED,
    TOOLS,
    WHOS,
    Action,
    BatchPlan,
    Check,
    CheckValue,
    Coverage,
    Evidence,
    Field,
    Item,
    NamedList,
    Schedule,
    Stage,
    Study,
    Who,
)

# Where the source is silent: six study hours make a day, and every member is to reach the minimum.
DAY_HOURS = Decimal(6)
EVERY_MEMBER = Fraction(1)


def read_item(node: Node) -> Item:
    item = Item(node.need_slug("key"), node.need_text("name"))
    node.close()
    return item


def read_items(parent: Node, key: str) -> tuple[Item, ...]:
    nodes = parent.tables_at(key)
    parent.unique(key, nodes)
    return tuple(read_item(node) for node in nodes)


def read_fields(parent: Node, key: str) -> tuple[Field, ...]:
    nodes = parent.tables_at(key)
    parent.unique(key, nodes)
    fields = []
    for node in nodes:
        required = node.flag("required")
        fields.append(Field(node.need_slug("key"), node.need_text("name"), required is not False))
        node.close()
    return tuple(fields)


def read_batches(root: Node) -> tuple[BatchPlan, ...]:
    nodes = root.tables_at("batches")
    root.unique("batches", nodes, by="number")
    batches = []
    for node in nodes:
        batches.append(BatchPlan(node.need_integer("number", 1, 20), node.need_text("name"), node.text("window")))
        node.close()
    if not batches:
        root.fault("batches", _("There is no batch."), _("Write at least one [[batches]] table."))
    return tuple(sorted(batches, key=lambda batch: batch.number))


def read_schedule(root: Node) -> Schedule:
    node = root.table_at("schedule")
    if node is None:
        return Schedule()
    schedule = Schedule(
        launch_days=node.integer("launch_days", 0, 365),
        launch_latest=node.text("launch_latest"),
        unit_months=node.integer("unit_months", 1, 36),
        follow_parent=bool(node.flag("follow_parent")),
    )
    node.close()
    return schedule


def read_stages(root: Node) -> tuple[Stage, ...]:
    nodes = root.tables_at("stages")
    root.unique("stages", nodes)
    stages = tuple(_read_stage(node, position) for position, node in enumerate(nodes, start=1))
    if not stages:
        root.fault("stages", _("There is no stage."), _("Write at least one [[stages]] table."))
    return stages


def _read_stage(node: Node, position: int) -> Stage:
    key = node.need_slug("key")
    if key in RESERVED:
        message = _("“%(key)s” means something else in a playbook.") % {"key": key}
        node.fault("key", message, _("Give the stage another key."))
    stage = Stage(
        key=key,
        position=position,
        name=node.need_text("name"),
        aim=node.text("aim"),
        days=node.integer("days", 1, 1000),
        window=node.text("window"),
        gate=tuple(read_check(check) for check in node.tables_at("gate")),
        transition=bool(node.flag("transition")),
        transition_default=bool(node.flag("transition_default")),
    )
    node.close()
    return stage


def read_check(node: Node) -> Check:
    """Beside its three own keys a check may carry these parameters; what they refer to is looked up later."""
    params: dict[str, CheckValue | None] = {
        "instrument": node.slug("instrument"),
        "report": node.slug("report"),
        "actions": node.slugs("actions") or None,
        "coverage": node.slug("coverage"),
        "share": node.share("share"),
        "minimum": node.integer("minimum", 0, 100_000),
    }
    check = Check(
        check=node.need_slug("check"),
        soft=bool(node.flag("soft")),
        override=bool(node.flag("override")),
        params=tuple((name, value) for name, value in params.items() if value is not None),
    )
    node.close()
    return check


def read_study(root: Node) -> Study:
    node = root.table_at("study") or Node({}, "study", root.faults)
    coverage_nodes = node.tables_at("coverages")
    node.unique("coverages", coverage_nodes)
    coverages = [read_item(item) for item in coverage_nodes]
    share = node.share("share")
    study = Study(
        hours=node.decimal("hours"),
        concentrated_days=node.integer("concentrated_days", 1, 365),
        session_min=node.decimal("session_min"),
        offhours=node.flag("offhours"),
        day_hours=node.decimal("day_hours") or DAY_HOURS,
        share=share or EVERY_MEMBER,
        coverages=tuple(Coverage(item.key, item.name) for item in coverages),
    )
    if share == 0:
        node.fault(
            "share",
            _("A share of 0% asks nothing of anybody."),
            _("Leave it out, or write a share above 0%."),
        )
    node.close()
    return study


def read_actions(root: Node) -> tuple[Action, ...]:
    nodes = root.tables_at("actions")
    root.unique("actions", nodes)
    return tuple(_read_action(node, number) for number, node in enumerate(nodes, start=1))


def _read_action(node: Node, number: int) -> Action:
    pers: tuple[Any, ...] = node.choices("per", PERS)
    if not pers:
        node.fault(
            "per",
            _("It is not said who has to do it."),
            _("Choose from: %(names)s.") % {"names": ", ".join(PERS)},
        )
    evidence: Evidence = node.need_choice("evidence", EVIDENCE)
    who: Who = node.choice("who", WHOS) or "all"
    action = Action(
        key=node.need_slug("key"),
        number=number,
        phase=node.need_slug("phase"),
        name=node.need_text("name"),
        description=node.text("description"),
        by=node.text("by"),
        proof=node.text("proof"),
        pers=pers or ("unit",),
        per_stage=bool(node.flag("per_stage")),
        evidence=evidence,
        count=node.integer("count", 1, 1000) or 1,
        deadline=node.text("deadline"),
        gate=bool(node.flag("gate")),
        soft=bool(node.flag("soft")),
        key_link=bool(node.flag("key_link")),
        coverage=node.slug("coverage"),
        instrument=node.slug("instrument"),
        report=node.slug("report"),
        guidance=node.text("guidance"),
        fields=read_fields(node, "fields"),
        who=who,
        tool=node.choice("tool", TOOLS),
    )
    if action.gate == action.soft:
        node.fault(
            "gate",
            _("An action is either required or encouraged."),
            _("Write gate = true or soft = true, one of the two."),
        )
    node.close()
    return action


def _read_problem_kinds(parent: Node) -> tuple[Item, ...]:
    nodes = parent.tables_at("items")
    parent.unique("items", nodes)
    kinds = []
    for node in nodes:
        kinds.append(ProblemKind(node.need_slug("key"), node.need_text("name"), node.choice("treatment", TREATMENTS)))
        node.close()
    return tuple(kinds)


def read_statements(root: Node) -> tuple[NamedList, ...]:
    """Guiding thought, principles, goals, standards, as the source words them: shown, never computed (A-15, A-20)."""
    nodes = root.tables_at("statements")
    root.unique("statements", nodes)
    statements = []
    for node in nodes:
        statement = NamedList(node.need_slug("key"), node.need_text("name"), read_items(node, "items"))
        if not statement.items:
            node.fault("items", _("This list is empty."), _("Leave the whole list out: no such rule."))
        node.close()
        statements.append(statement)
    return tuple(statements)


def read_lists(root: Node, known: frozenset[str]) -> tuple[NamedList, ...]:
    nodes = root.tables_at("lists")
    root.unique("lists", nodes)
    lists = []
    for node in nodes:
        key = node.need_slug("key")
        items = _read_problem_kinds(node) if key == "problem_kinds" else read_items(node, "items")
        listed = NamedList(key, node.text("name"), items)
        if listed.key and listed.key not in known:
            remedy = _("Choose from: %(names)s.") % {"names": ", ".join(sorted(known))}
            node.wrong("key", listed.key, remedy)
        if not listed.items:
            node.fault("items", _("This list is empty."), _("Leave the whole list out: no such rule."))
        node.close()
        lists.append(listed)
    return tuple(lists)
