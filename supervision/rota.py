"""Sharing out days on duty fairly: a pure function (S-01)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence


def days_between(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Every day, both ends included."""
    return (first + dt.timedelta(days=n) for n in range((last - first).days + 1))


def share_out(
    people: Sequence[int],
    days: Iterable[dt.date],
    *,
    per_day: int,
    is_workday: Callable[[dt.date], bool],
    away: Mapping[int, Collection[dt.date]],
    last_on: Mapping[int, dt.date],
) -> dict[dt.date, list[int]]:
    """Who is on duty on each day, by number of the person; fewer than asked where the others are away.

    Days off are shared out apart from workdays, so that nobody gets all the Sundays. Whoever had the fewest days of the
    kind comes first, then the fewest in all, then whose last day lies furthest back, then the order of the list.
    """
    of_kind: dict[tuple[int, bool], int] = {}
    in_all: dict[int, int] = {}
    latest = dict(last_on)
    plan: dict[dt.date, list[int]] = {}
    for day in days:
        working = is_workday(day)
        free = [person for person in people if day not in away.get(person, ())]
        free.sort(key=lambda p: (of_kind.get((p, working), 0), in_all.get(p, 0), latest.get(p, dt.date.min)))
        plan[day] = free[:per_day]
        for person in plan[day]:
            of_kind[person, working] = of_kind.get((person, working), 0) + 1
            in_all[person] = in_all.get(person, 0) + 1
            latest[person] = day
    return plan
