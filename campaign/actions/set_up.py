"""Setting a campaign up: campaign, batch, who takes part, and dates (group A)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from campaign.models import Batch, BatchStage, Campaign, Participation, PlaybookVersion, StageProgress
from campaign.playbook import Playbook
from units.models import Organization, WorkUnit

CREATED = audit.action("campaign.created", _("Set up a campaign"))
BATCH_ADDED = audit.action("batch.added", _("Added a batch"))
TAKES_PART = audit.action("participation.added", _("Entered an organisation into a batch"))
WITHDRAWN = audit.action("participation.withdrawn", _("Took an organisation out of a batch"))
RESCHEDULED = audit.action("participation.rescheduled", _("Changed planned dates"))


class CampaignExists(Exception):
    """The host already has a campaign of that name."""


@dataclass(frozen=True)
class StageWindow:
    """The planned first and last day of a stage."""

    stage: str
    starts_on: dt.date
    ends_on: dt.date


@transaction.atomic
def create_campaign(
    *,
    by: User,
    host: Organization,
    playbook: Playbook,
    name: str,
    short_name: str,
    office_name: str,
    office_short_name: str,
    bulletin_name: str = "",
    superior_name: str = "",
    superior_document: str = "",
) -> Campaign:
    """Create a campaign with a snapshot of its playbook as version 1 (A-01). Raises CampaignExists."""
    if Campaign.objects.filter(host=host, name=name).exists():
        raise CampaignExists
    campaign = Campaign.objects.create(
        name=name,
        short_name=short_name,
        host=host,
        office_name=office_name,
        office_short_name=office_short_name,
        bulletin_name=bulletin_name,
        superior_name=superior_name,
        superior_document=superior_document,
        playbook_key=playbook.key,
        snapshot=playbook.snapshot,
    )
    PlaybookVersion.objects.create(campaign=campaign, number=1, snapshot=campaign.snapshot, by=by)
    audit.record(CREATED, by=by, obj=campaign, organization=host, data={"playbook": playbook.key})
    return campaign


@transaction.atomic
def add_batch(
    *,
    by: User,
    campaign: Campaign,
    number: int,
    name: str,
    windows: Sequence[StageWindow],
    ends_on: dt.date | None = None,
) -> Batch:
    """Add a batch whose window runs from its first stage to `ends_on` (default: the end of its last stage, A-04)."""
    batch = Batch.objects.create(
        campaign=campaign,
        number=number,
        name=name,
        starts_on=windows[0].starts_on,
        ends_on=ends_on or windows[-1].ends_on,
    )
    for position, window in enumerate(windows, start=1):
        BatchStage.objects.create(
            batch=batch,
            stage=window.stage,
            position=position,
            starts_on=window.starts_on,
            ends_on=window.ends_on,
        )
    audit.record(BATCH_ADDED, by=by, obj=batch, organization=campaign.host)
    return batch


@transaction.atomic
def add_participation(
    *,
    by: User,
    batch: Batch,
    organization: Organization,
    work_unit: WorkUnit | None = None,
    staged: bool = True,
    windows: Mapping[str, StageWindow] | None = None,
) -> Participation:
    """Enter a leading organisation into a batch; its dates default from the batch and may differ (A-10, A-22)."""
    participation = Participation.objects.create(
        batch=batch, organization=organization, work_unit=work_unit, staged=staged
    )
    if staged:
        own = windows or {}
        StageProgress.objects.bulk_create(
            StageProgress(
                participation=participation,
                stage=plan.stage,
                position=plan.position,
                planned_start=own[plan.stage].starts_on if plan.stage in own else plan.starts_on,
                planned_end=own[plan.stage].ends_on if plan.stage in own else plan.ends_on,
            )
            for plan in batch.stages.all()
        )
    audit.record(TAKES_PART, by=by, obj=participation, organization=organization)
    return participation


class AlreadyStarted(Exception):
    """A participation under way cannot be taken out."""


@transaction.atomic
def withdraw_participation(*, by: User, participation: Participation) -> None:
    """Take out a participation that has not begun. Raises AlreadyStarted."""
    if participation.state != Participation.State.PREPARING:
        raise AlreadyStarted
    audit.record(WITHDRAWN, by=by, obj=participation, organization=participation.organization)
    participation.delete()


@transaction.atomic
def reschedule(*, by: User, participation: Participation, windows: Sequence[StageWindow], reason: str) -> None:
    """Change planned dates of stages that are not completed. Moves no stage (A-11)."""
    for window in windows:
        StageProgress.objects.filter(participation=participation, stage=window.stage).exclude(
            state=StageProgress.State.DONE
        ).update(planned_start=window.starts_on, planned_end=window.ends_on)
    audit.record(
        RESCHEDULED,
        by=by,
        obj=participation,
        organization=participation.organization,
        data={"reason": reason, "stages": {w.stage: [str(w.starts_on), str(w.ends_on)] for w in windows}},
    )
