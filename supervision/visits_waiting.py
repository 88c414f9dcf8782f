"""What visits and opinions ask of people: counted, so that all of it costs the home page nothing more."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts import clock
from accounts.messages import Message
from campaign.counted import counted
from campaign.todo import Todo
from supervision import visiting
from supervision.models import SupervisionOpinion, Visit
from supervision.queries.visits import to_log
from supervision.words import day_words
from units import access
from units.roles import Right

MENU = "supervision:visits"
AHEAD = dt.timedelta(days=7)  # how long before its day a visit stands on the list of those who receive it


def _keeps(user: Any) -> bool:
    return any(access.has_anywhere(user, right) for right in (Right.REVIEW, Right.SET_UP))


def _todo(count: int, title: str, button: str, url: str, due: dt.date | None, **more: Any) -> Todo:
    detail = Message(gettext_noop("the first: %(day)s"), {"day": day_words(due)}) if due else None
    return Todo(count, Message(title), detail, url, Message(button), due=due, menu=MENU, **more)


def _late(due: dt.date | None) -> bool:
    return bool(due and due < clock.today())


def opinions_to_answer(user: Any) -> QuerySet[Any] | None:
    """Opinions given to the user's own organisations."""
    if not access.has_anywhere(user, Right.RECORD):
        return None
    rows = SupervisionOpinion.objects.visible_to(user, Right.RECORD).with_due()
    return rows.filter(state=SupervisionOpinion.State.GIVEN, participation__batch__closed_on=None)


@counted(opinions_to_answer, due="due")
def _tell_to_answer(user: Any, count: int, due: dt.date | None) -> Todo:
    title, button = gettext_noop("Answer the opinions of supervision"), gettext_noop("Answer")
    return _todo(count, title, button, reverse("supervision:opinions") + "?state=given", due, late=_late(due))


def answers_to_check(user: Any) -> QuerySet[Any] | None:
    """Answers that wait for the group in charge, or for the office where a superior body gave the opinion."""
    if not _keeps(user):
        return None
    return SupervisionOpinion.objects.filter(visiting.kept(user), state=SupervisionOpinion.State.ANSWERED)


@counted(answers_to_check)
def _tell_to_check(user: Any, count: int, _due: dt.date | None) -> Todo:
    title, button = gettext_noop("Check the answers to supervision opinions"), gettext_noop("Check the answer")
    return _todo(count, title, button, reverse("supervision:opinions") + "?state=answered", None)


def opinions_overdue(user: Any) -> QuerySet[Any] | None:
    """Opinions that the user follows up and that should have been answered."""
    if not _keeps(user):
        return None
    return SupervisionOpinion.objects.overdue(clock.today()).filter(visiting.kept(user)).with_due()


@counted(opinions_overdue, due="due")
def _tell_overdue(user: Any, count: int, due: dt.date | None) -> Todo:
    title, button = gettext_noop("Supervision opinions unanswered past their deadline"), gettext_noop("See")
    return _todo(count, title, button, reverse("supervision:opinions") + "?state=overdue", due, late=True)


def visits_to_log(user: Any) -> QuerySet[Any] | None:
    """Planned visits whose day has come."""
    if not _keeps(user):
        return None
    return to_log(Visit.objects.filter(visiting.kept(user)), clock.today())


@counted(visits_to_log, due="planned_on")
def _tell_to_log(user: Any, count: int, due: dt.date | None) -> Todo:
    title, button = gettext_noop("Make the visits planned and write them down"), gettext_noop("Write down")
    return _todo(count, title, button, reverse("supervision:visits") + "?state=planned", due, late=_late(due))


def visits_to_receive(user: Any) -> QuerySet[Any] | None:
    """Visits to the user's own organisations in the next days."""
    if not access.has_anywhere(user, Right.APPLY):
        return None
    days = (clock.today(), clock.today() + AHEAD)
    rows = Visit.objects.visible_to(user, Right.APPLY).planned()
    return rows.filter(planned_on__range=days, participation__batch__closed_on=None)


@counted(visits_to_receive, due="planned_on")
def _tell_to_receive(user: Any, count: int, due: dt.date | None) -> Todo:
    title, button = gettext_noop("Receive the visits of supervision"), gettext_noop("See")
    return _todo(count, title, button, reverse("supervision:visits") + "?state=planned", due)
