"""A sheet that is written row by row to a temporary file, as openpyxl's write-only one, in ready-made XML.

openpyxl makes a cell object, with its style looked up, for every value, and cannot store the value of a formula
beside it. Writing the row's elements ourselves costs less than its plain cells, and lets programs that do not
calculate (previews on a phone, a reader in Python) show the totals.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from lxml.etree import Element, SubElement
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet._writer import ALL_TEMP_FILES

SPACE = "{http://www.w3.org/XML/1998/namespace}space"
LINE_HEIGHT = 15  # points, of the body's size
HIGHEST_ROW = 409  # what Excel allows
letter = lru_cache(maxsize=512)(get_column_letter)


class Row:
    """One row under construction; cells are added from left to right, columns counted from 1."""

    __slots__ = ("at", "element")

    def __init__(self, number: int, height: float | None = None) -> None:
        self.at = str(number)
        self.element = Element("row", r=self.at)
        if height is not None:
            self.element.set("ht", f"{height:g}")
            self.element.set("customHeight", "1")

    def need_lines(self, lines: int) -> None:
        """Make the row high enough for so many lines, if it is not yet."""
        height = lines * LINE_HEIGHT + 4
        if lines > 1 and height > float(self.element.get("ht", "0")):
            self.element.set("ht", f"{min(height, HIGHEST_ROW):g}")
            self.element.set("customHeight", "1")

    def text(self, column: int, value: str, style: str) -> None:
        """Text is text whatever it begins with: an inline string is never calculated."""
        cell = SubElement(self.element, "c", r=letter(column) + self.at, s=style, t="inlineStr")
        text = SubElement(SubElement(cell, "is"), "t")
        if value != value.strip():
            text.set(SPACE, "preserve")
        text.text = value

    def number(self, column: int, value: int | float | Decimal, style: str) -> None:
        cell = SubElement(self.element, "c", r=letter(column) + self.at, s=style)
        SubElement(cell, "v").text = _digits(value)

    def date(self, column: int, value: dt.date, style: str) -> None:
        """A day as Excel counts them; it knows none before 1900."""
        self.number(column, to_excel(value), style)

    def blank(self, column: int, style: str) -> None:
        SubElement(self.element, "c", r=letter(column) + self.at, s=style)

    def formula(self, column: int, formula: str, value: int | float | Decimal | str, style: str) -> None:
        """A formula without its "=", and the value it has now."""
        cell = SubElement(self.element, "c", r=letter(column) + self.at, s=style)
        SubElement(cell, "f").text = formula
        if isinstance(value, str):
            cell.set("t", "str")
            SubElement(cell, "v").text = value
        else:
            SubElement(cell, "v").text = _digits(value)


def _digits(value: int | float | Decimal) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else repr(value)


class StreamedSheet(WriteOnlyWorksheet):  # type: ignore[misc]
    """A write-only sheet that takes finished rows. What stands above the rows must be set before the first."""

    _rows: Generator[None, Any, None] | None = None

    def send(self, row: Row) -> None:
        self._get_writer()
        if self._rows is None:
            self._rows = self._write_rows()
            next(self._rows)
        self._rows.send(row.element)

    def _write_rows(self) -> Generator[None, Any, None]:
        xf = self._writer.xf.send(True)
        with xf.element("sheetData"):
            try:
                while True:
                    xf.write((yield))
            except GeneratorExit:
                pass
        self._writer.xf.send(None)

    def discard(self) -> None:
        """Close the temporary file and remove it, for a workbook that will not be saved."""
        if self._writer is None:
            return
        if not self.closed:
            self.close()
        Path(self._writer.out).unlink(missing_ok=True)
        if self._writer.out in ALL_TEMP_FILES:
            ALL_TEMP_FILES.remove(self._writer.out)
