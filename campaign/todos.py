"""What waits for a secretary in this room: sessions and meetings whose attendance nobody has taken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts import clock
from accounts.messages import Message
from campaign.board import LOOK_BACK, without_attendance
from campaign.models import Activity
from campaign.queries import batch_for
from campaign.todo import Todo, provider
from units import access
from units.roles import Right


@provider
def attendance_to_take(user: Any) -> Iterator[Todo]:
    """Of the organisations where the user himself holds a post; what lies below is for those below."""
    own = [post.organization_id for post in access.posts_of(user) if Right.RECORD in post.rights]
    batch = batch_for(user) if own else None
    if batch is None:
        return
    recent = Activity.objects.filter(
        organization__in=own, batch=batch, held_on__gte=clock.today() - LOOK_BACK, held_on__lte=clock.today()
    )
    waiting = list(without_attendance(recent, batch.campaign.playbook))
    if not waiting:
        return
    last = waiting[0]
    several = len(waiting) > 1
    yield Todo(
        count=len(waiting),
        title=Message(gettext_noop("Take attendance")),
        detail=Message(gettext_noop("%(titles)s"), {"titles": [activity.title for activity in waiting[:3]]}),
        url=reverse("campaign:activities", args=[last.organization_id])
        if several
        else reverse("campaign:attendance", args=[last.pk]),
        button=Message(gettext_noop("See records")) if several else Message(gettext_noop("Take attendance")),
        menu="campaign:activities",
    )
