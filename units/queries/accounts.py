"""Accounts within reach, and who lacks one."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from accounts import clock
from accounts.models import User
from units import access
from units.models import Organization, Post
from units.roles import Right


def accounts_visible_to(user: Any) -> QuerySet[User]:
    """Accounts with a post, past or present, in scope; those without one, for who manages a whole tree."""
    reach = access.scope(user, Right.MANAGE_ACCOUNTS) | access.scope(user, Right.GRANT_POSTS)
    inside = Q(Exists(Post.objects.filter(reach, user=OuterRef("pk"))))
    whole = access.reaches_root(user, Right.MANAGE_ACCOUNTS) or access.reaches_root(user, Right.GRANT_POSTS)
    if whole:
        inside |= ~Q(Exists(Post.objects.filter(user=OuterRef("pk"))))
    return User.objects.filter(inside)


def with_standing_posts(accounts: QuerySet[User]) -> QuerySet[User]:
    """Each account with `standing_posts`: held today or given for a coming day. One more query."""
    posts = Post.objects.filter(Q(to_date=None) | Q(to_date__gte=clock.today())).select_related("organization")
    return accounts.prefetch_related(Prefetch("posts", queryset=posts, to_attr="standing_posts"))


def without_secretary(user: Any, organization: Organization) -> QuerySet[Organization]:
    """Open organisations of a subtree in which nobody holds the secretary's post, as far as the user may mend it.

    The top of a tree is left out: who leads it is no matter of routine.
    """
    held = Post.objects.current(clock.today()).filter(
        organization=OuterRef("pk"),
        role__in=["branch_secretary", "organization_secretary"],
        user__is_active=True,
    )
    return (
        Organization.objects.visible_to(user, Right.GRANT_POSTS)
        .within(organization)
        .active()
        .filter(~Exists(held), depth__gt=1)
        .filter(access.scope(user, Right.MANAGE_ACCOUNTS, ""))
    )
