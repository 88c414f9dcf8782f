"""The parts of the inbox: what waits for a person, what is due soon; what happened stands in notifications.

What waits is known to the rooms above, which import this one: they hand in a source, and nothing points back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.urls import reverse

from accounts import clock
from accounts.messages import Message

SOON = dt.timedelta(days=7)


class Line(Protocol):
    """One thing to be done: how many, what, details, and the one button that leads there."""

    @property
    def count(self) -> int: ...
    @property
    def title(self) -> Message: ...
    @property
    def detail(self) -> Message | None: ...
    @property
    def url(self) -> str: ...
    @property
    def button(self) -> Message: ...
    @property
    def due(self) -> dt.date | None: ...
    @property
    def late(self) -> bool: ...


Source = Callable[[Any], Iterable[Line]]
_sources: list[Source] = []


def source(function: Source) -> Source:
    """Register a function user -> lines. It must do a bounded number of queries."""
    _sources.append(function)
    return function


@dataclass(frozen=True)
class Parts:
    """What waits, the overdue first; and apart from it what has its day within a week."""

    waiting: Sequence[Line]
    soon: Sequence[Line]

    @property
    def count(self) -> int:
        return sum(line.count for line in [*self.waiting, *self.soon])


def parts_of(user: Any) -> Parts:
    """All that waits for the user today, each line in one of the parts."""
    today = clock.today()
    found = sorted((line for give in _sources for line in give(user)), key=_order)
    soon = [line for line in found if line.due and not line.late and today <= line.due <= today + SOON]
    return Parts([line for line in found if line not in soon], soon)


def _order(line: Line) -> tuple[bool, bool, dt.date]:
    return (not line.late, line.due is None, line.due or dt.date.max)


def address() -> str:
    return reverse("accounts:inbox")
