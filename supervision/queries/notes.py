"""The notes of a supervision group, week by week."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from campaign.models import Batch, Participation
from supervision import membership
from supervision.models import GroupNote, SupervisionGroup


@dataclass(frozen=True)
class Week:
    """The notes of one week, the latest first."""

    monday: dt.date
    notes: list[GroupNote]

    @property
    def last_day(self) -> dt.date:
        return self.monday + dt.timedelta(days=6)


def by_week(notes: Any) -> list[Week]:
    """Notes that come in their own order, under their weeks."""
    return [Week(monday, list(found)) for monday, found in groupby(notes, key=lambda note: note.week)]


def units_for_notes(group: SupervisionGroup, keep: Participation | None = None) -> list[Participation]:
    """The units that a note of the group can be about: those of the open batches, and the one it is about already."""
    found: dict[int, Participation] = {keep.pk: keep} if keep else {}
    for batch in Batch.objects.filter(campaign=group.campaign_id, closed_on=None).order_by("starts_on"):
        for unit in membership.units_of([group], batch)[group.pk]:
            found.setdefault(unit.pk, unit)
    return list(found.values())
