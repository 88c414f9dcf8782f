"""What waits because of the bulletin: drafts for those who edit and issue them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts import clock
from accounts.messages import Message
from accounts.templatetags import shell
from campaign.todo import Todo, provider
from reports.models import Bulletin
from reports.queries.bulletin import drafting_moment
from reports.weeks import ZONE
from reports.words import both
from units import access
from units.roles import Right


@provider
def bulletin_drafts(user: Any) -> Iterable[Todo]:
    """Drafts whose hour has come; one that the office began early does not wait for anybody yet."""
    if not access.has_anywhere(user, Right.EDIT_BULLETIN):
        return
    drafts = (
        Bulletin.objects.filter(access.scope(user, Right.EDIT_BULLETIN, "campaign__host"), batch__closed_on=None)
        .filter(state=Bulletin.State.DRAFT)
        .select_related("batch__campaign")
        .order_by("week")
    )
    due = [(one, at) for one in drafts if (at := drafting_moment(one.batch, one.week)) and at <= clock.now()]
    if due:
        first, moment = due[0]
        week = both(lambda: shell.day(first.week))
        yield Todo(
            count=len(due),
            title=Message(gettext_noop("Bulletins to edit and issue")),
            detail=Message(gettext_noop("The first is about the week from %(week)s"), {"week": week}),
            url=reverse("reports:bulletin_edit", args=[first.pk]) if len(due) == 1 else reverse("reports:bulletins"),
            button=Message(gettext_noop("Edit it") if len(due) == 1 else gettext_noop("See which")),
            due=moment.astimezone(ZONE).date(),
            menu="reports:bulletins",
        )
