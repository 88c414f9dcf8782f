"""The ranking of units by their reports as an Excel workbook (通报), which is Chinese in every language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from reports.documents.words import long_date
from reports.queries.adoption import COUNTS, Asked, Row, ranked, totals, with_tally
from reports.summary.page import NAME, SUPERIOR, share
from reports.workbooks.sheet import SummaryWorkbook
from reports.workbooks.spec import Column, Ratio, SheetSpec

RANK = Column("rank", ("名次",), "int", width=6)
COUNTED = (
    Column("sent", ("报送",), "int", "sum"),
    Column("accepted", ("采用", "接收"), "int", "sum"),
    Column("used", ("采用", "本级简报"), "int", "sum"),
    Column("above", ("采用", "上级采用"), "int", "sum"),
    Column("rate", ("采用", "采用率"), "percent", Ratio("accepted", "sent")),
)
POINTS = Column("points", ("得分",), "int", "sum")
WEEKS = (
    Column("owed", ("应报周数",), "int", "sum"),
    Column("done", ("已报周数",), "int", "sum"),
    Column("fulfilled", ("报送率",), "percent", Ratio("done", "owed")),
)


def ranking_workbook(asked: Asked, period: tuple[dt.date, dt.date] | None) -> bytes:
    """One sheet, the best first; its sums are checked against the reports themselves."""
    rows = with_tally(asked, ranked(asked))
    host = asked.batch.campaign.host
    scored = asked.rule.points is not None
    kept = [name for name in COUNTS if scored or name != "points"]
    whole = totals(asked)
    expected = {name: whole[name] for name in kept}
    expected |= {"owed": sum(row.tally.owed for row in rows), "done": sum(row.tally.sent for row in rows)}
    title = f"{asked.batch.campaign.short_name}{asked.rule.name.zh}报送采用情况"
    with SummaryWorkbook(title, author=host.name) as book:
        book.add(
            SheetSpec(
                name="报送采用情况",
                title=title,
                columns=(RANK, NAME, SUPERIOR, *COUNTED, *((POINTS,) if scored else ()), *WEEKS),
                rows=_rows(rows, scored),
                reporting_unit=host.name,
                date_text=f"{long_date(period[0])}至{long_date(period[1])}" if period else "",
                unit_text="篇、周",
                expected_totals=expected,
                notes=tuple(f"注：{note}" for note in _notes(asked)),
            )
        )
        return book.to_bytes()


def _rows(rows: Sequence[Row], scored: bool) -> Iterator[list[Any]]:
    for row in rows:
        unit, above = row.unit, row.unit.organization.parent
        line: list[Any] = [unit.rank, unit.label, above.name if above else "–", unit.n_sent, unit.n_accepted]
        line += [unit.n_used, unit.n_above, share(unit.n_accepted, unit.n_sent)]
        line += [unit.n_points] if scored else []
        yield [*line, row.tally.owed, row.tally.sent, share(row.tally.sent, row.tally.owed)]


def _notes(asked: Asked) -> list[str]:
    points = asked.rule.points
    if points is None:
        return ["活动方案没有规定计分，按采用数、报送数排名；并列的名次相同。"]
    worth = f"接收{points.accepted}分，本级简报采用{points.best_used}分，上级采用{points.best_above}分"
    source = f"（{points.rule.zh}）" if points.rule else "，为办公室自定"
    return [f"{worth}{source}；同一篇按最高一级计一次。按得分排名，并列的名次相同。"]
