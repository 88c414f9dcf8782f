"""Who joined the party in the consolidation of a batch (Q-05): outstanding people taken in while the results settle."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db.models import Max

from accounts import clock
from campaign.models import Batch, Participation, StageProgress
from campaign.queries import leading_path
from units.models import Member


def consolidation_starts(batch: Batch) -> dict[str, dt.date]:
    """Path of each unit's organisation -> the day its last stage ended; without stages the day it closed.

    A unit that has not come so far is not there.
    """
    done = StageProgress.State.DONE
    units = Participation.objects.filter(batch=batch).annotate(last=Max("progress__ended_on"))
    open_stages = StageProgress.objects.filter(participation__batch=batch).exclude(state=done)
    ahead = set(open_stages.values_list("participation", flat=True))
    found = {}
    for unit in units.select_related("organization"):
        begun = (None if unit.pk in ahead else unit.last) if unit.staged else unit.closed_on
        if begun is not None:
            found[unit.organization.path] = begun
    return found


def admitted(batch: Batch) -> dict[str, int]:
    """Path of each unit's organisation -> members who joined the party in its consolidation; four queries in all."""
    starts = consolidation_starts(batch)
    if not starts:
        return {}
    leading = set(Participation.objects.filter(batch=batch).values_list("organization__path", flat=True))
    until = batch.closed_on or clock.today()
    joined = Member.objects.filter(joined_on__range=(min(starts.values()), until))
    counts: dict[str, int] = defaultdict(int)
    for path, day in joined.order_by().values_list("organization__path", "joined_on"):
        unit = leading_path(path, leading)
        if unit in starts and day >= starts[unit]:
            counts[unit] += 1
    return dict(counts)
