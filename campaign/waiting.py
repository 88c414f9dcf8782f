"""What waits for the office in this room: units that may begin and have not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts import clock
from accounts.messages import Message
from campaign.models import Batch, Participation
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
