"""The digest: one mail with what waits, what is due soon and what happened, at the hour that each person chose.

Never twice: who sends it first moves the day of the next one (compare-and-swap), and only who moved it sends. A worker
that dies in between costs that one mail and no line: what happened counts as told only once the mail has gone out, so
the next digest has it. Hours that passed while nothing ran are caught up by one mail. A mail that fails is tried again
every hour, three times in all; then the next regular hour comes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import clock, inbox, letters, mailing
from accounts.messages import Message
from accounts.models import MailChoice, Notification, NotificationQuerySet
from campaign import workdays

log = structlog.get_logger(__name__)
AGAIN_AFTER = dt.timedelta(hours=1)
FIRST_LOOKS_BACK = dt.timedelta(days=7)


@dataclass(frozen=True)
class Digest:
    """What one mail tells: the lines shown of each part, and how many there are in all."""

    parts: inbox.Parts
    happened: list[Notification]
    happened_in_all: int

    def __bool__(self) -> bool:
        return bool(self.parts.count or self.happened)


def send_digests() -> int:
    """Send every digest whose hour has come; returns how many mails went out. Idempotent."""
    if not settings.MAIL_GOES_OUT:
        return 0
    now, sent = clock.now(), 0
    with letters.Outbox() as outbox:
        for choice in MailChoice.objects.due(now).one_by_one():
            try:
                outbox.ready()  # before anybody's digest is claimed: none is lost to a server that is away
            except letters.ServerAway as away:
                log.error("mail_server_away", reason=away.reason.id)
                break
            sent += _serve(choice, outbox, now)
    return sent


def _serve(choice: MailChoice, outbox: letters.Outbox, now: dt.datetime) -> bool:
    """One person's digest, if it is this worker that claims it. What fails for one does not stop the others."""
    if not _claim(choice, now):
        return False
    if choice.rhythm == MailChoice.Rhythm.WORKDAYS and not workdays.is_workday(timezone.localtime(now).date()):
        return False
    try:
        with letters.in_language_of(choice.user):
            found = digest_of(choice, now)
            letter = _letter(found, choice) if found else None
        if letter is not None:
            outbox.send(letter, choice.address)
    except letters.NotSent as failure:
        _failed(choice, failure, now)
        return False
    except Exception:  # a fault in one of many sources must not cost the others their mail
        log.exception("digest_failed", user=choice.user_id)
        _failed(choice, letters.NotSent(Message(letters.NOT_WRITTEN)), now)
        return False
    _told(choice, now)
    return letter is not None


def _claim(choice: MailChoice, now: dt.datetime) -> bool:
    due = MailChoice.objects.filter(pk=choice.pk, next_at=choice.next_at)
    return bool(due.update(next_at=choice.slot_after(now)))


def _failed(choice: MailChoice, failure: letters.NotSent, now: dt.datetime) -> None:
    mailing.note_failure(choice, failure)
    if choice.tries + 1 < MailChoice.TRIES:
        # Unless the person chose otherwise meanwhile.
        standing = MailChoice.objects.filter(pk=choice.pk, next_at__gt=now + AGAIN_AFTER)
        standing.update(next_at=now + AGAIN_AFTER)


def _told(choice: MailChoice, now: dt.datetime) -> None:
    MailChoice.objects.filter(pk=choice.pk).update(told_until=now, tries=0)
    _news(choice, now).update(mailed_at=now)
    mailing.note_success(choice)


def _news(choice: MailChoice, now: dt.datetime) -> NotificationQuerySet:
    """What came since the last digest, has not been read, and no mail has told of."""
    since = choice.told_until or now - FIRST_LOOKS_BACK
    rows = Notification.objects.visible_to(choice.user).unread()
    return rows.filter(mailed_at=None, created_at__gt=since, created_at__lte=now)


def digest_of(choice: MailChoice, now: dt.datetime) -> Digest:
    """What waits for the person and what happened, read in a bounded number of queries."""
    news = _news(choice, now)
    shown = list(news[: mailing.SHOWN])
    in_all = news.count() if len(shown) == mailing.SHOWN else len(shown)
    return Digest(inbox.parts_of(choice.user), shown, in_all)


def _letter(digest: Digest, choice: MailChoice) -> letters.Letter:
    """The subject tells a number and nothing else: it is read over shoulders (decision 20)."""
    count = digest.parts.count
    if count:
        subject = ngettext("%(count)d thing waits for you", "%(count)d things wait for you", count)
    else:
        count = digest.happened_in_all
        subject = ngettext("%(count)d new message in your inbox", "%(count)d new messages in your inbox", count)
    context = {
        "parts": [
            {"name": _("Waiting for you"), **_shown(digest.parts.waiting)},
            {"name": _("Due soon"), **_shown(digest.parts.soon)},
        ],
        **mailing.told_in_mail(digest.happened, digest.happened_in_all),
    }
    return letters.written("digest", subject % {"count": count}, context)


def _shown(lines: Sequence[inbox.Line]) -> dict[str, object]:
    """Titles only: details may name people (decision 20)."""
    shown = [
        {
            "count": line.count,
            "title": str(line.title),
            "due": line.due,
            "late": line.late,
            "url": letters.absolute(line.url),
        }
        for line in lines[: mailing.SHOWN]
    ]
    return {"lines": shown, "count": sum(line.count for line in lines), "more": len(lines) - len(shown)}
