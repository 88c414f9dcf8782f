"""Reads of anonymous surveys: units with their figures, and what is short before one is opened."""

from __future__ import annotations

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
)
from django.db.models.functions import Coalesce

from assessments.ballots.disclosure import LEAST
from assessments.models import Poll, PollGroup, PollUnit, Ticket
from campaign.models import Participation, RollEntry, StageProgress


@dataclass(frozen=True)
class GroupFigures:
    """A respondent group over all units of a survey."""

    key: str
    name: Any
    asked: int
    small: int  # units that ask one to four of them


def with_figures(units: QuerySet[PollUnit]) -> QuerySet[PollUnit]:
    """Each unit with `asked`, `made`, `waiting` (groups without slips), `tens` cast and `rate` (of a thousand).

    Sorting by turnout goes by the tens as well, so that the order tells no more than the figures (promise 5).
    """
    groups = PollGroup.objects.filter(unit=OuterRef("pk")).order_by().values("unit")
    left = Ticket.objects.filter(unit=OuterRef("pk")).order_by().values("unit").annotate(n=Count("digest"))
    waiting = groups.filter(asked__gt=0, codes=0).annotate(n=Count("pk"))
    return (
        units.annotate(
            asked=_number(groups.annotate(n=Sum("asked"))),
            made=_number(groups.annotate(n=Sum("codes"))),
            waiting=_number(waiting),
            left=_number(left),
        )
        .annotate(tens=(F("made") - F("left")) / Value(10) * Value(10))
        .annotate(
            rate=Case(
                When(made=0, then=Value(-1)), default=F("tens") * Value(1000) / F("made"), output_field=IntegerField()
            )
        )
    )


def _number(rows: Any) -> Coalesce:
    return Coalesce(Subquery(rows.values("n"), output_field=IntegerField()), Value(0))


def group_figures(poll: Poll) -> list[GroupFigures]:
    """People asked by respondent group, in the order of the questionnaire. One query."""
    small = Count("pk", filter=Q(asked__gt=0, asked__lt=LEAST))
    rows = PollGroup.objects.filter(unit__poll=poll).order_by().values("group")
    found = {row["group"]: row for row in rows.annotate(people=Sum("asked"), small=small)}
    return [
        GroupFigures(
            one.key, one.name, found.get(one.key, {}).get("people") or 0, found.get(one.key, {}).get("small") or 0
        )
        for one in poll.questionnaire().instrument.groups
    ]


def small_units(poll: Poll) -> QuerySet[PollUnit]:
    """Units in which a respondent group is so small that it cannot be shown."""
    few = PollGroup.objects.filter(unit=OuterRef("pk"), asked__gt=0, asked__lt=LEAST)
    return poll.units.filter(Exists(few))


def empty_units(poll: Poll) -> QuerySet[PollUnit]:
    """Units in which nobody is asked yet."""
    return poll.units.filter(~Exists(PollGroup.objects.filter(unit=OuterRef("pk"), asked__gt=0)))


def unprinted(poll: Poll) -> int:
    """Slips that are still to be printed."""
    rows = PollGroup.objects.filter(unit__poll=poll, codes=0)
    return rows.aggregate(n=Sum("asked"))["n"] or 0


def rolls(participations: list[Participation]) -> dict[int, int]:
    """Members on the frozen roll of the stage that each is in (decision 16)."""
    rows = RollEntry.objects.filter(
        progress__participation__in=[one.pk for one in participations],
        progress__state=StageProgress.State.CURRENT,
    )
    return dict(rows.order_by().values_list("progress__participation").annotate(n=Count("pk")))
