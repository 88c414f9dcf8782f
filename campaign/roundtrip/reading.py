"""Reading what was sent back: the sheet that has keys, its rows, and the place of each cell for a fault."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.cell import coordinate_from_string

from campaign.roundtrip.book import FREE_ROWS, HEADER, KEY_HEADING, MOST_ROWS
from campaign.roundtrip.description import Ledger
from campaign.sheets import names_of
from units.roster.messages import unreadable_message, unreadable_remedy
from units.roster.plain import HEADER_WITHIN
from units.roster.records import RosterUnreadable
from units.roster.sandbox import Headed, headed_in_subprocess

MOST_BYTES = 5 * 1024 * 1024
KEY = "key"
_SPARE_ROWS = 1_000  # what people put above or below the list


@dataclass(frozen=True)
class Fault:
    """What is wrong in which cell of which sheet, what was found there, and what to do."""

    sheet: str
    place: str
    column: str
    value: str
    message: str

    @property
    def order(self) -> tuple[int, int]:
        """Row by row, and in a row from the left."""
        letters, row = coordinate_from_string(self.place)
        return row, column_index_from_string(letters)

    @property
    def cell(self) -> str:
        """As it is named to people: 「整改台账」D7."""
        return _("“%(sheet)s” %(cell)s") % {"sheet": self.sheet, "cell": self.place}


@dataclass(frozen=True)
class SentRow:
    """One row as it came back: its number, the text of each cell by column key, "key" for the first."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Sent:
    """The sheet as it came back."""

    sheet: str
    rows: list[SentRow]
    places: dict[str, int]
    formulas: frozenset[str]
    labels: dict[str, str]

    def place(self, number: int, column: str) -> str:
        """Name of a cell: D7."""
        return f"{get_column_letter(self.places.get(column, 0) + 1)}{number}"

    def fault(self, row: SentRow, column: str, message: str) -> Fault:
        """A complaint about one cell; about the row's key where the column is not in the sheet."""
        known = column if column in self.places else KEY
        place, value = self.place(row.number, known), row.cells.get(known, "")
        return Fault(self.sheet, place, self.labels[known], "" if known == KEY else value, message)


def read_sent(file: UploadedFile, ledger: Ledger) -> Sent:
    """Read an upload, which is not kept. Raises ValidationError where it is no workbook of such a list."""
    if (file.size or 0) > MOST_BYTES:
        raise ValidationError(_("The workbook is larger than 5 MB. Filter the list and download a smaller part."))
    headed = _opened(file)
    if not headed.sheet:
        text = _("No worksheet has the column “%(label)s”. Download the list here and edit that workbook.")
        raise ValidationError(text % {"label": KEY_HEADING})
    return _understood(headed, ledger)


def _opened(file: UploadedFile) -> Headed:
    with tempfile.TemporaryDirectory(prefix="sent-") as folder:
        path = Path(folder) / "sent.xlsx"
        with path.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        try:
            most = HEADER + MOST_ROWS + FREE_ROWS + _SPARE_ROWS
            return headed_in_subprocess(path, headings=names_of(KEY_HEADING), most_rows=most)
        except RosterUnreadable as fault:
            raise ValidationError([tell(fault.code, fault.params) for tell in (unreadable_message, unreadable_remedy)])


def _understood(headed: Headed, ledger: Ledger) -> Sent:
    wanted = {KEY: names_of(KEY_HEADING)} | {column.key: names_of(column.label) for column in ledger.columns}
    heads = [["".join(cell.split()).lower() for cell in row] for row in headed.rows[:HEADER_WITHIN]]
    at = next(i for i, row in enumerate(heads) if wanted[KEY] & set(row))
    places = {key: next((i for i, head in enumerate(heads[at]) if head in names), -1) for key, names in wanted.items()}
    missing = [str(column.label) for column in ledger.columns if column.editable and places[column.key] < 0]
    if missing:
        text = _("Worksheet “%(sheet)s”, row %(row)s: these headings are missing: %(labels)s. %(remedy)s")
        remedy = _("Leave the headings as they were downloaded, or download the list again.")
        told = {"sheet": headed.sheet, "row": at + 1, "labels": "、".join(missing), "remedy": remedy}
        raise ValidationError(text % told)
    places = {key: place for key, place in places.items() if place >= 0}
    labels = {KEY: str(KEY_HEADING)} | {column.key: str(column.label) for column in ledger.columns}
    return Sent(headed.sheet, list(_rows(headed.rows, at, places)), places, headed.formulas, labels)


def _rows(rows: list[list[str]], header: int, places: dict[str, int]) -> Iterator[SentRow]:
    for number, row in enumerate(rows[header + 1 :], header + 2):
        cells = {key: row[place] if place < len(row) else "" for key, place in places.items()}
        if any(cells.values()):
            yield SentRow(number, cells)
