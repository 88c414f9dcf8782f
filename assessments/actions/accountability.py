"""The register of cadres held to account in the concentrated rectification action (O-11)."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from assessments.models import Accountability
from campaign.models import Batch
from units.models import Member, Organization

ENTERED = audit.action("accountability.entered", _("Entered a cadre held to account"))
CHANGED = audit.action("accountability.changed", _("Changed an entry on a cadre held to account"))
REMOVED = audit.action("accountability.removed", _("Removed an entry on a cadre held to account"))
READ = audit.action("accountability.read", _("Read an entry on a cadre held to account"))


class EntryChanged(Exception):
    """Somebody else has changed this entry meanwhile."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Who (of the roll, or by name), for what, with what result, decided when."""

    member_id: int | None
    name: str
    duty: str
    cause: str
    result: str
    decided_on: dt.date


def entry_of(*, member: Member | None, name: str, duty: str, cause: str, result: str, decided_on: dt.date) -> Entry:
    """What a form holds; the name is kept only of who is not on the roll."""
    own = "" if member else name.strip()
    pk = member.pk if member else None
    return Entry(
        member_id=pk, name=own, duty=duty.strip(), cause=cause.strip(), result=result.strip(), decided_on=decided_on
    )


@transaction.atomic
def enter_accountability(*, by: User, batch: Batch, organization: Organization, entry: Entry) -> Accountability:
    """Enter somebody who was held to account; the history has neither name nor cause (decision 20)."""
    row = Accountability.objects.create(batch=batch, organization=organization, recorded_by=by, **asdict(entry))
    audit.record(ENTERED, by=by, obj=row, organization=organization)
    return row


@transaction.atomic
def change_accountability(*, by: User, row: Accountability, version: int, entry: Entry) -> None:
    """Put an entry right; `version` is the one the person saw. Raises EntryChanged."""
    rows = Accountability.objects.filter(pk=row.pk, version=version)
    if not rows.update(version=F("version") + 1, **asdict(entry)):
        raise EntryChanged
    row.refresh_from_db()
    audit.record(CHANGED, by=by, obj=row, organization=row.organization)


@transaction.atomic
def remove_accountability(*, by: User, row: Accountability, reason: str) -> None:
    """Remove what was entered by mistake; the history keeps the reason."""
    audit.record(REMOVED, by=by, obj=row, organization=row.organization, data={"reason": reason.strip()})
    row.delete()


@transaction.atomic
def note_reading(*, by: User, row: Accountability) -> None:
    """Keep that somebody read it (decision 20)."""
    audit.record(READ, by=by, obj=row, organization=row.organization)
