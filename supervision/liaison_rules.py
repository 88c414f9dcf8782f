"""Who sets up liaison points, writes down what happens there, and keeps the register of pairs."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts import clock
from accounts.models import User
from campaign.models import Campaign
from supervision.models import LiaisonPoint, Pairing
from units import access
from units.models import Organization, Post
from units.roles import Right, with_right


def can_set_up(user: Any, campaign: Campaign) -> bool:
    """Name leaders, set up and end points, mark models: who sets the campaign up."""
    return access.has(user, Right.SET_UP, campaign.host)


def can_note(user: Any, point: LiaisonPoint) -> bool:
    """Write down visits and contacts while the point lasts: its secretary, the leader himself, the office."""
    if point.to_date is not None:
        return False
    if point.leader.user_id is not None and point.leader.user_id == user.pk:
        return True
    if can_set_up(user, point.batch.campaign):
        return True
    return point.organization is not None and access.has(user, Right.RECORD, point.organization)


def secretaries(organization: Organization | None) -> QuerySet[User]:
    """Who answers for a point: those who record at the organisation itself."""
    if organization is None:
        return User.objects.none()
    posts = Post.objects.current(clock.today()).filter(role__in=with_right(Right.RECORD), organization=organization)
    return access.people(posts)


def can_pair(user: Any, organization: Organization) -> bool:
    """Pair members and organisations, and note visits and help: who records there."""
    return access.has(user, Right.RECORD, organization)


def sees_names(user: Any, organization: Organization) -> bool:
    """The names of pairs: a branch's own page, by whoever may see its members; above it there are only counts."""
    return organization.is_branch and access.has(user, Right.VIEW_MEMBERS, organization)


def can_note_help(user: Any, pairing: Pairing) -> bool:
    return pairing.to_date is None and can_pair(user, pairing.organization)
