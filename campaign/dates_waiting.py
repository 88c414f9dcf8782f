"""What the days of a batch ask of people: actions that are due, units that should have begun (A-07, E-27, E-28)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts import clock
from accounts.messages import Message
from campaign.dated import due_for
from campaign.findings import both
from campaign.models import ActionDate, Batch, Participation
from campaign.queries import taking_part
from campaign.todo import Todo, provider
from units import access
from units.roles import Right

LAUNCH_AHEAD = dt.timedelta(days=7)


@provider
def actions_due(user: Any) -> Iterator[Todo]:
    """Required actions of one's own organisations whose day is near or past; one query where no day is set."""
    own = [post.organization for post in access.posts_of(user) if Right.RECORD in post.rights]
    if not own or not ActionDate.objects.filter(batch__closed_on=None).exists():
        return
    for organization in own:
        participation = taking_part(organization)
        if participation is None or participation.state != Participation.State.ACTIVE:
            continue
        found = due_for(organization, participation)
        if found:
            yield Todo(
                len(found),
                Message(gettext_noop("Required actions have their day")),
                Message(gettext_noop("%(names)s"), {"names": [both(one.action.name) for one in found[:3]]}),
                reverse("campaign:branch", args=[organization.pk]),
                Message(gettext_noop("See the required actions")),
                due=found[0].due_on,
                late=found[0].late,
            )


@provider
def launches_due(user: Any) -> Iterator[Todo]:
    """Units that have not begun a week before the latest day, or after it: to their secretaries and the office."""
    if not (access.has_anywhere(user, Right.RECORD) or access.has_anywhere(user, Right.SET_UP)):
        return
    own = [post.organization_id for post in access.posts_of(user) if Right.RECORD in post.rights]
    soon = Batch.objects.filter(closed_on=None, launch_by__lte=clock.today() + LAUNCH_AHEAD)
    reach = Q(organization__in=own) | access.scope(user, Right.SET_UP)
    rows = Participation.objects.filter(reach, batch__in=soon, state=Participation.State.PREPARING)
    waiting = list(rows.select_related("organization", "work_unit", "batch").order_by("batch__launch_by", "pk"))
    if not waiting:
        return
    first = waiting[0].batch
    office = access.has_anywhere(user, Right.SET_UP)
    day = first.launch_by
    yield Todo(
        len(waiting),
        Message(gettext_noop("Begin the campaign by the latest day")),
        Message(gettext_noop("%(names)s"), {"names": [one.label for one in waiting[:3]]}),
        reverse("campaign:batch_dates", args=[first.pk])
        if office
        else reverse("campaign:branch", args=[waiting[0].organization_id]),
        Message(gettext_noop("See who is late") if office else gettext_noop("See what is missing")),
        due=day,
        late=day is not None and day < clock.today(),
    )
