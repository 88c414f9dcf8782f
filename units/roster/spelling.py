"""Different spellings of one value brought to one form (decision 21). Nothing else is guessed."""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass

Cell = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta

# Besides white space: zero-width marks, which come along when text is pasted from web pages.
_BLANK = r"\s\x00-\x1f\x7f\u200b-\u200f\u2060\ufeff"
_BLANKS = re.compile(rf"[{_BLANK}]+")
_SOLID = re.compile(rf"[^{_BLANK}]")
_UNTIDY = re.compile(rf"[{_BLANK}\uff05\uff10-\uff19]")
_HALF_WIDTH = {wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)}
_FULL_WIDTH_DIGITS = {0xFF10 + n: str(n) for n in range(10)} | {0xFF05: "%"}
_DATE = re.compile(r"(\d{4})(?:([-./])(\d{1,2})(?:\2(\d{1,2}))?|年(\d{1,2})月(?:(\d{1,2})日)?)\Z", re.ASCII)
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})\Z", re.ASCII)
_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?\Z")
FAILED_FORMULA = "#N/A"
_EXCEL_ERRORS = (FAILED_FORMULA, "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA")

# Excel counts days from here (the two days off are its leap year 1900). Numbers below _FIRST_SERIAL in a
# date column are years, not days: 1975 means the year, although it would be a day of 1905.
_EPOCH = datetime.date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 2200, 73050
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_EXACT_INTEGER = 1e15
_EXCEL_SHOWN_DIGITS = 1e11


@dataclass(frozen=True, slots=True)
class Day:
    """A date as written. `exact` is false when no day was given and the first of the month stands for it."""

    date: datetime.date
    exact: bool = True

    @property
    def latest(self) -> datetime.date:
        """The last day that the writer can have meant."""
        if self.exact:
            return self.date
        return self.date.replace(day=calendar.monthrange(self.date.year, self.date.month)[1])


@dataclass(frozen=True, slots=True)
class NotADate:
    """Why a cell is no date: `reason` picks the message, `part` is the figure at fault."""

    reason: str = ""
    part: str = ""


def shown(cell: Cell) -> str:
    """The cell's content as the user sees it in Excel; dates in ISO form."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return _shown_number(float(cell))
    if isinstance(cell, datetime.datetime):
        midnight = cell.time() == datetime.time()
        return cell.date().isoformat() if midnight else cell.isoformat(" ")
    return str(cell)


def _shown_number(number: float) -> str:
    if abs(number) >= _EXCEL_SHOWN_DIGITS:
        return f"{number:.5E}"
    return str(int(number)) if number.is_integer() else repr(number)


def is_excel_error(cell: Cell) -> bool:
    """Whether a formula in the cell failed (#REF! and its kin)."""
    return isinstance(cell, str) and cell.startswith("#") and cell in _EXCEL_ERRORS


def plain(cell: Cell) -> str:
    """The cell as text. A whole number loses nothing up to 15 digits and stands as it was typed."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT_INTEGER:
        return str(int(cell))
    return shown(cell)


def tidy_name(text: str) -> str:
    """A name, title or code: no blanks except between two Latin words; digits half-width."""
    if not _UNTIDY.search(text):
        return text
    return _BLANKS.sub(_gap, text.translate(_FULL_WIDTH_DIGITS))


def _gap(blank: re.Match[str]) -> str:
    """A blank inside a name stays only where it parts two Latin words."""
    start, end = blank.span()
    before, after = blank.string[max(start - 1, 0) : start], blank.string[end : end + 1]
    parts_words = before.isascii() and before.isalpha() and after.isascii() and after.isalpha()
    return " " if parts_words else ""


def tidy_text(text: str) -> str:
    """Free text: ends trimmed, runs of blanks made one space, digits half-width."""
    if not _UNTIDY.search(text):
        return text
    return _BLANKS.sub(" ", text.translate(_FULL_WIDTH_DIGITS)).strip(" ")


def tidy_number(text: str) -> str:
    """ID and phone numbers: no blanks at all, every full-width character half-width, X large."""
    if text.isascii() and text.isdigit():
        return text
    return _BLANKS.sub("", text.translate(_HALF_WIDTH)).replace("x", "X")


def change_kind(before: str, after: str) -> str:
    """What was done to a text: `full_width`, `small_x` or `spaces`; the first of these that holds."""
    solid = _BLANKS.sub("", before)
    if solid.translate(_FULL_WIDTH_DIGITS) != solid or (after.isascii() and not solid.isascii()):
        return "full_width"
    return "spaces" if solid == _BLANKS.sub("", after) else "small_x"


def read_date(cell: Cell) -> Day | NotADate | None:
    """The date in a cell in any of the usual spellings, or why it is none; None when it is empty."""
    if isinstance(cell, datetime.datetime):
        return Day(cell.date())
    if isinstance(cell, datetime.date):
        return Day(cell)
    if isinstance(cell, str):
        return _read_date_text(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _read_date_number(float(cell))
    return NotADate()


def _read_date_text(cell: str) -> Day | NotADate | None:
    text = _BLANKS.sub("", _MIDNIGHT.sub("", cell.translate(_HALF_WIDTH).strip()))
    if not text:
        return None
    found = _COMPACT_DATE.match(text)
    if found:
        return _day(*found.groups())
    found = _DATE.match(text)
    if found:
        year, _separator, month, day, cn_month, cn_day = found.groups()
        return _day(year, month or cn_month, day or cn_day)
    if re.fullmatch(r"\d{4}年?", text, re.ASCII):
        return NotADate("year_only")
    return NotADate()


def _read_date_number(number: float) -> Day | NotADate:
    if number.is_integer() and 19_000_101 <= number <= 21_001_231:
        return _read_date_text(str(int(number))) or NotADate()
    if _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return Day(_EPOCH + datetime.timedelta(days=int(number)))
    if not _FIRST_YEAR <= number < _LAST_YEAR + 1:
        return NotADate()
    # 1975.3 typed into a cell becomes a number, and 1975.10 becomes 1975.1: nobody can tell the month.
    year, _dot, month = repr(number).partition(".")
    if month == "0":
        return NotADate("year_only")
    if month == "1":
        return NotADate("ambiguous")
    return _day(year, month, None) if len(month) <= 2 else NotADate()


def _day(year: str, month: str, day: str | None) -> Day | NotADate:
    if not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        return NotADate("year", year)
    if not 1 <= int(month) <= 12:
        return NotADate("month", str(int(month)))
    try:
        return Day(datetime.date(int(year), int(month), int(day or 1)), exact=day is not None)
    except ValueError:
        return NotADate("day", str(int(day or 1)))


def is_blank(cell: Cell) -> bool:
    """Whether a cell holds nothing that can be seen."""
    return isinstance(cell, str) and not _SOLID.search(cell)
