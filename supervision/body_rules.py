"""Who keeps the bodies of the campaign, sends groups, and records what the bodies do."""

from __future__ import annotations

from typing import Any

from campaign.models import Campaign, Participation
from supervision.models import Body, SupervisionGroup
from units import access
from units.models import Organization
from units.roles import Right

SECRETARIES = frozenset({"organization_secretary"})


def can_keep_bodies(user: Any, organization: Organization) -> bool:
    """Set up bodies and change who is in them: the office of the jurisdiction, and an organisation's own secretary."""
    return access.has(user, Right.SET_UP, organization) or access.has(user, Right.APPLY, organization)


def can_change_body(user: Any, body: Body) -> bool:
    return body.dissolved_on is None and can_keep_bodies(user, body.organization)


def can_name_holders(user: Any, participation: Participation) -> bool:
    """Name who answers for the campaign in a unit (D-17)."""
    return participation.batch.closed_on is None and can_keep_bodies(user, participation.organization)


def can_record_for(user: Any, organization: Organization) -> bool:
    """Put meetings and letters on record: who sets up, or records, for the organisation."""
    return access.has(user, Right.SET_UP, organization) or access.has(user, Right.RECORD, organization)


def can_send_groups(user: Any, campaign: Campaign, sender: Organization) -> bool:
    """Put groups together for a sender: the host's office, or the secretary or office of a committee with
    subordinates of its own, for these (D-10, M-11)."""
    if sender.pk == campaign.host_id:
        return access.has(user, Right.SET_UP, campaign.host)
    if sender.is_branch or sender.closed_on is not None or not sender.path.startswith(campaign.host.path):
        return False
    return any(
        sender.path.startswith(post.organization.path) and (post.role in SECRETARIES or Right.SET_UP in post.rights)
        for post in access.posts_of(user)
    )


def can_manage_group(user: Any, group: SupervisionGroup) -> bool:
    """Change a group, its people and whom it covers: whoever may send groups where it comes from."""
    return can_send_groups(user, group.campaign, group.sender)


def may_send_somewhere(user: Any) -> bool:
    """Cheap first look, without a query beyond the posts."""
    return any(
        Right.SET_UP in post.rights or (post.role in SECRETARIES and not post.organization.is_branch)
        for post in access.posts_of(user)
    )


def own_senders(user: Any, campaign: Campaign) -> list[Organization]:
    """The organisations at which the user's own posts let him send groups, the highest first."""
    held = {post.organization_id: post.organization for post in access.posts_of(user)}
    fitting = [one for one in held.values() if can_send_groups(user, campaign, one)]
    return sorted(fitting, key=lambda one: one.path)
