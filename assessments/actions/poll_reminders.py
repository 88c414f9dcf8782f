"""Reminding those who hand the slips out at their units; never those who answer."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.models import AuditEntry, User
from assessments.actions.polls import PollMoved, turnout
from assessments.models import Poll
from assessments.models.polls import in_tens
from units import access
from units.models import Post
from units.roles import Right, with_right

REMINDED = audit.action("poll.reminded", _("Reminded the organisers of an anonymous survey"))


class RemindedToday(Exception):
    """The organisers were reminded today already."""


def reminded_today(poll: Poll) -> bool:
    """Once a day is enough."""
    days = AuditEntry.objects.filter(
        object_type=poll._meta.label_lower, object_id=str(poll.pk), action=REMINDED
    ).values_list("at", flat=True)
    return any(timezone.localtime(at).date() == clock.today() for at in days[:1])


@transaction.atomic
def remind(*, by: User, poll: Poll) -> tuple[int, int]:
    """Tell the secretaries of units that still miss ten ballots or more. Returns units and people.

    Which units these are follows from the turnout in tens, so the reminder gives nothing away (promise 5).
    Raises PollMoved, RemindedToday.
    """
    poll = Poll.objects.select_for_update().get(pk=poll.pk)
    if not poll.takes_ballots:
        raise PollMoved
    if reminded_today(poll):
        raise RemindedToday
    figures = turnout(poll)
    units = [pk for pk, (cast, made) in figures.items() if made == 0 or made - in_tens(cast) >= 10]
    places = list(poll.units.filter(pk__in=units).values_list("organization", flat=True))
    posts = Post.objects.current(clock.today()).filter(role__in=with_right(Right.APPLY), organization__in=places)
    people = list(access.people(posts).exclude(pk=by.pk))
    text = gettext_noop("%(survey)s: ballots are still missing at your unit. See that every slip has been handed out.")
    url = reverse("assessments:poll", args=[poll.pk])
    notify.send(people, text, params={"survey": poll.title}, url=url, kind=notify.REMINDER)
    data = {"units": len(units), "people": len(people)}
    audit.record(REMINDED, by=by, obj=poll, organization=poll.organization, data=data)
    return len(units), len(people)
