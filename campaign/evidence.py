"""What a gate's checks read: the records of one participation in one stage, each kind fetched once.

The number of queries is the same for a branch and for a committee of thirty branches. Nothing here judges.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import clock
from campaign import tools
from campaign.models import (
    Activity,
    Arrangement,
    Attendance,
    MemberMark,
    Participation,
    RollEntry,
    StageProgress,
)
from campaign.playbook import Action, Playbook
from campaign.playbook.work import AFTER, ALL
from units import access
from units.models import Member, Organization


@dataclass(frozen=True, slots=True)
class RollMember:
    """A member on the frozen roll, in the organisation whose roll it was, with what the rules ask about him."""

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
    """An activity as the checks read it; without study hours `hours` is 0."""

    id: int
    organization_id: int
    action: str
    stage: str
    held_on: dt.date
    hours: Decimal
    concentrated: bool
    points: frozenset[str]


class Evidence:
    """The records of `participation` in the stage of `progress`, narrowed to `organization`'s subtree if given.

    Without a stage (`progress` None) it reads what is recorded after the last one; and for a participation that goes
    through no stages, all of the batch (A-12).
    """

    def __init__(
        self,
        participation: Participation,
        progress: StageProgress | None,
        organization: Organization | None = None,
    ) -> None:
        self.participation = participation
        self.progress = progress
        self.organization = organization or participation.organization
        self.batch = participation.batch
        self.playbook: Playbook = participation.batch.campaign.playbook
        self.stage = self.playbook.stage(progress.stage) if progress else None
        self.today = clock.today()
        self._counted: dict[str, tools.Counted] = {}
        self._concerned: dict[str, Set[int]] = {}

    @property
    def phase(self) -> str:
        """Key of the stage; "after" once all stages are completed, "all" where there are none."""
        if self.progress is not None:
            return self.progress.stage
        return AFTER if self.participation.staged else ALL

    @property
    def whole(self) -> bool:
        """All of the participation, not a part of it."""
        return self.organization.pk == self.participation.organization_id

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """The required actions that are asked for here and now: without stages the key ones (A-12)."""
        if self.phase == ALL:
            return tuple(action for action in self.playbook.actions if action.key_link)
        return (*self.playbook.actions_for(self.phase), *self.playbook.actions_for(ALL))

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

    # ------------------------------------------------------------------ who counts
    @cached_property
    def frozen(self) -> bool:
        """Has the stage begun, so that its roll is fixed?"""
        return self.progress is not None and self.progress.state != StageProgress.State.AHEAD

    @property
    def _entries(self) -> QuerySet[RollEntry]:
        return RollEntry.objects.filter(self.subtree("organization"), progress=self.progress)

    @property
    def _present(self) -> QuerySet[Member]:
        return Member.objects.on_roll().filter(self.subtree("organization"))

    @property
    def _roll_ids(self) -> QuerySet[Any]:
        return self._entries.values("member_id") if self.frozen else self._present.values("pk")

    @cached_property
    def roll(self) -> list[RollMember]:
        """Members who count, in tree order. A transfer later leaves a member on the roll of his stage (decision 16)."""
        member = "member__" if self.frozen else ""
        rows: QuerySet[Any] = self._entries if self.frozen else self._present
        arranged = Arrangement.objects.filter(batch=self.batch, member=OuterRef(f"{member}pk"))
        fields = ("name", "retired", "post_level", "can_write")
        listed = rows.order_by("organization__path", f"{member}pk").values_list(
            f"{member}pk",
            "organization_id",
            "organization__name",
            *(member + name for name in fields),
            Exists(arranged),
        )
        return [
            RollMember(
                id=pk,
                name=name,
                organization_id=organization,
                organization_name=label,
                retired=retired,
                leader=level == Member.PostLevel.LEADER,
                can_write=can_write,
                arranged=left_out,
            )
            for pk, organization, label, name, retired, level, can_write, left_out in listed
        ]

    @cached_property
    def joiners(self) -> list[str]:
        """Names of those who came since the roll was fixed; they are listed beside the rates (decision 16)."""
        if not self.frozen:
            return []
        known = {member.id for member in self.roll}
        return [name for pk, name in self._present.values_list("pk", "name") if pk not in known]

    @cached_property
    def leavers(self) -> list[str]:
        """Names on the roll that have left or moved elsewhere since; they stay in the rates (decision 16)."""
        if not self.frozen:
            return []
        still = set(self._present.values_list("pk", flat=True))
        return [member.name for member in self.roll if member.id not in still]

    # ------------------------------------------------------------------ what was done
    def _of_phase(self, prefix: str) -> Q:
        """Records of this stage, and those of actions that run through all stages unless each asks for its own."""
        if self.phase == ALL:
            return Q(**{f"{prefix}batch": self.batch})
        lasting = [action.key for action in self.playbook.actions_for(ALL) if not action.per_stage]
        of_phase = Q(**{f"{prefix}stage": self.phase})
        if lasting:
            of_phase |= Q(**{f"{prefix}action__in": lasting})
        return Q(**{f"{prefix}batch": self.batch}) & of_phase

    @cached_property
    def activities(self) -> dict[int, ActivityRow]:
        """Activities that the organisations held, or that their members attended elsewhere, in this stage."""
        # Ids instead of a correlated EXISTS beside the OR: that made PostgreSQL look at every activity of the batch.
        ours = self.subtree("organization") | Q(pk__in=list(self.attendance))
        rows = Activity.objects.filter(ours, self._of_phase("")).values_list(
            "pk", "organization_id", "action", "stage", "held_on", "hours", "concentrated", "points"
        )
        return {row[0]: ActivityRow(*row[:5], row[5] or Decimal(0), row[6], frozenset(row[7])) for row in rows}

    @cached_property
    def attendance(self) -> dict[int, set[int]]:
        """Activity id to ids of the members who were there or made it up."""
        found: dict[int, set[int]] = defaultdict(set)
        rows = Attendance.objects.filter(self._of_phase("activity__"), member__in=self._roll_ids)
        for activity, member in rows.values_list("activity_id", "member_id"):
            found[activity].add(member)
        return found

    @cached_property
    def marks(self) -> dict[str, set[int]]:
        """Action key to ids of the members who have done it."""
        return {action: set(times) for action, times in self._marked.items()}

    @cached_property
    def _marked(self) -> dict[str, dict[int, int]]:
        """Action key to member id to how many times he is marked."""
        found: dict[str, dict[int, int]] = defaultdict(dict)
        rows = MemberMark.objects.filter(batch=self.batch, member__in=self._roll_ids)
        for action, member, times in rows.values_list("action", "member_id", "times"):
            found[action][member] = times
        return found

    def times(self, action: str) -> dict[int, int]:
        """Member id to how often he did an action: marks, and activities of it that he attended (E-33)."""
        found = dict(self._marked.get(action, {}))
        for row in self.activities.values():
            if row.action == action:
                for member in self.attendance.get(row.id, ()):
                    found[member] = found.get(member, 0) + 1
        return found

    @cached_property
    def _held(self) -> dict[str, dict[int, int]]:
        found: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for row in self.activities.values():
            found[row.action][row.organization_id] += 1
        return found

    @cached_property
    def _attended(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = defaultdict(set)
        for row in self.activities.values():
            found[row.action] |= self.attendance.get(row.id, set())
        return found

    @cached_property
    def _ticked(self) -> dict[str, dict[int, set[str]]]:
        found: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        for row in self.activities.values():
            found[row.action][row.organization_id] |= row.points
        return found

    def held(self, action: str) -> dict[int, int]:
        """Organisation id to how many activities it recorded against a required action."""
        return self._held.get(action, {})

    def counted(self, action: Action) -> tools.Counted:
        """What the action's tool counts over the whole participation; asked once, shared by its parts."""
        if action.key not in self._counted:
            self._counted[action.key] = tools.counted(self, action)
        return self._counted[action.key]

    def concerned(self, who: str) -> Set[int]:
        """Ids of the members meant by `who`, where a higher room says so; asked once, shared by the parts."""
        if who not in self._concerned:
            self._concerned[who] = tools.members_concerned(self, who)
        return self._concerned[who]

    def ticked(self, action: str, organization: int) -> Set[str]:
        """Keys of an action's boxes that an organisation has ticked, over all that it recorded (E-08)."""
        return self._ticked.get(action, {}).get(organization, frozenset())

    def attended(self, action: str) -> Set[int]:
        """Members who attended an activity of a required action."""
        return self._attended.get(action, frozenset())

    # ------------------------------------------------------------------ study
    def counts(self, row: ActivityRow) -> bool:
        """Does a session count towards the hours? Short ones do not, unless concentrated (E-04, decision 7)."""
        least = self.playbook.study.session_min or Decimal(0)
        return row.hours > 0 and self._own_stage(row) and (row.concentrated or row.hours >= least)

    def _own_stage(self, row: ActivityRow) -> bool:
        return row.stage == self.phase or self.phase == ALL

    @cached_property
    def hours(self) -> dict[int, Decimal]:
        """Study hours of each member (E-02), from attendance; an hour made up counts like any other."""
        found: dict[int, Decimal] = defaultdict(Decimal)
        for row in self.activities.values():
            if self.counts(row):
                for member in self.attendance.get(row.id, ()):
                    found[member] += row.hours
        return found

    @cached_property
    def concentrated_days(self) -> dict[int, int]:
        """Concentrated days of each member: days with enough concentrated hours (E-03, decision 7)."""
        per_day: dict[tuple[int, dt.date], Decimal] = defaultdict(Decimal)
        for row in self.activities.values():
            if row.concentrated and self.counts(row):
                for member in self.attendance.get(row.id, ()):
                    per_day[member, row.held_on] += row.hours
        found: dict[int, int] = defaultdict(int)
        for (member, _day), hours in per_day.items():
            found[member] += hours >= self.playbook.study.day_hours
        return found

    @property
    def short_sessions(self) -> int:
        """Sessions that were recorded but are too short to count (shown, decision 7)."""
        return sum(row.hours > 0 and self._own_stage(row) and not self.counts(row) for row in self.activities.values())

    def covered(self, coverage: str) -> set[int]:
        """Members whom one of the coverages has reached (E-26)."""
        found: set[int] = set()
        for action in self.playbook.actions:
            if action.coverage == coverage:
                found |= self.attended(action.key)
        return found

    # ------------------------------------------------------------------ a part of it
    def part(self, organization: Organization) -> Evidence:
        """The same evidence narrowed to an organisation below, from what is fetched already: no query.

        Figures by action, hours and marks are shared, because they are kept by member and by organisation.
        """
        narrowed = Evidence(self.participation, self.progress, organization)
        inside = [o for o in self.organizations if o.path.startswith(organization.path)]
        ids = {o.pk for o in inside}
        roll = [member for member in self.roll if member.organization_id in ids]
        people = {member.id for member in roll}
        known: dict[str, Any] = {
            "organizations": inside,
            "roll": roll,
            "activities": {
                pk: row
                for pk, row in self.activities.items()
                if row.organization_id in ids or not people.isdisjoint(self.attendance.get(pk, ()))
            },
        }
        for name in (
            "actions",
            "frozen",
            "attendance",
            "_marked",
            "marks",
            "hours",
            "concentrated_days",
            "_held",
            "_attended",
            "_ticked",
            "_counted",
            "_concerned",
        ):
            known[name] = getattr(self, name)
        narrowed.__dict__.update(known)
        return narrowed
