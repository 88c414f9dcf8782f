"""The desk of who runs accounts, posts or the history: the figures of his work, and nothing of the campaign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from accounts import clock
from units import access, queries
from units.models import Organization, Post
from units.roles import Right


@dataclass(frozen=True)
class Desk:
    """Figures by right; None where the user lacks it."""

    accounts: dict[str, int] | None
    posts: dict[str, int] | None
    history: dict[str, int] | None
    top: Organization | None


def desk_of(user: Any) -> Desk:
    """At most five queries."""
    posts = access.posts_of(user)
    top = min((post.organization for post in posts), key=lambda one: len(one.path), default=None)
    return Desk(
        accounts=_accounts(user) if access.has_anywhere(user, Right.MANAGE_ACCOUNTS) else None,
        posts=_posts(user) if access.has_anywhere(user, Right.GRANT_POSTS) else None,
        history=_history(user) if access.has_anywhere(user, Right.AUDIT) else None,
        top=top,
    )


def _accounts(user: Any) -> dict[str, int]:
    return (
        queries.accounts_visible_to(user)
        .order_by()
        .aggregate(
            all=Count("pk", distinct=True),
            first=Count("pk", filter=Q(is_active=True, must_change_password=True), distinct=True),
            closed=Count("pk", filter=Q(is_active=False), distinct=True),
        )
    )


def _posts(user: Any) -> dict[str, int]:
    """Posts that hold today, and open organisations in which nobody holds the secretary's."""
    today = clock.today()
    secretaries = Post.objects.current(today).filter(
        role__in=["branch_secretary", "organization_secretary"], user__is_active=True
    )
    reach = Organization.objects.visible_to(user, Right.GRANT_POSTS).active()
    return {
        "all": Post.objects.current(today).filter(access.scope(user, Right.GRANT_POSTS)).count(),
        "without": reach.exclude(pk__in=secretaries.values("organization")).exclude(depth=1).count(),
    }


def _history(user: Any) -> dict[str, int]:
    entries = queries.entries_visible_to(user)
    today = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    return entries.order_by().aggregate(all=Count("pk"), today=Count("pk", filter=Q(at__gte=today)))
