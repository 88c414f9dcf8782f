"""What waits for people in this room: units that may begin and have not, attendance that nobody has taken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts import clock
from accounts.messages import Message
from campaign.board import LOOK_BACK, without_attendance
from campaign.models import Activity, Batch, Participation
from campaign.queries import batch_for
from campaign.todo import Todo, provider
from units import access
from units.roles import Right

MENU = "campaign:participations"


@provider
def units_to_begin(user: Any) -> Iterator[Todo]:
    """Units of a batch whose first day has come: somebody must begin them, no date does (A-10, A-11)."""
    batches = (
        Batch.objects.filter(access.scope(user, Right.SET_UP, "campaign__host"), closed_on=None)
        .filter(starts_on__lte=clock.today())
        .annotate(n=Count("participations", filter=Q(participations__state=Participation.State.PREPARING)))
        .filter(n__gt=0)
        .order_by("starts_on", "pk")
    )
    for batch in batches:
        yield Todo(
            batch.n,
            Message(gettext_noop("Begin the campaign in units that are prepared")),
            Message(gettext_noop("%(batch)s; a unit begins when its preparations are made"), {"batch": batch.name}),
            reverse(MENU) + f"?batch={batch.pk}&stage=ahead",
            Message(gettext_noop("Begin")),
            due=batch.starts_on,
            menu=MENU,
        )


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
