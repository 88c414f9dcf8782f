"""Who issues, acknowledges and revokes yellow cards and holds admonitions, and for which units a card counts."""

from __future__ import annotations

from typing import Any

from accounts import clock
from accounts.models import User
from campaign.models import Participation
from campaign.playbook import Item, Playbook
from supervision import rules
from supervision.models import Admonition, YellowCard
from units import access
from units.models import Organization, Post, WorkUnit
from units.roles import Right


def _issues(post: Post) -> bool:
    return Right.APPROVE in post.rights


def _admonishes(post: Post) -> bool:
    return Right.APPROVE in post.rights or Right.LEAD in post.rights


def can_issue(user: Any, card: YellowCard) -> bool:
    """Issue or revoke a card: the campaign office above the organisation."""
    return rules.holds_above(user, card.organization, _issues)


def issuers(organization: Organization) -> list[User]:
    return rules.people_above(organization, _issues)


def can_hold(user: Any, admonition: Admonition) -> bool:
    """Record an admonition: the office, or the head of the leading group, above the unit."""
    return rules.holds_above(user, admonition.participation.organization, _admonishes)


def admonishers(participation: Participation) -> list[User]:
    return rules.people_above(participation.organization, _admonishes)


def _line(organization: Organization, participation: Participation) -> list[str]:
    """Paths from the leading organisation down to this one."""
    first = len(participation.organization.path)
    return [organization.path[:end] for end in range(first, len(organization.path) + 1, organization.steplen)]


def can_acknowledge(user: Any, card: YellowCard) -> bool:
    """The secretary of the organisation, or of those above it up to the leading one."""
    line = _line(card.organization, card.participation)
    return any(Right.APPLY in post.rights and post.organization.path in line for post in access.posts_of(user))


def secretaries(organization: Organization, participation: Participation) -> list[User]:
    """Who is told of a card: those who can acknowledge it."""
    posts = Post.objects.current(clock.today()).filter(
        organization__path__in=_line(organization, participation), user__is_active=True
    )
    return list({p.user_id: p.user for p in posts.select_related("user") if Right.APPLY in p.rights}.values())


def units_of(organization: Organization, participation: Participation) -> list[WorkUnit]:
    """The work units for which a card of an organisation counts (decision 6).

    That of the participation for its leading organisation; for one below it the units that it covers itself, or the
    nearest above it does. Empty where no organisation on the way covers any: the card then counts for the
    participation.
    """
    if participation.work_unit is not None and organization.pk == participation.organization_id:
        return [participation.work_unit]
    for path in reversed(_line(organization, participation)):
        found = list(WorkUnit.objects.filter(organizations__path=path).order_by("pk"))
        if found:
            return found
    return [participation.work_unit] if participation.work_unit is not None else []


def causes(playbook: Playbook) -> tuple[Item, ...]:
    """The causes that count for a yellow card; none where the playbook knows no card."""
    card = playbook.sanctions.yellow_card
    return card.causes if card else ()
