"""How the campaign ends: of one unit after its closing meeting, and of the batch when the office closes it (H-07)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit, clock
from accounts.models import User
from campaign.actions.stages import StageMoved
from campaign.models import Batch, Participation, StageProgress

CLOSED = audit.action("participation.closed", _("Closed the campaign of an organisation"))
BATCH_CLOSED = audit.action("batch.closed", _("Closed a batch"))


class UnitsOpen(Exception):
    """Units of the batch are still under way."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} open")
        self.count = count


@transaction.atomic
def close_participation(*, by: User | None, participation: Participation, on: dt.date | None = None) -> None:
    """Compare-and-swap from active, with every stage completed, to closed (H-07). Raises StageMoved."""
    open_stages = StageProgress.objects.filter(participation=participation).exclude(state=StageProgress.State.DONE)
    if participation.staged and open_stages.exists():
        raise StageMoved("a stage is open")
    swapped = Participation.objects.filter(pk=participation.pk, state=Participation.State.ACTIVE).update(
        state=Participation.State.CLOSED, closed_on=on or clock.today()
    )
    if not swapped:
        raise StageMoved("active")
    participation.refresh_from_db(fields=["state", "closed_on"])
    audit.record(CLOSED, by=by, obj=participation, organization=participation.organization)


@transaction.atomic
def close_batch(*, by: User, batch: Batch) -> None:
    """End the consolidation (decision 12): only the office does, when every unit has closed. Raises UnitsOpen."""
    left = batch.participations.exclude(state=Participation.State.CLOSED).count()
    if left:
        raise UnitsOpen(left)
    if Batch.objects.filter(pk=batch.pk, closed_on=None).update(closed_on=clock.today()):
        batch.refresh_from_db(fields=["closed_on"])
        units = batch.participations.count()
        audit.record(BATCH_CLOSED, by=by, obj=batch, organization=batch.campaign.host, data={"units": units})
