"""Mails at once: reminders and what is returned, for who wants to hear of them before the next digest.

The line in the inbox is the record of what is still to be mailed; a task looks every minute. So what comes together
goes out together, and a worker that was away catches up. A line goes out by one mail at most: it is claimed before
the mail is sent. If the mail fails it is let go and tried again an hour later; after a day the digest has it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils.translation import ngettext

from accounts import clock, inbox
from accounts.letters import NOT_WRITTEN, Letter, NotSent, Outbox, ServerAway, absolute, in_language_of, written
from accounts.messages import Message
from accounts.models import MailChoice, Notification, NotificationQuerySet

log = structlog.get_logger(__name__)
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
SHOWN = 20  # lines that a mail names; the inbox has the rest


def send_at_once() -> int:
    """Mail what asks for it to those who chose so, one mail each; returns how many mails went out."""
    if not settings.MAIL_GOES_OUT:
        return 0
    now = clock.now()
    rested = Q(user__mail_choice__failed_at=None) | Q(user__mail_choice__failed_at__lte=now - HOUR)
    people = _fresh(now).filter(rested, user__mail_choice__at_once=True).values("user")
    wanted = MailChoice.objects.reachable().filter(user__in=people)
    sent = 0
    with Outbox() as outbox:
        for choice in wanted.one_by_one():
            try:
                outbox.ready()
            except ServerAway as away:
                log.error("mail_server_away", reason=away.reason.id)
                break
            sent += _send_to(choice, outbox, now)
    return sent


def _fresh(now: dt.datetime) -> NotificationQuerySet:
    return Notification.objects.to_mail_at_once().filter(created_at__gte=now - DAY)


def _send_to(choice: MailChoice, outbox: Outbox, now: dt.datetime) -> bool:
    claimed, lines = _claim(choice, now)
    if not lines:
        return False
    try:
        outbox.send(_letter(choice, lines), choice.address)
    except NotSent as failure:
        _let_go(choice, claimed, failure)
        return False
    except Exception:  # a fault in one message must not cost the others their mail
        log.exception("mail_failed", user=choice.user_id)
        _let_go(choice, claimed, NotSent(Message(NOT_WRITTEN)))
        return False
    note_success(choice)
    return True


def _let_go(choice: MailChoice, claimed: list[int], failure: NotSent) -> None:
    Notification.objects.filter(pk__in=claimed).update(mailed_at=None)
    note_failure(choice, failure)


@transaction.atomic
def _claim(choice: MailChoice, now: dt.datetime) -> tuple[list[int], list[Notification]]:
    """Mark what is to be told as told; of two workers the second finds nothing.

    What a mail of the last day said word for word counts as told by that mail.
    """
    rows = list(_fresh(now).filter(user=choice.user_id).order_by("created_at", "pk").select_for_update())
    before = Notification.objects.filter(user=choice.user_id, mailed_at__gt=now - DAY) if rows else []
    told = {_same(note): note.mailed_at for note in before}
    new: dict[tuple[str, str, str], Notification] = {}
    for note in rows:
        note.mailed_at = told.get(_same(note), now)
        if note.mailed_at == now:
            new.setdefault(_same(note), note)
    Notification.objects.bulk_update(rows, ["mailed_at"])
    return [note.pk for note in rows], list(new.values())


def _same(note: Notification) -> tuple[str, str, str]:
    return note.message, note.url, json.dumps(note.params, sort_keys=True)


def _letter(choice: MailChoice, lines: list[Notification]) -> Letter:
    with in_language_of(choice.user):
        subject = ngettext("%(count)d reminder for you", "%(count)d reminders for you", len(lines))
        return written("at_once", subject % {"count": len(lines)}, told_in_mail(lines, len(lines)))


def told_in_mail(notes: Sequence[Notification], in_all: int) -> dict[str, Any]:
    """What happened as a mail shows it: of what is confidential only how much there is."""
    shown = notes[:SHOWN]
    open_to_all = [note for note in shown if not note.confidential]
    return {
        "lines": [
            {"text": str(note), "at": note.created_at, "url": absolute(note.get_absolute_url())} for note in open_to_all
        ],
        "confidential": len(shown) - len(open_to_all),
        "in_all": in_all,
        "more": in_all - len(shown),
        "inbox_url": absolute(inbox.address()),
    }


@dataclass(frozen=True)
class Ways:
    """By which way people hear of something urgent. All of them find it in the inbox."""

    at_once: int = 0
    digest: int = 0
    inbox_only: int = 0


def ways_of(people: Collection[int]) -> Ways:
    """How many of these users get a mail at once, how many a digest, how many neither. One query."""
    if not people:
        return Ways()
    quick = Count("pk", filter=Q(at_once=True))
    daily = Count("pk", filter=Q(at_once=False) & ~Q(rhythm=MailChoice.Rhythm.NONE))
    if not settings.MAIL_GOES_OUT:
        return Ways(inbox_only=len(people))
    found = MailChoice.objects.reachable().filter(user__in=people).aggregate(quick=quick, daily=daily)
    return Ways(found["quick"], found["daily"], inbox_only=len(people) - sum(found.values()))


# ---------------------------------------------------------------- what became of it
def note_failure(choice: MailChoice, failure: NotSent) -> None:
    """Keep why the last mail failed, for the person and for who runs the server."""
    log.warning("mail_not_sent", user=choice.user_id, reason=failure.reason.id, **failure.reason.params)
    MailChoice.objects.filter(pk=choice.pk).update(
        failed_at=clock.now(), failure=failure.reason.to_json(), tries=F("tries") + 1
    )


def note_success(choice: MailChoice) -> None:
    """A mail has gone out: what failed before is over."""
    MailChoice.objects.filter(pk=choice.pk).exclude(failed_at=None).update(failed_at=None, failure={}, tries=0)
