"""A unit's stages as a picture: the plan above, what happened below, today as a line. Numbers for SVG attributes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from campaign.models import StageProgress
from campaign.playbook import Playbook, Stage

WIDTH = 100


@dataclass(frozen=True)
class Bar:
    """A span of days in hundredths of the picture's width."""

    x: str
    width: str


@dataclass(frozen=True)
class Row:
    """One stage: planned, actual, and the part of the actual that lies past the plan."""

    progress: StageProgress
    stage: Stage
    plan: Bar
    actual: Bar | None
    over: Bar | None
    days_left: int


@dataclass(frozen=True)
class Timeline:
    """All stages on one scale, with the first days of months as marks."""

    rows: list[Row]
    months: list[str]
    today: str | None
    scale: Scale | None = None


def timeline(
    stages: Iterable[StageProgress], playbook: Playbook, today: dt.date, also: Iterable[dt.date] = ()
) -> Timeline:
    """The picture of a participation; rows in the order of its stages, wide enough for the days in `also` too."""
    listed = sorted(stages, key=lambda row: row.position)
    if not listed:
        return Timeline([], [], None)
    days = [day for row in listed for day in (row.planned_start, row.planned_end, row.started_on, row.ended_on) if day]
    if any(row.state == StageProgress.State.CURRENT for row in listed):
        days.append(today)
    days.extend(also)
    first, last = min(days), max(days) + dt.timedelta(days=1)
    scale = Scale(first, last)
    rows = [_row(row, playbook.stage(row.stage), scale, today) for row in listed]
    return Timeline(rows, _months(scale), scale.at(today) if first <= today < last else None, scale)


@dataclass(frozen=True)
class Scale:
    """Where days stand between the first day shown and the day after the last."""

    first: dt.date
    last: dt.date

    def place(self, day: dt.date) -> float:
        return (day - self.first).days * WIDTH / (self.last - self.first).days

    def at(self, day: dt.date) -> str:
        return f"{self.place(day):.2f}"

    def bar(self, first: dt.date, last: dt.date) -> Bar:
        """Both days included."""
        width = self.place(last + dt.timedelta(days=1)) - self.place(first)
        return Bar(self.at(first), f"{max(width, 0.5):.2f}")


def _row(row: StageProgress, stage: Stage, scale: Scale, today: dt.date) -> Row:
    actual = over = None
    if row.started_on:
        until = row.ended_on or max(today, row.started_on)
        actual = scale.bar(row.started_on, until)
        if until > row.planned_end:
            over = scale.bar(max(row.planned_end + dt.timedelta(days=1), row.started_on), until)
    return Row(row, stage, scale.bar(row.planned_start, row.planned_end), actual, over, row.days_left(today))


def _months(scale: Scale) -> list[str]:
    marks = []
    day = (scale.first.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    while day < scale.last:
        marks.append(scale.at(day))
        day = (day + dt.timedelta(days=32)).replace(day=1)
    return marks
