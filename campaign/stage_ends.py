"""The days on which stages are to end: no work by themselves, but due soon for all who take part (A-07, A-10)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts import clock, inbox
from accounts.messages import Message
from campaign.findings import both
from campaign.models import StageProgress
from campaign.queries import batch_for
from campaign.todo import Todo
from units import access
from units.models import Organization
from units.roles import Right


@inbox.source
def stages_ending(user: Any) -> Iterator[Todo]:
    """One line for each stage that is to end within a week in units of one's reach or above; one query."""
    batch = batch_for(user) if access.has_anywhere(user, Right.VIEW) else None
    if batch is None:
        return
    today = clock.today()
    near = StageProgress.objects.filter(
        access.scope(user, Right.VIEW, "participation__organization") | _above(user),
        participation__batch=batch,
        state=StageProgress.State.CURRENT,
        planned_end__range=(today, today + inbox.SOON),
    )
    for row in near.values("stage").annotate(units=Count("pk"), day=Min("planned_end")).order_by("day"):
        several = row["units"] > 1
        yield Todo(
            count=1,
            title=Message(
                gettext_noop("The stage “%(stage)s” is to end"),
                {"stage": both(batch.campaign.playbook.stage(row["stage"]).name)},
            ),
            detail=Message(gettext_noop("In %(units)s units; the first on this day"), {"units": row["units"]})
            if several
            else None,
            url=_address(user, several, batch.pk, row["stage"]),
            button=Message(gettext_noop("See progress")),
            due=row["day"],
        )


def _above(user: Any) -> Q:
    """The units under whose lead one's own organisations take part."""
    step = Organization.steplen
    paths = {post.organization.path for post in access.posts_of(user) if Right.VIEW in post.rights}
    ways = {path[:end] for path in paths for end in range(step, len(path), step)}
    return Q(participation__organization__path__in=ways)


def _address(user: Any, several: bool, batch: int, stage: str) -> str:
    own = [post.organization_id for post in access.posts_of(user) if Right.RECORD in post.rights]
    if own and not several:
        return reverse("campaign:branch", args=[own[0]])
    return f"{reverse('campaign:participations')}?batch={batch}&stage={stage}"
