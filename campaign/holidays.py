"""The working calendar as this installation knows it: the notices, the file, and what an office entered (E-05)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import chinese_calendar
from chinese_calendar import constants
from django.utils.translation import gettext as _

from accounts.messages import localised
from campaign import workdays
from campaign.models import CalendarDay, CalendarYear
from campaign.workdays import Entered

REST, WORK = CalendarDay.Kind.REST, CalendarDay.Kind.WORK
DAY = dt.timedelta(days=1)
NAMES = {each.value: {"zh": each.chinese, "en": each.value} for each in chinese_calendar.Holiday}
LAST_NOTICED = max(day.year for day in constants.holidays)  # of the library
FIRST_NOTICED = min(day.year for day in constants.holidays)


def entered(first: dt.date, last: dt.date) -> Entered:
    """What was entered for these days, to be handed to campaign.workdays. Two queries."""
    days = dict(CalendarDay.objects.filter(day__range=(first, last)).values_list("day", "kind"))
    years = CalendarYear.objects.filter(year__range=(first.year, last.year)).values_list("year", flat=True)
    return Entered(
        rest=frozenset(day for day, kind in days.items() if kind == REST),
        work=frozenset(day for day, kind in days.items() if kind == WORK),
        years=frozenset(years),
    )


def provisional_years(spans: Iterable[tuple[dt.date, dt.date]]) -> list[int]:
    """Years that these spans touch and whose notice is not known here. One query at most."""
    touched = {year for first, last in spans for year in range(first.year, last.year + 1)}
    unknown = {year for year in touched if not FIRST_NOTICED <= year <= LAST_NOTICED}
    if not unknown:
        return []
    return sorted(unknown - set(CalendarYear.objects.filter(year__in=unknown).values_list("year", flat=True)))


def provisional_sentence(years: Iterable[int]) -> str:
    """What a page says that rests on such a year; empty where it does not."""
    named = localised([str(year) for year in years])
    if not named:
        return ""
    return _(
        "Provisional: the holidays of %(years)s are not yet published or not entered here; Monday to Friday count "
        "as workdays."
    ) % {"years": named}


@dataclass(frozen=True)
class Span:
    """Days in a row of one kind and name. `by`: who entered them, None for the State Council's notices."""

    first: dt.date
    last: dt.date
    kind: str
    name: Any
    entry: CalendarDay | None = None

    @property
    def label(self) -> str:
        return str(localised(self.name))

    @property
    def is_work(self) -> bool:
        return self.kind == WORK

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def year_of(year: int) -> list[Span]:
    """The days of a year that are not as the week has them, in order. One query."""
    rows = {row.day: row for row in CalendarDay.objects.filter(day__year=year).select_related("entered_by")}
    found = [Span(day, day, row.kind, row.name, row) for day, row in rows.items()]
    known: tuple[tuple[Mapping[dt.date, str], str], ...] = ((constants.holidays, REST), (constants.workdays, WORK))
    for table, kind in known:
        found += [
            Span(day, day, kind, NAMES.get(name, name))
            for day, name in table.items()
            if day.year == year and day not in rows
        ]
    return _joined(sorted(found, key=lambda span: span.first))


def _joined(spans: list[Span]) -> list[Span]:
    """Days in a row that belong together, as one."""
    found: list[Span] = []
    for span in spans:
        before = found[-1] if found else None
        same = before and (before.kind, before.name, bool(before.entry)) == (span.kind, span.name, bool(span.entry))
        if before and same and before.last + DAY == span.first:
            found[-1] = Span(before.first, span.last, span.kind, span.name, span.entry)
        else:
            found.append(span)
    return found


def day_off(day: dt.date) -> str | None:
    """The name of the holiday a day is, or “day off” for a weekend; None on a working day. Two queries."""
    known = entered(day, day)
    if workdays.is_workday(day, known):
        return None
    row = CalendarDay.objects.filter(day=day, kind=REST).first() if day in known.rest else None
    name = row.name if row else NAMES.get(constants.holidays.get(day, ""), "")
    return str(localised(name)) or _("weekend")
