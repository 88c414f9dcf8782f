"""Which heart-to-heart talks are expected, from a playbook's pairs, teams and rolls alone: no database (F-16, F-18)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from campaign.playbook.deeds import TalkPair

COLLECTIVE = "collective"


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
    """An organisation as the generator sees it. `members`: its own roll."""

    id: int
    is_branch: bool
    team: Team = Team()
    members: tuple[int, ...] = ()
    below: tuple[int, ...] = ()

    @property
    def plain(self) -> tuple[int, ...]:
        """Those on the roll who are not in the team."""
        return tuple(pk for pk in self.members if pk not in self.team.everyone)


@dataclass(frozen=True)
class Expected:
    """`who` is to talk with `need` of `partners`. With `choice` only `who` is asked, else both sides are."""

    pair: TalkPair
    organization: int
    who: int
    partners: tuple[int, ...]
    choice: bool = False
    need: int = 1

    @property
    def key(self) -> str:
        return f"{self.pair.key}.{self.organization}.{self.who}.{0 if self.choice else self.partners[0]}"

    @property
    def asked(self) -> tuple[int, ...]:
        """Whose duty it is."""
        return (self.who,) if self.choice else (self.who, self.partners[0])

    def held(self, talked: Collection[frozenset[int]]) -> list[frozenset[int]]:
        """The pairs that have talked and count for it."""
        pairs = (frozenset((self.who, other)) for other in self.partners)
        return [pair for pair in pairs if pair in talked]

    def done(self, talked: Collection[frozenset[int]]) -> bool:
        return len(self.held(talked)) >= self.need


def expected_talks(pairs: Iterable[TalkPair], places: Iterable[Place]) -> list[Expected]:
    """All expected talks but the collective ones, each two people once, in the order of the pairs and the places."""
    listed = {place.id: place for place in places}
    found: list[Expected] = []
    seen: set[frozenset[int]] = set()
    for pair in pairs:
        if not is_collective(pair):
            for place in listed.values():
                for one in _OF_KIND[pair.kind](pair, place, listed):
                    people = frozenset(one.asked)
                    if one.choice or (len(people) == 2 and people not in seen):
                        found.append(one)
                        seen |= set() if one.choice else {people}
    return found


def is_collective(pair: TalkPair) -> bool:
    """The team talks as one; it is recorded apart."""
    return pair.kind == COLLECTIVE


_Made = Iterator[Expected]
_Places = Mapping[int, Place]


def _principals(organizations: Iterable[int], listed: _Places) -> Iterator[int]:
    for pk in organizations:
        head = listed[pk].team.principal if pk in listed else None
        if head is not None:
            yield head


def _secretary_team(pair: TalkPair, place: Place, _all: _Places) -> _Made:
    if place.team.principal is not None and not place.is_branch:
        for other in place.team.rest:
            yield Expected(pair, place.id, place.team.principal, (other,))


def _secretary_branches(pair: TalkPair, place: Place, listed: _Places) -> _Made:
    heads = [p for p in (place.team.principal, *place.team.deputies) if p is not None]
    for other in _principals(place.below, listed):
        for head in heads:
            yield Expected(pair, place.id, head, (other,))


def _leaders_units(pair: TalkPair, place: Place, listed: _Places) -> _Made:
    for leader, organizations in place.team.in_charge.items():
        for other in _principals(organizations, listed):
            yield Expected(pair, place.id, leader, (other,))


def _team_each(pair: TalkPair, place: Place, _all: _Places) -> _Made:
    if not place.is_branch:
        for one, other in combinations(place.team.rest, 2):
            yield Expected(pair, place.id, one, (other,))


def _branch_committee(pair: TalkPair, place: Place, _all: _Places) -> _Made:
    if place.team.principal is not None and place.is_branch:
        for other in place.team.rest:
            yield Expected(pair, place.id, place.team.principal, (other,))


def _committee_members(pair: TalkPair, place: Place, _all: _Places) -> _Made:
    committee = place.team.everyone
    if place.is_branch and committee:
        for member in place.plain:
            yield Expected(pair, place.id, member, committee, True, min(pair.count, len(committee)))


def _members(pair: TalkPair, place: Place, _all: _Places) -> _Made:
    others = len(place.plain) - 1
    if place.is_branch and others > 0:
        for member in place.plain:
            partners = tuple(pk for pk in place.plain if pk != member)
            yield Expected(pair, place.id, member, partners, True, min(pair.count, others))


_OF_KIND: Mapping[str, Callable[[TalkPair, Place, _Places], _Made]] = {
    "secretary_team": _secretary_team,
    "secretary_branches": _secretary_branches,
    "leaders_units": _leaders_units,
    "team_each": _team_each,
    "branch_committee": _branch_committee,
    "committee_members": _committee_members,
    "members": _members,
}
