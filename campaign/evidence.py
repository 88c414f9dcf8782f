"""What a gate's checks read: the records of one participation in one stage, each kind fetched once.

The number of queries is the same for a branch and for a committee of thirty branches. Nothing here judges.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import clock
from campaign.models import (
    Activity,
    Arrangement,
    Attendance,
    MemberMark,
    Participation,
    RollEntry,
    StageProgress,
)
from campaign.playbook import Playbook
from units import access
from units.models import Member, Organization


@dataclass(frozen=True, slots=True)
class RollMember:
    """A member on the frozen roll, with what the rules ask about him."""

    id: int
    name: str
    organization_id: int
    organization_name: str
    retired: bool
    leader: bool
    can_write: bool
    arranged: bool


@dataclass(frozen=True, slots=True)
class ActivityRow:
    id: int
    organization_id: int
    action: str
    stage: str
    held_on: dt.date
    hours: Decimal
    concentrated: bool
    points: int


class Evidence:
    """The records of `participation` in the stage of `progress`, narrowed to `organization`'s subtree if given."""

    def __init__(
        self, participation: Participation, progress: StageProgress, organization: Organization | None = None
    ) -> None:
        self.participation = participation
        self.progress = progress
        self.organization = organization or participation.organization
        self.batch = participation.batch
        self.playbook: Playbook = participation.batch.campaign.playbook
        self.stage = self.playbook.stage(progress.stage)
        self.today = clock.today()

    @property
    def whole(self) -> bool:
        """All of the participation, not a part of it."""
        return self.organization.pk == self.participation.organization_id

    def subtree(self, field: str) -> Q:
        """Rows of the organisation's subtree, without those of nested participations."""
        inside = access.below(self.organization.path, field)
        for path in self._nested:
            inside &= ~access.below(path, field)
        return inside

    @cached_property
    def _nested(self) -> list[str]:
        others = Participation.objects.filter(batch=self.batch).exclude(pk=self.participation.pk)
        inside = access.below(self.organization.path, "organization")
        return list(others.filter(inside).values_list("organization__path", flat=True))

    @cached_property
    def organizations(self) -> list[Organization]:
        """The organisation and those below it, in tree order."""
        return list(Organization.objects.active().filter(self.subtree("")))

    @cached_property
    def branches(self) -> list[Organization]:
        return [organization for organization in self.organizations if organization.is_branch]

    @property
    def uppers(self) -> list[Organization]:
        """The organisations above branch level; the branch itself where it stands alone."""
        return [o for o in self.organizations if not o.is_branch] or self.organizations[:1]

    @cached_property
    def frozen(self) -> bool:
        """Has the stage begun, so that its roll is fixed?"""
        return self.progress.state != StageProgress.State.AHEAD

    @cached_property
    def _roll_query(self) -> QuerySet[Member]:
        if self.frozen:
            entries = RollEntry.objects.filter(self.subtree("organization"), progress=self.progress)
            return Member.objects.filter(pk__in=entries.values("member_id"))
        return Member.objects.on_roll().filter(self.subtree("organization"))

    @cached_property
    def roll(self) -> list[RollMember]:
        """Members who count, in tree order."""
        arranged = Arrangement.objects.filter(batch=self.batch, member=OuterRef("pk"))
        rows = self._roll_query.annotate(arranged=Exists(arranged)).order_by("organization__path", "pk")
        return [
            RollMember(*row[:5], row[5] == Member.PostLevel.LEADER, *row[6:])
            for row in rows.values_list(
                "pk",
                "name",
                "organization_id",
                "organization__name",
                "retired",
                "post_level",
                "can_write",
                "arranged",
            )
        ]

    @cached_property
    def activities(self) -> dict[int, ActivityRow]:
        """Activities that the organisations held, or that their members attended elsewhere, in this stage."""
        attended = Attendance.objects.filter(activity=OuterRef("pk"), member__in=self._roll_query)
        rows = Activity.objects.filter(
            Q(self.subtree("organization")) | Exists(attended), batch=self.batch, stage=self.progress.stage
        ).values_list(
            "pk", "organization_id", "action", "stage", "held_on", "hours", "concentrated", "points"
        )
        return {
            row[0]: ActivityRow(*row[:5], row[5] or Decimal(0), row[6], len(row[7] or [])) for row in rows
        }

    @cached_property
    def attendance(self) -> dict[int, set[int]]:
        """Activity id to ids of the members who were there or made it up."""
        found: dict[int, set[int]] = defaultdict(set)
        rows = Attendance.objects.filter(
            activity__batch=self.batch, activity__stage=self.progress.stage, member__in=self._roll_query
        )
        for activity, member in rows.values_list("activity_id", "member_id"):
            found[activity].add(member)
        return found

    @cached_property
    def marks(self) -> dict[str, set[int]]:
        """Action key to ids of the members who have done it."""
        found: dict[str, set[int]] = defaultdict(set)
        rows = MemberMark.objects.filter(batch=self.batch, member__in=self._roll_query)
        for action, member in rows.values_list("action", "member_id"):
            found[action].add(member)
        return found

    def held(self, action: str) -> dict[int, int]:
        """Organisation id to how many activities it recorded against a required action."""
        found: dict[int, int] = defaultdict(int)
        for row in self.activities.values():
            if row.action == action:
                found[row.organization_id] += 1
        return found

    def attended(self, action: str) -> set[int]:
        """Members who attended an activity of a required action."""
        found: set[int] = set()
        for row in self.activities.values():
            if row.action == action:
                found |= self.attendance.get(row.id, set())
        return found

    @cached_property
    def hours(self) -> dict[int, Decimal]:
        """Study hours of each member: short sessions count nothing unless concentrated (E-04, decision 7)."""
        least = self.playbook.study.session_min or Decimal(0)
        found: dict[int, Decimal] = defaultdict(Decimal)
        for row in self.activities.values():
            if row.hours and (row.concentrated or row.hours >= least):
                for member in self.attendance.get(row.id, ()):
                    found[member] += row.hours
        return found

    @cached_property
    def concentrated_days(self) -> dict[int, int]:
        """Concentrated days of each member: days with enough concentrated hours (E-03, decision 7)."""
        per_day: dict[tuple[int, dt.date], Decimal] = defaultdict(Decimal)
        for row in self.activities.values():
            if row.hours and row.concentrated:
                for member in self.attendance.get(row.id, ()):
                    per_day[member, row.held_on] += row.hours
        found: dict[int, int] = defaultdict(int)
        for (member, _day), hours in per_day.items():
            found[member] += hours >= self.playbook.study.day_hours
        return found

    @cached_property
    def short_sessions(self) -> int:
        """Sessions that were recorded but are too short to count (shown, decision 7)."""
        least = self.playbook.study.session_min or Decimal(0)
        return sum(0 < row.hours < least and not row.concentrated for row in self.activities.values())

    def covered(self, coverage: str) -> set[int]:
        """Members whom one of the coverages has reached (E-26)."""
        found: set[int] = set()
        for action in self.playbook.actions:
            if action.coverage == coverage:
                found |= self.attended(action.key)
        return found
