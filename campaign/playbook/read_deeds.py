"""Reads look-backs, talks, opinions on members, handling, preparation, commendations, style review and unit types."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from campaign.playbook.deeds import (
    LOOK_BACK_STEPS,
    OPINION_BY,
    SUBJECTS,
    TALK_KINDS,
    Appraisal,
    CommendationList,
    Grade,
    Handling,
    Ledger,
    LookBack,
    LookBackCheck,
    LookBackStep,
    Outcome,
    Preparation,
    StyleReview,
    TalkPair,
    UnitType,
)
from campaign.playbook.node import Node
from campaign.playbook.read_work import read_items
from campaign.playbook.text import Text

# Where the source is silent: the branch decides, and a member is qualified or not; three days overdue are told above.
GRADES = (
    Grade("qualified", Text("合格", "Qualified")),
    Grade("unqualified", Text("不合格", "Unqualified"), adverse=True),
)
ESCALATION_DAYS = 3


def read_lookbacks(root: Node) -> tuple[LookBack, ...]:
    nodes = root.tables_at("lookbacks")
    root.unique("lookbacks", nodes)
    return tuple(_read_lookback(node) for node in nodes)


def _read_lookback(node: Node) -> LookBack:
    checks, steps = node.tables_at("checks"), node.tables_at("steps")
    node.unique("checks", checks)
    node.unique("steps", steps)
    lookback = LookBack(
        key=node.need_slug("key"),
        name=node.need_text("name"),
        phase=node.need_slug("phase"),
        checks=tuple(_read_check(check) for check in checks),
        steps=tuple(_read_step(step) for step in steps),
    )
    if not lookback.checks:
        node.fault("checks", _("Nothing is looked at."), _("Write [[…checks]] for each thing looked at."))
    questions = [question.key for question in lookback.questions if question.key]
    twice = {key for key in questions if questions.count(key) > 1}
    for key in sorted(twice):
        node.fault("checks", _("“%(value)s” stands here twice.") % {"value": key}, _("Keep one of them."))
    node.close()
    return lookback


def _read_check(node: Node) -> LookBackCheck:
    check = LookBackCheck(node.need_slug("key"), node.need_text("name"), read_items(node, "items"))
    node.close()
    return check


def _read_step(node: Node) -> LookBackStep:
    step = LookBackStep(node.need_choice("key", LOOK_BACK_STEPS), node.need_text("name"))
    node.close()
    return step


def read_talks(root: Node) -> tuple[TalkPair, ...]:
    nodes = root.tables_at("talks")
    root.unique("talks", nodes)
    pairs = []
    for node in nodes:
        kind: Any = node.need_choice("kind", TALK_KINDS)
        pairs.append(
            TalkPair(
                key=node.need_slug("key"),
                name=node.need_text("name"),
                kind=kind,
                before=node.slug("before"),
                before_default=bool(node.flag("before_default")),
                count=node.integer("count", 1, 100) or 1,
            )
        )
        node.close()
    return tuple(pairs)


def read_appraisal(root: Node) -> Appraisal:
    node = root.table_at("appraisal") or Node({}, "appraisal", root.faults)
    opinion_by: Any = node.choice("opinion_by", OPINION_BY)
    grade_nodes = node.tables_at("grades")
    node.unique("grades", grade_nodes)
    grades = tuple(_read_grade(grade) for grade in grade_nodes)
    appraisal = Appraisal(
        opinion_by=opinion_by or "branch",
        opinion_by_default=opinion_by is None,
        grades=grades or GRADES,
        grades_default=not grades,
        signature=bool(node.flag("signature")),
        shortcomings=bool(node.flag("shortcomings")),
        feedback=bool(node.flag("feedback")),
        report_out=bool(node.flag("report_out")),
        leader_scope=bool(node.flag("leader_scope")),
    )
    if not any(grade.adverse for grade in appraisal.grades):
        node.fault("grades", _("No finding is adverse."), _("Write adverse = true on one of them."))
    node.close()
    return appraisal


def _read_grade(node: Node) -> Grade:
    grade = Grade(node.need_slug("key"), node.need_text("name"), bool(node.flag("adverse")))
    node.close()
    return grade


def read_handling(root: Node) -> Handling:
    node = root.table_at("handling")
    if node is None:
        return Handling()
    outcome_nodes = node.tables_at("outcomes")
    node.unique("outcomes", outcome_nodes)
    handling = Handling(
        outcomes=tuple(_read_outcome(outcome) for outcome in outcome_nodes),
        written_application=bool(node.flag("written_application")),
        helper=bool(node.flag("helper")),
        measures=bool(node.flag("measures")),
        oath_refusal=node.text("oath_refusal"),
        departures=read_items(node, "departures"),
    )
    node.close()
    return handling


def _read_outcome(node: Node) -> Outcome:
    outcome = Outcome(
        node.need_slug("key"), node.need_text("name"), bool(node.flag("dated")), bool(node.flag("leaves"))
    )
    if outcome.dated and outcome.leaves:
        message = _("Who leaves the Party has no date by which to mend.")
        node.fault("dated", message, _("Leave out one of the two."))
    node.close()
    return outcome


def read_ledger(root: Node) -> Ledger:
    node = root.table_at("ledger") or Node({}, "ledger", root.faults)
    days = node.integer("escalation_days", 1, 365)
    node.close()
    return Ledger(days or ESCALATION_DAYS, days is None)


def read_preparation(root: Node) -> Preparation:
    node = root.table_at("preparation")
    if node is None:
        return Preparation()
    preparation = Preparation(read_items(node, "items"), read_items(node, "plan"), bool(node.flag("required")))
    if not preparation.items:
        node.fault("items", _("This list is empty."), _("Leave the whole table out: no such rule."))
    node.close()
    return preparation


def read_commendations(root: Node) -> tuple[CommendationList, ...]:
    nodes = root.tables_at("commendations")
    root.unique("commendations", nodes)
    lists = []
    for node in nodes:
        subject: Any = node.need_choice("subject", SUBJECTS)
        lists.append(CommendationList(node.need_slug("key"), node.need_text("name"), subject))
        node.close()
    return tuple(lists)


def read_style_review(root: Node) -> StyleReview | None:
    node = root.table_at("style_review")
    if node is None:
        return None
    review = StyleReview(
        key="style_review",
        name=node.need_text("name"),
        phase=node.need_slug("phase"),
        minimum=node.need_integer("minimum", 1, 10_000),
        representatives=read_items(node, "representatives"),
        items=read_items(node, "items"),
    )
    for key, listed in (("representatives", review.representatives), ("items", review.items)):
        if not listed:
            node.fault(key, _("This list is empty."), _("Name at least one, or leave out the whole table."))
    node.close()
    return review


def read_unit_types(root: Node) -> tuple[UnitType, ...]:
    nodes = root.tables_at("unit_types")
    root.unique("unit_types", nodes)
    types = []
    for node in nodes:
        staged = node.flag("staged")
        if staged is None and not node.has("staged"):
            message = _("It is not said whether units of this type run in stages.")
            node.fault("staged", message, _("Write true or false, without quotation marks."))
        types.append(
            UnitType(
                key=node.need_slug("key"),
                name=node.need_text("name"),
                staged=staged is not False,
                focus=node.text("focus"),
                known_as=node.strings("known_as"),
                batch=node.integer("batch", 1, 99),
            )
        )
        node.close()
    return tuple(types)
