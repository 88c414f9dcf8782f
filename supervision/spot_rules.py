"""Who makes a spot check of what, and which organisations it may draw (M-07)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from campaign.models import Batch, Participation
from supervision import rules
from supervision.models import SpotCheck, SpotResult
from units import access
from units.models import Organization, Post
from units.roles import Right

Kind = SpotCheck.Kind


def _kinds(post: Post) -> set[str]:
    """As whom the holder of a post checks what stands below it."""
    found = set()
    if Right.APPROVE in post.rights:
        found.add(Kind.ROVING)
    elif Right.REVIEW in post.rights or Right.ORDER_MAKEUP in post.rights:
        found.add(Kind.GROUP)
    elif Right.APPLY in post.rights:
        found.add(Kind.UNIT)
    return found


def kinds_for(user: Any, organization: Organization) -> list[str]:
    """As whom the user may check the organisations under this one."""
    held = {
        kind
        for post in access.posts_of(user)
        if organization.path.startswith(post.organization.path)
        for kind in _kinds(post)
    }
    return [kind for kind in Kind.values if kind in held]


def kinds_anywhere(user: Any) -> list[str]:
    """As whom the user checks at all."""
    held = {kind for post in access.posts_of(user) if not post.organization.is_branch for kind in _kinds(post)}
    return [kind for kind in Kind.values if kind in held]


def may_open_somewhere(user: Any) -> bool:
    """Cheap first look, without a query beyond the posts; a branch has nothing below it."""
    return any(_kinds(post) and not post.organization.is_branch for post in access.posts_of(user))


def scopes(user: Any) -> QuerySet[Organization]:
    """Organisations whose subordinates the user may check."""
    reach = access.NOTHING
    for post in access.posts_of(user):
        if _kinds(post):
            here = access.below(post.organization.path, "")
            reach = here if reach is access.NOTHING else reach | here
    return Organization.objects.active().filter(reach).exclude(kind=Organization.Kind.BRANCH)


def can_check(user: Any, check: SpotCheck) -> bool:
    """Draw, record what was found, close: whoever could have opened it in this role."""
    return check.kind in kinds_for(user, check.organization)


def can_order(user: Any, row: SpotResult) -> bool:
    """Order a make-up of what was not up to standard."""
    return row.result == SpotResult.Result.BAD and rules.can_order_makeup(user, row.organization)


def orderers(organization: Organization) -> list[User]:
    """Who can order a make-up of an organisation: whom to tell that one is due."""
    return rules.people_above(
        organization, lambda post: Right.ORDER_MAKEUP in post.rights or Right.REVIEW in post.rights
    )


def gives_opinions(user: Any, organization: Organization) -> bool:
    """Give a supervision opinion: the group in charge."""
    return rules.holds_above(user, organization, lambda post: Right.REVIEW in post.rights)


def population(batch: Batch, scope: Organization, of_kind: str = "", stage: str = "") -> list[Organization]:
    """Who can be drawn: below the scope, of this kind, taking part in the batch, in this stage if one is asked for.

    In the order of the tree. Three queries.
    """
    below = Organization.objects.active().within(scope).exclude(pk=scope.pk)
    if of_kind:
        below = below.filter(kind=of_kind)
    leading = dict(_leading(batch, ""))
    wanted = dict(_leading(batch, stage))
    return [one for one in below.order_by("path") if _nearest(one, leading) in wanted]


def _leading(batch: Batch, stage: str) -> QuerySet[Any]:
    rows = Participation.objects.filter(batch=batch)
    if stage:
        rows = rows.filter(Q(progress__state="current", progress__stage=stage), state=Participation.State.ACTIVE)
    return rows.values_list("organization__path", "pk")


def _nearest(one: Organization, leading: dict[str, int]) -> str:
    step = one.steplen
    return next((one.path[:end] for end in range(len(one.path), 0, -step) if one.path[:end] in leading), "")
