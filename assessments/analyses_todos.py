"""What waits for a user about self-analyses: to write, to rewrite, to review, to name a reviewer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.messages import Message
from assessments.actions.analyses import WAITING
from assessments.models import SelfAnalysis
from campaign import todo
from units import access
from units.roles import Right


@todo.provider
def reviewing(user: Any) -> Iterator[todo.Todo]:
    """Papers routed to the user, and those that he reviews for somebody who is away."""
    if not access.posts_of(user):
        return
    waiting = SelfAnalysis.objects.reviewable_by(user).filter(state__in=WAITING).order_by("submitted_at")
    found = list(waiting.values_list("member__name", "submitted_at"))
    if found:
        since = found[0][1]
        yield todo.Todo(
            count=len(found),
            title=Message(gettext_noop("Review self-analyses")),
            detail=Message(gettext_noop("%(names)s"), {"names": [name for name, _at in found[:5]]}),
            url=reverse("assessments:paper_queue"),
            button=Message(gettext_noop("Review")),
            due=timezone.localtime(since).date() if since else None,
            menu="assessments:paper_queue",
        )


@todo.provider
def routing(user: Any) -> Iterator[todo.Todo]:
    """Papers that nobody may review (decision 8)."""
    if not (access.has_anywhere(user, Right.PAPERS) and access.has_anywhere(user, Right.APPROVE)):
        return
    reach = access.scope(user, Right.PAPERS) & access.scope(user, Right.APPROVE)
    count = SelfAnalysis.objects.unrouted().filter(reach).exclude(member__user=user).count()
    if count:
        yield todo.Todo(
            count=count,
            title=Message(gettext_noop("Name reviewers of self-analyses")),
            detail=Message(gettext_noop("The rules find nobody to review them")),
            url=reverse("assessments:paper_unrouted"),
            button=Message(gettext_noop("Name")),
            menu="assessments:paper_queue",
        )


@todo.provider
def own(user: Any) -> Iterator[todo.Todo]:
    """The user's own paper, where it was returned."""
    if getattr(user, "member", None) is None:
        return
    returned = SelfAnalysis.objects.own(user).filter(state=SelfAnalysis.State.RETURNED)
    if returned.filter(batch__closed_on=None).exists():
        yield todo.Todo(
            count=1,
            title=Message(gettext_noop("Rewrite your self-analysis")),
            detail=Message(gettext_noop("The reviewer has said what to mend")),
            url=reverse("assessments:my_paper"),
            button=Message(gettext_noop("Rewrite")),
        )
