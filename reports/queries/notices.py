"""What a notice of the ranking (通报) says before the office edits it: all of it from the figures (K-01, K-02).

A notice is an official document, so it is Chinese in every language of the pages.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts import clock
from campaign.models import Campaign
from reports import weeks
from reports.documents.content import Block, LetterContent, TableBlock
from reports.documents.week import rate
from reports.documents.words import document_number, long_date
from reports.queries.adoption import Asked, Row, ranked, with_tally

BEST = 3  # ranks that are praised
TEXTS = ("opening", "praise", "criticism", "closing")
HEADINGS = {"praise": "表扬", "criticism": "批评", "closing": "工作要求"}
SITUATION = "报送采用情况"
TO_ALL = "各参加活动单位"


@dataclass(frozen=True)
class Proposal:
    """A notice as it is drafted: the title, four texts to be edited, and a table that is counted."""

    title: str
    texts: dict[str, str]
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first: dt.date
    last: dt.date


def period_of(asked: Asked) -> tuple[dt.date, dt.date] | None:
    """First and last day of the weeks asked for, the last never after today; None before the batch has begun."""
    if not asked.weeks:
        return None
    first = max(asked.weeks[0], asked.batch.starts_on)
    last = min(asked.weeks[-1] + dt.timedelta(days=6), clock.today())
    return (first, last) if first <= last else None


def proposal(asked: Asked) -> Proposal | None:
    """The draft over all units of the batch that the reader sees; None where nothing has been due."""
    period = period_of(asked)
    rows = with_tally(asked, ranked(asked)) if period else []
    if not rows or period is None:
        return None
    headers, table = _table(asked, rows)
    return Proposal(_title(asked), _texts(asked, rows, period), headers, table, *period)


def _title(asked: Asked) -> str:
    name = asked.rule.name.zh
    if len(asked.weeks) == 1:
        return f"关于第{weeks.number_of(asked.weeks[0], asked.batch.starts_on)}周{name}报送采用情况的通报"
    return f"关于{name}报送采用情况的通报"


def _texts(asked: Asked, rows: Sequence[Row], period: tuple[dt.date, dt.date]) -> dict[str, str]:
    name, campaign = asked.rule.name.zh, asked.batch.campaign
    sent = sum(row.unit.n_sent for row in rows)
    used, above = sum(row.unit.n_accepted for row in rows), sum(row.unit.n_above for row in rows)
    span = f"{long_date(period[0])}至{long_date(period[1])}"
    none = [row.unit.label for row in rows if not row.unit.n_sent and row.tally.missing]
    best = [row.unit.label for row in rows if row.unit.rank <= BEST and row.unit.n_accepted]
    if len(best) * 3 > len(rows):
        best = []  # so many share the first ranks that none stands out
    return {
        "opening": (
            f"{span}，{campaign.name}中应报送{name}的单位{len(rows)}个，共报送{sent}篇，采用{used}篇，"
            f"采用率{rate(used, sent)}，其中上级采用{above}篇。现将各单位报送采用情况通报如下。"
        ),
        "praise": f"{_listed(best)}报送及时、质量较好，采用情况居前，予以表扬。" if best else "",
        "criticism": f"{_listed(none)}没有报送{name}，予以批评。" if none else "",
        "closing": "各单位要进一步重视信息报送工作，落实人员和措施，及时、准确、真实、简明扼要地反映工作进展。",
    }


def _listed(names: Sequence[str]) -> str:
    return "、".join(names) + (f"等{len(names)}个单位" if len(names) > 1 else "")


def _table(asked: Asked, rows: Sequence[Row]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    scored = asked.rule.points is not None
    headers = ("名次", "单位", "报送", "采用", "本级简报", "上级采用", *(("得分",) if scored else ()))
    table = []
    for row in rows:
        unit = row.unit
        counts = [unit.n_sent, unit.n_accepted, unit.n_used, unit.n_above, *([unit.n_points] if scored else [])]
        table.append((str(unit.rank), unit.label, *map(str, counts)))
    return headers, tuple(table)


def number_of(campaign: Campaign, year: int, number: int) -> str:
    """县委先教办通〔2026〕3号: the register's number after the office's mark."""
    return document_number(year, number, f"{campaign.office_short_name}通")


def letter(
    campaign: Campaign, content: dict[str, Any], *, title: str, on: dt.date, number: int = 0, draft: bool = False
) -> LetterContent:
    """The notice as a document; `content` holds the texts, `headers` and `rows`."""
    rows = tuple(tuple(row) for row in content["rows"])
    body: list[Block | TableBlock] = [*_blocks(content["opening"]), Block(SITUATION, 1)]
    body.append(TableBlock(tuple(content["headers"]), rows))
    for name, heading in HEADINGS.items():
        if content[name]:
            body += [Block(heading, 1), *_blocks(content[name])]
    return LetterContent(
        title=title,
        addressee=TO_ALL,
        number=number_of(campaign, on.year, number) if number else None,
        body=tuple(body),
        signature=campaign.office_name,
        signed_on=on,
        draft=draft,
    )


def _blocks(text: str) -> list[Block]:
    return [Block(line) for line in text.splitlines() if line.strip()]
