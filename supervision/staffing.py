"""Who runs the campaign: the people of the office and of the supervision groups, and in which team each works (S).

A team is the office, one of its groups, or a supervision group. It has no model of its own: bodies, groups and, where
nobody has entered the bodies, posts say it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from accounts import clock
from accounts.models import User
from campaign.models import Campaign
from units import access
from units.models import Post
from units.roles import Right, Role

if TYPE_CHECKING:
    from supervision.models import SupervisionGroup

OFFICE_HEAD = "office_head"
HOMES = ("office", "supervision")  # where those start who run the campaign


def _is_staff(role: str) -> bool:
    """Of the office or of supervision; the leading group stands above both."""
    known = Role.registry.get(role)
    return known is not None and known.home in HOMES and Right.LEAD not in known.rights


def staff_roles() -> list[str]:
    return [key for key in Role.registry if _is_staff(key)]


def is_staff(user: Any) -> bool:
    """Does the user work in the office or in a supervision group? No query beyond the posts."""
    return any(_is_staff(post.role) for post in access.posts_of(user))


def belongs(user: Any) -> bool:
    """May the user see the pages on duty and leave: the staff, and the leading group over it."""
    return is_staff(user) or access.has_anywhere(user, Right.LEAD)


def keeps(user: Any, campaign: Campaign) -> bool:
    """Plan the duty, take attendance, see who has acknowledged the rules: the office that sets the campaign up."""
    return access.has(user, Right.SET_UP, campaign.host)


def oversees(user: Any, campaign: Campaign) -> bool:
    """See what concerns all of the staff: the office, and the leading group."""
    return keeps(user, campaign) or access.has(user, Right.LEAD, campaign.host)


def heads_office(user: Any) -> bool:
    """Does the user head an office? No query beyond the posts."""
    return any(post.role == OFFICE_HEAD for post in access.posts_of(user))


def at_host(user: Any, role: str, field_name: str) -> Q:
    """Rows of the campaigns at whose host (through the field) the user holds the role."""
    places = [post.organization_id for post in access.posts_of(user) if post.role == role]
    return Q(**{f"{field_name}__in": places})


@dataclass(frozen=True)
class Team:
    """The office or one of its groups (the key is the kind of body), or a supervision group (`group:7`)."""

    key: str
    name: str
    group: SupervisionGroup | None = None
    head: bool = False  # the person heads it


@dataclass
class Person:
    """One of the staff and the teams he works in."""

    user: User
    teams: list[Team] = field(default_factory=list)

    @property
    def team(self) -> Team:
        return self.teams[0]


def _posts(campaign: Campaign) -> Any:
    current = Post.objects.current(clock.today()).filter(role__in=staff_roles(), user__is_active=True)
    return current.filter(access.below(campaign.host.path, "organization"))


def _memberships(campaign: Campaign) -> Any:
    from supervision.models import GroupMember

    current = GroupMember.objects.current().filter(group__campaign=campaign, user__is_active=True)
    return current.select_related("group")


def _in_bodies(campaign: Campaign) -> Any:
    from supervision.models import Body, BodyMember

    kinds = [kind for kind in Body.Kind.values if kind not in {Body.Kind.LEADING_GROUP, Body.Kind.LECTURE_CORPS}]
    here = BodyMember.objects.current().filter(user__isnull=False, body__campaign=campaign, body__dissolved_on=None)
    return here.filter(body__organization=campaign.host_id, body__kind__in=kinds).select_related("body")


@dataclass
class _Ties:
    """What puts one person into teams."""

    posts: list[Post] = field(default_factory=list)
    groups: list[Any] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)

    def teams(self, campaign: Campaign) -> list[Team]:
        """The office first, in the order of its bodies; a member of the staff without any team stands by himself."""
        found = {m.body.kind: Team(m.body.kind, m.body.name, head=m.role == "head") for m in self.bodies}
        for post in self.posts:
            kind = _kind_of(post.role)
            if post.organization_id == campaign.host_id and kind and (not found or kind == "office"):
                found[kind] = Team(kind, str(Role.registry[post.role].name), head=kind == "office")
        office = sorted(found.values(), key=_order)
        groups = [Team(f"group:{m.group_id}", m.group.name, m.group, m.head) for m in self.groups]
        return office + groups or [Team("", str(Role.registry["supervisor"].name))]


def _kind_of(role: str) -> str:
    """The kind of body that an office's role belongs to."""
    return "office" if role == OFFICE_HEAD else role.removeprefix("office_") if role.startswith("office_") else ""


def _order(team: Team) -> tuple[int, str]:
    """The office, its groups, the supervision groups, the others."""
    office = ("office", "general", "publicity", "supervision", "lecture")
    known = office.index(team.key) if team.key in office else len(office) if team.group else len(office) + 1
    return known, f"{team.group.pk:09}" if team.group else ""


def staff_of(campaign: Campaign) -> list[Person]:
    """All of the staff, ordered by team and name. Three queries."""
    ties: dict[int, _Ties] = {}
    people: dict[int, User] = {}
    for post in _posts(campaign).select_related("user"):
        ties.setdefault(post.user_id, _Ties()).posts.append(post)
        people[post.user_id] = post.user
    for row in _memberships(campaign).select_related("group", "user"):
        ties.setdefault(row.user_id, _Ties()).groups.append(row)
        people[row.user_id] = row.user
    for row in _in_bodies(campaign):
        if row.user_id in ties:
            ties[row.user_id].bodies.append(row)
    found = [Person(user, ties[pk].teams(campaign)) for pk, user in people.items()]
    return sorted(found, key=_place)


def _place(person: Person) -> tuple[Any, ...]:
    return *_order(person.team), not person.team.head, str(person.user), person.user.pk


def teams_of(user: Any, campaign: Campaign) -> list[Team]:
    """The teams of one person; none if he is not of the staff. Two queries."""
    if not is_staff(user):
        return []
    posts = [post for post in access.posts_of(user) if _is_staff(post.role)]
    groups, bodies = _memberships(campaign).filter(user=user), _in_bodies(campaign).filter(user=user)
    return _Ties(posts, list(groups), list(bodies)).teams(campaign)


def in_teams(people: Sequence[Person]) -> list[tuple[Team, list[Person]]]:
    """Each person once, under the first of his teams."""
    found: dict[str, tuple[Team, list[Person]]] = {}
    for person in people:
        found.setdefault(person.team.key, (person.team, []))[1].append(person)
    return list(found.values())
