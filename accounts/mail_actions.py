"""Choosing notices by e-mail, and confirming the address that they go to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit, clock, crypto, letters
from accounts.models import MailChoice, User

MAIL_CHOSEN = audit.action("account.mail_chosen", gettext_lazy("Chose notices by e-mail"))
MAIL_CONFIRMED = audit.action("account.mail_confirmed", gettext_lazy("Confirmed own e-mail address"))
LINK_HOLDS = dt.timedelta(days=3)
ASK_AGAIN_AFTER = dt.timedelta(minutes=1)  # a link goes to an address that may be anybody's: no stream of them
_SALT = "accounts.mail.confirm"


class AskedJustNow(Exception):
    """The last link was sent less than a minute ago."""


class LinkForged(Exception):
    """Nobody here made this link, or it was made for another account."""


class LinkOutdated(Exception):
    """A link of one's own that is too old, was followed by a newer one, or names an address given up since."""


@dataclass(frozen=True)
class Wishes:
    """What a person chooses; an empty address means no mail at all."""

    address: str
    rhythm: str
    weekday: int
    hour: int
    at_once: bool


@transaction.atomic
def choose(*, by: User, wishes: Wishes) -> MailChoice:
    """Keep one's choice. Nothing goes to another address before it is confirmed. The history names no address."""
    MailChoice.objects.get_or_create(user=by)
    choice = MailChoice.objects.select_for_update().get(user=by)
    other = wishes.address != choice.address
    if other:
        choice.address, choice.confirmed_at = wishes.address, None
        choice.failed_at, choice.failure, choice.tries = None, {}, 0
    choice.rhythm, choice.weekday = wishes.rhythm, wishes.weekday
    choice.hour, choice.at_once = wishes.hour, wishes.at_once
    choice.next_at = choice.slot_after(clock.now()) if choice.confirmed_at else None
    choice.save()
    told = "kept" if not other else "given" if wishes.address else "removed"
    data = {"rhythm": choice.rhythm, "weekday": choice.weekday, "hour": choice.hour, "at_once": choice.at_once}
    audit.record(MAIL_CHOSEN, by=by, obj=by, data={**data, "address": told})
    return choice


def ask_to_confirm(*, by: User) -> None:
    """Send the link that confirms one's address; the newest holds. Raises AskedJustNow, letters.NotSent."""
    now = clock.now()
    rested = Q(asked_at=None) | Q(asked_at__lte=now - ASK_AGAIN_AFTER)
    if not MailChoice.objects.filter(rested, user=by, confirmed_at=None).update(asked_at=now):
        raise AskedJustNow
    choice = MailChoice.objects.get(user=by)
    with letters.in_language_of(by):
        context = {"url": letters.absolute(reverse("accounts:mail_confirm", args=[token_of(choice)]))}
        letter = letters.written("confirm", _("Confirm your e-mail address"), context)
    try:
        with letters.Outbox() as outbox:
            outbox.send(letter, choice.address)
    except letters.NotSent:
        MailChoice.objects.filter(pk=choice.pk, asked_at=now).update(asked_at=None)
        raise


def token_of(choice: MailChoice) -> str:
    """What the link carries, signed."""
    return signing.dumps(_told_by_link(choice), salt=_SALT)


def _told_by_link(choice: MailChoice) -> list[object]:
    """For whom, asked when, which address (as a digest: links end up in logs)."""
    asked = choice.asked_at.isoformat() if choice.asked_at else ""
    return [choice.user_id, asked, crypto.digest(choice.address)[:16]]


def to_confirm(*, by: User, token: str) -> MailChoice:
    """The choice whose address the link would confirm. Raises LinkForged, LinkOutdated."""
    try:
        told = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise LinkForged from error
    choice = MailChoice.objects.filter(user=by).first()
    if choice is None or told[0] != by.pk:
        raise LinkForged
    fresh = choice.asked_at is not None and clock.now() - choice.asked_at <= LINK_HOLDS
    if not fresh or told != _told_by_link(choice):
        raise LinkOutdated
    return choice


@transaction.atomic
def confirm(*, by: User, token: str) -> MailChoice:
    """Let mail go to one's address from now on; a second time nothing changes. Raises as to_confirm does."""
    choice = to_confirm(by=by, token=token)
    now = clock.now()
    confirmed = MailChoice.objects.filter(pk=choice.pk, asked_at=choice.asked_at, confirmed_at=None)
    if confirmed.update(confirmed_at=now, next_at=choice.slot_after(now), told_until=now):
        audit.record(MAIL_CONFIRMED, by=by, obj=by)
    return choice
