"""The one writer of a participation's stage (house idea 3). Dates never move a stage (A-11)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit, clock
from accounts.models import User
from campaign.findings import both
from campaign.models import Participation, RollEntry, StageProgress
from campaign.playbook import Playbook
from campaign.queries import governed
from units.models import Member

STARTED = audit.action("participation.started", _("Started the first stage"))
STAGE_MOVED = audit.action("participation.stage_moved", _("Moved to the next stage"))


class StageMoved(Exception):
    """Somebody else has moved the stage meanwhile, or it was never there."""


class StageSkipped(Exception):
    """The target is not the stage that follows."""


@transaction.atomic
def freeze_roll(*, progress: StageProgress) -> int:
    """Write down who is on the roll today: the denominator of the stage's rates (decision 16). Returns the number."""
    members = Member.objects.on_roll().filter(governed(progress.participation, "organization"))
    entries = [
        RollEntry(progress=progress, member_id=pk, organization_id=organization)
        for pk, organization in members.values_list("pk", "organization_id")
    ]
    RollEntry.objects.bulk_create(entries, ignore_conflicts=True)
    return len(entries)


def _name(playbook: Playbook, key: str) -> dict[str, str]:
    """A stage as people read it in the history, in either language; empty for none."""
    return both(playbook.stage(key).name) if key else {}


@transaction.atomic
def move_stage(
    *,
    by: User | None,
    participation: Participation,
    expected: str | None,
    target: str | None,
    on: dt.date | None = None,
) -> None:
    """Compare-and-swap from `expected` (None: not begun) to `target` (None: past the last stage).

    Freezes the roll of the stage that begins. Raises StageMoved when the participation does not stand at `expected`,
    StageSkipped when `target` does not follow it.
    """
    day = on or clock.today()
    playbook = participation.batch.campaign.playbook
    following = playbook.next_stage(expected) if expected else playbook.stages[0]
    if (following.key if following else None) != target:
        raise StageSkipped(f"{expected} -> {target}")
    rows = StageProgress.objects.filter(participation=participation)
    if expected:
        done = rows.filter(stage=expected, state=StageProgress.State.CURRENT)
        if not done.update(state=StageProgress.State.DONE, ended_on=day):
            raise StageMoved(expected)
    if target:
        ahead = rows.filter(stage=target, state=StageProgress.State.AHEAD)
        if not ahead.update(state=StageProgress.State.CURRENT, started_on=day):
            raise StageMoved(target)
        freeze_roll(progress=rows.get(stage=target))
    audit.record(
        STAGE_MOVED if expected else STARTED,
        by=by,
        obj=participation,
        organization=participation.organization,
        data={"from": _name(playbook, expected), "to": _name(playbook, target), "on": day.isoformat()},
    )


@transaction.atomic
def start(*, by: User | None, participation: Participation, on: dt.date | None = None) -> None:
    """Begin the campaign in one participation: active, and in its first stage if it goes through stages (A-12)."""
    swapped = Participation.objects.filter(pk=participation.pk, state=Participation.State.PREPARING).update(
        state=Participation.State.ACTIVE
    )
    if not swapped:
        raise StageMoved("preparing")
    if participation.staged:
        first = participation.batch.campaign.playbook.stages[0].key
        move_stage(by=by, participation=participation, expected=None, target=first, on=on)
