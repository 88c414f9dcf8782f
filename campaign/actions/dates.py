"""The days that the office sets for a batch: the latest launch, and by when required actions are done (A-07, E-27)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from campaign.models import ActionDate, Batch

SET = audit.action("batch.dates", _("Set days of a batch"))


@transaction.atomic
def set_dates(*, by: User, batch: Batch, launch_by: dt.date | None, due: Mapping[str, dt.date | None]) -> None:
    """Set or take away the latest launch, and the day of each action in `due` (by its key)."""
    batch.launch_by = launch_by
    batch.save(update_fields=["launch_by"])
    for action, day in due.items():
        if day is None:
            ActionDate.objects.filter(batch=batch, action=action).delete()
        else:
            ActionDate.objects.update_or_create(batch=batch, action=action, defaults={"due_on": day})
    data = {"launch_by": str(launch_by or ""), "actions": {key: str(day) for key, day in due.items() if day}}
    audit.record(SET, by=by, obj=batch, organization=batch.campaign.host, data=data)
