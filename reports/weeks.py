"""When a report is due, and what a week's reports amount to: pure arithmetic over dates (K-01, K-06, decision 18).

A week is named by its Monday. Moments are aware; deadlines are local time of the campaign.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.conf import settings

from campaign.playbook import ReportRule

ZONE = ZoneInfo(settings.TIME_ZONE)
WEEK = dt.timedelta(days=7)
MINUTE = dt.timedelta(minutes=1)
END_OF_DAY = dt.time(23, 59)
SUNDAY = 6

Exceptions = Mapping[dt.date, dt.datetime | None]


class Status(StrEnum):
    """What one cell of the grid says. `NOT_DUE`: before the unit began, or after it ended."""

    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"
    EXCUSED = "excused"
    WAITING = "waiting"
    NOT_DUE = "not_due"


@dataclass(frozen=True, slots=True)
class Span:
    """The days on which a unit takes part; without an end it still does."""

    begun: dt.date | None
    ended: dt.date | None = None


def monday(day: dt.date) -> dt.date:
    """The week that a day lies in."""
    return day - dt.timedelta(days=day.weekday())


def week_of(moment: dt.datetime) -> dt.date:
    """The week that a moment lies in, local time."""
    return monday(moment.astimezone(ZONE).date())


def number_of(week: dt.date, start: dt.date) -> int:
    """Weeks are counted from 1, the week in which the batch started."""
    return (week - monday(start)).days // 7 + 1


def weeks_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """All weeks from the one of `first` to the one of `last`, both included."""
    start, end = monday(first), monday(last)
    return [start + i * WEEK for i in range((end - start).days // 7 + 1)]


def regular_due(rule: ReportRule, week: dt.date) -> dt.datetime:
    """The playbook's deadline: no day named means the end of the week, no time the end of the day."""
    day = week + dt.timedelta(days=SUNDAY if rule.weekday is None else rule.weekday)
    return dt.datetime.combine(day, rule.time or END_OF_DAY, tzinfo=ZONE)


def due_at(rule: ReportRule, week: dt.date, exceptions: Exceptions | None = None) -> dt.datetime | None:
    """The deadline that holds, an exception put before the rule; None where the unit is excused."""
    if exceptions and week in exceptions:
        moved = exceptions[week]
        return moved.astimezone(ZONE) if moved else None
    return regular_due(rule, week)


def is_late(moment: dt.datetime, due: dt.datetime) -> bool:
    """Due means by the end of that minute (decision 18)."""
    return moment >= due.replace(second=0, microsecond=0) + MINUTE


def is_owed(rule: ReportRule, week: dt.date, span: Span) -> bool:
    """Does the unit owe this week's report: does the regular day fall into its time in the campaign?"""
    return falls_into(regular_due(rule, week).date(), span)


def falls_into(day: dt.date, span: Span) -> bool:
    """Does a day lie in a unit's time in the campaign?"""
    return span.begun is not None and span.begun <= day and (span.ended is None or day <= span.ended)


def needed(rule: ReportRule) -> int:
    """How many reports a week (K-02)."""
    return max(1, rule.minimum)


def takes_more(rule: ReportRule) -> bool:
    """“At least n a week” takes any number; a report of a fixed day is one."""
    return rule.weekday is None


def status_of(
    *, owed: bool, due: dt.datetime | None, sent: Sequence[dt.datetime], need: int, now: dt.datetime
) -> Status:
    """One status for every moment. `sent`: when each report that stands was sent first."""
    if not owed:
        return Status.NOT_DUE
    if due is None:
        return Status.EXCUSED
    if len(sent) >= need:
        return Status.LATE if is_late(sorted(sent)[need - 1], due) else Status.ON_TIME
    return Status.MISSING if is_late(now, due) else Status.WAITING
