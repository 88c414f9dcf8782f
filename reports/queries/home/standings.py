"""Where each unit of a batch stands now: one row a participation, in one query whatever their number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, FilteredRelation, OuterRef, Q

from campaign.models import Batch, Participation, StageProgress
from supervision.models import Transition
from units.models import Organization


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit. `stage` is empty before the first and after the last stage, and where there are none."""

    pk: int
    path: str
    name: str
    state: str
    staged: bool
    stage: str
    position: int | None
    planned_end: dt.date | None
    review: bool

    def days_over(self, today: dt.date) -> int:
        """Days past the planned end of the present stage; 0 in time."""
        return max(0, (today - self.planned_end).days) if self.planned_end else 0


def standings(batch: Batch, within: Q) -> list[Standing]:
    """Units of a batch in tree order; `within` is a condition on participations."""
    now = FilteredRelation("progress", condition=Q(progress__state=StageProgress.State.CURRENT))
    rows = (
        Participation.objects.filter(within, batch=batch)
        .annotate(
            now=now,
            review=Exists(Transition.objects.under_review().filter(participation=OuterRef("pk"))),
        )
        .order_by("organization__path")
        .values_list(
            "pk",
            "organization__path",
            "organization__name",
            "work_unit__name",
            "state",
            "staged",
            "now__stage",
            "now__position",
            "now__planned_end",
            "review",
        )
    )
    return [
        Standing(pk, path, unit or name, state, staged, stage or "", position, end, review)
        for pk, path, name, unit, state, staged, stage, position, end, review in rows
    ]


class Governors:
    """Finds which of some organisations, given by their paths, governs a path: itself or the nearest above."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = frozenset(paths)

    def of(self, path: str) -> str | None:
        return next(
            (path[:end] for end in range(len(path), 0, -Organization.steplen) if path[:end] in self.paths), None
        )
