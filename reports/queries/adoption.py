"""What became of reports: the issues that print one, what it is worth, and how the units rank by them (K-01, K-02).

A report is adopted once it is accepted. Points are computed from records (decision 19), never typed: a report counts
once, at the highest it came to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, Rank

from campaign.models import Batch, Participation
from campaign.playbook import Points, ReportRule
from reports.models import Bulletin, BulletinItem, Report, UseAbove
from reports.queries.cells import Line, Tally, tally
from reports.queries.weekly import board
from units import access
from units.roles import Right

BRIEF = "brief"  # the playbook's key of the information briefs; where there are none, the first report of units
COUNTS = ("sent", "accepted", "used", "above", "points")


def issues_of(user: Any, report: Report) -> QuerySet[Bulletin]:
    """The issued bulletins that print something of it, as far as the reader may open them."""
    rows = Bulletin.objects.visible_to(user).filter(state=Bulletin.State.ISSUED)
    return rows.filter(items__report=report, items__chosen=True).distinct().order_by("issued_on", "number")


def _marked(rows: QuerySet[Report]) -> QuerySet[Report]:
    """Reports with whether an issue printed them and whether the superior office used them."""
    printed = BulletinItem.objects.filter(report=OuterRef("pk"), chosen=True, bulletin__state=Bulletin.State.ISSUED)
    return rows.annotate(printed=Exists(printed), went_up=Exists(UseAbove.objects.filter(report=OuterRef("pk"))))


def _worth(points: Points | None) -> Case | Value:
    if points is None:
        return Value(0)
    return Case(
        When(went_up=True, then=Value(points.best_above)),
        When(printed=True, then=Value(points.best_used)),
        When(state=Report.State.ACCEPTED, then=Value(points.accepted)),
        default=Value(0),
        output_field=IntegerField(),
    )


def points_of(report: Report, rule: ReportRule) -> int | None:
    """What one report is worth; None where the playbook gives no points. One query."""
    if rule.points is None:
        return None
    rows = _marked(Report.objects.filter(pk=report.pk)).annotate(worth=_worth(rule.points))
    return int(rows.values_list("worth", flat=True).get())


@dataclass(frozen=True)
class Asked:
    """What is ranked: the units of a batch in a reader's scope, by one report, in all weeks or in one."""

    user: Any
    batch: Batch
    rule: ReportRule
    weeks: Sequence[dt.date]
    kind: str = ""

    @property
    def units(self) -> QuerySet[Participation]:
        """Those that owe reports: all but the ones that have not begun."""
        rows = Participation.objects.filter(access.scope(self.user, Right.VIEW), batch=self.batch)
        rows = rows.exclude(state=Participation.State.PREPARING)
        return rows.filter(organization__kind=self.kind) if self.kind else rows

    @property
    def reports(self) -> QuerySet[Report]:
        sent = Report.objects.submitted().filter(rule=self.rule.key, week__in=self.weeks)
        return _marked(sent).annotate(worth=_worth(self.rule.points))


def _counts() -> dict[str, Any]:
    return {
        "sent": Count("pk"),
        "accepted": Count("pk", filter=Q(state=Report.State.ACCEPTED)),
        "used": Count("pk", filter=Q(printed=True)),
        "above": Count("pk", filter=Q(went_up=True)),
        "points": Coalesce(Sum("worth"), 0),
    }


def ranked(asked: Asked) -> QuerySet[Any]:
    """Units with their counts and rank, first the best. Ties share a rank, and the next rank is left out.

    By points where the playbook gives them, else by how many were accepted, then by how many were sent.
    """
    own = asked.reports.filter(participation=OuterRef("pk")).order_by().values("participation")
    units = asked.units.select_related("organization__parent", "work_unit")
    for name, count in _counts().items():
        units = units.annotate(**{f"n_{name}": Coalesce(Subquery(own.annotate(_n=count).values("_n")), 0)})
    scored = asked.rule.points is not None
    by = [F("n_points").desc()] if scored else [F("n_accepted").desc(), F("n_sent").desc()]
    units = units.annotate(rank=Window(Rank(), order_by=by))
    return units.order_by("rank", "-n_accepted", "-n_sent", "organization__path", "pk")


def totals(asked: Asked) -> dict[str, int]:
    """All units of the ranking together, straight from the reports: what the column sums must come to."""
    sums = asked.reports.filter(participation__in=asked.units.values("pk")).aggregate(**_counts())
    return {name: int(sums[name]) for name in COUNTS}


@dataclass(frozen=True)
class Row:
    """One unit of the ranking. `tally` tells how many weeks' reports it owed and sent."""

    unit: Any
    tally: Tally


def with_tally(asked: Asked, units: Iterable[Any]) -> list[Row]:
    """The weeks each unit owed and fulfilled, counted as in the weekly table: fixed when the week is over."""
    shown = list(units)
    within = Q(pk__in=[unit.pk for unit in shown])
    lines: list[Line] = board(asked.batch, asked.rule, list(asked.weeks), within=within) if shown else []
    found = {line.reporter.pk: tally(line.cells) for line in lines}
    return [Row(unit, found.get(unit.pk, Tally())) for unit in shown]
