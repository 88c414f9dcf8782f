"""What duty, leave, discipline and requests for instruction ask of people: counted, so that it costs the home page
nothing more."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts import clock
from accounts.messages import Message
from accounts.models import User
from campaign.counted import counted
from campaign.queries import batch_for
from campaign.todo import Todo
from supervision import staffing
from supervision.models import Acknowledgement, InstructionRequest, Leave
from supervision.queries.instructions import ASKING
from supervision.queries.staff import digest_of
from supervision.words import day_words
from units import access
from units.roles import Right

STAFF, INSTRUCTIONS = "supervision:staff", "supervision:instructions"


def leaves_to_decide(user: Any) -> QuerySet[Any] | None:
    """Leave asked of the user."""
    return Leave.objects.visible_to(user).asked().decidable_by(user) if staffing.belongs(user) else None


@counted(leaves_to_decide, due="from_date")
def _tell_to_decide(user: Any, count: int, due: dt.date | None) -> Todo:
    detail = Message(gettext_noop("the first begins on %(day)s"), {"day": day_words(due)}) if due else None
    url = reverse("supervision:leaves") + "?state=mine"
    title, button = Message(gettext_noop("Decide on leave")), Message(gettext_noop("Decide"))
    return Todo(count, title, detail, url, button, due=due, late=bool(due and due < clock.today()), menu=STAFF)


def leaves_over(user: Any) -> QuerySet[Any] | None:
    """The user's own leave that is over, without a note of the return."""
    if not staffing.is_staff(user):
        return None
    return Leave.objects.filter(user=user, state=Leave.State.GRANTED, to_date__lt=clock.today())


@counted(leaves_over, due="to_date")
def _tell_over(user: Any, count: int, due: dt.date | None) -> Todo:
    detail = Message(gettext_noop("it ended on %(day)s"), {"day": day_words(due)}) if due else None
    title, button = Message(gettext_noop("Note that you are back from leave")), Message(gettext_noop("Note"))
    return Todo(count, title, detail, reverse("supervision:staff"), button, menu=STAFF)


def rules_to_acknowledge(user: Any) -> QuerySet[Any] | None:
    """The user himself, while he has not acknowledged the rules as they stand (S-03, S-04, S-09)."""
    batch = batch_for(user) if staffing.is_staff(user) else None
    digest = digest_of(batch.campaign.playbook) if batch else ""
    if not digest:
        return None
    read = Acknowledgement.objects.filter(user=OuterRef("pk"), batch=batch, digest=digest)
    return User.objects.filter(~Exists(read), pk=user.pk)


@counted(rules_to_acknowledge)
def _tell_to_acknowledge(user: Any, count: int, _due: dt.date | None) -> Todo:
    title, button = gettext_noop("Acknowledge the rules of discipline"), gettext_noop("Read")
    return Todo(count, Message(title), None, reverse("supervision:discipline"), Message(button), menu=STAFF)


def instructions_to_give(user: Any) -> QuerySet[Any] | None:
    """Requests that stand at a body for which the user speaks (D-21)."""
    rights = (Right.SET_UP, Right.LEAD, Right.RECORD)
    if not any(access.has_anywhere(user, right) for right in rights):
        return None
    return InstructionRequest.objects.waiting_for(user).filter(batch__closed_on=None)


@counted(instructions_to_give, due="asked_at")
def _tell_to_give(user: Any, count: int, first: Any) -> Todo:
    asked = day_words(timezone.localtime(first).date()) if first else None
    detail = Message(gettext_noop("the first was asked on %(day)s"), {"day": asked}) if asked else None
    url = reverse("supervision:instructions") + "?state=mine"
    title, button = gettext_noop("Answer requests for instruction"), gettext_noop("Answer")
    return Todo(count, Message(title), detail, url, Message(button), menu=INSTRUCTIONS)


def instructions_answered(user: Any) -> QuerySet[Any] | None:
    """The user's own requests that have been answered and wait to be acted on and closed."""
    if not any(access.has_anywhere(user, right) for right in ASKING):
        return None
    return InstructionRequest.objects.filter(asked_by=user, state=InstructionRequest.State.ANSWERED)


@counted(instructions_answered)
def _tell_answered(user: Any, count: int, _due: dt.date | None) -> Todo:
    title, button = gettext_noop("Carry out the instructions you asked for, and close them"), gettext_noop("Read")
    url = reverse("supervision:instructions") + "?state=answered"
    return Todo(count, Message(title), None, url, Message(button), menu=INSTRUCTIONS)
