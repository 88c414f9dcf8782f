"""Required reading as its pages show it: which titles are asked of whom, and how far each member has got (E-39)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from campaign.models import Batch, ReadingTick, ReadingTitle
from campaign.playbook.work import AFTER, ALL
from units.models import Member


@dataclass(frozen=True)
class ReaderRow:
    """A member with a cell a title: read, not yet, or not asked (None)."""

    member: Member
    cells: tuple[tuple[ReadingTitle, bool | None], ...]

    @property
    def asked(self) -> int:
        return sum(read is not None for _title, read in self.cells)

    @property
    def read(self) -> int:
        return sum(bool(read) for _title, read in self.cells)

    @property
    def complete(self) -> bool:
        return self.asked > 0 and self.read == self.asked


def required_titles(batch: Batch, phase: str) -> list[ReadingTitle]:
    """Titles asked for up to a stage, those of all stages included; after the last stage all of them."""
    order = [stage.key for stage in batch.campaign.playbook.stages]
    titles = list(ReadingTitle.objects.filter(batch=batch))
    if phase in {AFTER, ALL} or phase not in order:
        return titles
    begun = {"", *order[: order.index(phase) + 1]}
    return [title for title in titles if title.stage in begun]


def is_asked(title: ReadingTitle, member: Member) -> bool:
    return title.who == ReadingTitle.Who.ALL or member.post_level == Member.PostLevel.LEADER


def reader_rows(titles: list[ReadingTitle], members: list[Member]) -> list[ReaderRow]:
    """A row a member. One query."""
    ticks = ReadingTick.objects.filter(title__in=titles, member__in=members)
    read = set(ticks.values_list("title_id", "member_id"))

    def cell(title: ReadingTitle, member: Member) -> Any:
        there = (title.pk, member.pk) in read
        return there if there or is_asked(title, member) else None

    return [ReaderRow(m, tuple((title, cell(title, m)) for title in titles)) for m in members]
