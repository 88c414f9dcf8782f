"""Yellow cards and collective admonitions (J-14..J-16, decision 6).

What happened proposes a card, in the transaction of the decision or the order; the office issues it with a number and
a date, and only then it counts. The card that reaches the playbook's number opens the admonition of the unit's team.
Two at once: the rows that are counted over are locked, and unique constraints keep the rest.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.messages import Message
from accounts.models import User
from campaign.findings import both
from campaign.models import Participation
from campaign.playbook import Item, Text
from campaign.playbook import YellowCard as CardRule
from campaign.playbook.work import CLOSING
from supervision import card_rules
from supervision.actions.refusals import Refused
from supervision.models import (
    Admonition,
    Decision,
    MakeUpOrder,
    Transition,
    YellowCard,
)
from units.models import Organization, WorkUnit

PROPOSED = audit.action("card.proposed", _("Proposed a yellow card"))
ISSUED = audit.action("card.issued", _("Issued a yellow card"))
ACKNOWLEDGED = audit.action("card.acknowledged", _("Acknowledged a yellow card"))
REVOKED = audit.action("card.revoked", _("Revoked a yellow card"))
OPENED = audit.action("admonition.opened", _("Opened a collective admonition"))
CANCELLED = audit.action("admonition.cancelled", _("Cancelled a collective admonition"))

FIRST, MAKEUP = YellowCard.Trigger.FIRST_TRANSITION, YellowCard.Trigger.MAKEUP


class CardRefused(Refused):
    """The card or the admonition cannot be changed like this."""


# ---------------------------------------------------------------- proposed by what happened
@dataclass(frozen=True, kw_only=True)
class _Event:
    """What may lead to a card: `key` is the same however many rules it touches."""

    key: str
    trigger: str
    organization: Organization
    stage: str
    reason: str
    transition: Transition | None = None
    makeup: MakeUpOrder | None = None


def cause_of(rule: CardRule, cause: str) -> Item:
    """The cause that was recorded, of those that count. Raises CardRefused where it is not clear which."""
    if not cause and len(rule.causes) == 1:
        return rule.causes[0]
    found = next((item for item in rule.causes if item.key == cause), None)
    if found is None:
        names = [str(item.name) for item in rule.causes]
        raise CardRefused(Message(gettext_noop("Name the cause, one of: %(names)s."), {"names": names}))
    return found


def after_order(*, by: User, order: MakeUpOrder, cause: str = "") -> YellowCard | None:
    """Propose a card for a make-up ordered by itself, if its cause counts here."""
    if not order.unsolid_work:
        return None
    Participation.objects.select_for_update().get(pk=order.participation_id)  # a decision made now waits and sees it
    event = _Event(
        key=f"makeup:{order.pk}",
        trigger=MAKEUP,
        organization=order.organization,
        stage=order.stage,
        reason=order.reason,
        makeup=order,
    )
    return _propose(by, order.participation, event, cause)


def after_decision(
    *, by: User, transition: Transition, decision: Decision, order: MakeUpOrder | None = None, cause: str = ""
) -> YellowCard | None:
    """Propose a card for a stage not passed at the first attempt, or for the make-up ordered instead: one, not two."""
    if not (decision.unsolid_work or (order is not None and order.unsolid_work)):
        return None
    participation = transition.participation
    rule = participation.batch.campaign.playbook.sanctions.yellow_card
    if rule is None:
        return None
    words = " ".join(filter(None, (decision.reason, *decision.sections.get("parts", {}).values())))
    if _failed_first(transition) and FIRST in rule.triggers:
        Participation.objects.select_for_update().get(pk=participation.pk)
        if _made_up_for(transition):
            return None
        key, trigger, organization = f"transition:{participation.pk}:{transition.stage}", FIRST, None
    elif order is not None:
        key, trigger, organization = f"makeup:{order.pk}", MAKEUP, order.organization
    else:
        return None
    event = _Event(
        key=key,
        trigger=trigger,
        organization=organization or participation.organization,
        stage=transition.stage,
        reason=words,
        transition=transition,
        makeup=order,
    )
    return _propose(by, participation, event, cause)


def _failed_first(transition: Transition) -> bool:
    """Has the unit not been sent back at this stage before?"""
    ended = (Transition.State.RETURNED, Transition.State.MADE_UP)
    before = Transition.objects.filter(
        participation=transition.participation_id, stage=transition.stage, state__in=ended
    )
    return not before.exclude(pk=transition.pk).exists()


def _made_up_for(transition: Transition) -> bool:
    """Is it a make-up of this stage, still open, that stands in the way, and has that led to a card already?"""
    orders = MakeUpOrder.objects.open().filter(
        participation=transition.participation_id, stage=transition.stage, transition=None
    )
    return YellowCard.objects.filter(makeup__in=orders).exists()


def _propose(by: User, participation: Participation, event: _Event, cause: str) -> YellowCard | None:
    rule = participation.batch.campaign.playbook.sanctions.yellow_card
    if rule is None or event.trigger not in rule.triggers or event.stage == CLOSING:
        return None
    counted = cause_of(rule, cause)
    try:
        with transaction.atomic():
            card = YellowCard.objects.create(
                batch_id=participation.batch_id,
                participation=participation,
                organization=event.organization,
                stage=event.stage,
                trigger=event.trigger,
                event_key=event.key,
                transition=event.transition,
                makeup=event.makeup,
                cause=counted.key,
                cause_words=both(counted.name),
                rule_words=both(rule.rule),
                reason=event.reason,
                proposed_by=by,
                proposed_at=clock.now(),
            )
    except IntegrityError:  # this event has led to a card already
        return None
    card.work_units.set(card_rules.units_of(event.organization, participation))
    data = {"trigger": str(event.trigger), "cause": counted.key, "event": event.key}
    audit.record(PROPOSED, by=by, obj=card, organization=card.organization, data=data)
    waits = gettext_noop("A yellow card for %(name)s is proposed: %(cause)s. Issue it, or say why not.")
    _tell(card, card_rules.issuers(card.organization), waits, {"cause": both(counted.name)})
    return card


def _tell(card: YellowCard, users: Sequence[User], message: str, params: dict | None = None) -> None:
    known = {"name": card.organization.name, **(params or {})}
    notify.send(users, message, params=known, url=reverse("supervision:card", args=[card.pk]))


# ---------------------------------------------------------------- issued, acknowledged, revoked
@transaction.atomic
def issue_card(*, by: User, card: YellowCard, number: str, issued_on: dt.date) -> None:
    """Issue a proposed card; the one that reaches the number opens the admonition (J-15). Raises CardRefused."""
    if not card_rules.can_issue(by, card):
        raise CardRefused(Message(gettext_noop("Only the campaign office above the organisation issues its card.")))
    if not number.strip():
        raise CardRefused(Message(gettext_noop("Give the notice its number.")))
    if issued_on > clock.today():
        raise CardRefused(Message(gettext_noop("The date of the notice cannot lie in the future.")))
    _lock(card)
    try:
        with transaction.atomic():
            swapped = YellowCard.objects.filter(pk=card.pk, state=YellowCard.State.PROPOSED).update(
                state=YellowCard.State.ISSUED,
                number=number.strip(),
                issued_on=issued_on,
                issued_by=by,
                issued_at=clock.now(),
            )
    except IntegrityError:
        taken = gettext_noop("A notice of this batch has the number %(number)s already. Give this one another.")
        raise CardRefused(Message(taken, {"number": number.strip()}))
    if not swapped:
        raise CardRefused(Message(gettext_noop("This card is not waiting to be issued any more.")))
    card.refresh_from_db()
    audit.record(ISSUED, by=by, obj=card, organization=card.organization, data={"number": card.number})
    told = card_rules.secretaries(card.organization, card.participation)
    _tell(card, told, gettext_noop("%(name)s has got a yellow card. Read why, and acknowledge it."))
    _open_admonitions(by, card)


def _lock(card: YellowCard) -> None:
    """Whoever counts over the same unit waits here, and then counts what the other has done."""
    units = list(card.work_units.order_by("pk").values_list("pk", flat=True))
    if units:
        list(WorkUnit.objects.select_for_update().filter(pk__in=units).order_by("pk").values_list("pk", flat=True))
    else:
        Participation.objects.select_for_update().get(pk=card.participation_id)


def _counted_over(card: YellowCard) -> list[WorkUnit | None]:
    """The units of a card; None stands for the participation of one that has no unit."""
    return list(card.work_units.order_by("pk")) or [None]


def counting_cards(batch_id: int, work_unit: WorkUnit | None, participation: Participation) -> list[YellowCard]:
    """The cards of a unit in a batch that count, the first issued first."""
    cards = YellowCard.objects.counting().filter(batch=batch_id)
    if work_unit is not None:
        cards = cards.filter(work_units=work_unit)
    else:
        cards = cards.filter(work_units=None, participation=participation)
    return list(cards.order_by("issued_at", "pk"))


def _open_admonitions(by: User, card: YellowCard) -> None:
    rule = card.participation.batch.campaign.playbook.sanctions.admonition
    if rule is None:
        return
    for unit in _counted_over(card):
        cards = counting_cards(card.batch_id, unit, card.participation)
        if len(cards) >= rule.cards:
            _open_admonition(by, card, unit, cards, rule.cards, rule.rule)


def _open_admonition(
    by: User, card: YellowCard, unit: WorkUnit | None, cards: Sequence[YellowCard], needed: int, words: Text
) -> None:
    """Once: while one is open or held no other can be written, whoever comes second."""
    try:
        with transaction.atomic():
            admonition = Admonition.objects.create(
                batch_id=card.batch_id,
                participation=card.participation,
                work_unit=unit,
                number_needed=needed,
                rule_words=both(words),
                opened_at=clock.now(),
            )
    except IntegrityError:
        return
    admonition.cards.set(cards)
    organization = card.participation.organization
    data = {"cards": [one.number for one in cards]}
    audit.record(OPENED, by=by, obj=admonition, organization=organization, data=data)
    message = gettext_noop("%(unit)s has %(cards)s yellow cards: its leadership team is to be admonished together.")
    tell_of_admonition(admonition, card_rules.admonishers(card.participation), message, {"cards": len(cards)})


def tell_of_admonition(admonition: Admonition, users: Sequence[User], message: str, params: dict | None = None) -> None:
    known = {"unit": admonition.unit_name, **(params or {})}
    notify.send(users, message, params=known, url=reverse("supervision:admonition", args=[admonition.pk]))


@transaction.atomic
def acknowledge_card(*, by: User, card: YellowCard) -> None:
    """The secretary confirms that the organisation has the notice. Raises CardRefused."""
    if not card_rules.can_acknowledge(by, card):
        raise CardRefused(Message(gettext_noop("Only the organisation's own secretary acknowledges its card.")))
    swapped = YellowCard.objects.filter(pk=card.pk, state=YellowCard.State.ISSUED, acknowledged_at=None).update(
        acknowledged_by=by, acknowledged_at=clock.now()
    )
    if not swapped:
        raise CardRefused(Message(gettext_noop("There is nothing to acknowledge any more.")))
    audit.record(ACKNOWLEDGED, by=by, obj=card, organization=card.organization)
    if card.issued_by is not None:
        _tell(card, [card.issued_by], gettext_noop("%(name)s has acknowledged its yellow card."))


@transaction.atomic
def revoke_card(*, by: User, card: YellowCard, reason: str) -> None:
    """Revoke a card, or drop a proposed one; it counts no more, nor does its event give another. Raises CardRefused.

    An admonition that is not held yet is cancelled where too few cards are left; one that was held stays.
    """
    if not card_rules.can_issue(by, card):
        raise CardRefused(Message(gettext_noop("Only the campaign office above the organisation revokes its card.")))
    if not reason.strip():
        raise CardRefused(Message(gettext_noop("Say why the card is revoked.")))
    _lock(card)
    was_issued = bool(
        YellowCard.objects.filter(pk=card.pk, state=YellowCard.State.ISSUED).update(**_revoked(by, reason))
    )
    dropped = not was_issued and YellowCard.objects.filter(pk=card.pk, state=YellowCard.State.PROPOSED).update(
        **_revoked(by, reason)
    )
    if not was_issued and not dropped:
        raise CardRefused(Message(gettext_noop("This card has been revoked already.")))
    card.refresh_from_db()
    audit.record(REVOKED, by=by, obj=card, organization=card.organization, data={"reason": reason.strip()})
    if was_issued:
        told = card_rules.secretaries(card.organization, card.participation)
        _tell(card, told, gettext_noop("The yellow card of %(name)s has been revoked."))
        _cancel_admonitions(by, card)


def _revoked(by: User, reason: str) -> dict[str, object]:
    state = YellowCard.State.REVOKED
    return {"state": state, "revoked_by": by, "revoked_at": clock.now(), "revoked_reason": reason.strip()}


def _cancel_admonitions(by: User, card: YellowCard) -> None:
    for unit in _counted_over(card):
        rows = Admonition.objects.open().filter(batch=card.batch_id, work_unit=unit)
        if unit is None:
            rows = rows.filter(participation=card.participation_id)
        for row in rows.select_related("participation__organization", "work_unit"):
            left = len(counting_cards(card.batch_id, unit, card.participation))
            if left < row.number_needed:
                _cancel(by, row, card)


def _cancel(by: User, row: Admonition, card: YellowCard) -> None:
    swapped = Admonition.objects.filter(pk=row.pk, state=Admonition.State.OPEN).update(
        state=Admonition.State.CANCELLED, cancelled_at=clock.now(), cancelled_reason=card.revoked_reason
    )
    if swapped:
        data = {"card": card.number, "reason": card.revoked_reason}
        audit.record(CANCELLED, by=by, obj=row, organization=row.participation.organization, data=data)
        message = gettext_noop("The admonition of %(unit)s is cancelled: a yellow card has been revoked.")
        tell_of_admonition(row, card_rules.admonishers(row.participation), message)
