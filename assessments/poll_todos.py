"""What waits for those who hold anonymous surveys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts import clock
from accounts.messages import Message
from assessments import poll_rules
from assessments.models import Poll, PollGroup, PollUnit, Survey
from campaign import todo
from jobs.models import Job
from units import access

MENU = "assessments:surveys"


def _line(polls: list[Poll], title: str, button: str, page: str, **more: Any) -> todo.Todo:
    names = Message(gettext_noop("%(names)s"), {"names": [one.title for one in polls[:5]]})
    one = reverse(f"assessments:{page}", args=[polls[0].pk])
    return todo.Todo(
        count=len(polls),
        title=Message(title),
        detail=names,
        url=one if len(polls) == 1 else reverse("assessments:polls") + "?state=open",
        button=Message(button),
        menu=MENU,
        **more,
    )


@todo.provider
def polls(user: Any) -> Iterator[todo.Todo]:
    """Over and not counted; slips not printed; paper that keeps a survey from being counted. One query."""
    if not access.posts_of(user):
        return
    waiting = PollGroup.objects.filter(unit__poll=OuterRef("pk"), asked__gt=0, codes=0)
    paper = PollUnit.objects.filter(poll=OuterRef("pk"), survey__state=Survey.State.ENTERED)
    under_way = Q(state=Poll.State.OPEN) | Q(state=Poll.State.CLOSING, handover=None)
    rows = poll_rules.managed_by(user).filter(under_way).exclude(job__in=Job.objects.unfinished())
    found = list(rows.annotate(unprinted=Exists(waiting), paper=Exists(paper)).order_by("closes_at").distinct())
    over = [one for one in found if one.is_over or one.state == Poll.State.CLOSING]
    blocked = [one for one in over if one.paper]
    ready = [one for one in over if not one.paper]
    unprinted = [one for one in found if one.takes_ballots and one.unprinted]
    if ready:
        due = timezone.localtime(ready[0].closes_at).date() if ready[0].closes_at else clock.today()
        title, button = gettext_noop("Close and count anonymous surveys"), gettext_noop("Count")
        yield _line(ready, title, button, "poll_close", due=due, late=True)
    if blocked:
        title = gettext_noop("Have paper counts confirmed before an anonymous survey is counted")
        yield _line(blocked, title, gettext_noop("See which"), "poll", due=clock.today())
    if unprinted:
        title, button = gettext_noop("Print the slips of anonymous surveys"), gettext_noop("Print")
        yield _line(unprinted, title, button, "poll_slips", due=clock.today())
