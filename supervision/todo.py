"""What waits for a user in this room: words to give, meetings to hold, applications to mend, make-ups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts import clock
from accounts.messages import Message
from campaign.models import StageProgress
from campaign.todo import Todo, provider
from supervision import queries, rules
from supervision.models import LectureDraft, MakeUpOrder, Transition
from units import access
from units.roles import Right

TRANSITIONS, MAKEUPS = "supervision:transitions", "supervision:makeups"
NAMED = 3  # how many units a line names


def _units(rows: list[Any]) -> list[str]:
    return [row.participation.label for row in rows[:NAMED]]


def _link(rows: list[Any], one: str, many: str, query: str = "") -> str:
    return reverse(one, args=[rows[0].pk]) if len(rows) == 1 else reverse(many) + query


@provider
def words_to_give(user: Any) -> Iterator[Todo]:
    """Applications on which it is this user's turn."""
    rows = [row for row, _steps in queries.waiting_for(user)]
    if rows:
        waited = max((clock.today() - applied_on(row)).days for row in rows)
        yield Todo(
            len(rows),
            Message(gettext_noop("Decide on applications for transition")),
            Message(
                gettext_noop("%(units)s; the oldest has waited %(days)s days"), {"units": _units(rows), "days": waited}
            ),
            _link(rows, "supervision:transition", TRANSITIONS, "?state=mine"),
            Message(gettext_noop("Review")),
            menu=TRANSITIONS,
        )


def applied_on(row: Transition) -> dt.date:
    """The local day on which an application was handed in."""
    return timezone.localtime(row.applied_at).date()


def _own(user: Any) -> list[int]:
    """Organisations for which the user may apply."""
    return [post.organization_id for post in access.posts_of(user) if Right.APPLY in post.rights]


@provider
def my_applications(user: Any) -> Iterator[Todo]:
    """Approved: hold the meeting. Returned: mend it and apply again."""
    own = _own(user)
    if not own:
        return
    rows = Transition.objects.filter(
        participation__organization__in=own,
        participation__progress__state=StageProgress.State.CURRENT,
        state__in=[Transition.State.APPROVED, Transition.State.RETURNED],
    ).select_related("participation__organization", "participation__work_unit")
    for row in queries.latest_of_current_stage(rows):
        approved = row.state == Transition.State.APPROVED
        due = None if approved else queries.mend_by(row)
        yield Todo(
            1,
            Message(gettext_noop("Hold the transition meeting and record it"))
            if approved
            else Message(gettext_noop("Mend the returned application and apply again")),
            Message(gettext_noop("%(unit)s"), {"unit": row.participation.label}),
            reverse("supervision:meeting" if approved else "supervision:transition", args=[row.pk]),
            Message(gettext_noop("Record")) if approved else Message(gettext_noop("Read why")),
            due=due,
            late=bool(due and due < clock.today()),
            menu=TRANSITIONS,
        )


@provider
def makeups_to_do(user: Any) -> Iterator[Todo]:
    """Make-ups that the user's own organisations have to do."""
    if not access.has_anywhere(user, Right.RECORD):
        return
    today = clock.today()
    rows = list(
        MakeUpOrder.objects.visible_to(user, Right.RECORD)
        .filter(state=MakeUpOrder.State.OPEN)
        .select_related("organization")
        .order_by("due_on")
    )
    if rows:
        yield Todo(
            len(rows),
            Message(gettext_noop("Do the make-ups that were ordered")),
            Message(gettext_noop("%(names)s"), {"names": [row.organization.name for row in rows[:NAMED]]}),
            _link(rows, "supervision:makeup", MAKEUPS, "?state=open"),
            Message(gettext_noop("Make up")),
            due=rows[0].due_on,
            late=rows[0].due_on < today,
            menu=MAKEUPS,
        )


@provider
def makeups_to_check(user: Any) -> Iterator[Todo]:
    """Make-ups reported as done, to be re-checked; and those past their deadline."""
    if not access.has_anywhere(user, Right.ORDER_MAKEUP):
        return
    rows = [
        row
        for row in MakeUpOrder.objects.visible_to(user, Right.ORDER_MAKEUP).open().select_related("organization")
        if rules.can_recheck(user, row)
    ]
    reported = [row for row in rows if row.state == MakeUpOrder.State.REPORTED]
    overdue = sorted((row for row in rows if row.days_over), key=lambda row: row.due_on)
    if reported:
        yield Todo(
            len(reported),
            Message(gettext_noop("Re-check make-ups")),
            Message(gettext_noop("%(names)s"), {"names": [row.organization.name for row in reported[:NAMED]]}),
            _link(reported, "supervision:makeup", MAKEUPS, "?state=reported"),
            Message(gettext_noop("Re-check")),
            menu=MAKEUPS,
        )
    if overdue:
        yield Todo(
            len(overdue),
            Message(gettext_noop("Make-ups past their deadline")),
            Message(gettext_noop("%(names)s"), {"names": [row.organization.name for row in overdue[:NAMED]]}),
            _link(overdue, "supervision:makeup", MAKEUPS, "?state=overdue"),
            Message(gettext_noop("See")),
            due=overdue[0].due_on,
            late=True,
        )


@provider
def lectures_to_advise(user: Any) -> Iterator[Todo]:
    """Drafts of lectures that the user's units have sent (E-19)."""
    if not access.has_anywhere(user, Right.REVIEW):
        return
    waiting = LectureDraft.objects.visible_to(user, Right.REVIEW).waiting().defer("text")
    rows = list(waiting.select_related("participation__organization", "participation__work_unit").order_by("sent_at"))
    rows = [row for row in rows if rules.can_advise_lecture(user, row.participation)]
    if rows:
        planned = [row.planned_on for row in rows if row.planned_on]
        yield Todo(
            len(rows),
            Message(gettext_noop("Advise on drafts of lectures")),
            Message(gettext_noop("%(units)s"), {"units": _units(rows)}),
            reverse("supervision:lecture", args=[rows[0].pk]),
            Message(gettext_noop("Read")),
            due=min(planned, default=None),
        )
