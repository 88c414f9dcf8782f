"""Whom to turn to: the way up from an organisation, with the people and groups at each step (D-22)."""

from __future__ import annotations

from dataclasses import dataclass, field

from accounts import clock
from campaign.models import Campaign
from supervision.models import Assignment, Body, BodyMember, DutyHolder, SupervisionGroup
from supervision.queries.coverage import steps
from units.models import Organization, Post
from units.roles import Role

CONTACTS = frozenset(
    {
        "branch_secretary",
        "organization_secretary",
        "party_affairs_leader",
        "leading_group_head",
        "office_head",
        "office_general",
        "office_supervision",
    }
)
BODIES = frozenset({Body.Kind.LEADING_GROUP, Body.Kind.OFFICE})


@dataclass
class BodyLine:
    """A leading group or an office with those who head it."""

    body: Body
    heads: list[BodyMember] = field(default_factory=list)


@dataclass
class GroupLine:
    """A group in charge, with its people; the heads stand first."""

    group: SupervisionGroup
    heads: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


@dataclass
class Level:
    """One organisation on the way up. `groups`: those that it sends and that cover the one asked about."""

    organization: Organization
    posts: list[Post] = field(default_factory=list)
    bodies: list[BodyLine] = field(default_factory=list)
    groups: list[GroupLine] = field(default_factory=list)
    holders: list[DutyHolder] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.posts or self.bodies or self.groups or self.holders)


def lines_of(campaign: Campaign, organization: Organization) -> list[Level]:
    """From the organisation up to the host of the campaign. Seven queries, whatever the depth."""
    paths = [path for path in steps(organization.path) if path.startswith(campaign.host.path)]
    levels = {row.path: Level(row) for row in Organization.objects.filter(path__in=paths)}
    posts = Post.objects.current(clock.today()).filter(organization__path__in=paths, role__in=CONTACTS, source="")
    for post in posts.filter(user__is_active=True).select_related("user", "organization"):
        levels[post.organization.path].posts.append(post)
    _add_bodies(campaign, levels)
    _add_groups(campaign, organization, levels)
    holders = DutyHolder.objects.current().filter(
        participation__batch__campaign=campaign,
        participation__batch__closed_on=None,
        participation__organization__path__in=paths,
    )
    for holder in holders.select_related("participation__organization"):
        levels[holder.participation.organization.path].holders.append(holder)
    order = list(DutyHolder.Duty)
    for level in levels.values():
        level.posts.sort(key=lambda post: (Role.registry[post.role].order, post.pk))
        level.holders.sort(key=lambda holder: (order.index(DutyHolder.Duty(holder.duty)), holder.pk))
    return [levels[path] for path in reversed(paths) if path in levels]


def _add_bodies(campaign: Campaign, levels: dict[str, Level]) -> None:
    rows = Body.objects.standing().filter(campaign=campaign, organization__path__in=levels, kind__in=BODIES)
    lines = {row.pk: BodyLine(row) for row in rows.select_related("organization")}
    heads = BodyMember.objects.current().filter(body__in=list(lines)).exclude(role=BodyMember.Role.MEMBER)
    for member in sorted(heads, key=lambda one: (one.role != BodyMember.Role.HEAD, one.pk)):
        lines[member.body_id].heads.append(member)
    for line in sorted(lines.values(), key=lambda one: (one.body.kind != Body.Kind.LEADING_GROUP, one.body.pk)):
        levels[line.body.organization.path].bodies.append(line)


def _add_groups(campaign: Campaign, organization: Organization, levels: dict[str, Level]) -> None:
    rows = Assignment.objects.current().filter(
        group__campaign=campaign, organization__path__in=steps(organization.path)
    )
    lines: dict[int, GroupLine] = {}
    for row in rows.select_related("group__owner").prefetch_related("group__members__user").order_by("pk"):
        lines.setdefault(row.group_id, GroupLine(row.group))
    for line in lines.values():
        for member in line.group.members.all():
            if member.to_date is None:
                (line.heads if member.head else line.others).append(str(member.user))
        sender = line.group.owner.path if line.group.owner is not None else campaign.host.path
        if sender in levels:
            levels[sender].groups.append(line)
