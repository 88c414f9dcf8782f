"""Who may do what with organisations, members, posts and accounts: a right of a post and the state of a record."""

from __future__ import annotations

from typing import Any

from units import access
from units.models import Member, Organization, Post
from units.roles import Right


def can_edit_roster(user: Any, organization: Organization) -> bool:
    """Add, edit, transfer members and rename what is in scope."""
    return access.has(user, Right.EDIT_ROSTER, organization)


def can_add_below(user: Any, organization: Organization) -> bool:
    return organization.closed_on is None and not organization.is_branch and can_edit_roster(user, organization)


def can_move(user: Any, organization: Organization) -> bool:
    """The top of a tree stays where it is; moving takes the right above the organisation, not only in it."""
    return organization.depth > 1 and access.has_above(user, Right.EDIT_ROSTER, organization)


def can_close(user: Any, organization: Organization) -> bool:
    return organization.closed_on is None and can_move(user, organization)


def can_reopen(user: Any, organization: Organization) -> bool:
    return organization.closed_on is not None and can_move(user, organization)


def can_edit_member(user: Any, member: Member) -> bool:
    return can_edit_roster(user, member.organization)


def can_transfer(user: Any, member: Member) -> bool:
    return member.left_on is None and can_edit_member(user, member)


def can_return(user: Any, member: Member) -> bool:
    return member.left_on is not None and can_edit_member(user, member)


def can_reveal(user: Any, member: Member) -> bool:
    """One's own numbers, or by right; every time is audited."""
    own = member.user_id is not None and member.user_id == user.pk
    return own or access.has(user, Right.REVEAL, member.organization)


def can_grant_posts(user: Any, organization: Organization) -> bool:
    return access.has(user, Right.GRANT_POSTS, organization)


def can_end_post(user: Any, post: Post) -> bool:
    """Nobody ends his own post by hand, and one that an assignment gave ends with the assignment."""
    return not post.source and post.user_id != user.pk and can_grant_posts(user, post.organization)


def can_make_accounts(user: Any, organization: Organization) -> bool:
    """An account together with its post takes both rights."""
    return access.has(user, Right.MANAGE_ACCOUNTS, organization) and can_grant_posts(user, organization)


def can_manage_account(user: Any, posts: list[Post]) -> bool:
    """Reset or close an account: all posts it holds must lie in the manager's scope.

    Else who manages the accounts of one committee could take over the account of somebody above. An account without a
    post belongs to who manages a whole tree.
    """
    if not posts:
        return access.reaches_root(user, Right.MANAGE_ACCOUNTS)
    return all(access.has(user, Right.MANAGE_ACCOUNTS, post.organization) for post in posts)


def can_found_tree(user: Any) -> bool:
    """Import the first roster, before there is an organisation and so before anybody holds a post."""
    return bool(user.is_superuser) and not Organization.objects.exists()


def tops(user: Any, right: Right) -> list[int]:
    """Keys of the organisations from which a right reaches down, none below another."""
    paths = set(access.roots(user, right))
    return list(Organization.objects.filter(path__in=paths).values_list("pk", flat=True))
