"""The figures of one unit, or of an organisation within it: read now, from the evidence that its pages show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from accounts import clock
from assessments import rules as survey_rules
from assessments.models import Survey
from assessments.queries.analyses import Tally as Papers
from assessments.queries.analyses import tallies
from assessments.results import Result, band_of, result_of
from campaign import ledger
from campaign.evidence import Evidence
from campaign.models import Participation
from campaign.study import CoverageRow, MemberStudy, coverage_rows, member_rows, stage_for
from campaign.timeline import Timeline, timeline
from reports.queries.dashboard.counting import Weeks
from reports.queries.summary import STUDY_CHECKS
from reports.queries.weekly import board, by_week, columns, unit_rules, weeks_of
from supervision.models import Transition, YellowCard
from units import access
from units.models import Organization


@dataclass(frozen=True)
class Study:
    """Members who count, those of them with enough hours, and the coverages of all on the roll."""

    roll: int
    due: int  # without those under a special arrangement (decision 7)
    reached: int | None  # None where no number of hours is asked for
    coverages: list[CoverageRow]

    @property
    def short(self) -> int:
        short = self.due - self.reached if self.reached is not None else 0
        return short + sum(row.short for row in self.coverages)


@dataclass(frozen=True)
class Child:
    """An organisation directly below."""

    organization: Organization
    study: Study
    items: ledger.Standing


@dataclass(frozen=True)
class SurveyRow:
    """A closed round; `result` is left out where too few ballots were cast, `band` where the playbook names none."""

    survey: Survey
    result: Result | None
    band: Any


@dataclass(frozen=True)
class Unit:
    """All of it. `leads`: the organisation reports and applies for the unit."""

    participation: Participation
    leads: bool
    evidence: Evidence
    study: Study
    enough: int  # members with enough hours and days, as the page of study hours counts
    counted: int
    timeline: Timeline
    children: list[Child]
    items: ledger.Standing
    ages: list[ledger.AgeRow]
    papers: Papers
    surveys: list[SurveyRow]
    weeks: Weeks
    columns: list[Any]
    transition: Transition | None
    cards: int


def unit_of(user: Any, participation: Participation, organization: Organization) -> Unit:
    """A fixed number of queries, however many organisations are below."""
    batch, leads = participation.batch, participation.organization_id == organization.pk
    evidence = Evidence(participation, stage_for(participation, STUDY_CHECKS), organization)
    rows = member_rows(evidence)
    items = ledger.items(user, batch, organization)
    below, whole = ledger.standing_below(items, organization, lambda path: path[: _step(organization)])
    children = [
        Child(one, _study(part := evidence.part(one), member_rows(part)), below.get(one.path, ledger.Standing(one)))
        for one in evidence.organizations
        if one.parent_id == organization.pk
    ]
    children.sort(key=lambda child: (-child.items.overdue - child.study.short, child.organization.path))
    counted = [row for row in rows if not row.member.arranged]
    weeks, shown = _weeks(participation) if leads else (Weeks(), [])
    return Unit(
        participation=participation,
        leads=leads,
        evidence=evidence,
        study=_study(evidence, rows),
        enough=sum(row.enough for row in counted),
        counted=len(counted),
        timeline=timeline(participation.progress.all(), evidence.playbook, clock.today()),
        children=children,
        items=whole,
        ages=ledger.ages(items.order_by().values_list("state", "registered_at", "deadline"), clock.today()),
        papers=tallies(batch, evidence.playbook.analysis, organization)[1],
        surveys=_surveys(user, participation) if leads else [],
        weeks=weeks,
        columns=shown,
        transition=_transition(user, participation) if leads else None,
        cards=_cards(user, participation, organization),
    )


def _step(organization: Organization) -> int:
    return len(organization.path) + Organization.steplen


def _study(evidence: Evidence, rows: Sequence[MemberStudy]) -> Study:
    due = [row for row in rows if not row.member.arranged]
    reached = sum(not row.short_hours for row in due) if evidence.playbook.study.hours is not None else None
    return Study(len(rows), len(due), reached, coverage_rows(evidence))


def _weeks(participation: Participation) -> tuple[Weeks, list[Any]]:
    batch = participation.batch
    rules, weeks = unit_rules(batch), weeks_of(batch)
    if not (rules and weeks):
        return Weeks(), []
    lines = board(batch, rules[0], weeks, within=Q(pk=participation.pk))
    if not lines:
        return Weeks(), []
    return Weeks(len(lines), by_week(lines), lines[0].tally), columns(batch, rules[0], weeks, lines)


def _surveys(user: Any, participation: Participation) -> list[SurveyRow]:
    """Closed rounds, the newest first; of a withheld one no figure (promise 5)."""
    rows = Survey.objects.visible_to(user).closed().filter(participation=participation)
    found = []
    for survey in rows.prefetch_related("counts", "answers"):
        survey.participation = participation
        result = result_of(survey) if survey_rules.can_read_figures(user, survey) else None
        band = band_of(participation.batch.campaign.playbook, result.satisfaction) if result else None
        found.append(SurveyRow(survey, result, band))
    return found


def _transition(user: Any, participation: Participation) -> Transition | None:
    return Transition.objects.visible_to(user).filter(participation=participation).order_by("-applied_at").first()


def _cards(user: Any, participation: Participation, organization: Organization) -> int:
    rows = YellowCard.objects.visible_to(user).counting()
    return rows.filter(access.below(organization.path, "organization"), batch=participation.batch_id).count()
