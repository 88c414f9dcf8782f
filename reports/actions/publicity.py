"""Writing down what was made public: banners, columns, media coverage and the rest (L-01..L-11)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.core.files import File
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts import audit, clock
from accounts.models import User
from campaign import uploads
from campaign.holds import refuse_held_since
from campaign.models import Batch
from reports.models import PublicityRecord
from units.models import Organization

RECORDED = audit.action("publicity.recorded", _("Recorded publicity"))
CHANGED = audit.action("publicity.changed", _("Changed a publicity record"))
TAKEN_BACK = audit.action("publicity.taken_back", _("Took back a publicity record"))


class PublicityChanged(Exception):
    """Somebody else has changed or taken back this record meanwhile."""


class IssueRecorded(Exception):
    """This issue of the column is on record already."""


@dataclass(frozen=True, kw_only=True)
class PublicityData:
    """What the form holds. `quantity` in pieces; `direction` and `medium` of media coverage only."""

    title: str
    held_on: dt.date
    quantity: int = 1
    issue: int | None = None
    direction: str = ""
    medium: str = ""
    outlet: str = ""
    topic: str = ""
    audience: str = ""
    place: str = ""
    link: str = ""
    text: str = ""


@transaction.atomic
def record_publicity(
    *,
    by: User,
    organization: Organization,
    batch: Batch,
    stage: str,
    kind: str,
    data: PublicityData,
    files: Iterable[File] = (),
) -> PublicityRecord:
    """Put something made public on record with its photographs or clippings. Raises IssueRecorded."""
    try:
        with transaction.atomic():
            record = PublicityRecord.objects.create(
                organization=organization,
                batch=batch,
                stage=stage,
                kind=kind,
                recorded_by=by,
                recorded_at=clock.now(),
                **asdict(data),
            )
    except IntegrityError as fault:
        raise IssueRecorded from fault
    uploads.keep(record.files, files)
    audit.record(RECORDED, by=by, obj=record, organization=organization, data={"kind": kind})
    return record


@transaction.atomic
def change_publicity(
    *, by: User, record: PublicityRecord, version: int, data: PublicityData, files: Iterable[File] = ()
) -> None:
    """Mend a record; `version` is the one the person saw. Raises PublicityChanged, IssueRecorded, Held."""
    refuse_held_since(record.batch, record.organization, record.recorded_at)
    rows = PublicityRecord.objects.filter(pk=record.pk, version=version)
    try:
        with transaction.atomic():
            swapped = rows.update(version=F("version") + 1, **asdict(data))
    except IntegrityError as fault:
        raise IssueRecorded from fault
    if not swapped:
        raise PublicityChanged
    uploads.keep(record.files, files)
    record.refresh_from_db()
    audit.record(CHANGED, by=by, obj=record, organization=record.organization, data={"version": version + 1})


@transaction.atomic
def take_back(*, by: User, record: PublicityRecord, reason: str) -> None:
    """Remove a record entered by mistake; the history keeps what it said and why it went. Raises Held."""
    refuse_held_since(record.batch, record.organization, record.recorded_at)
    kept = {
        "kind": record.kind,
        "title": record.title,
        "held_on": record.held_on.isoformat(),
        "quantity": record.quantity,
        "reason": reason,
    }
    audit.record(TAKEN_BACK, by=by, obj=record, organization=record.organization, data=kept)
    uploads.discard(record.files.all())
    deleted, _by_model = PublicityRecord.objects.filter(pk=record.pk).delete()
    if not deleted:
        raise PublicityChanged
