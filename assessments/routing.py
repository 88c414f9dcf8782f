"""Who reviews whose self-analysis (F-13): the ordered rules, the author's posts, and who holds what above him.

Pure: it is given the posts and says which post reviews. Nobody reviews his own paper; it then goes one step up
(decision 8). Where nobody is found the answer is None, and the office assigns by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from campaign.playbook.judging import Author, Reviewer, RoutingRule

STEP = 4  # characters of a tree path for each level

ROLE: dict[str, str] = {
    "supervision_group": "supervisor",
    "leading_group_head": "leading_group_head",
    "party_affairs_leader": "party_affairs_leader",
    "organization_secretary": "organization_secretary",
    "branch_secretary": "branch_secretary",
    "superior_secretary": "organization_secretary",
}
# One step up, where the only holder of the post is the author himself.
ONE_UP: dict[str, Reviewer] = {
    "branch_secretary": "organization_secretary",
    "organization_secretary": "superior_secretary",
    "party_affairs_leader": "superior_secretary",
    "superior_secretary": "leading_group_head",
    "leading_group_head": "supervision_group",
}
SECRETARIES = frozenset({"organization_secretary", "branch_secretary"})


@dataclass(frozen=True, slots=True)
class Seat:
    """A post held today: who, as what, at which place of the tree."""

    user: int
    role: str
    path: str


@dataclass(frozen=True, slots=True)
class AuthorFacts:
    """What the rules ask about an author. `leading_path`: the organisation that takes part and covers his branch."""

    path: str
    user: int | None = None
    leader: bool = False
    retired: bool = False  # or awaiting retirement
    leading_path: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """The post that reviews, by role and tree path, and by which rule."""

    author: Author
    reviewer: Reviewer
    role: str
    path: str


def kinds_of(rules: Iterable[RoutingRule], author: AuthorFacts, seats: Iterable[Seat]) -> frozenset[str]:
    """All that an author is. A retired leader is a leader too, unless the playbook has a rule of his own."""
    own = [seat for seat in seats if author.user is not None and seat.user == author.user]
    secretary = {seat.path for seat in own if seat.role in SECRETARIES}
    kinds = {"member"}
    if author.leader and author.retired:
        special = any(rule.author == "retired_leader" for rule in rules)
        kinds.add("retired_leader" if special else "leader")
    elif author.leader:
        kinds.add("leader")
        if author.leading_path in secretary:
            kinds.add("principal")
    if any(seat.role == "branch_secretary" for seat in own):
        kinds.add("branch_secretary")
    if author.leading_path in secretary or any(seat.role == "organization_secretary" for seat in own):
        kinds.add("party_head")
    return frozenset(kinds)


def route(rules: Iterable[RoutingRule], author: AuthorFacts, seats: Iterable[Seat]) -> Route | None:
    """The first rule that matches decides; None where it finds nobody, or where no rule matches."""
    listed, posts = tuple(rules), tuple(seats)
    kinds = kinds_of(listed, author, posts)
    rule = next((rule for rule in listed if rule.author in kinds), None)
    if rule is None:
        return None
    reviewer: Reviewer | None = rule.reviewer
    while reviewer is not None:
        found, by_himself = _find(reviewer, author, posts)
        if found is not None:
            return Route(rule.author, reviewer, found.role, found.path)
        reviewer = ONE_UP.get(reviewer) if by_himself else None
    return None


def _find(reviewer: Reviewer, author: AuthorFacts, seats: tuple[Seat, ...]) -> tuple[Seat | None, bool]:
    """The nearest fitting post held by another; and whether the author was the only one met on the way."""
    by_himself = False
    for path in _chain(reviewer, author, seats):
        holders = [seat for seat in seats if seat.path == path and _fits(reviewer, seat, author)]
        other = next((seat for seat in holders if seat.user != author.user), None)
        if other is not None:
            return other, False
        by_himself = by_himself or bool(holders)
    return None, by_himself


def _fits(reviewer: Reviewer, seat: Seat, author: AuthorFacts) -> bool:
    """A branch that takes part by itself has no secretary of an organisation: its branch secretary is the one."""
    if reviewer == "organization_secretary" and seat.path == author.leading_path:
        return seat.role in SECRETARIES
    return seat.role == ROLE[reviewer]


def _chain(reviewer: Reviewer, author: AuthorFacts, seats: tuple[Seat, ...]) -> Iterator[str]:
    """Where to look, the nearest first: from his own branch upwards; a superior only above where he leads."""
    start = author.path
    if reviewer == "branch_secretary":
        yield start
        return
    if reviewer == "superior_secretary":
        led = [s.path for s in seats if s.user == author.user and s.role in SECRETARIES and start.startswith(s.path)]
        start = min([start, *led], key=len)[:-STEP]
    for end in range(len(start), 0, -STEP):
        yield start[:end]
