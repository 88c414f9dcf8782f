"""Holding a collective admonition: when, where, by whom, what was said, and who of the team was there (J-15, J-16)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock
from accounts.messages import Message
from accounts.models import User
from supervision import card_rules
from supervision.actions.cards import CardRefused, tell_of_admonition
from supervision.models import Admonition, AdmonitionAttendance
from units.models import Member

HELD = audit.action("admonition.held", _("Recorded a collective admonition"))


@dataclass(frozen=True, kw_only=True)
class Attendee:
    """One of the leadership team: a member of the roster, or somebody named by hand."""

    name: str
    member: Member | None = None
    position: str = ""
    present: bool = True


@dataclass(frozen=True, kw_only=True)
class AdmonitionTalk:
    """How it was held (J-16)."""

    held_on: dt.date
    place: str
    admonisher: str
    content: str
    undertaking: str
    team: Sequence[Attendee]
    absent_note: str = ""


def _check_talk(talk: AdmonitionTalk) -> None:
    if talk.held_on > clock.today():
        raise CardRefused(Message(gettext_noop("An admonition that was held cannot lie in the future.")))
    if not all(text.strip() for text in (talk.place, talk.admonisher, talk.content, talk.undertaking)):
        raise CardRefused(Message(gettext_noop("Say where, by whom, what was said, and what the team undertakes.")))
    if not any(one.present for one in talk.team):
        raise CardRefused(Message(gettext_noop("Name who of the leadership team was present.")))
    if not all(one.present for one in talk.team) and not talk.absent_note.strip():
        raise CardRefused(Message(gettext_noop("Say why somebody was absent, and when he will be spoken to.")))


@transaction.atomic
def hold_admonition(*, by: User, admonition: Admonition, talk: AdmonitionTalk) -> None:
    """Record that the leadership team was admonished, with its attendance (J-15, J-16). Raises CardRefused."""
    if not card_rules.can_hold(by, admonition):
        raise CardRefused(Message(gettext_noop("Only the office or the leading group above the unit admonishes it.")))
    _check_talk(talk)
    swapped = Admonition.objects.filter(pk=admonition.pk, state=Admonition.State.OPEN).update(
        state=Admonition.State.HELD,
        held_on=talk.held_on,
        place=talk.place.strip(),
        admonisher=talk.admonisher.strip(),
        content=talk.content.strip(),
        undertaking=talk.undertaking.strip(),
        absent_note=talk.absent_note.strip(),
        recorded_by=by,
        recorded_at=clock.now(),
    )
    if not swapped:
        raise CardRefused(Message(gettext_noop("This admonition is not waiting to be held any more.")))
    AdmonitionAttendance.objects.bulk_create(
        AdmonitionAttendance(
            admonition=admonition, member=one.member, name=one.name, position=one.position, present=one.present
        )
        for one in talk.team
    )
    organization = admonition.participation.organization
    data = {"present": sum(one.present for one in talk.team), "absent": sum(not one.present for one in talk.team)}
    audit.record(HELD, by=by, obj=admonition, organization=organization, data=data)
    told = card_rules.secretaries(organization, admonition.participation)
    tell_of_admonition(
        admonition, told, gettext_noop("The admonition of the leadership team of %(unit)s is on record.")
    )
