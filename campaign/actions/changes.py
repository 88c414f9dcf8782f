"""Going back in the set-up: names, playbook, batch and who takes part, as long as nothing has begun (group A)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from campaign.actions.set_up import StageWindow, add_participation, reschedule, withdraw_participation
from campaign.actions.stages import start
from campaign.models import Batch, BatchStage, Campaign, Participation, PlaybookVersion, StageProgress
from campaign.playbook import Playbook
from campaign.preparing import readiness, readinesses
from units.models import Organization, WorkUnit

RENAMED = audit.action("campaign.changed", _("Changed the names of a campaign"))
PLAYBOOK_REPLACED = audit.action("campaign.playbook_replaced", _("Replaced the playbook of a campaign"))
BATCH_CHANGED = audit.action("batch.changed", _("Changed a batch"))

NAMES = (
    "name", "short_name", "office_name", "office_short_name", "bulletin_name", "superior_name", "superior_document",
)  # fmt: skip


class HasBegun(Exception):
    """A unit has begun; what it stands on cannot be changed any more."""


class TakesPartElsewhere(Exception):
    """An organisation takes part in another batch already (A-06)."""

    def __init__(self, organization: Organization, batch: Batch) -> None:
        super().__init__(f"{organization.name}: {batch.name}")
        self.organization, self.batch = organization, batch


class NotPrepared(Exception):
    """The playbook lets a unit begin only when its preparation is complete (A-10); `names` is what is open."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


@dataclass(frozen=True)
class Entry:
    """An organisation that is to take part, for which unit, and whether in stages (A-12)."""

    organization: Organization
    work_unit: WorkUnit | None = None
    staged: bool = True


def _begun(participations: Iterable[Participation] | Q) -> bool:
    return Participation.objects.filter(participations).exclude(state=Participation.State.PREPARING).exists()


@transaction.atomic
def change_campaign(*, by: User, campaign: Campaign, names: Mapping[str, str]) -> None:
    """Change the names that documents carry, those that are given. Papers issued before keep theirs."""
    given = {key: names[key] for key in NAMES if key in names}
    changed = {key: [getattr(campaign, key), new] for key, new in given.items() if getattr(campaign, key) != new}
    if not changed:
        return
    for key in changed:
        setattr(campaign, key, names[key])
    campaign.save(update_fields=list(changed))
    audit.record(RENAMED, by=by, obj=campaign, organization=campaign.host, data=changed)


@transaction.atomic
def replace_playbook(
    *, by: User, campaign: Campaign, playbook: Playbook, windows: Mapping[int, Sequence[StageWindow]]
) -> None:
    """Take another playbook as the next version, before anything begins. Raises HasBegun.

    `windows`: batch id -> its stages under the new playbook, used where the stages are not the same ones.
    """
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if _begun(Q(batch__campaign=campaign)):
        raise HasBegun
    stages = [stage.key for stage in campaign.playbook.stages]
    number = campaign.versions.aggregate(last=Max("number"))["last"] or 0
    campaign.playbook_key, campaign.snapshot = playbook.key, playbook.snapshot
    campaign.save(update_fields=["playbook_key", "snapshot"])
    PlaybookVersion.objects.create(campaign=campaign, number=number + 1, snapshot=campaign.snapshot, by=by)
    if stages != [stage.key for stage in playbook.stages]:
        for batch in campaign.batches.all():
            set_windows(batch, windows[batch.pk])
    audit.record(PLAYBOOK_REPLACED, by=by, obj=campaign, organization=campaign.host, data={"playbook": playbook.key})


def set_windows(batch: Batch, windows: Sequence[StageWindow]) -> None:
    """Write the stages of a batch anew, and with them the plans of all that take part and have not begun."""
    batch.stages.all().delete()
    BatchStage.objects.bulk_create(
        BatchStage(batch=batch, stage=w.stage, position=i, starts_on=w.starts_on, ends_on=w.ends_on)
        for i, w in enumerate(windows, start=1)
    )
    staged = list(batch.participations.filter(staged=True))
    StageProgress.objects.filter(participation__in=staged).delete()
    StageProgress.objects.bulk_create(
        StageProgress(participation=one, stage=w.stage, position=i, planned_start=w.starts_on, planned_end=w.ends_on)
        for one in staged
        for i, w in enumerate(windows, start=1)
    )
    batch.starts_on, batch.ends_on = windows[0].starts_on, max(batch.ends_on, windows[-1].ends_on)
    batch.save(update_fields=["starts_on", "ends_on"])


