"""Who belongs to a supervision group, and who in the office reads what the groups tell it (D-06, K-04).

A group's weekly information is the group's own and the office's: the units that it is about do not see it, nor do
other groups. The office's posts are those at or above the campaign's host that are not a group member's own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from campaign.models import Batch, Participation
from supervision.models import Assignment, GroupMember, SupervisionGroup
from units import access
from units.roles import Right


def own_groups(user: Any) -> QuerySet[Any]:
    """Ids of the groups that the user is in today, as a subquery."""
    return GroupMember.objects.current().filter(user=user.pk).values("group")


def is_member(user: Any, group: SupervisionGroup) -> bool:
    """Is the user in this group today? All the user's groups are read once per user object."""
    if not hasattr(user, "_group_ids"):
        user._group_ids = frozenset(own_groups(user).values_list("group_id", flat=True))
    return group.pk in user._group_ids


def _office_posts(user: Any, right: Right) -> list[Any]:
    return [post for post in access.posts_of(user) if right in post.rights and Right.REVIEW not in post.rights]


def watched(user: Any, field: str, right: Right = Right.VIEW) -> Q:
    """Rows whose host (through `field`) lies at or below an office post of the user that carries `right`."""
    reach = access.NOTHING
    for post in _office_posts(user, right):
        below = access.below(post.organization.path, field)
        reach = below if reach is access.NOTHING else reach | below
    return reach


def watches(user: Any, group: SupervisionGroup, right: Right = Right.VIEW) -> bool:
    """`watched` for one group, whose campaign and host are loaded."""
    host = group.campaign.host.path
    return any(host.startswith(post.organization.path) for post in _office_posts(user, right))


def members_of(groups: Iterable[SupervisionGroup]) -> dict[int, list[User]]:
    """The people in each group today who can sign in. One query."""
    wanted = list(groups)
    found: dict[int, list[User]] = {group.pk: [] for group in wanted}
    rows = GroupMember.objects.current().filter(group__in=wanted, user__is_active=True).select_related("user")
    for row in rows:
        found[row.group_id].append(row.user)
    return found


def units_of(groups: Iterable[SupervisionGroup], batch: Batch) -> dict[int, list[Participation]]:
    """The participations of a batch that each group is in charge of today, in tree order. Two queries."""
    wanted = list(groups)
    paths: dict[int, list[str]] = defaultdict(list)
    rows = Assignment.objects.current().filter(group__in=wanted)
    for group, path in rows.values_list("group_id", "organization__path"):
        paths[group].append(path)
    units = Participation.objects.filter(batch=batch).exclude(state=Participation.State.PREPARING)
    units = units.select_related("organization", "work_unit").order_by("organization__path")
    found: dict[int, list[Participation]] = {group.pk: [] for group in wanted}
    for unit in units if paths else ():
        for group, tops in paths.items():
            if any(unit.organization.path.startswith(top) for top in tops):
                found[group].append(unit)
    return found
