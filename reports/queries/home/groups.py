"""The supervision group's home: its units with their stage, what they did last, and what is open with each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Q

from accounts import clock
from campaign.models import Activity, Batch, Participation
from reports.models import Report
from reports.queries.home.standings import Governors, Standing, standings
from supervision.models import GroupMember, MakeUpOrder, SupervisionGroup, Transition
from units import access
from units.roles import Right


@dataclass(frozen=True)
class Row:
    """One unit. `days`: left in its stage, below zero when overrun, None without a stage."""

    unit: Standing
    stage_name: Any
    days: int | None
    activity: dt.date | None
    report: dt.datetime | None
    transition: Transition | None
    makeup: MakeUpOrder | None

    @property
    def late(self) -> bool:
        return self.days is not None and self.days < 0


@dataclass(frozen=True)
class Reach:
    """The units that a group looks after, and the groups by name."""

    rows: list[Row]
    groups: list[SupervisionGroup]

    @property
    def late_count(self) -> int:
        return sum(row.late for row in self.rows)

    @property
    def open_count(self) -> int:
        return sum(row.transition is not None for row in self.rows)


def reach_of(user: Any, batch: Batch) -> Reach:
    """Eight queries however many units. Those past their dates come first, then what ends soonest."""
    rows = _rows(batch, _units(user, batch))
    groups = SupervisionGroup.objects.filter(
        campaign=batch.campaign_id, members__in=GroupMember.objects.current().filter(user=user)
    ).distinct()
    return Reach(rows, list(groups))


def _units(user: Any, batch: Batch) -> list[Standing]:
    """In the scope of the user's review; an assignment inside a unit shows the unit that governs it."""
    tops = access.roots(user, Right.REVIEW)
    seen = standings(batch, Q(pk__in=Participation.objects.visible_to(user, Right.REVIEW).values("pk")))
    governors = Governors(row.path for row in seen)
    wanted = {row.path for row in seen if any(row.path.startswith(top) for top in tops)}
    for top in tops:
        if not any(path.startswith(top) for path in wanted):
            wanted.add(governors.of(top) or "")
    return [row for row in seen if row.path in wanted]


def _rows(batch: Batch, units: list[Standing]) -> list[Row]:
    today, playbook = clock.today(), batch.campaign.playbook
    keys = [unit.pk for unit in units]
    activity = _last_activity(batch, units)
    reports = dict(
        Report.objects.submitted()
        .filter(participation__in=keys)
        .order_by()
        .values_list("participation_id")
        .annotate(last=Max("submitted_at"))
    )
    transitions = {row.participation_id: row for row in Transition.objects.open().filter(participation__in=keys)}
    makeups: dict[int, MakeUpOrder] = {}
    for order in MakeUpOrder.objects.open().filter(participation__in=keys).order_by("due_on"):
        makeups.setdefault(order.participation_id, order)
    rows = [
        Row(
            unit,
            playbook.stage(unit.stage).name if unit.stage else None,
            (unit.planned_end - today).days if unit.planned_end else None,
            activity.get(unit.path),
            reports.get(unit.pk),
            transitions.get(unit.pk),
            makeups.get(unit.pk),
        )
        for unit in units
    ]
    return sorted(rows, key=lambda row: (row.days is None, row.days or 0, row.unit.path))


def _last_activity(batch: Batch, units: Iterable[Standing]) -> dict[str, dt.date]:
    """The day of the last record of each unit, from the last of each organisation below it."""
    paths = [unit.path for unit in units]
    if not paths:
        return {}
    within = Q()
    for path in paths:
        within |= access.below(path, "organization")
    last = (
        Activity.objects.filter(within, batch=batch)
        .order_by()
        .values_list("organization__path")
        .annotate(last=Max("held_on"))
    )
    governors = Governors(paths)
    found: dict[str, dt.date] = {}
    for path, day in last:
        unit = governors.of(path)
        if unit:
            found[unit] = max(day, found.get(unit, day))
    return found
