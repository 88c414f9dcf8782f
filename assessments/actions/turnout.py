"""Keeping the course of an anonymous survey: ballots by the end of each day, in tens, and nothing finer (promise 5)."""

from __future__ import annotations

import datetime as dt

from assessments.actions.polls import turnout
from assessments.models import Poll, TurnoutDay
from assessments.models.polls import in_tens


def keep_turnout(day: dt.date) -> int:
    """Write the day's turnout of every open survey; the last writing of a day counts. Returns how many units."""
    kept = 0
    for poll in Poll.objects.filter(state=Poll.State.OPEN):
        rows = [TurnoutDay(unit_id=unit, day=day, tens=in_tens(cast)) for unit, (cast, _made) in turnout(poll).items()]
        TurnoutDay.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["unit", "day"], update_fields=["tens"], batch_size=500
        )
        kept += len(rows)
    return kept
