"""Which heart-to-heart talks are expected, from teams and rolls alone: pure, no database (F-16, F-18)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

SECRETARY_TEAM = "secretary_team"  # the principal with each of the team
SECRETARY_BRANCHES = "secretary_branches"  # the principal and the deputy with each secretary directly below
LEADERS_UNITS = "leaders_units"  # a leader with the principals of what he is in charge of
TEAM_EACH = "team_each"  # the team among themselves
BRANCH_COMMITTEE = "branch_committee"  # the branch secretary with each of the committee
COMMITTEE_MEMBERS = "committee_members"  # each member with somebody of the committee
MEMBERS = "members"  # each member with another of his own choice
COLLECTIVE = "collective"  # the team with the heads below it together, once

KINDS = (
    SECRETARY_TEAM,
    SECRETARY_BRANCHES,
    LEADERS_UNITS,
    TEAM_EACH,
    BRANCH_COMMITTEE,
    COMMITTEE_MEMBERS,
    MEMBERS,
    COLLECTIVE,
)


@dataclass(frozen=True)
class Team:
    """Who leads an organisation, by member ids; `in_charge`: leader -> organisations."""

    principal: int | None = None
    deputies: tuple[int, ...] = ()
    others: tuple[int, ...] = ()
    in_charge: Mapping[int, Sequence[int]] = field(default_factory=dict)

    @property
    def everyone(self) -> tuple[int, ...]:
        head = (self.principal,) if self.principal is not None else ()
        return tuple(dict.fromkeys((*head, *self.deputies, *self.others)))

    @property
    def rest(self) -> tuple[int, ...]:
        return tuple(pk for pk in self.everyone if pk != self.principal)


@dataclass(frozen=True)
class Place:
    """An organisation as the generator sees it. `members`: the roll of a branch."""

    id: int
    is_branch: bool
    team: Team = Team()
    members: tuple[int, ...] = ()
    below: tuple[int, ...] = ()


@dataclass(frozen=True)
class Expected:
    """`who` is to talk with one of `partners`. With a single partner both are asked, else only `who` is."""

    kind: str
    organization: int
    who: int
    partners: tuple[int, ...]
    choice: bool = False

    @property
    def key(self) -> str:
        return f"{self.kind}.{self.organization}.{self.who}.{0 if self.choice else self.partners[0]}"

    @property
    def asked(self) -> tuple[int, ...]:
        """Whose duty it is."""
        return (self.who,) if self.choice else (self.who, self.partners[0])

    def pairs(self) -> Iterator[frozenset[int]]:
        return (frozenset((self.who, other)) for other in self.partners)

    def done(self, talked: Collection[frozenset[int]]) -> frozenset[int] | None:
        """The first pair that has talked, if one has."""
        return next((pair for pair in self.pairs() if pair in talked), None)


def expected_talks(kinds: Collection[str], places: Iterable[Place]) -> list[Expected]:
    """All expected talks but the collective ones, each pair once, in the order of the kinds and of the places."""
    listed = {place.id: place for place in places}
    found: list[Expected] = []
    seen: set[frozenset[int]] = set()
    for kind in KINDS:
        if kind in kinds and kind != COLLECTIVE:
            for place in listed.values():
                for one in _OF_KIND[kind](place, listed):
                    pair = frozenset(one.asked)
                    if one.choice or (len(pair) == 2 and pair not in seen):
                        found.append(one)
                        seen |= set() if one.choice else {pair}
    return found


_Made = Iterator[Expected]
_Places = Mapping[int, Place]


def _strict(kind: str, place: Place, who: int, other: int) -> Expected:
    return Expected(kind, place.id, who, (other,))


def _secretary_team(place: Place, _all: _Places) -> _Made:
    if place.team.principal is not None and not place.is_branch:
        for other in place.team.rest:
            yield _strict(SECRETARY_TEAM, place, place.team.principal, other)


def _secretary_branches(place: Place, listed: _Places) -> _Made:
    heads = [p for p in (place.team.principal, *place.team.deputies) if p is not None]
    for below in place.below:
        other = listed[below].team.principal if below in listed else None
        for head in heads:
            if other is not None and other != head:
                yield _strict(SECRETARY_BRANCHES, place, head, other)


def _leaders_units(place: Place, listed: _Places) -> _Made:
    for leader, organizations in place.team.in_charge.items():
        for organization in organizations:
            other = listed[organization].team.principal if organization in listed else None
            if other is not None and other != leader:
                yield _strict(LEADERS_UNITS, place, leader, other)


def _team_each(place: Place, _all: _Places) -> _Made:
    rest = place.team.rest
    if not place.is_branch:
        for at, one in enumerate(rest):
            for other in rest[at + 1 :]:
                yield _strict(TEAM_EACH, place, one, other)


def _branch_committee(place: Place, _all: _Places) -> _Made:
    if place.team.principal is not None and place.is_branch:
        for other in place.team.rest:
            yield _strict(BRANCH_COMMITTEE, place, place.team.principal, other)


def _plain(place: Place) -> list[int]:
    return [pk for pk in place.members if pk not in place.team.everyone]


def _committee_members(place: Place, _all: _Places) -> _Made:
    committee = place.team.everyone
    if place.is_branch and committee:
        for member in _plain(place):
            yield Expected(COMMITTEE_MEMBERS, place.id, member, committee, choice=True)


def _members(place: Place, _all: _Places) -> _Made:
    plain = _plain(place)
    if place.is_branch and len(plain) > 1:
        for member in plain:
            yield Expected(MEMBERS, place.id, member, tuple(pk for pk in plain if pk != member), choice=True)


_OF_KIND = {
    SECRETARY_TEAM: _secretary_team,
    SECRETARY_BRANCHES: _secretary_branches,
    LEADERS_UNITS: _leaders_units,
    TEAM_EACH: _team_each,
    BRANCH_COMMITTEE: _branch_committee,
    COMMITTEE_MEMBERS: _committee_members,
    MEMBERS: _members,
}
