"""Changing the playbook of a campaign under way: each change a version, with who, when and why (house idea 1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from campaign import findings
from campaign.actions.changes import set_windows
from campaign.actions.set_up import StageWindow
from campaign.editing.uses import Change, has_begun, in_use
from campaign.models import Campaign, PlaybookVersion
from campaign.playbook import Playbook, from_snapshot

Proposal = Callable[[Playbook, dt.date], Sequence[StageWindow]]

EDITED = audit.action("campaign.playbook_edited", _("Changed the playbook of a campaign"))


class PlaybookChanged(Exception):
    """Somebody else has saved a version meanwhile."""

    def __init__(self, version: PlaybookVersion | None) -> None:
        super().__init__()
        self.version = version


class PlaybookInUse(Exception):
    """Records stand on what the change would take away. `reasons` in words."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = list(reasons)


@transaction.atomic
def change_playbook(
    *,
    by: User,
    campaign: Campaign,
    number: int,
    snapshot: dict[str, Any],
    reason: str,
    propose: Proposal,
    restored: int | None = None,
) -> PlaybookVersion | None:
    """Keep `snapshot` as the version after `number`. None when it says what the present one says already.

    Raises PlaybookInvalid, PlaybookInUse, and PlaybookChanged when `number` is no longer the last version. Where no
    unit has begun and the stages are others, `propose` gives the batches new dates.
    """
    campaign = Campaign.objects.select_for_update().select_related("host").get(pk=campaign.pk)
    last = campaign.versions.aggregate(last=Max("number"))["last"] or 0
    if last != number:
        raise PlaybookChanged(campaign.versions.select_related("by").first())
    if campaign.snapshot == snapshot:
        return None
    playbook = from_snapshot(snapshot, known_checks=findings.registered())
    before = campaign.snapshot
    change = Change(before, playbook.snapshot, in_use(campaign), has_begun(campaign))
    if reasons := change.refusals():
        raise PlaybookInUse(reasons)
    try:
        with transaction.atomic():
            version = PlaybookVersion.objects.create(
                campaign=campaign, number=number + 1, snapshot=playbook.snapshot, note=reason, by=by
            )
    except IntegrityError as error:  # where rows cannot be locked, the number decides
        raise PlaybookChanged(campaign.versions.select_related("by").first()) from error
    campaign.playbook_key, campaign.snapshot = playbook.key, version.snapshot
    campaign.save(update_fields=["playbook_key", "snapshot"])
    _propose_dates(campaign, before, playbook, propose)
    told = {"version": version.number, "reason": reason} | ({"restored": restored} if restored else {})
    audit.record(EDITED, by=by, obj=campaign, organization=campaign.host, data=told)
    return version


def _propose_dates(campaign: Campaign, before: dict[str, Any], playbook: Playbook, propose: Proposal) -> None:
    """Batches follow other stages; only before anything has begun."""
    if [row.get("key") for row in before.get("stages", [])] == [stage.key for stage in playbook.stages]:
        return
    for batch in campaign.batches.all():
        set_windows(batch, propose(playbook, batch.starts_on))
