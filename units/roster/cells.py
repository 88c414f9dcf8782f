"""One cell at a time: brought to its form, turned into a value or told of as a fault."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches

from units.roster import vocabulary
from units.roster.checks import RawRow, empty_code
from units.roster.identity import id_fault
from units.roster.layout import Column
from units.roster.records import Normalisation
from units.roster.spelling import (
    Cell,
    Day,
    NotADate,
    change_kind,
    is_blank,
    is_excel_error,
    plain,
    read_date,
    shown,
    tidy_name,
    tidy_number,
    tidy_text,
)

LISTS: dict[str, vocabulary.Vocabulary] = {
    "kinds": vocabulary.ORGANIZATION_KINDS,
    "sexes": vocabulary.SEXES,
    "ethnicities": vocabulary.ETHNICITIES,
    "educations": vocabulary.EDUCATIONS,
    "categories": vocabulary.CATEGORIES,
    "states": vocabulary.MEMBERSHIP_STATES,
    "post_levels": vocabulary.POST_LEVELS,
}
_LIST_FAULTS = {"sexes": "bad_sex", "educations": "unknown_education"}

MOBILE = re.compile(r"1[3-9]\d{9}\Z", re.ASCII)
LANDLINE = re.compile(r"[0-9+()\-—–*#/、,;.转分机EXText]{5,}\Z")
_LARGEST_COUNT = 2_147_483_647
_UNIT_SEPARATORS = re.compile(r"[、,，;；\r\n]+")
_BETWEEN_UNITS = "、"

Reader = Callable[[RawRow, Column, Cell, list[Normalisation]], None]


def read_cell(row: RawRow, column: Column, cell: Cell, normalised: list[Normalisation]) -> None:
    """Put the cell's value into the row, or a fault. An empty cell that may be empty states nothing."""
    if is_blank(cell):
        if column.required:
            code, reason = empty_code(column)
            row.add(column.field, code, reason)
    elif is_excel_error(cell):
        row.add(column.field, "bad_value", "formula")
    else:
        READERS[column.reader](row, column, cell, normalised)


def _note(row: RawRow, column: Column, kind: str, before: str, after: str, into: list[Normalisation]) -> None:
    into.append(Normalisation(row.sheet, row.row, column.label, row.cell(column.field), kind, before, after))


def _text(row: RawRow, column: Column, cell: Cell, into: list[Normalisation], tidy: Callable[[str], str]) -> str:
    before = plain(cell)
    after = tidy(before)
    if after != before:
        _note(row, column, change_kind(before, after), before, after, into)
    return after


def _within_limit(row: RawRow, column: Column, text: str) -> None:
    if len(text) > column.limit:
        row.add(column.field, "too_long", limit=str(column.limit))
    else:
        row.values[column.field] = text


def _read_name(row: RawRow, column: Column, cell: Cell, into: list[Normalisation]) -> None:
    _within_limit(row, column, _text(row, column, cell, into, tidy_name))


def _read_text(row: RawRow, column: Column, cell: Cell, into: list[Normalisation]) -> None:
    _within_limit(row, column, _text(row, column, cell, into, tidy_text))


def _read_units(row: RawRow, column: Column, cell: Cell, into: list[Normalisation]) -> None:
    """Names of several work units in one cell, by the separators that offices use; also by lines."""
    parts = [part for part in _UNIT_SEPARATORS.split(plain(cell)) if not is_blank(part)]
    text = _text(row, column, _BETWEEN_UNITS.join(parts), into, tidy_name)
    if len(text) > column.limit:
        row.add(column.field, "too_long", limit=str(column.limit))
    else:
        row.values[column.field] = tuple(text.split(_BETWEEN_UNITS))


def _read_id(row: RawRow, column: Column, cell: Cell, into: list[Normalisation]) -> None:
    if not isinstance(cell, str):
        row.add(column.field, "id_number_as_number")
        return
    number = _text(row, column, cell, into, tidy_number)
    fault = id_fault(number)
    if fault is None:
        row.values[column.field] = number
    else:
        row.add(column.field, *fault, count=str(len(number)))


def _read_date(row: RawRow, column: Column, cell: Cell, into: list[Normalisation]) -> None:
    day = read_date(cell)
    if not isinstance(day, Day):
        fault = day or NotADate()
        row.add(column.field, "bad_date", fault.reason, part=fault.part)
        return
    row.values[column.field] = day
    if isinstance(cell, str | int | float) and shown(cell) != day.date.isoformat():
        _note(row, column, "date_spelling", shown(cell), day.date.isoformat(), into)


def _read_choice(row: RawRow, column: Column, cell: Cell, into: list[Normalisation]) -> None:
    words = LISTS[column.list]
    text = _text(row, column, cell, into, tidy_name)
    code = words.code(text)
    if code is not None:
        row.values[column.field] = code
        return
    fault = _LIST_FAULTS.get(column.list, "bad_value")
    similar = [] if fault == "bad_sex" else _similar_labels(text, words.labels)
    if similar:
        row.add(column.field, fault, "similar", similar=similar[0])
    else:
        row.add(column.field, fault, allowed=_listed(words.labels))


def _similar_labels(text: str, labels: tuple[str, ...]) -> list[str]:
    begun = [label for label in labels if label.startswith(text)]
    return begun if len(begun) == 1 else get_close_matches(text[:30], labels, n=1, cutoff=0.75)


def _listed(labels: tuple[str, ...]) -> str:
    """A long list is cut: the message is read in a table cell and in a comment."""
    return "、".join(labels) if len(labels) <= 16 else "、".join(labels[:8]) + "…"


def _read_yes_no(row: RawRow, column: Column, cell: Cell, into: list[Normalisation]) -> None:
    text = _text(row, column, cell, into, tidy_name)
    yes, no = ("有", "无") if column.label.startswith("有无") else ("是", "否")
    if text in {yes, no}:
        row.values[column.field] = text == yes
    else:
        row.add(column.field, "bad_value", allowed=f"{yes}、{no}")


def _read_phone(row: RawRow, column: Column, cell: Cell, into: list[Normalisation]) -> None:
    number = _text(row, column, cell, into, tidy_number)
    if MOBILE.match(number):
        row.values[column.field] = number
    else:
        row.add(column.field, "bad_phone")


def _read_landline(row: RawRow, column: Column, cell: Cell, into: list[Normalisation]) -> None:
    number = _text(row, column, cell, into, tidy_number)
    if not LANDLINE.match(number):
        row.add(column.field, "bad_phone", "landline")
    else:
        _within_limit(row, column, number)


def _read_count(row: RawRow, column: Column, cell: Cell, into: list[Normalisation]) -> None:
    text = _text(row, column, cell, into, tidy_number)
    if text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= _LARGEST_COUNT:
        row.values[column.field] = int(text)
    else:
        row.add(column.field, "bad_value", "count")


READERS: dict[str, Reader] = {
    "name": _read_name,
    "text": _read_text,
    "units": _read_units,
    "id": _read_id,
    "date": _read_date,
    "choice": _read_choice,
    "yes_no": _read_yes_no,
    "phone": _read_phone,
    "landline": _read_landline,
    "count": _read_count,
}
