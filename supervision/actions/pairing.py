"""Pairing of organisations and of members with households; visits and help (R-04, R-05, E-29)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, crypto
from accounts.messages import Message
from accounts.models import User
from campaign.models import Campaign
from supervision.actions.refusals import Refused
from supervision.models import Pairing, PairingEntry
from units.models import Member, Organization

PAIRED = audit.action("pairing.paired", _("Paired up"))
ENDED = audit.action("pairing.ended", _("Ended a pairing"))
NOTED = audit.action("pairing.noted", _("Recorded a visit or help to a pair"))
REMOVED = audit.action("pairing.removed", _("Took back a record of a pair"))


class PairingRefused(Refused):
    """The pair cannot be entered or changed like this; says why."""


@dataclass(frozen=True)
class PairData:
    """With whom: an organisation (`partner`, or by name only), or a member's household or person."""

    kind: str
    from_date: dt.date
    partner: Organization | None = None
    partner_name: str = ""
    member: Member | None = None
    household: str = ""
    householder: str = ""
    place: str = ""

    def digest(self) -> str:
        """The same for the same pair, however often it is entered."""
        if self.member is not None:
            return crypto.digest(f"{self.member.pk}|{self.householder}|{self.place}")
        return crypto.digest(str(self.partner.pk) if self.partner else self.partner_name)


@dataclass(frozen=True)
class EntryData:
    """`value` in yuan, `hours` of work."""

    held_on: dt.date
    what: str
    text: str
    value: Decimal | None = None
    hours: Decimal | None = None
    result: str = ""


@transaction.atomic
def pair(*, by: User, campaign: Campaign, organization: Organization, data: PairData) -> Pairing:
    """Enter a pair. Raises PairingRefused where it is on the list already."""
    fields = {key: getattr(data, key) for key in data.__dataclass_fields__}
    if data.partner is not None:
        fields["partner_name"] = data.partner.name
    try:
        with transaction.atomic():
            found = Pairing.objects.create(
                campaign=campaign, organization=organization, digest=data.digest(), paired_by=by, **fields
            )
    except IntegrityError as fault:
        raise PairingRefused(Message(gettext_noop("This pair is on the list already."))) from fault
    audit.record(PAIRED, by=by, obj=found, organization=organization, data={"kind": data.kind})
    return found


def _locked(pairing: Pairing) -> Pairing:
    found = Pairing.objects.select_for_update().filter(pk=pairing.pk, to_date=None).first()
    if found is None:
        raise PairingRefused(Message(gettext_noop("This pairing has ended already.")))
    return found


@transaction.atomic
def end_pairing(*, by: User, pairing: Pairing, on: dt.date, reason: str) -> None:
    """End a pair on a day, with the reason. Raises PairingRefused."""
    held = _locked(pairing)
    if on < held.from_date:
        raise PairingRefused(Message(gettext_noop("A pairing cannot end before it began.")))
    if not Pairing.objects.filter(pk=held.pk, to_date=None).update(to_date=on, end_reason=reason):
        raise PairingRefused(Message(gettext_noop("This pairing has ended already.")))
    audit.record(ENDED, by=by, obj=held, organization=held.organization, data={"kind": held.kind})


@transaction.atomic
def note_help(*, by: User, pairing: Pairing, data: EntryData) -> PairingEntry:
    """Write down a visit or help given. Raises PairingRefused once the pair has ended."""
    held = _locked(pairing)
    fields = {key: getattr(data, key) for key in data.__dataclass_fields__}
    entry = PairingEntry.objects.create(pairing=held, recorded_by=by, **fields)
    kept = {"on": data.held_on.isoformat(), "what": data.what, "value": str(data.value or "")}
    audit.record(NOTED, by=by, obj=held, organization=held.organization, data=kept)
    return entry


@transaction.atomic
def remove_entry(*, by: User, entry: PairingEntry) -> None:
    """Take back a record entered by mistake; the history keeps its figures. Raises PairingRefused."""
    held = _locked(entry.pairing)
    kept = {"on": entry.held_on.isoformat(), "what": entry.what, "value": str(entry.value or "")}
    if not PairingEntry.objects.filter(pk=entry.pk).delete()[0]:
        raise PairingRefused(Message(gettext_noop("This record has been taken back already.")))
    audit.record(REMOVED, by=by, obj=held, organization=held.organization, data=kept)
