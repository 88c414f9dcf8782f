"""The public ledger: published and taken back by the secretary (O-03, O-05)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit, clock
from accounts.models import User
from campaign.models import Batch, PublicLedger
from units.models import Organization

PUBLISHED = audit.action("ledger.published", _("Published the public ledger"))
TAKEN_BACK = audit.action("ledger.taken_back", _("Took the public ledger back"))


@transaction.atomic
def publish_ledger(
    *, by: User, batch: Batch, organization: Organization, commitment: str, contact: str = ""
) -> PublicLedger:
    """Open the page without sign-in, or change what stands on it; the address stays the same."""
    ledger, _created = PublicLedger.objects.select_for_update().get_or_create(batch=batch, organization=organization)
    ledger.commitment, ledger.contact = commitment, contact
    ledger.published_at = ledger.published_at or clock.now()
    ledger.save()
    audit.record(PUBLISHED, by=by, obj=ledger, organization=organization)
    return ledger


@transaction.atomic
def take_ledger_back(*, by: User, ledger: PublicLedger) -> None:
    """The address shows nothing until it is published again. A second person finds it done."""
    if PublicLedger.objects.filter(pk=ledger.pk, published_at__isnull=False).update(published_at=None):
        audit.record(TAKEN_BACK, by=by, obj=ledger, organization=ledger.organization)
