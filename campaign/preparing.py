"""How ready a unit is to begin: its checklist against what its playbook asks before the start (A-16, A-17, A-07)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from campaign.models import Participation, PreparationTick, UnitPlan
from campaign.playbook import Playbook, Text
from campaign.playbook.work import Item


@dataclass(frozen=True)
class Rules:
    """What the playbook asks before the start; nothing where it has no such rule."""

    items: tuple[Item, ...] = ()
    contents: tuple[Item, ...] = ()
    hard: bool = False

    def __bool__(self) -> bool:
        return bool(self.items or self.contents)


def rules_of(playbook: Playbook) -> Rules:
    """The checklist and the contents of the plan (A-16, A-17)."""
    found = playbook.preparation
    return Rules(found.items, found.plan, found.required)


@dataclass(frozen=True)
class Line:
    """One item with its tick, if it has one."""

    item: Item
    tick: PreparationTick | None

    @property
    def done(self) -> bool:
        return self.tick is not None


@dataclass(frozen=True)
class Readiness:
    """The checklist of one unit, and where its plan stands."""

    rules: Rules
    lines: tuple[Line, ...]
    plan: UnitPlan | None

    @property
    def done_count(self) -> int:
        return sum(line.done for line in self.lines) + self.plan_agreed

    @property
    def all_count(self) -> int:
        return len(self.lines) + bool(self.rules.contents)

    @property
    def plan_agreed(self) -> bool:
        return bool(self.rules.contents) and self.plan is not None and self.plan.state == UnitPlan.State.AGREED

    @property
    def plan_missing(self) -> bool:
        """A plan is asked for and the office has not agreed to one."""
        return bool(self.rules.contents) and not self.plan_agreed

    @property
    def missing(self) -> list[Text]:
        """Names of the items that are not ticked; the plan is apart."""
        return [line.item.name for line in self.lines if not line.done]

    @property
    def complete(self) -> bool:
        return self.done_count == self.all_count


def readiness(participation: Participation) -> Readiness:
    """Of one unit, in two queries."""
    return readinesses([participation])[participation.pk]


def readinesses(participations: Iterable[Participation], playbook: Playbook | None = None) -> dict[int, Readiness]:
    """Participation id -> how ready it is, in two queries for all.

    Without the `playbook` that they share, each must come with its batch and campaign.
    """
    units = list(participations)
    ticks: dict[int, dict[str, PreparationTick]] = {one.pk: {} for one in units}
    for tick in PreparationTick.objects.filter(participation__in=list(ticks)).select_related("ticked_by"):
        ticks[tick.participation_id][tick.item] = tick
    plans = {plan.participation_id: plan for plan in UnitPlan.objects.filter(participation__in=list(ticks))}
    found = {}
    for one in units:
        rules = rules_of(playbook or one.batch.campaign.playbook)
        lines = tuple(Line(item, ticks[one.pk].get(item.key)) for item in rules.items)
        found[one.pk] = Readiness(rules, lines, plans.get(one.pk))
    return found


@dataclass(frozen=True)
class Launch:
    """By when a unit should begin (A-07): the wish as a day, the latest as the playbook words it.

    `by` is the latest day that the office has set for the batch; it goes before the words.
    """

    wished: dt.date | None
    latest: Text | None
    by: dt.date | None = None

    def __bool__(self) -> bool:
        return bool(self.wished or self.latest or self.by)


def launch_of(participation: Participation) -> Launch:
    """Counted from the first day of the batch, which is the day of the superior's mobilisation meeting."""
    schedule = participation.batch.campaign.playbook.schedule
    days = schedule.launch_days
    wished = participation.batch.starts_on + dt.timedelta(days=days) if days is not None else None
    return Launch(wished, schedule.launch_latest, participation.batch.launch_by)
