"""Reads weekly reports, the bulletin, and the words printed on documents."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from campaign.playbook.node import Node
from campaign.playbook.read_work import read_fields
from campaign.playbook.telling import ESCALATION_DAYS, REPORTERS, Bulletin, Points, ReportRule
from campaign.playbook.text import Text

WORDS = (
    "jurisdiction",
    "campaign",
    "committee",
    "leading_group",
    "office",
    "supervision_group",
    "guidance_group",
    "general_group",
    "goal",
)


def read_reports(root: Node) -> tuple[ReportRule, ...]:
    nodes = root.tables_at("reports")
    root.unique("reports", nodes)
    return tuple(_read_report(node) for node in nodes)


def _read_report(node: Node) -> ReportRule:
    reporter: Any = node.need_choice("reporter", REPORTERS)
    days = node.integer("escalation_days", 1, 365)
    report = ReportRule(
        key=node.need_slug("key"),
        name=node.need_text("name"),
        reporter=reporter,
        to=node.text("to"),
        minimum=node.need_integer("minimum", 1, 100),
        weekday=node.integer("weekday", 0, 6),
        time=node.clock("time"),
        soft=bool(node.flag("soft")),
        fields=read_fields(node, "fields"),
        guidance=node.text("guidance"),
        rule=node.need_text("rule"),
        points=_read_points(node),
        escalation_days=days or ESCALATION_DAYS,
        escalation_default=days is None,
    )
    node.close()
    return report


def _read_points(node: Node) -> Points | None:
    accepted, used, above = (node.integer(f"points_{step}", 0, 1000) for step in ("accepted", "used", "above"))
    rule = node.text("points_rule")
    if not (accepted or used or above):
        if rule is not None:
            node.fault("points_rule", _("No points are given."), _("Give points, or leave the words out."))
        return None
    return Points(accepted or 0, used or 0, above or 0, rule)


def read_bulletin(root: Node) -> Bulletin | None:
    node = root.table_at("bulletin")
    if node is None:
        return None
    bulletin = Bulletin(
        masthead=node.need_text("masthead"),
        issuer=node.need_text("issuer"),
        weekday=node.need_integer("weekday", 0, 6),
        time=node.need_clock("time"),
        report_to=node.text("report_to"),
        send_to=node.text("send_to"),
        distribute_to=node.text("distribute_to"),
    )
    node.close()
    return bulletin


def read_words(root: Node) -> tuple[tuple[str, Text], ...]:
    node = root.table_at("words")
    if node is None:
        return ()
    words = [(key, node.text(key)) for key in WORDS]
    node.close()
    return tuple((key, text) for key, text in words if text is not None)
