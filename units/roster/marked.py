"""The roster workbook again, with its faults marked: for the clerk who mends it in Excel.

`sandbox.write_marked_workbook` is the way in; it runs `apply_marks` in a process of its own, because the file
that is opened here is a stranger's.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from units.roster import messages
from units.roster.records import RosterReading

_FAULTY = PatternFill("solid", start_color="FFFFD9CC", end_color="FFFFD9CC")
_HEADING = PatternFill("solid", start_color="FFECEEF2", end_color="FFECEEF2")
_LINK = Font(color="FF1F5A99", underline="single")
_WIDTHS = (26, 10, 18, 26, 48, 48)
_HEADINGS = ("sheet", "cell", "column", "value", "message", "remedy")
_COMMENT_SIZE = (300, 110)  # width and height in points
_AUTHOR = "roster-check"  # tells our comments from those of the office
_LONGEST_TITLE = 31


@dataclass(frozen=True, slots=True)
class Mark:
    """One fault as it is written into the workbook, `value` already masked."""

    sheet: str
    cell: str
    column: str
    value: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Marking:
    """All that is written into the copy, as finished text."""

    title: str
    headings: tuple[str, ...]
    marks: tuple[Mark, ...]

    @classmethod
    def of(cls, reading: RosterReading) -> Self:
        """The faults of a reading in the active language."""
        marks = tuple(Mark(f.sheet, f.cell, f.column, f.shown_value, f.message, f.remedy) for f in reading.faults)
        headings = tuple(messages.marked_text(name) for name in _HEADINGS)
        return cls(messages.marked_text("title"), headings, marks)

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        return cls(data["title"], tuple(data["headings"]), tuple(Mark(**mark) for mark in data["marks"]))


def apply_marks(source: str | Path, marking: Marking, out: str | Path) -> None:
    """Write the marked copy. Marks and list of an earlier round are taken off first."""
    workbook = load_workbook(source)
    _unmark(workbook, marking)
    by_cell: dict[tuple[str, str], list[Mark]] = {}
    for mark in marking.marks:
        if mark.sheet in workbook.sheetnames and isinstance(workbook[mark.sheet], Worksheet):
            by_cell.setdefault((mark.sheet, mark.cell), []).append(mark)
    for (sheet, cell), marks in by_cell.items():
        _mark_cell(workbook[sheet], cell, marks)
    _write_list(workbook.create_sheet(_free_title(marking.title, workbook.sheetnames), 0), marking)
    workbook.active = 0
    for sheet in workbook.worksheets:
        sheet.sheet_view.tabSelected = sheet is workbook.worksheets[0]
    workbook.save(out)


def _unmark(workbook: Workbook, marking: Marking) -> None:
    for sheet in list(workbook.worksheets):
        first = tuple(sheet.cell(1, at).value for at in range(1, len(marking.headings) + 1))
        if first == marking.headings and len(workbook.worksheets) > 1:
            workbook.remove(sheet)
            continue
        for cell in list(sheet._cells.values()):
            if cell.comment is not None and cell.comment.author == _AUTHOR:
                cell.comment = None
                cell.fill = PatternFill()


def _mark_cell(sheet: Worksheet, place: str, marks: list[Mark]) -> None:
    cell = sheet[place]
    if isinstance(cell, MergedCell):
        cell = next(sheet.cell(r.min_row, r.min_col) for r in sheet.merged_cells.ranges if place in r)
    cell.fill = copy(_FAULTY)
    told = [f"{mark.message}\n{mark.remedy}" for mark in marks]
    if cell.comment is not None:
        told.append(cell.comment.text)
    cell.comment = Comment("\n\n".join(told), _AUTHOR, width=_COMMENT_SIZE[0], height=_COMMENT_SIZE[1])


def _write_list(sheet: Worksheet, marking: Marking) -> None:
    for at, (heading, width) in enumerate(zip(marking.headings, _WIDTHS, strict=True), 1):
        cell = sheet.cell(1, at)
        _write_text(cell, heading)
        cell.font, cell.fill = Font(bold=True), copy(_HEADING)
        sheet.column_dimensions[cell.column_letter].width = width
    for row, mark in enumerate(marking.marks, 2):
        texts = (mark.sheet, mark.cell, mark.column, mark.value, mark.message, mark.remedy)
        for at, text in enumerate(texts, 1):
            cell = sheet.cell(row, at)
            _write_text(cell, text)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
        place = sheet.cell(row, 2)
        place.hyperlink = _link(mark)
        place.font = copy(_LINK)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{sheet.cell(1, len(_HEADINGS)).column_letter}{len(marking.marks) + 1}"


def _write_text(cell: Cell, text: str) -> None:
    """Never as a formula, whatever it begins with; Excel is told to keep it so when the cell is edited."""
    cell.value = text
    cell.data_type = "s"
    if text[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        cell.quotePrefix = True


def _link(mark: Mark) -> Hyperlink:
    quoted = mark.sheet.replace("'", "''")
    return Hyperlink(ref=mark.cell, location=f"'{quoted}'!{mark.cell}")


def _free_title(title: str, taken: list[str]) -> str:
    names = [title[:_LONGEST_TITLE], *(f"{title[: _LONGEST_TITLE - 4]} {n}" for n in range(2, 1000))]
    return next(name for name in names if name not in taken)