@transaction.atomic
def change_batch(
    *, by: User, batch: Batch, number: int, name: str, windows: Sequence[StageWindow], ends_on: dt.date
) -> None:
    """Change a batch before a unit of it begins; plans made from its windows follow. Raises HasBegun."""
    batch = Batch.objects.select_for_update().select_related("campaign__host").get(pk=batch.pk)
    if _begun(Q(batch=batch)):
        raise HasBegun
    planned = [StageWindow(row.stage, row.starts_on, row.ends_on) for row in batch.stages.all()]
    old = {"number": batch.number, "name": batch.name, "starts_on": str(batch.starts_on), "ends_on": str(batch.ends_on)}
    batch.number, batch.name, batch.ends_on = number, name, ends_on
    batch.save(update_fields=["number", "name", "ends_on"])
    if planned != list(windows):
        set_windows(batch, windows)
    audit.record(BATCH_CHANGED, by=by, obj=batch, organization=batch.campaign.host, data={"before": old})


@transaction.atomic
def change_entries(*, by: User, batch: Batch, enter: Sequence[Entry] = (), leave: Sequence[Participation] = ()) -> None:
    """Enter organisations and take others out, all or none. Raises TakesPartElsewhere, AlreadyStarted.

    One that stands under another and follows its schedule takes over its dates (A-22).
    """
    for participation in Participation.objects.select_for_update().filter(batch=batch, pk__in=[p.pk for p in leave]):
        withdraw_participation(by=by, participation=participation)
    present = set(batch.participations.values_list("organization_id", flat=True))
    elsewhere = _elsewhere(batch, [entry.organization for entry in enter])
    for entry in enter:
        other = elsewhere.get(entry.organization.pk)
        if other is not None:
            raise TakesPartElsewhere(entry.organization, other.batch)
        if entry.organization.pk not in present:
            add_participation(
                by=by,
                batch=batch,
                organization=entry.organization,
                work_unit=entry.work_unit,
                staged=entry.staged,
                windows=_inherited(batch, entry.organization),
            )


def _elsewhere(batch: Batch, organizations: Sequence[Organization]) -> dict[int, Participation]:
    """Which of them are in another batch of the campaign, or in any other open batch, themselves or with one above."""
    steps = {
        one.pk: [one.path[:end] for end in range(one.steplen, len(one.path) + 1, one.steplen)] for one in organizations
    }
    others = Participation.objects.exclude(batch=batch).filter(
        Q(batch__campaign=batch.campaign) | Q(batch__closed_on=None),
        organization__path__in={path for paths in steps.values() for path in paths},
    )
    held = {row.organization.path: row for row in others.select_related("batch", "organization")}
    return {pk: held[path] for pk, paths in steps.items() for path in paths if path in held}


def _inherited(batch: Batch, organization: Organization) -> dict[str, StageWindow] | None:
    if not batch.campaign.playbook.schedule.follow_parent:
        return None
    above = Participation.objects.filter(batch=batch, staged=True).at_or_above(organization).first()
    if above is None:
        return None
    return {row.stage: StageWindow(row.stage, row.planned_start, row.planned_end) for row in above.progress.all()}


@transaction.atomic
def begin(*, by: User, participation: Participation, on: dt.date, shift: bool = False) -> None:
    """Begin one unit on a day of its own (A-10); with `shift` its planned dates move by as many days.

    Raises StageMoved when it has begun already, NotPrepared where the playbook asks for the preparation first.
    """
    ready = readiness(participation)
    if ready.rules.hard and not ready.complete and participation.state == Participation.State.PREPARING:
        raise NotPrepared([str(name) for name in ready.missing])
    first = participation.progress.order_by("position").first()
    days = on - first.planned_start if first else dt.timedelta(0)
    if shift and days:
        windows = [
            StageWindow(row.stage, row.planned_start + days, row.planned_end + days)
            for row in participation.progress.all()
        ]
        reschedule(
            by=by, participation=participation, windows=windows, reason=gettext("Begun on another day than planned")
        )
    start(by=by, participation=participation, on=on)


@transaction.atomic
def begin_all(*, by: User | None, batch: Batch, on: dt.date) -> int:
    """Begin every unit of a batch that has not begun and may, all or none. Returns how many."""
    waiting = waiting_to_begin(batch)
    for participation in waiting:
        start(by=by, participation=participation, on=on)
    return len(waiting)


def waiting_to_begin(batch: Batch) -> list[Participation]:
    """Those that have not begun, without those that the playbook holds back until they are prepared (A-10)."""
    rows = Participation.objects.filter(batch=batch, state=Participation.State.PREPARING)
    units = list(rows.select_related("organization", "batch__campaign"))
    ready = readinesses(units)
    return [one for one in units if ready[one.pk].complete or not ready[one.pk].rules.hard]
