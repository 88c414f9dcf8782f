"""Supervision and guidance groups: who is in them and whom they cover (D-09, D-10, M-11).

An assignment gives each member of the group a post at the organisation for as long as both last; posts are the scope.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.messages import Message
from accounts.models import User
from campaign.models import Campaign
from supervision.actions.bodies import Seconded
from supervision.actions.refusals import Refused
from supervision.models import Assignment, GroupMember, SupervisionGroup
from units import access
from units.models import Organization, Post

CREATED = audit.action("group.created", _("Set up a supervision group"))
CHANGED = audit.action("group.changed", _("Changed a supervision group"))
MEMBER_CHANGED = audit.action("group.member_changed", _("Changed what is known of a member of a supervision group"))
MEMBER_ADDED = audit.action("group.member_added", _("Added a member to a supervision group"))
MEMBER_ENDED = audit.action("group.member_ended", _("Took a member out of a supervision group"))
ASSIGNED_TO = audit.action("group.assigned", _("Assigned a supervision group"))
UNASSIGNED = audit.action("group.unassigned", _("Ended the assignment of a supervision group"))

ROLE = "supervisor"


class GroupRefused(Refused):
    """The group cannot be changed like this; says why."""


@transaction.atomic
def create_group(
    *,
    by: User,
    campaign: Campaign,
    name: str,
    kind: str = SupervisionGroup.Kind.SUPERVISION,
    owner: Organization | None = None,
    parent: SupervisionGroup | None = None,
    phone: str = "",
) -> SupervisionGroup:
    """Set up a group, of the host or of an organisation below it (`owner`), or a sub-group of one (`parent`).

    Raises GroupRefused when the sender has one of that name, or the group above belongs to another sender.
    """
    if owner is not None and owner.pk == campaign.host_id:
        owner = None
    group = SupervisionGroup(campaign=campaign, name=name, kind=kind, owner=owner, parent=parent, phone=phone)
    _check_place(group)
    _keep(group)
    audit.record(CREATED, by=by, obj=group, organization=group.sender, data={"kind": str(kind)})
    return group


@transaction.atomic
def change_group(
    *, by: User, group: SupervisionGroup, name: str, parent: SupervisionGroup | None = None, phone: str = ""
) -> None:
    """Rename a group, or put it under another of the same sender. Raises GroupRefused."""
    fresh = SupervisionGroup.objects.select_for_update(of=("self",)).select_related("campaign__host", "owner")
    row = fresh.get(pk=group.pk)
    before = [row.name, row.parent_id, row.phone]
    row.name, row.parent, row.phone = name, parent, phone
    _check_place(row)
    _keep(row)
    data = {"before": before, "after": [name, row.parent_id, phone]}
    audit.record(CHANGED, by=by, obj=row, organization=row.sender, data=data)


def _check_place(group: SupervisionGroup) -> None:
    """Senders lie inside the campaign and have subordinates; a sub-group has no sub-groups of its own."""
    owner, parent = group.owner, group.parent
    if owner is not None and (owner.is_branch or not owner.path.startswith(group.campaign.host.path)):
        raise GroupRefused(Message(gettext_noop("%(name)s has no subordinates to send a group to."), {"name": owner}))
    if parent is None:
        return
    fits = parent.campaign_id == group.campaign_id and parent.owner_id == group.owner_id and parent.parent_id is None
    if not fits or parent.pk == group.pk or (group.pk and group.subgroups.exists()):
        names = {"name": parent.name}
        raise GroupRefused(Message(gettext_noop("This group cannot be a sub-group of %(name)s."), names))


def _keep(group: SupervisionGroup) -> None:
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as fault:
        text = gettext_noop("There is a group called %(name)s already.")
        raise GroupRefused(Message(text, {"name": group.name})) from fault


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
def add_member(
    *, by: User, group: SupervisionGroup, user: User, head: bool = False, seconded: Seconded | None = None
) -> GroupMember:
    """Take a person into the group, with a post at each organisation that it covers. Raises GroupRefused.

    Nobody takes himself into a group that his own committee sends: that would give him its word on applications.
    """
    if group.owner_id is not None and user.pk == by.pk:
        raise GroupRefused(Message(gettext_noop("You cannot take yourself into a group that you send.")))
    facts = asdict(seconded or Seconded(in_place_on=clock.today()))
    try:
        with transaction.atomic():
            member = GroupMember.objects.create(group=group, user=user, head=head, from_date=clock.today(), **facts)
    except IntegrityError:
        raise GroupRefused(Message(gettext_noop("%(name)s is in this group already."), {"name": str(user)}))
    for assignment in group.assignments.current():
        _give_posts(assignment, [user])
    audit.record(MEMBER_ADDED, by=by, obj=group, organization=group.sender, data={"user": user.username})
    return member


@transaction.atomic
def change_group_member(*, by: User, member: GroupMember, head: bool, seconded: Seconded) -> None:
    """Change who heads, where a person comes from, or since when in place. Raises GroupRefused when gone."""
    rows = GroupMember.objects.filter(pk=member.pk, to_date=None)
    if not rows.update(head=head, **asdict(seconded)):
        raise GroupRefused(Message(gettext_noop("This person has left the group already.")))
    data = {"user": member.user.username, "head": head, **{key: str(value) for key, value in asdict(seconded).items()}}
    audit.record(MEMBER_CHANGED, by=by, obj=member.group, organization=member.group.sender, data=data)


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
        organization=member.group.sender,
        data={"user": member.user.username},
    )


@transaction.atomic
def assign(*, by: User, group: SupervisionGroup, organization: Organization) -> Assignment:
    """Put the group in charge of an organisation and all below it. Raises GroupRefused.

    A guidance group covers only what stands below those who send it: nobody sends one to himself or a neighbour.
    """
    if not group.may_cover(organization):
        names = {"group": group.name, "name": organization.name, "sender": group.sender.name}
        text = gettext_noop("%(group)s cannot cover %(name)s, which is not among the subordinates of %(sender)s.")
        raise GroupRefused(Message(text, names))
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
