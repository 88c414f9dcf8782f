"""The rows of a summary and its 合计: every value checked against its column, every sum against the database."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from openpyxl.utils import get_column_letter

from ..documents import words
from ..documents.measures import text_units
from ..documents.text import clean
from .errors import CellRefused, TotalsDiffer
from .looks import Looks
from .spec import Column, Ratio, SheetSpec, Value
from .stream import Row, StreamedSheet

LONGEST_TEXT = 32_767
LARGEST_NUMBER = 10**15  # Excel keeps fifteen digits
FIRST_DAY = dt.date(1900, 3, 1)  # before it Excel's calendar is a day off
FORMULA_STARTS = tuple("=+-@\t\r")
NO_RATIO = "–"
EVERY = 500
Progress = Callable[[int], None]


def lines_needed(text: str, width: float) -> int:
    """How many lines a text takes in cells that are `width` digits wide in all."""
    room = max(width - 2, 2)
    return sum(max(1, math.ceil(text_units(line) * 2 / room)) for line in text.split("\n"))


@dataclass(frozen=True)
class Body:
    """What was written: first row, number of rows, the sums by column key, characters that had to be left out."""

    first: int
    rows: int
    sums: dict[str, Decimal]
    removed: int


def write_body(sheet: StreamedSheet, spec: SheetSpec, looks: Looks, first: int, progress: Progress | None) -> Body:
    """Write the rows as they come and check the sums at the end."""
    writer = _RowWriter(sheet.title, spec.columns, looks)
    count = 0
    for values in spec.rows:
        sheet.send(writer.row(first + count, values))
        count += 1
        if progress is not None and count % EVERY == 0:
            progress(count)
    if count == 0:
        row = Row(first, 22)
        row.text(1, words.NO_ROWS, looks.blank)
        for index in range(2, len(spec.columns) + 1):
            row.blank(index, looks.blank)
        sheet.send(row)
        if len(spec.columns) > 1:
            sheet.merged_cells.add(f"A{first}:{get_column_letter(len(spec.columns))}{first}")
    sums = {column.key: writer.sums[index] for index, column in enumerate(spec.columns) if column.total == "sum"}
    for column in spec.columns:
        if column.total == "sum":
            database = Decimal(str(spec.expected_totals[column.key]))
            if sums[column.key] != database:
                raise TotalsDiffer(sheet.title, column.name, sums[column.key], database)
    return Body(first, count, sums, writer.removed)


def write_totals(sheet: StreamedSheet, spec: SheetSpec, looks: Looks, body: Body) -> int:
    """The row 合计, by formula. Returns the next free row; a table without rows has no total."""
    after = body.first + max(body.rows, 1)
    if not spec.has_totals or body.rows == 0:
        return after
    letters = {column.key: get_column_letter(index) for index, column in enumerate(spec.columns, 1)}
    row = Row(after, 22)
    for index, column in enumerate(spec.columns, 1):
        style = looks.total[column.kind]
        if index == 1:
            row.text(index, words.TOTAL, looks.head)
        elif column.total == "sum":
            letter = letters[column.key]
            formula = f"SUM({letter}{body.first}:{letter}{after - 1})"
            row.formula(index, formula, body.sums[column.key], style)
        elif isinstance(column.total, Ratio):
            part, whole = (f"{letters[key]}{after}" for key in (column.total.part, column.total.whole))
            formula = f'IF({whole}=0,"{NO_RATIO}",{part}/{whole})'
            row.formula(index, formula, _ratio(body.sums, column.total), style)
        else:
            row.blank(index, style)
    sheet.send(row)
    label_end = _label_end(spec)
    if label_end > 1:
        sheet.merged_cells.add(f"A{after}:{get_column_letter(label_end)}{after}")
    return after + 1


def _ratio(sums: dict[str, Decimal], ratio: Ratio) -> float | str:
    whole = sums[ratio.whole]
    return float(sums[ratio.part] / whole) if whole else NO_RATIO


def _label_end(spec: SheetSpec) -> int:
    """The word 合计 reaches from the first column to the naming one, as far as no total stands in between."""
    end = 1
    for index in range(1, spec.name_column + 1):
        if spec.columns[index].total is not None:
            break
        end = index + 1
    return end


class _RowWriter:
    """Turns values into cells by the kind of their column, and adds up what it wrote."""

    def __init__(self, sheet: str, columns: Sequence[Column], looks: Looks) -> None:
        self.sheet, self.columns, self.looks = sheet, columns, looks
        self.removed = 0
        self.sums = [Decimal(0) for _ in columns]
        writers: dict[str, Callable[[Row, int, Value], None]] = {
            "text": self._text,
            "serial": self._int,
            "int": self._int,
            "decimal": self._number,
            "percent": self._number,
            "date": self._date,
        }
        self.writers = [writers[column.kind] for column in columns]
        self.styles = [looks.body[column.kind] for column in columns]
        self.quoted = looks.quoted
        self.widths = [column.used_width for column in columns]
        self.summed = [column.total == "sum" for column in columns]

    def row(self, number: int, values: Sequence[Value]) -> Row:
        if len(values) != len(self.columns):
            raise ValueError(f"sheet {self.sheet}, row {number}: {len(values)} values for {len(self.columns)} columns")
        row = Row(number)
        for index, value in enumerate(values):
            if value is None or value == "":
                row.blank(index + 1, self.styles[index])
            else:
                self.writers[index](row, index, value)
        return row

    def _refusal(self, row: Row, index: int, value: Value) -> CellRefused:
        return CellRefused(self.sheet, self.columns[index].name, int(row.at), value)

    def _text(self, row: Row, index: int, value: Value) -> None:
        if not isinstance(value, str):
            raise self._refusal(row, index, value)
        text, removed = clean(value)
        self.removed += removed
        if not text:
            row.blank(index + 1, self.styles[index])
            return
        if len(text) > LONGEST_TEXT:
            raise self._refusal(row, index, value)
        if 2 * len(text) > self.widths[index]:
            row.need_lines(lines_needed(text, self.widths[index]))
        row.text(index + 1, text, self.quoted if text.startswith(FORMULA_STARTS) else self.styles[index])

    def _int(self, row: Row, index: int, value: Value) -> None:
        if type(value) is not int or abs(value) >= LARGEST_NUMBER:
            raise self._refusal(row, index, value)
        if self.summed[index]:
            self.sums[index] += value
        row.number(index + 1, value, self.styles[index])

    def _number(self, row: Row, index: int, value: Value) -> None:
        if not isinstance(value, int | float | Decimal) or isinstance(value, bool):
            raise self._refusal(row, index, value)
        if not math.isfinite(value) or not -LARGEST_NUMBER < value < LARGEST_NUMBER:
            raise self._refusal(row, index, value)
        if self.summed[index]:
            self.sums[index] += Decimal(str(value))
        row.number(index + 1, value, self.styles[index])

    def _date(self, row: Row, index: int, value: Value) -> None:
        if not isinstance(value, dt.date):
            raise self._refusal(row, index, value)
        day = value.date() if isinstance(value, dt.datetime) else value
        if day < FIRST_DAY:
            row.text(index + 1, day.isoformat(), self.styles[index])
        else:
            row.date(index + 1, day, self.styles[index])
