"""The results of an anonymous survey as an Excel workbook: what may be shown, and nothing that could be reckoned.

The document is an official one, so it is Chinese in every language of the pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import timezone

from accounts import clock
from assessments.models import Poll
from assessments.poll_results import Distribution, Line, bands, total
from campaign.playbook import Instrument, Playbook
from reports.documents.words import long_date
from reports.summary.page import NAME, NUMBER, SUPERIOR, share
from reports.workbooks.sheet import SummaryWorkbook
from reports.workbooks.spec import Column, Ratio, SheetSpec

FEW = "票少不显示"
NOTE = "注：有效票不足5张的，以及能由合计推算出来的，不显示数字，也不计入合计；是否补课照列。"
UNITS = (
    NUMBER,
    NAME,
    SUPERIOR,
    Column("issued", ("选票", "发出"), "int", "sum"),
    Column("returned", ("选票", "收回"), "int", "sum"),
    Column("paper", ("其中", "纸质"), "int", "sum"),
    Column("phones", ("其中", "手机"), "int", "sum"),
    Column("valid", ("选票", "有效"), "int", "sum"),
    Column("void", ("选票", "无效"), "int", "sum"),
    Column("satisfied", ("满意", "票数"), "int", "sum"),
    Column("share", ("满意", "满意度"), "percent", Ratio("satisfied", "valid")),
    Column("verdict", ("结果",), width=14),
    Column("note", ("备注",), width=14),
)
BAND = Column("band", ("档次",), width=14)
BANDS = (
    NUMBER,
    Column("band", ("满意度档次",), width=20),
    Column("units", ("单位", "个数"), "int", "sum"),
    Column("share", ("单位", "占比"), "percent"),
    Column("upto", ("累计", "个数"), "int"),
    Column("upto_share", ("累计", "占比"), "percent"),
)


def poll_workbook(
    poll: Poll, lines: Sequence[Line], found: Distribution, instrument: Instrument, playbook: Playbook
) -> bytes:
    """Sheets of units, bands and answers."""
    with SummaryWorkbook(poll.title, author=poll.organization.name) as book:
        book.add(_units(poll, lines, instrument, banded=bool(playbook.bands)))
        if playbook.bands:
            book.add(_bands(poll, lines, playbook))
        if found.valid:
            book.add(_answers(poll, found))
        return book.to_bytes()


def _sheet(poll: Poll, name: str, columns: Sequence[Column], rows: Any, totals: dict[str, int], unit: str) -> SheetSpec:
    return SheetSpec(
        name=name,
        title=f"{poll.title}{name}",
        columns=tuple(columns),
        rows=rows,
        reporting_unit=poll.organization.name,
        date_text=long_date(timezone.localtime(poll.closed_at or clock.now()).date()),
        unit_text=unit,
        expected_totals=totals,
        notes=(NOTE,),
    )


def _verdict(line: Line, instrument: Instrument) -> str:
    if line.failing:
        return "须补课"
    if not line.unit.valid:
        return "无有效票"
    return "未达补课标准" if instrument.thresholds else ""


def _units(poll: Poll, lines: Sequence[Line], instrument: Instrument, *, banded: bool) -> SheetSpec:
    def rows() -> Iterator[list[Any]]:
        for number, line in enumerate(lines, 1):
            unit, parent = line.unit, line.unit.organization.parent
            row = [number, unit.name, parent.name if parent else "–"]
            if line.shown:
                row += [unit.issued, unit.returned, unit.on_paper, unit.on_phones, unit.valid, unit.void]
                row += [unit.satisfied, share(unit.satisfied, unit.valid)]
            else:
                row += [None] * 8
            row += [_verdict(line, instrument), "" if line.shown else FEW]
            yield [*row, line.band.name.zh if line.band else ""] if banded else row

    whole = total(lines)
    totals = {
        "issued": whole.issued,
        "returned": whole.returned,
        "paper": whole.on_paper,
        "phones": whole.on_phones,
        "valid": whole.valid,
        "void": whole.void,
        "satisfied": whole.satisfied,
    }
    return _sheet(poll, "各单位结果", (*UNITS, BAND) if banded else UNITS, rows(), totals, "张、%")


def _bands(poll: Poll, lines: Sequence[Line], playbook: Playbook) -> SheetSpec:
    found = bands(lines, playbook)
    whole = sum(row.units for row in found)
    rows = [
        [number, row.name.zh, row.units, share(row.units, whole), row.upto, share(row.upto, whole)]
        for number, row in enumerate(found, 1)
    ]
    return _sheet(poll, "满意度分档", BANDS, rows, {"units": whole}, "个、%")


def _answers(poll: Poll, found: Distribution) -> SheetSpec:
    columns = [
        NUMBER,
        Column("question", ("问题",), width=32),
        Column("option", ("选项",), width=14),
        Column("votes", ("全部", "票数"), "int"),
        Column("share", ("全部", "占有效票"), "percent"),
    ]
    for group in found.groups:
        name = f"{group.group.name.zh}（{group.units}个单位）"
        columns += [
            Column(f"n-{group.group.key}", (name, "票数"), "int"),
            Column(f"s-{group.group.key}", (name, "占有效票"), "percent"),
        ]
    rows, number = [], 0
    for question, lines in found.questions:
        for line in lines:
            number += 1
            row: list[Any] = [number, question.text.zh, line.option.text.zh, line.votes, share(line.votes, found.valid)]
            for cell in line.cells:
                row += [cell.votes, share(cell.votes, cell.valid)]
            rows.append(row)
    return _sheet(poll, "各题回答", columns, rows, {}, "票、%")
