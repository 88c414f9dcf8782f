"""What the pages of an application show: rows of the list, the report and its changes, the choices and what follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext as _

from accounts import clock
from accounts.messages import localised
from campaign.findings import Gate
from campaign.models import Participation, RollEntry, StageProgress
from campaign.playbook import ConsentStep, Playbook
from campaign.playbook.work import CLOSING
from supervision import actions, chain, queries, rules
from supervision.actions.decisions import overrides
from supervision.compare import Paragraph, changes, compare, letters, paragraphs
from supervision.gates import gate_of
from supervision.models import Decision, MakeUpOrder, Transition
from supervision.objections import answered
from supervision.procedure import ordered_steps
from supervision.queries.transitions import previous_attempt
from supervision.since import finding_changes, recorded_since, worse


# ---------------------------------------------------------------- the list
@dataclass(frozen=True)
class Row:
    """One line of the list. `waits`: the steps whose turn it is."""

    transition: Transition
    stage: Any
    target: Any
    mine: bool
    waits: list[ConsentStep]
    days: int


def in_order(rows: QuerySet[Transition], waiting: list[int]) -> QuerySet[Transition]:
    """Those waiting for the user, then those under way, the oldest first; then the rest, the newest first."""
    rank = Case(
        When(pk__in=waiting, then=Value(0)),
        When(state__in=Transition.OPEN, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    since = Case(When(state__in=Transition.OPEN, then="applied_at"))
    return (
        rows.select_related("participation__organization", "participation__work_unit")
        .prefetch_related("decisions")
        .order_by(rank, since.asc(nulls_last=True), "-applied_at", "-pk")
    )


def list_rows(found: list[Transition], waiting: list[int]) -> list[Row]:
    """The rows of one page, the rules of each batch read once."""
    books = queries.playbooks(row.participation.batch_id for row in found) if found else {}
    rows = []
    for row in found:
        book = books[row.participation.batch_id]
        target = book.stage(row.target).name if row.target else None
        rule = chain.rule_at(book, row.stage)
        waits = rules.next_steps(row, rule) if rule else []
        days = (clock.now() - row.applied_at).days
        rows.append(Row(row, chain.name_at(book, row.stage), target, row.pk in waiting, waits, days))
    return rows


# ---------------------------------------------------------------- the review page
@dataclass(frozen=True)
class ReportPart:
    """A part of the report: its paragraphs, with what changed since the last attempt where there was one."""

    name: Any
    text: str
    marked: list[Paragraph] = field(default_factory=list)

    @property
    def paragraphs(self) -> list[str]:
        return paragraphs(self.text)

    @property
    def letters(self) -> int:
        return letters(self.text)

    @property
    def changes(self) -> int:
        return changes(self.marked)


def _part_names(transition: Transition, playbook: Playbook) -> dict[str, Any]:
    rule = chain.rule_at(playbook, transition.stage)
    return {part.key: part.name for part in rule.parts} if rule else {}


def report_parts(transition: Transition, playbook: Playbook, before: Transition | None) -> list[ReportPart]:
    """The parts in the playbook's order; parts that a changed playbook no longer names stay at the end."""
    names = _part_names(transition, playbook)
    keys = [key for key in names if key in transition.parts] + [key for key in transition.parts if key not in names]
    return [
        ReportPart(
            names.get(key, key),
            transition.parts[key],
            compare(before.parts.get(key, ""), transition.parts[key]) if before else [],
        )
        for key in keys
    ]


def stage_names(transition: Transition) -> dict[str, Any]:
    playbook = transition.participation.batch.campaign.playbook
    return {
        "stage_name": chain.name_at(playbook, transition.stage),
        "target_name": playbook.stage(transition.target).name if transition.target else None,
    }


def review_context(transition: Transition, playbook: Playbook, *, again: bool) -> dict[str, Any]:
    """Everything on the page of an application but the decision."""
    before = previous_attempt(transition)
    back, answers = answered(transition, playbook)
    parts = report_parts(transition, playbook, before)
    roll = RollEntry.objects.filter(
        progress__participation=transition.participation_id, progress__stage=transition.stage
    )
    progress = next((p for p in transition.participation.progress.all() if p.stage == transition.stage), None)
    today = gate_of(transition.participation, progress) if again and progress else None
    return {
        "transition": transition,
        "participation": transition.participation,
        **stage_names(transition),
        "gate": transition.gate,
        "again": today,
        "worse": (fallen := worse(transition.gate, today) if today else []),
        "worse_titles": localised([str(finding.title) for finding in fallen]),
        "now": clock.now(),
        "parts": parts,
        "letters": sum(part.letters for part in parts),
        "before": before,
        "back": back,
        "answers": answers,
        "finding_changes": finding_changes(before.gate, transition.gate) if before else [],
        "recorded_since": recorded_since(transition),
        "ordered": ordered_steps(transition.participation, transition.stage, transition),
        "decisions": _decisions(transition, playbook),
        "attempts": queries.attempts_of(transition.participation, playbook),
        "timeline": queries.transition_timeline(transition, playbook),
        "members": roll.count(),
        "branches": roll.values("organization").distinct().count(),
        "makeups": list(MakeUpOrder.objects.filter(transition=transition).select_related("organization")),
    }


