"""What is told: weekly reports and the office's bulletin."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, get_args

from campaign.playbook.text import Text
from campaign.playbook.work import Field

Reporter = Literal["unit", "supervision", "branch", "office"]
REPORTERS = get_args(Reporter)


ESCALATION_DAYS = 3  # assumed by us where the playbook is silent; the sources name no number


@dataclass(frozen=True, slots=True)
class Points:
    """What a report is worth once adopted: accepted, used in the bulletin, used by the superior office.

    A report counts once, at the highest it came to. `rule`: the words of the source; without them they are the
    office's own choice.
    """

    accepted: int
    used: int
    above: int
    rule: Text | None = None

    @property
    def best_used(self) -> int:
        """A report that was used had been accepted before."""
        return max(self.accepted, self.used)

    @property
    def best_above(self) -> int:
        return max(self.best_used, self.above)


@dataclass(frozen=True, slots=True)
class ReportRule:
    """A report due every week. `weekday` 0 is Monday; without one it is due by the end of the week, without a
    `time` by the end of the day.

    `soft` (原则上): a shortfall is counted and reminded, and blocks nothing (K-05). Without `points` adoption is
    counted and not scored. `escalation_days` late, the superior organisation is told; of a soft report nobody is.
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
    points: Points | None = None
    escalation_days: int = ESCALATION_DAYS
    escalation_default: bool = True


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
