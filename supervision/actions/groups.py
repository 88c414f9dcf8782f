"""Supervision groups: who is in them and whom they cover (D-09, D-10).

An assignment gives each member of the group a post at the organisation for as long as both last; posts are the scope.
"""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.messages import Message
from accounts.models import User
from campaign.models import Campaign
from supervision.models import Assignment, GroupMember, SupervisionGroup
from units import access
from units.models import Organization, Post

CREATED = audit.action("group.created", _("Set up a supervision group"))
MEMBER_ADDED = audit.action("group.member_added", _("Added a member to a supervision group"))
MEMBER_ENDED = audit.action("group.member_ended", _("Took a member out of a supervision group"))
ASSIGNED_TO = audit.action("group.assigned", _("Assigned a supervision group"))
UNASSIGNED = audit.action("group.unassigned", _("Ended the assignment of a supervision group"))

ROLE = "supervisor"


class GroupRefused(Exception):
    """The group cannot be changed like this; says why."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return str(self.reason)


@transaction.atomic
def create_group(
    *, by: User, campaign: Campaign, name: str, kind: str = SupervisionGroup.Kind.SUPERVISION
) -> SupervisionGroup:
    """Set up a group. Raises GroupRefused when the campaign has one of that name."""
    try:
        with transaction.atomic():
            group = SupervisionGroup.objects.create(campaign=campaign, name=name, kind=kind)
    except IntegrityError:
        raise GroupRefused(Message(gettext_noop("There is a group called %(name)s already."), {"name": name}))
    audit.record(CREATED, by=by, obj=group, organization=campaign.host, data={"kind": str(kind)})
    return group


def _give_posts(assignment: Assignment, users: list[User]) -> None:
    today = clock.today()
    for user in users:
        Post.objects.get_or_create(
            user=user,
            organization_id=assignment.organization_id,
            role=ROLE,
            source=assignment.source,
            to_date=None,
            defaults={"from_date": max(assignment.from_date, today)},
        )
        access.forget(user)


def end_posts(posts: QuerySet[Post], today: dt.date) -> None:
    """Close posts from today on: those that began earlier held until yesterday, the others never did."""
    posts.filter(from_date__gte=today).delete()
    posts.filter(to_date=None).update(to_date=today - dt.timedelta(days=1))


@transaction.atomic
def add_member(*, by: User, group: SupervisionGroup, user: User, head: bool = False) -> GroupMember:
    """Take a person into the group, with a post at each organisation that it covers. Raises GroupRefused."""
    try:
        with transaction.atomic():
            member = GroupMember.objects.create(group=group, user=user, head=head, from_date=clock.today())
    except IntegrityError:
        raise GroupRefused(Message(gettext_noop("%(name)s is in this group already."), {"name": str(user)}))
    for assignment in group.assignments.current():
        _give_posts(assignment, [user])
    audit.record(MEMBER_ADDED, by=by, obj=group, organization=group.campaign.host, data={"user": user.username})
    return member


@transaction.atomic
def end_member(*, by: User, member: GroupMember) -> None:
    """Take a person out of the group and end the posts that it gave. Raises GroupRefused."""
    today = clock.today()
    if not GroupMember.objects.filter(pk=member.pk, to_date=None).update(to_date=today):
        raise GroupRefused(Message(gettext_noop("This person has left the group already.")))
    sources = [assignment.source for assignment in member.group.assignments.current()]
    end_posts(Post.objects.filter(user=member.user, source__in=sources, to_date=None), today)
    access.forget(member.user)
    audit.record(
        MEMBER_ENDED,
        by=by,
        obj=member.group,
        organization=member.group.campaign.host,
        data={"user": member.user.username},
    )


@transaction.atomic
def assign(*, by: User, group: SupervisionGroup, organization: Organization) -> Assignment:
    """Put the group in charge of an organisation and all below it. Raises GroupRefused."""
    try:
        with transaction.atomic():
            assignment = Assignment.objects.create(group=group, organization=organization, from_date=clock.today())
    except IntegrityError:
        names = {"group": group.name, "name": organization.name}
        raise GroupRefused(Message(gettext_noop("%(group)s covers %(name)s already."), names))
    users = [member.user for member in group.members.current().select_related("user")]
    _give_posts(assignment, users)
    audit.record(ASSIGNED_TO, by=by, obj=group, organization=organization)
    notify.send(
        [user for user in users if user.pk != by.pk],
        gettext_noop("%(group)s now covers %(name)s."),
        params={"group": group.name, "name": organization.name},
        url=reverse("supervision:group", args=[group.pk]),
    )
    return assignment


@transaction.atomic
def unassign(*, by: User, assignment: Assignment) -> None:
    """End an assignment and the posts that it gave. Raises GroupRefused."""
    today = clock.today()
    if not Assignment.objects.filter(pk=assignment.pk, to_date=None).update(to_date=today):
        raise GroupRefused(Message(gettext_noop("This assignment has ended already.")))
    end_posts(Post.objects.filter(source=assignment.source, to_date=None), today)
    audit.record(UNASSIGNED, by=by, obj=assignment.group, organization=assignment.organization)