def _decisions(transition: Transition, playbook: Playbook) -> list[dict[str, Any]]:
    """What was said against it, in the words of the report: for the applicant who has to mend it."""
    names = _part_names(transition, playbook)
    titles = {finding.key: finding.title for finding in transition.gate}
    return [
        {
            "decision": decision,
            "body": rules.BODY_NAMES.get(decision.body, decision.body),
            "parts": [(names.get(key, key), why) for key, why in decision.sections.get("parts", {}).items()],
            "findings": [titles.get(key, key) for key in decision.sections.get("findings", [])],
        }
        for decision in transition.decisions.all()
        if decision.verdict != Decision.Verdict.AGREE
    ]


# ---------------------------------------------------------------- the decision
def choices(transition: Transition, playbook: Playbook, steps: list[ConsentStep]) -> dict[str, Any]:
    """What each choice leads to, and why one cannot be chosen."""
    rule = chain.rule_at(playbook, transition.stage)
    if not steps or rule is None:
        return {"steps": []}
    spoken = {decision.body for decision in transition.decisions.all()} | {steps[0].body}
    left = [step for step in rule.steps if step.body not in spoken]
    blocking = [str(finding.title) for finding in transition.gate.blocking]
    open_makeup = MakeUpOrder.objects.open().filter(participation=transition.participation_id, stage=transition.stage)
    approving = any(overrides(step) for step in steps)
    return {
        "steps": steps,
        "body_name": rules.BODY_NAMES.get(steps[0].body, steps[0].body),
        "left": left,
        "blocking": localised(blocking),
        "makeup_open": open_makeup.exists(),
        "to_override": transition.gate.to_override if approving and not transition.override_reason else [],
        "meeting": rule.meeting,
    }


def first_choice(transition: Transition) -> dict[str, Any]:
    """What is ticked at first: nothing where agreeing is possible, so that nobody agrees by habit."""
    if transition.gate.blocking:
        return {"verdict": "return", "findings": [finding.key for finding in transition.gate.blocking]}
    return {}


def said(transition: Transition, verdict: str) -> str:
    """The confirmation after a decision."""
    name = {"unit": transition.participation.label}
    if verdict == Decision.Verdict.RETURN:
        return _("The application of %(unit)s has been returned; the applicant has been told.") % name
    if verdict == Decision.Verdict.MAKE_UP:
        return _("A make-up has been ordered of %(unit)s; those who have to do it have been told.") % name
    if transition.state == Transition.State.SUBMITTED:
        return _("You have agreed to the application of %(unit)s; other bodies have yet to agree.") % name
    return _("You have agreed to the application of %(unit)s; all have agreed now.") % name


# ---------------------------------------------------------------- applying
def apply_context(
    participation: Participation, progress: StageProgress | None, gate: Gate, form: Any
) -> dict[str, Any]:
    """The page on which an application is written: at the end of a stage, or to close."""
    playbook = participation.batch.campaign.playbook
    stage = chain.stage_now(participation, progress)
    target = chain.target_after(playbook, stage)
    last = Transition.objects.filter(participation=participation, stage=stage).order_by("-attempt")
    latest = last.prefetch_related("decisions__by", "decisions__on_behalf_of").first()
    rule = chain.rule_at(playbook, stage)
    unsaved = Transition(participation=participation, stage=stage)
    return {
        "participation": participation,
        "stage_name": chain.name_at(playbook, stage),
        "closing": stage == CLOSING,
        "target": playbook.stage(target).name if target else None,
        "gate": gate,
        "form": form,
        "ordered": ordered_steps(participation, stage, latest if latest and latest.is_open else None),
        "why_not": actions.why_not_apply(participation, progress, gate),
        "attempt": (latest.attempt if latest else 0) + 1,
        "objections": _decisions(latest, playbook) if latest else [],
        "asked": [
            (step.name, [str(user) for user in rules.deciders(unsaved, step.body)])
            for step in (rule.steps if rule else ())
        ],
        "sequential": bool(rule and rule.mode == "sequential"),
        "draft_key": f"apply-{participation.pk}-{stage}",
    }
