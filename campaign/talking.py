"""The expected talks of a part of the tree against those held, in a bounded number of queries (F-16..F-18)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from accounts import clock
from campaign.expected_talks import Expected, Place, Team, expected_talks, is_collective
from campaign.models import Batch, Participation, Talk, TeamMember, TeamTalk
from campaign.playbook import TalkPair
from units.models import Member, Organization, Post

# Posts tell who leads until somebody names the team.
_DUTIES: dict[str, str] = {
    "organization_secretary": TeamMember.Duty.PRINCIPAL,
    "branch_secretary": TeamMember.Duty.PRINCIPAL,
    "party_affairs_leader": TeamMember.Duty.DEPUTY,
    "branch_committee": TeamMember.Duty.MEMBER,
}


@dataclass(frozen=True)
class Slot:
    """An expected talk and what was held of it."""

    expected: Expected
    talks: tuple[Talk, ...]

    @property
    def done(self) -> bool:
        return len(self.talks) >= self.expected.need


class Matrix:
    """Expected and held talks of some organisations: `organizations` in tree order, as one participation has them."""

    def __init__(self, batch: Batch, organizations: Iterable[Organization]) -> None:
        self.batch = batch
        self.pairs = batch.campaign.playbook.talks
        self.organizations = {one.pk: one for one in organizations}

    # ------------------------------------------------------------------ what is known
    @cached_property
    def people(self) -> dict[int, Member]:
        """Members on the roll here, and those who sit in a team here, by id."""
        here = Member.objects.on_roll().filter(organization__in=self.organizations)
        fields = ("name", "organization_id", "user_id")
        found = {member.pk: member for member in here.only(*fields).order_by("organization__path", "pk")}
        return found | {row.member_id: row.member for row in self._rows if row.member.left_on is None}

    @cached_property
    def _rows(self) -> list[TeamMember]:
        rows = TeamMember.objects.filter(organization__in=self.organizations)
        return list(rows.select_related("member").prefetch_related("in_charge"))

    @cached_property
    def teams(self) -> dict[int, Team]:
        """Named teams first; where none is named, the holders of posts who are on a roll."""
        named: dict[int, list[tuple[str, int]]] = defaultdict(list)
        charge: dict[int, dict[int, list[int]]] = defaultdict(dict)
        for row in self._rows:
            if row.member.left_on is None:
                named[row.organization_id].append((row.duty, row.member_id))
                charge[row.organization_id][row.member_id] = [one.pk for one in row.in_charge.all()]
        for organization, role, member in self._posts():
            if organization not in charge:
                named[organization].append((_DUTIES[role], member))
        return {pk: _team(rows, charge.get(pk, {})) for pk, rows in named.items()}

    def _posts(self) -> Any:
        held = Post.objects.current(clock.today()).filter(
            organization__in=self.organizations, role__in=_DUTIES, user__member__left_on=None
        )
        named = held.exclude(user__member=None).order_by("pk")
        return named.values_list("organization_id", "role", "user__member")

    @cached_property
    def places(self) -> list[Place]:
        rolls: dict[int, list[int]] = defaultdict(list)
        for member in self.people.values():
            rolls[member.organization_id].append(member.pk)
        below: dict[int, list[int]] = defaultdict(list)
        for one in self.organizations.values():
            if one.parent_id in self.organizations:
                below[one.parent_id].append(one.pk)
        return [
            Place(
                id=one.pk,
                is_branch=one.is_branch,
                team=self.teams.get(one.pk, Team()),
                members=tuple(rolls[one.pk]),
                below=tuple(below[one.pk]),
            )
            for one in self.organizations.values()
        ]

    @cached_property
    def talks(self) -> dict[frozenset[int], Talk]:
        """Talks that stand, by pair, among the people here."""
        held = Talk.objects.filter(batch=self.batch, first__in=list(self.people)).standing().defer("gist")
        return {frozenset((talk.first_id, talk.second_id)): talk for talk in held}

    @cached_property
    def team_talks(self) -> dict[int, int]:
        """Organisation id -> collective talks held."""
        found: dict[int, int] = defaultdict(int)
        held = TeamTalk.objects.filter(batch=self.batch, organization__in=self.organizations)
        for pk in held.values_list("organization_id", flat=True):
            found[pk] += 1
        return dict(found)

    # ------------------------------------------------------------------ expected against held
    @cached_property
    def slots(self) -> list[Slot]:
        return [
            Slot(one, tuple(self.talks[pair] for pair in one.held(self.talks)))
            for one in expected_talks(self.pairs, self.places)
        ]

    def of(self, organization: Organization) -> list[Slot]:
        """The slots that stand on one organisation's own page."""
        return [slot for slot in self.slots if slot.expected.organization == organization.pk]

    def within(self, organizations: Collection[int]) -> list[Slot]:
        return [slot for slot in self.slots if slot.expected.organization in organizations]

    @cached_property
    def by_person(self) -> dict[int, list[Slot]]:
        """Member id -> the slots that are his duty."""
        found: dict[int, list[Slot]] = defaultdict(list)
        for slot in self.slots:
            for pk in slot.expected.asked:
                found[pk].append(slot)
        return found

    @property
    def talked(self) -> set[int]:
        """Everybody who has talked with somebody."""
        return {pk for pair in self.talks for pk in pair}

    def complete(self) -> set[int]:
        """Members who have had all talks expected of them, and at least one."""
        return {pk for pk in self.talked if all(slot.done for slot in self.by_person.get(pk, ()))}

    @property
    def collective(self) -> list[TalkPair]:
        """The pairs in which a team talks as one."""
        return [pair for pair in self.pairs if is_collective(pair)]

    def name(self, pk: int) -> str:
        return self.people[pk].name if pk in self.people else "–"


def _team(rows: list[tuple[str, int]], charge: Mapping[int, list[int]]) -> Team:
    duty = TeamMember.Duty
    heads = [pk for kind, pk in rows if kind == duty.PRINCIPAL]
    head = heads[0] if heads else None
    deputies = tuple(dict.fromkeys(pk for kind, pk in rows if kind == duty.DEPUTY and pk != head))
    # A second principal, such as a secretary and a head of the administration, is one of the team.
    others = heads[1:] + [pk for kind, pk in rows if kind == duty.MEMBER]
    rest = tuple(dict.fromkeys(pk for pk in others if pk != head and pk not in deputies))
    return Team(head, deputies, rest, dict(charge))


def deadline_of(participation: Participation, pair: TalkPair | None = None) -> dt.date | None:
    """Before the end of the stage that the pair names, else of the one in which the playbook puts the talks (F-17)."""
    playbook = participation.batch.campaign.playbook
    stages = {action.phase for action in playbook.actions if action.tool == "talks" or action.key == "talks"}
    wanted = {pair.before} if pair is not None and pair.before else stages
    return max((row.planned_end for row in participation.progress.all() if row.stage in wanted), default=None)
