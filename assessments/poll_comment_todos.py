"""Comments that wait to be read by who holds an anonymous survey."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.messages import Message
from assessments import poll_rules
from assessments.models import PollComment
from assessments.poll_todos import MENU
from campaign import todo
from units import access


@todo.provider
def comments(user: Any) -> Iterator[todo.Todo]:
    """How many wait, in which surveys. One query."""
    if not access.posts_of(user):
        return
    here = Q(created_by=user) | Q(organization__in=[post.organization_id for post in access.posts_of(user)])
    mine = poll_rules.managed_by(user).filter(here).order_by().values("pk")
    waiting = PollComment.objects.filter(unit__poll__in=mine, state=PollComment.State.WAITING)
    by_poll = waiting.order_by("unit__poll").values_list("unit__poll", "unit__poll__title").annotate(n=Count("pk"))
    found = list(by_poll)
    if not found:
        return
    yield todo.Todo(
        count=sum(number for _poll, _title, number in found),
        title=Message(gettext_noop("Read the comments of anonymous surveys")),
        detail=Message(gettext_noop("%(names)s"), {"names": [title for _poll, title, _number in found[:5]]}),
        url=reverse("assessments:poll_comments", args=[found[0][0]]),
        button=Message(gettext_noop("Read")),
        menu=MENU,
    )
