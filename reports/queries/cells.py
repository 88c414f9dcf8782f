"""The cells of the reporting grid and what they add up to.

A rate is a share of the reports whose deadline has passed, excused ones left out (`Tally.base`).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import pgettext_lazy

from campaign.playbook import ReportRule
from reports.models import Report
from reports.reporter import Reporter
from reports.weeks import Span, Status
from units.models import Organization

SIGNS: dict[Status, tuple[Any, str, Any]] = {
    Status.ON_TIME: ("✓", "g-ok", pgettext_lazy("report", "On time")),
    Status.LATE: (pgettext_lazy("sign of a report", "L"), "g-late", pgettext_lazy("report", "Late")),
    Status.MISSING: (pgettext_lazy("sign of a report", "M"), "g-miss", pgettext_lazy("report", "Missing")),
    Status.EXCUSED: (pgettext_lazy("sign of a report", "E"), "g-ex", pgettext_lazy("report", "Excused")),
    Status.WAITING: (pgettext_lazy("sign of a report", "W"), "g-wait", pgettext_lazy("report", "Awaited")),
    Status.NOT_DUE: ("–", "g-none", pgettext_lazy("report", "Not due")),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One unit or group in one week. `past`: the deadline is over; `report`, `state`: the latest of the week."""

    week: dt.date
    status: Status
    due: dt.datetime | None
    past: bool
    sent: int
    need: int
    report: int | None = None
    state: str = ""
    reminded: dt.datetime | None = None

    @property
    def outstanding(self) -> bool:
        """Still to be sent."""
        return self.status in {Status.WAITING, Status.MISSING}

    @property
    def deadline(self) -> dt.datetime:
        """`due` of a cell that has one; ValueError for an excused one."""
        if self.due is None:
            raise ValueError(self.status)
        return self.due

    @property
    def sign(self) -> Any:
        return SIGNS[self.status][0]

    @property
    def css(self) -> str:
        return SIGNS[self.status][1]

    @property
    def label(self) -> Any:
        return SIGNS[self.status][2]

    @property
    def readable(self) -> bool:
        """Is there a report that has been sent at least once?"""
        return self.report is not None and self.state != Report.State.DRAFT


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of cells. `on_time` are those whose deadline has passed, `early` those sent before a deadline to come."""

    on_time: int = 0
    early: int = 0
    late: int = 0
    missing: int = 0
    excused: int = 0
    waiting: int = 0

    @property
    def base(self) -> int:
        """What the on-time rate is a share of: due and past, excused ones left out."""
        return self.on_time + self.late + self.missing

    @property
    def sent(self) -> int:
        return self.on_time + self.early + self.late

    @property
    def punctual(self) -> int:
        """Sent in time, whether or not the deadline has passed."""
        return self.on_time + self.early

    @property
    def owed(self) -> int:
        return self.base + self.early + self.waiting


def tally(cells: Iterable[Cell]) -> Tally:
    """Count cells by what they say."""
    found: dict[str, int] = defaultdict(int)
    for cell in cells:
        if cell.status is Status.ON_TIME and not cell.past:
            found["early"] += 1
        elif cell.status is not Status.NOT_DUE:
            found[cell.status.value] += 1
    return Tally(**found)


@dataclass(frozen=True)
class Line:
    """One unit or group and its weeks."""

    reporter: Reporter
    span: Span
    cells: tuple[Cell, ...]

    @cached_property
    def tally(self) -> Tally:
        return tally(self.cells)

    def only(self, week: dt.date) -> Line:
        """The unit with this week alone."""
        return Line(self.reporter, self.span, tuple(cell for cell in self.cells if cell.week == week))

    @property
    def outstanding(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.outstanding]

    @property
    def reminded(self) -> dt.datetime | None:
        """When the office reminded the unit today of all that is outstanding."""
        moments = [cell.reminded for cell in self.outstanding]
        return max(moments) if moments and all(moments) else None  # type: ignore[type-var]

    @property
    def current(self) -> Cell | None:
        return self.cells[-1] if self.cells else None


class _Figured:
    """Lines together, with the figures over all of them."""

    lines: list[Line]

    @cached_property
    def tally(self) -> Tally:
        return tally(cell for line in self.lines for cell in line.cells)

    @cached_property
    def weeks(self) -> list[Tally]:
        return by_week(self.lines)


@dataclass(frozen=True)
class Group(_Figured):
    """The units directly below one organisation (None: below nobody)."""

    superior: Organization | None
    lines: list[Line]

    @property
    def outstanding(self) -> list[Line]:
        return [line for line in self.lines if line.outstanding]


def by_week(lines: Sequence[Line]) -> list[Tally]:
    """The numbers of each week over several units."""
    return [tally(column) for column in zip(*(line.cells for line in lines), strict=True)]


@dataclass(frozen=True)
class Column:
    """A week's heading. `reason`: why all are excused, where all are."""

    week: dt.date
    number: int
    due: dt.datetime
    current: bool
    reason: str = ""

    @property
    def last_day(self) -> dt.date:
        return self.week + dt.timedelta(days=6)


@dataclass(frozen=True)
class Grid(_Figured):
    """What the page shows, with the figures over all of it."""

    rule: ReportRule
    columns: list[Column]
    groups: list[Group]
    lines: list[Line] = field(default_factory=list)

    @property
    def shown(self) -> list[dt.date]:
        return [column.week for column in self.columns]

    @property
    def this_week(self) -> Tally:
        return self.weeks[-1] if self.weeks else Tally()

    @property
    def last_week(self) -> Tally:
        return self.weeks[-2] if len(self.weeks) > 1 else Tally()

    @property
    def outstanding(self) -> list[Line]:
        return [line for line in self.lines if line.outstanding]

    @property
    def waiting(self) -> list[Line]:
        """Units whose report of this week has not come."""
        return [line for line in self.lines if line.current and line.current.outstanding]
