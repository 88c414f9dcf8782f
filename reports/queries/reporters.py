"""Who writes the reports: of a unit the holders of the right to report nearest to it, of a group its members."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from accounts import clock
from accounts.models import User
from campaign.models import Batch, Participation
from reports.reporter import GroupReporter, Reporter
from supervision import membership
from units import access
from units.models import Organization, Post
from units.roles import Right, with_right


def _nearest(path: str, posts: Iterable[str]) -> str | None:
    return max((p for p in posts if path.startswith(p)), key=len, default=None)


def answering(user: Any, batch: Batch) -> list[int]:
    """Ids of the participations whose reports fall to this user: nobody nearer holds the right to report."""
    held = {p.organization.path for p in access.posts_of(user) if Right.REPORT in p.rights}
    if not held:
        return []
    scope = access.scope(user, Right.REPORT)
    posts = Post.objects.current(clock.today()).filter(scope, role__in=with_right(Right.REPORT), user__is_active=True)
    paths = held | set(posts.order_by().values_list("organization__path", flat=True).distinct())
    units = Participation.objects.active().filter(scope, batch=batch)
    rows = units.order_by("organization__path").values_list("pk", "organization__path")
    return [pk for pk, path in rows if _nearest(path, paths) in held]


def reporters(found: Iterable[Reporter]) -> dict[int, list[User]]:
    """Whom to remind of the reports of each, all units or all groups. One query."""
    wanted = list(found)
    groups = [reporter.group for reporter in wanted if isinstance(reporter, GroupReporter)]
    units = [reporter for reporter in wanted if isinstance(reporter, Participation)]
    return membership.members_of(groups) if groups else _secretaries(units)


def _secretaries(wanted: list[Participation]) -> dict[int, list[User]]:
    step = Organization.steplen
    paths = {u.organization.path[:end] for u in wanted for end in range(step, len(u.organization.path) + 1, step)}
    posts = Post.objects.current(clock.today()).filter(
        role__in=with_right(Right.REPORT), organization__path__in=paths, user__is_active=True
    )
    people: dict[str, dict[int, User]] = defaultdict(dict)
    for post in posts.select_related("user", "organization"):
        people[post.organization.path][post.user_id] = post.user
    found = {}
    for unit in wanted:
        nearest = _nearest(unit.organization.path, people)
        found[unit.pk] = list(people[nearest].values()) if nearest else []
    return found
