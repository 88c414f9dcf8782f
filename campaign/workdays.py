"""Which days and hours are working time in the People's Republic: concentrated study belongs outside it (E-05)."""

from __future__ import annotations

import datetime as dt
import functools
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import chinese_calendar

FILE = Path(__file__).with_name("workdays.toml")


@dataclass(frozen=True)
class Corrections:
    """What workdays.toml says: days that the library does not know, and working time as (from, to)."""

    rest: frozenset[dt.date]
    work: frozenset[dt.date]
    hours: tuple[tuple[dt.time, dt.time], ...]


@dataclass(frozen=True)
class Entered:
    """What an office has entered (campaign.holidays.entered): days, and years whose notice is entered in full."""

    rest: frozenset[dt.date] = frozenset()
    work: frozenset[dt.date] = frozenset()
    years: frozenset[int] = frozenset()


NOTHING = Entered()


@functools.cache
def corrections() -> Corrections:
    """The corrections of the file, read once. Raises ValueError for a date or time that is none."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    hours = tuple((dt.time.fromisoformat(begin), dt.time.fromisoformat(end)) for begin, end in data["working_hours"])
    return Corrections(frozenset(data["rest"]), frozenset(data["work"]), hours)


def _settled(day: dt.date, entered: Entered) -> bool | None:
    """Is it a working day by an entry or by the file? None where neither names it."""
    for table in (entered, corrections()):
        if day in table.rest or day in table.work:
            return day in table.work
    return None


def _noticed(day: dt.date) -> bool | None:
    """Is it a working day by the State Council's notices? None in a year that the library does not know."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def is_provisional(day: dt.date, entered: Entered = NOTHING) -> bool:
    """Is the answer for this day only the rule of thumb, because the year's notice is not known here?"""
    if day.year in entered.years or _settled(day, entered) is not None:
        return False
    return _noticed(day) is None


def is_workday(day: dt.date, entered: Entered = NOTHING) -> bool:
    """By what was entered, else the file, else the State Council's notices, else Monday to Friday (provisional)."""
    for answer in (_settled(day, entered), _noticed(day)):
        if answer is not None:
            return answer
    return day.weekday() < 5


def is_offhours(day: dt.date, time: dt.time | None, entered: Entered = NOTHING) -> bool:
    """Weekend, holiday, or outside working hours. On a working day without a time: no, it is not known to be so."""
    if not is_workday(day, entered):
        return True
    return time is not None and not any(begin <= time < end for begin, end in corrections().hours)


def falls_in_working_hours(
    day: dt.date, begins_at: dt.time | None, hours: Decimal | None, entered: Entered = NOTHING
) -> bool:
    """Does a session take working time? `hours` in study hours, an hour of the clock each at most."""
    if not is_offhours(day, begins_at, entered):
        return True
    if not is_workday(day, entered) or begins_at is None or not hours:
        return False
    start = dt.datetime.combine(day, begins_at)
    until = start + dt.timedelta(hours=float(hours))
    return any(
        start < dt.datetime.combine(day, end) and until > dt.datetime.combine(day, begin)
        for begin, end in corrections().hours
    )
