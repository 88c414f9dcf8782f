"""What a deed of the rehearsal needs to know: the unit, its people, its span of days, and the dice."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from accounts import clock
from accounts.models import User
from campaign.evidence import Evidence
from campaign.models import Batch, Participation, StageProgress
from campaign.playbook import Playbook
from units.models import Member, Organization

Say = Callable[[str], None]


@dataclass
class Figures:
    """What happened, counted."""

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, key: str, number: int = 1) -> None:
        self.counts[key] += number

    def as_dict(self) -> dict[str, int]:
        return dict(sorted(self.counts.items()))


@dataclass
class Unit:
    """A participation with its people. `late`: does things only after the gate has said what is missing."""

    participation: Participation
    secretary: User
    late: bool = False

    def fresh(self) -> StageProgress | None:
        self.participation = Participation.objects.select_related(
            "organization", "work_unit", "batch__campaign__host"
        ).get(pk=self.participation.pk)
        return self.participation.current()


@dataclass
class Cast:
    """Who acts beside the unit's own secretary. `clerks`: who records for an organisation, by its id."""

    office: User
    general: User
    superior: User
    secretaries: dict[int, User]
    clerks: dict[int, User] = field(default_factory=dict)


class Scene:
    """A unit in a span of days: `first` is its first day, `days` its length."""

    def __init__(
        self, *, cast: Cast, unit: Unit, first: dt.date, days: int, dice: random.Random, figures: Figures
    ) -> None:
        self.cast, self.unit = cast, unit
        self.first, self.days = first, days
        self.random, self.figures = dice, figures
        with clock.freeze(self.day(0)):
            self.evidence = Evidence(unit.participation, unit.fresh())

    # ------------------------------------------------------------ what is so
    @property
    def batch(self) -> Batch:
        return self.evidence.batch

    @property
    def playbook(self) -> Playbook:
        return self.evidence.playbook

    @property
    def leading(self) -> Organization:
        return self.evidence.participation.organization

    @property
    def phase(self) -> str:
        return self.evidence.phase

    def look_again(self) -> Evidence:
        """The evidence as it is now: it remembers what it has once read."""
        self.evidence = Evidence(self.unit.participation, self.unit.fresh())
        return self.evidence

    def members(self, ids: Collection[int] | None = None) -> list[Member]:
        """Members on the roll in tree order, or those of them that `ids` names."""
        wanted = [member.id for member in self.evidence.roll if ids is None or member.id in ids]
        rows = Member.objects.filter(pk__in=wanted).select_related("organization", "user")
        return list(rows.order_by("organization__path", "pk"))

    def by_branch(self, members: Collection[Member]) -> dict[Organization, list[Member]]:
        found: dict[Organization, list[Member]] = {}
        for member in members:
            found.setdefault(member.organization, []).append(member)
        return found

    # ------------------------------------------------------------ who and when
    def secretary(self, organization: Organization) -> User:
        return self.cast.secretaries.get(organization.pk, self.unit.secretary)

    def clerk(self, organization: Organization) -> User:
        """Who records for the secretary; the secretary himself where there is nobody else."""
        return self.cast.clerks.get(organization.pk) or self.secretary(organization)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def day(self, share: float) -> dt.date:
        """The day at a share of the span: 0 the first, 1 the last."""
        return self.first + dt.timedelta(days=round(share * max(self.days - 1, 0)))

    def at(self, share: float, hour: int = 16) -> AbstractContextManager[None]:
        """Hold the clock at an hour of that day."""
        return self.on(self.day(share), hour)

    @staticmethod
    def on(day: dt.date, hour: int = 16) -> AbstractContextManager[None]:
        return clock.freeze(dt.datetime.combine(day, dt.time(hour, 30)))
