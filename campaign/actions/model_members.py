"""Entering and mending the register of model members' deeds (C-14)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from campaign.models import Activity, Batch, ModelDeed
from units.models import Member

ENTERED = audit.action("model_deed.entered", _("Entered a deed of a model member"))
CHANGED = audit.action("model_deed.changed", _("Changed a deed of a model member"))
REMOVED = audit.action("model_deed.removed", _("Removed a deed of a model member"))


class DeedListed(Exception):
    """A deed of this title stands in the register for this member already."""


class DeedChanged(Exception):
    """Somebody else has changed or removed this deed meanwhile."""


@dataclass(frozen=True, kw_only=True)
class DeedData:
    """What the form holds; with an activity and no day, it was told on the day of the activity."""

    member: Member
    title: str
    deed: str
    put_up_by: str
    told_on: dt.date | None = None
    activity: Activity | None = None


def _values(data: DeedData) -> dict[str, Any]:
    values = {field.name: getattr(data, field.name) for field in fields(data)}
    values["organization"] = data.member.organization
    if data.activity is not None and data.told_on is None:
        values["told_on"] = data.activity.held_on
    return values


@transaction.atomic
def enter_deed(*, by: User, batch: Batch, data: DeedData) -> ModelDeed:
    """Put a deed into the register, at the member's organisation. Raises DeedListed."""
    try:
        with transaction.atomic():
            row = ModelDeed.objects.create(batch=batch, recorded_by=by, **_values(data))
    except IntegrityError as error:
        raise DeedListed from error
    audit.record(ENTERED, by=by, obj=row, organization=row.organization)
    return row


@transaction.atomic
def change_deed(*, by: User, row: ModelDeed, data: DeedData, version: int) -> None:
    """Mend a deed, or say where it was told; `version` is the one seen. Raises DeedChanged, DeedListed."""
    seen = ModelDeed.objects.filter(pk=row.pk, version=version)
    values = _values(data)
    if data.member.pk == row.member_id:
        values["organization"] = row.organization  # it stays where it was entered, wherever the member has gone since
    try:
        with transaction.atomic():
            changed = seen.update(version=F("version") + 1, **values)
    except IntegrityError as error:
        raise DeedListed from error
    if not changed:
        raise DeedChanged
    row.refresh_from_db()
    audit.record(CHANGED, by=by, obj=row, organization=row.organization)


@transaction.atomic
def remove_deed(*, by: User, row: ModelDeed, reason: str) -> None:
    """Remove what was entered by mistake; the history keeps its title and the reason. Raises DeedChanged."""
    audit.record(
        REMOVED, by=by, obj=row, organization=row.organization, data={"title": row.title, "reason": reason.strip()}
    )
    deleted, _rows = ModelDeed.objects.filter(pk=row.pk).delete()
    if not deleted:
        raise DeedChanged
