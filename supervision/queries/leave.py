"""Who decides on a leave, and who may read why it is asked (S-02, decision 20)."""

from __future__ import annotations

from typing import Any

from accounts import clock
from accounts.models import User
from supervision import staffing
from supervision.models import BodyMember, DutyDay, GroupMember, Leave
from units import access
from units.models import Post
from units.roles import Right


def _heads(leave: Leave) -> list[User]:
    groups = GroupMember.objects.current().filter(group=leave.group_id, group__isnull=False, head=True)
    bodies = BodyMember.objects.current().filter(
        role=BodyMember.Role.HEAD,
        user__isnull=False,
        body__campaign=leave.campaign_id,
        body__organization=leave.campaign.host_id,
        body__kind=leave.team,
        body__dissolved_on=None,
    )
    rows = [*groups.select_related("user"), *bodies.select_related("user")]
    return [row.user for row in rows if row.user.is_active]


def _office(leave: Leave) -> list[User]:
    posts = Post.objects.current(clock.today()).filter(role=staffing.OFFICE_HEAD, organization=leave.campaign.host_id)
    return [post.user for post in posts.filter(user__is_active=True).select_related("user")]


def _leaders(leave: Leave) -> list[User]:
    return list(access.holders(Right.LEAD, leave.campaign.host))


_ORDER = {
    Leave.To.GROUP_HEAD: (_heads, _office, _leaders),
    Leave.To.OFFICE: (_office, _leaders),
    Leave.To.LEADING_GROUP: (_leaders, _office),
}


def deciders(leave: Leave) -> list[User]:
    """Those whom the playbook's route leads to, or the next ones who are not the asker himself (S-02)."""
    for people in _ORDER[Leave.To(leave.to)]:
        found = {user.pk: user for user in people(leave) if user.pk != leave.user_id}
        if found:
            return list(found.values())
    return []


def may_read_reason(user: Any, leave: Leave) -> bool:
    """The person, who decided, and who could decide."""
    if user.pk in {leave.user_id, leave.decided_by_id}:
        return True
    return Leave.objects.decidable_by(user).filter(pk=leave.pk).exists()


def duties_in(leave: Leave) -> list[DutyDay]:
    """Days on duty that fall into a leave and must be handed over."""
    rows = DutyDay.objects.filter(campaign=leave.campaign_id, user=leave.user_id)
    return list(rows.filter(day__range=(max(leave.from_date, clock.today()), leave.last_day)))
