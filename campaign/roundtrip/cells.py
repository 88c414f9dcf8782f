"""What stands in a cell: written, brought to one form whatever program saved it, and judged.

The one form is a text: a day as 2026-11-26, a choice as its key, a number by its digits, a text without what Excel
cannot keep. What two cells say is the same when these texts are the same.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from accounts.templatetags.shell import day as shown_day
from campaign.sheets import names_of
from units.roster.spelling import Day, read_date

_UNKEPT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile("_x(?=[0-9A-Fa-f]{4}_)")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
LONGEST = 32_000  # characters that a cell holds, with room for what is escaped


class Kind(StrEnum):
    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    INTEGER = "integer"
    READONLY = "readonly"


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a list. `most`: characters of a text, or the highest number; `choices`: key -> word."""

    key: str
    label: Any
    kind: Kind = Kind.TEXT
    width: int = 14
    most: int = 200
    required: bool = False
    choices: Mapping[str, Any] | None = None
    hint: Any = ""

    @property
    def editable(self) -> bool:
        return self.kind != Kind.READONLY

    @cached_property
    def spoken(self) -> dict[str, str]:
        """Each word of the choices, in every language, with its key."""
        return {name: key for key, label in (self.choices or {}).items() for name in names_of(label)}


class Bad(Exception):
    """A cell cannot be taken; the sentence says why and what to do."""


def tidy(text: str) -> str:
    """A text as a cell keeps it: no control characters, one kind of line end, no blanks around it."""
    return _UNKEPT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def escaped(text: str) -> str:
    """Excel reads _x0041_ as the letter A; what is meant as it stands is escaped."""
    return _ESCAPED.sub("_x005F_x", text)


def form_of(column: Column, raw: str) -> str:
    """The one form of what stands in a cell; what cannot be understood stays as it is."""
    text = tidy(raw)
    if column.kind == Kind.DATE:
        day = _day(text)
        return day.date.isoformat() if day is not None else text
    if column.kind == Kind.INTEGER:
        digits = _digits(text)
        return str(int(digits)) if digits.isascii() and digits.isdecimal() else text
    if column.kind == Kind.CHOICE:
        return column.spoken.get("".join(text.split()).lower(), text)
    return text


def _digits(text: str) -> str:
    return text.translate(_FULL_WIDTH).replace(",", "").replace("，", "")


def _day(text: str) -> Day | None:
    number = float(text) if text.isascii() and text.isdecimal() and len(text) == 5 else None  # a day as Excel counts
    found = read_date(number if number is not None else text)
    return found if isinstance(found, Day) and found.exact else None


def read(column: Column, raw: str) -> str:
    """The one form of a cell that somebody has edited. Raises Bad."""
    text = form_of(column, raw)
    if not text:
        if column.required:
            raise Bad(_("This cell must not be empty. Write what it should say."))
        return ""
    if column.kind == Kind.CHOICE and text not in (column.choices or {}):
        offered = " / ".join(str(label) for label in (column.choices or {}).values())
        raise Bad(_("“%(text)s” is none of: %(choices)s.") % {"text": text[:40], "choices": offered})
    if column.kind == Kind.DATE and _day(tidy(raw)) is None:
        raise Bad(_("“%(text)s” is no day. Write it as 2026-11-26.") % {"text": text[:40]})
    if column.kind == Kind.INTEGER:
        return _number(column, text)
    if column.kind == Kind.TEXT and len(text) > column.most:
        told = {"count": len(text), "most": column.most}
        raise Bad(_("This has %(count)s characters; at most %(most)s are kept. Shorten it.") % told)
    return text


def _number(column: Column, text: str) -> str:
    if not (text.isascii() and text.isdecimal()):
        raise Bad(_("“%(text)s” is no whole number. Write digits only.") % {"text": text[:40]})
    if int(text) > column.most:
        raise Bad(_("%(text)s is too high; the most is %(most)s.") % {"text": text[:40], "most": column.most})
    return text


def stored(value: Any) -> str:
    """The one form of a value of the database: a choice is given by its key."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, dt.date) else tidy(str(value))


def written(column: Column, form: str) -> str | int | dt.date:
    """What is put into the cell for the one form: a word, a number, a real date, or the text."""
    if column.kind == Kind.CHOICE:
        return str((column.choices or {}).get(form, form))
    if column.kind == Kind.DATE and form:
        return dt.date.fromisoformat(form)
    if column.kind == Kind.INTEGER and form:
        return int(form)
    return form[:LONGEST]


def shown(column: Column, form: str) -> str:
    """The one form in the reader's words."""
    if column.kind == Kind.DATE and form:
        return shown_day(dt.date.fromisoformat(form))
    return str(written(column, form))
