"""What is told: weekly reports and the office's bulletin."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, get_args

from campaign.playbook.text import Text
from campaign.playbook.work import Field

Reporter = Literal["unit", "supervision", "branch"]
REPORTERS = get_args(Reporter)


@dataclass(frozen=True, slots=True)
class ReportRule:
    """A report due every week. `weekday` 0 is Monday; without one it is due by the end of the week, without a
    `time` by the end of the day.

    `soft` (原则上): a shortfall is counted and reminded, and blocks nothing (K-05).
    """

    key: str
    name: Text
    reporter: Reporter
    to: Text | None
    minimum: int
    weekday: int | None
    time: dt.time | None
    soft: bool
    fields: tuple[Field, ...]
    guidance: Text | None
    rule: Text


@dataclass(frozen=True, slots=True)
class Bulletin:
    """The office's bulletin: when it is drafted every week, and to whom it goes (报, 送, 发)."""

    masthead: Text
    issuer: Text
    weekday: int
    time: dt.time
    report_to: Text | None
    send_to: Text | None
    distribute_to: Text | None
