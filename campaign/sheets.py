"""Small workbooks that pages give out and take back: one header, one row a thing, each fault with its cell.

The columns are found by their names in either language, so their order does not matter. A stranger's file is opened
in a process of its own (units.roster.sandbox).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import translation
from django.utils.translation import gettext_noop
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from accounts.messages import Message
from units.roster.messages import unreadable_message, unreadable_remedy
from units.roster.records import RosterUnreadable
from units.roster.sandbox import rows_in_subprocess

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADER_WITHIN = 10  # rows in which the header is looked for
_LIKE_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HEADING = PatternFill("solid", start_color="FFECEEF2", end_color="FFECEEF2")
_THIN = Side(style="thin", color="FFB9C0CA")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


@dataclass(frozen=True)
class Column:
    """A column: its name in the active language heads it; `choices` are offered as a list in each cell."""

    key: str
    label: Any
    width: int = 14
    required: bool = True  # the header must be there
    choices: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Row:
    """A row as read: its number in the sheet, and the text of each cell by column key."""

    number: int
    values: Mapping[str, str]


@dataclass(frozen=True)
class CellFault:
    """What is wrong in which cell; the value as it stands there."""

    cell: str
    column: str
    value: str
    message: Message


@dataclass
class SheetRead:
    """The rows of a sheet and the faults found so far; `at` names a cell for a further one."""

    rows: list[Row] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    columns: dict[str, Column] = field(default_factory=dict)

    def fault(self, row: Row, key: str, message: str, **params: Any) -> None:
        """Note a fault in a row's cell: `message` is marked with gettext_noop where it is written."""
        place = self.places.get(key, 0)
        cell = f"{get_column_letter(place + 1)}{row.number}"
        told = CellFault(cell, str(self.columns[key].label), row.values.get(key, ""), Message(message, params))
        self.faults.append(told)

    @property
    def faulty(self) -> set[int]:
        """Numbers of the rows in which something is wrong."""
        return {int("".join(c for c in fault.cell if c.isdigit())) for fault in self.faults}


class SheetUnreadable(Exception):
    """The file cannot be read as such a sheet; can be shown as it is."""

    def __init__(self, message: Message | str) -> None:
        super().__init__(str(message))


def names_of(label: Any) -> set[str]:
    """A label in every language, as headers are compared: without spaces."""
    found = set()
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found.add("".join(str(label).split()).lower())
    return found


def read(file: UploadedFile, columns: Sequence[Column], *, most_rows: int = 20_000) -> SheetRead:
    """The rows under the header; rows without any value are skipped. Raises SheetUnreadable."""
    cells = _cells(file, most_rows)
    wanted = {column.key: names_of(column.label) for column in columns}
    for at, row in enumerate(cells[:HEADER_WITHIN]):
        heads = ["".join(cell.split()).lower() for cell in row]
        places = {key: next((i for i, head in enumerate(heads) if head in known), -1) for key, known in wanted.items()}
        if all(places[column.key] >= 0 for column in columns if column.required):
            found = SheetRead(
                places={key: place for key, place in places.items() if place >= 0},
                columns={column.key: column for column in columns},
            )
            found.rows = list(_rows(cells, at, found.places))
            return found
    labels = [str(column.label) for column in columns if column.required]
    text = gettext_noop("No row has all these headings: %(labels)s. Download the sheet and fill in that one.")
    raise SheetUnreadable(Message(text, {"labels": labels}))


def _cells(file: UploadedFile, most_rows: int) -> list[list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.xlsx"
        with path.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        try:
            return rows_in_subprocess(path, most_rows=most_rows)
        except RosterUnreadable as error:
            told = unreadable_message(error.code, error.params), unreadable_remedy(error.code, error.params)
            raise SheetUnreadable(" ".join(map(str, told))) from error


def _rows(cells: list[list[str]], header: int, places: Mapping[str, int]) -> Iterable[Row]:
    for at, row in enumerate(cells[header + 1 :], header + 2):
        values = {key: row[place].strip() if place < len(row) else "" for key, place in places.items()}
        if any(values.values()):
            yield Row(at, values)


def write(title: str, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], note: str = "") -> bytes:
    """A sheet with a title, a note if wanted, the header and the rows; texts never become formulas."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Sheet1"
    sheet.append([title])
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.append([note])
    sheet.append([str(column.label) for column in columns])
    for at, column in enumerate(columns, 1):
        cell = sheet.cell(3, at)
        cell.font, cell.fill, cell.border = Font(bold=True), _HEADING, _GRID
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(at)].width = column.width
    for row in rows:
        sheet.append([row.get(column.key, "") for column in columns])
    for cells in sheet.iter_rows(min_row=4):
        for cell in cells:
            cell.border = _GRID
            if isinstance(cell.value, str):
                cell.data_type = "s"  # whatever it begins with, it stays a text, also when it is edited
                cell.quotePrefix = cell.value.startswith(_LIKE_FORMULA)
                cell.alignment = Alignment(vertical="top", wrap_text=True)
    for at, column in enumerate(columns, 1):
        if column.choices:
            offered = DataValidation("list", formula1=f'"{",".join(map(str, column.choices))}"', allow_blank=True)
            sheet.add_data_validation(offered)
            letter = get_column_letter(at)
            offered.add(f"{letter}4:{letter}{max(sheet.max_row, 4) + 200}")
    sheet.freeze_panes = "A4"
    sheet.print_title_rows = "3:3"
    sheet.page_setup.fitToHeight = 0
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()
