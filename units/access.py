"""Posts are the scope: what a user sees and may do follows from the posts held today, and from nothing else.

Reading a subtree is a range on the tree path (`path >= p AND path < p + '['`), because '[' follows 'Z', the last
character of the path's alphabet. It serves every table that has a foreign key to an organisation.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from accounts import clock
from units.roles import Right, Role, with_right

NOTHING = Q(pk__in=[])


def below(path: str, field: str) -> Q:
    """Rows whose organisation (through `field`, '' for the organisation itself) is at or under `path`."""
    prefix = f"{field}__" if field else ""
    return Q(**{f"{prefix}path__gte": path, f"{prefix}path__lt": path + "["})


def posts_of(user: Any) -> list[Any]:
    """The user's posts that hold today, with their organisations; read once per user object."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return []
    if not hasattr(user, "_posts"):
        from units.models import Post

        user._posts = list(
            Post.objects.filter(user=user).current(clock.today()).select_related("organization").order_by("pk")
        )
    return user._posts


def forget(user: Any) -> None:
    """Read the posts again: call after granting or ending one within the same request."""
    if hasattr(user, "_posts"):
        del user._posts


def roots(user: Any, right: Right) -> list[str]:
    """Tree paths of the organisations where the user holds `right`, none inside another."""
    paths = sorted({p.organization.path for p in posts_of(user) if right in p.rights})
    top: list[str] = []
    for path in paths:
        if not (top and path.startswith(top[-1])):
            top.append(path)
    return top


def scope(user: Any, right: Right, field: str = "organization") -> Q:
    """The filter that keeps a queryset to what the user's posts reach with `right`."""
    reach = NOTHING
    for path in roots(user, right):
        reach = below(path, field) if reach is NOTHING else reach | below(path, field)
    return reach


def has(user: Any, right: Right, organization: Any) -> bool:
    """Does a post of the user carry `right` at this organisation or above it?"""
    return any(organization.path.startswith(path) for path in roots(user, right))


def has_anywhere(user: Any, right: Right) -> bool:
    return bool(roots(user, right))


def has_above(user: Any, right: Right, organization: Any) -> bool:
    """Like has(), but only through a post above the organisation: nobody decides on his own."""
    return any(
        organization.path.startswith(p.organization.path) and p.organization.path != organization.path
        for p in posts_of(user)
        if right in p.rights
    )


def holds_post_at(user: Any, organization: Any, roles: set[str] | None = None) -> bool:
    """Does the user hold a post exactly at this organisation (of one of `roles`, if given)?"""
    return any(p.organization_id == organization.pk and (roles is None or p.role in roles) for p in posts_of(user))


def reaches_root(user: Any, right: Right) -> bool:
    """Does the user see a whole tree?"""
    return any(p.organization.depth == 1 for p in posts_of(user) if right in p.rights)


def role_of(user: Any) -> type[Role] | None:
    """The role that decides the home page: the first in order among the user's posts."""
    held = [Role.registry[p.role] for p in posts_of(user) if p.role in Role.registry]
    return min(held, key=lambda role: role.order, default=None)


def holders(right: Right, organization: Any, *, strictly_above: bool = False) -> Any:
    """Active users who hold `right` at the organisation or above it: whom to notify, who could decide."""
    from units.models import Post

    step = organization.steplen
    end = len(organization.path) - (step if strictly_above else 0)
    paths = [organization.path[:i] for i in range(step, end + 1, step)]
    posts = Post.objects.current(clock.today()).filter(role__in=with_right(right), organization__path__in=paths)
    return people(posts)


def people(posts: Any) -> Any:
    """The active users who hold one of these posts, each once.

    By a sub-query instead of a join with DISTINCT: the database compares keys, not whole rows of users.
    """
    from accounts.models import User

    return User.objects.filter(is_active=True, pk__in=posts.values("user"))
