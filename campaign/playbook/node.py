"""Reading one table of a playbook: every value checked, every fault kept, nothing thrown until the end."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from campaign.playbook.faults import PlaybookFault
from campaign.playbook.text import Text

SLUG = re.compile(r"[a-z][a-z0-9_]{0,49}")
FILE_KEY = re.compile(r"[a-z][a-z0-9-]{0,49}")
PERCENTAGE = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)\s*[%％]", re.ASCII)
NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,4})?", re.ASCII)
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
UNPRINTABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")
LONGEST_TEXT = 2000
LARGEST = 10**9
T = TypeVar("T", bound=str)
_MISSING = object()


class FaultList:
    """The faults of one file, in the order in which they were met."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[PlaybookFault] = []

    def add(self, table: str, key: str, message: str, remedy: str) -> None:
        self.faults.append(PlaybookFault(self.file, table, key, message, remedy))


class Node:
    """A table and the name under which faults speak of it. Call `close` when all its keys are read."""

    def __init__(self, data: Mapping[str, Any], table: str, faults: FaultList) -> None:
        self.data, self.table, self.faults = data, table, faults
        self._known: dict[str, None] = {}

    def fault(self, key: str, message: str, remedy: str) -> None:
        self.faults.add(self.table, key, message, remedy)

    def has(self, key: str) -> bool:
        return key in self.data

    def close(self) -> None:
        """Every key that nobody asked for is a fault: a typing error must not pass as a rule left out."""
        for key in self.data:
            if key in self._known:
                continue
            name = str(key)[:60]
            close = difflib.get_close_matches(name, self._known, n=1)
            remedy = (
                _("Did you mean “%(guess)s”?") % {"guess": close[0]}
                if close
                else _("Known here: %(names)s.") % {"names": ", ".join(self._known)}
            )
            self.fault(name, _("This key is not known here."), remedy)

    # One value

    def text(self, key: str) -> Text | None:
        """A text in both languages; None where it is left out."""
        value = self._take(key)
        if value is _MISSING:
            return None
        return self._text(key, value)

    def need_text(self, key: str) -> Text:
        self._need(key, _text_remedy())
        return self.text(key) or Text("", "")

    def slug(self, key: str, pattern: re.Pattern[str] = SLUG) -> str | None:
        value = self._take(key)
        if value is _MISSING:
            return None
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        self.wrong(key, value, _slug_remedy(pattern))
        return None

    def need_slug(self, key: str, pattern: re.Pattern[str] = SLUG) -> str:
        self._need(key, _slug_remedy(pattern))
        return self.slug(key, pattern) or ""

    def integer(self, key: str, low: int, high: int) -> int | None:
        value = self._take(key)
        if value is _MISSING:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self.wrong(key, value, _integer_remedy(low, high))
        return None

    def need_integer(self, key: str, low: int, high: int) -> int:
        self._need(key, _integer_remedy(low, high))
        value = self.integer(key, low, high)
        return low if value is None else value

    def flag(self, key: str) -> bool | None:
        value = self._take(key)
        if value is _MISSING or isinstance(value, bool):
            return None if value is _MISSING else bool(value)
        self.wrong(key, value, _("Write true or false, without quotation marks."))
        return None

    def choice(self, key: str, allowed: tuple[T, ...]) -> T | None:
        value = self._take(key)
        if value is _MISSING:
            return None
        return self._choice(key, value, allowed)

    def need_choice(self, key: str, allowed: tuple[T, ...]) -> T:
        self._need(key, _choice_remedy(allowed))
        return self.choice(key, allowed) or allowed[0]

    def share(self, key: str) -> Fraction | None:
        """A share from 0 to 1, written "30%" or [3, 10]; a floating number would not be exact."""
        value = self._take(key)
        if value is _MISSING:
            return None
        share = _share(value)
        if share is None:
            self.wrong(key, value, _share_remedy())
        elif not 0 <= share <= 1:
            self.wrong(key, value, _("A share lies between 0% and 100%."))
            return None
        return share

    def need_share(self, key: str) -> Fraction:
        self._need(key, _share_remedy())
        return self.share(key) or Fraction(0)

    def decimal(self, key: str) -> Decimal | None:
        """A number of hours, above 0 and at most 9999."""
        value = self._take(key)
        if value is _MISSING:
            return None
        if isinstance(value, str) and NUMBER.fullmatch(value):
            value = Decimal(value)
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            number = Decimal(value)
            if number.is_finite() and 0 < number <= 9999:
                return number
        self.wrong(key, value, _("Write a number above 0 and up to 9999, such as 2 or 1.5."))
        return None

    def clock(self, key: str) -> dt.time | None:
        value = self._take(key)
        if value is _MISSING:
            return None
        match = CLOCK.fullmatch(value) if isinstance(value, str) else None
        if match:
            return dt.time(int(match[1]), int(match[2]))
        if isinstance(value, dt.time) and value.tzinfo is None and not (value.second or value.microsecond):
            return value
        self.wrong(key, value, _clock_remedy())
        return None

    def need_clock(self, key: str) -> dt.time:
        self._need(key, _clock_remedy())
        return self.clock(key) or dt.time(0)

    # Several values

    def slugs(self, key: str) -> tuple[str, ...]:
        values = self._list(key)
        good = [value for value in values if isinstance(value, str) and SLUG.fullmatch(value)]
        for value in values:
            if value not in good:
                self.wrong(key, value, _slug_remedy(SLUG))
        self._twice(key, good)
        return tuple(good)

    def strings(self, key: str) -> tuple[str, ...]:
        """Plain words, each of one to sixty characters; for what files of others may contain."""
        values = self._list(key)
        good = [value.strip() for value in values if _is_word(value)]
        for value in values:
            if not _is_word(value):
                self.wrong(key, value, _("Write words in quotation marks, of up to sixty characters."))
        self._twice(key, good)
        return tuple(good)

    def choices(self, key: str, allowed: tuple[T, ...]) -> tuple[T, ...]:
        picked = [self._choice(key, value, allowed) for value in self._list(key)]
        good = [value for value in picked if value is not None]
        self._twice(key, good)
        return tuple(good)

    def table_at(self, key: str) -> Node | None:
        value = self._take(key)
        if value is _MISSING:
            return None
        if isinstance(value, Mapping):
            return Node(value, self._path(key), self.faults)
        self.wrong(key, value, _("Write a table here: [%(table)s].") % {"table": self._path(key)})
        return None

    def tables_at(self, key: str) -> list[Node]:
        """An array of tables; in faults each is named by its own key, or by its place in the row."""
        nodes = []
        for position, value in enumerate(self._list(key), start=1):
            if isinstance(value, Mapping):
                name = value.get("key")
                label = name if isinstance(name, str) and len(name) <= 50 else position
                nodes.append(Node(value, f"{self._path(key)}.{label}", self.faults))
            else:
                self.wrong(key, value, _("Write a table for each: [[%(table)s]].") % {"table": self._path(key)})
        return nodes

    def unique(self, key: str, nodes: Iterable[Node], by: str = "key") -> None:
        """Keys of the tables under `key` must differ."""
        values = [node.data.get(by) for node in nodes]
        self._twice(key, [v for v in values if isinstance(v, str) or (isinstance(v, int) and v <= LARGEST)])

    # Inside

    def _path(self, key: str) -> str:
        return f"{self.table}.{key}" if self.table else key

    def _take(self, key: str) -> Any:
        self._known[key] = None
        return self.data.get(key, _MISSING)

    def _list(self, key: str) -> list[Any]:
        value = self._take(key)
        if value is _MISSING:
            return []
        if isinstance(value, list):
            return value
        self.wrong(key, value, _("Write a list in square brackets: [ … ]."))
        return []

    def _text(self, key: str, value: Any) -> Text | None:
        if isinstance(value, Mapping) and set(value) == {"zh", "en"}:
            zh, en = value["zh"], value["en"]
            if all(isinstance(words, str) and words.strip() for words in (zh, en)):
                return self._fitting(key, zh.strip(), en.strip())
        self.wrong(key, value, _text_remedy())
        return None

    def _fitting(self, key: str, zh: str, en: str) -> Text | None:
        if max(len(zh), len(en)) > LONGEST_TEXT:
            message = _("This text is longer than %(most)s characters.") % {"most": LONGEST_TEXT}
            self.fault(key, message, _("Shorten it."))
        elif UNPRINTABLE.search(zh + en):
            message = _("This text holds a character that cannot be printed.")
            self.fault(key, message, _("Type the text again."))
        else:
            return Text(zh, en)
        return None

    def _choice(self, key: str, value: Any, allowed: tuple[T, ...]) -> T | None:
        if isinstance(value, str):
            for choice in allowed:
                if choice == value:
                    return choice
        self.wrong(key, value, _choice_remedy(allowed))
        return None

    def _need(self, key: str, remedy: str) -> None:
        if key not in self.data:
            self.fault(key, _("This is missing."), remedy)

    def wrong(self, key: str, value: Any, remedy: str) -> None:
        self.fault(key, _("%(value)s is not allowed here.") % {"value": _shown(value)}, remedy)

    def _twice(self, key: str, values: Iterable[str | int]) -> None:
        seen: set[str | int] = set()
        for value in values:
            if value in seen:
                self.fault(key, _("“%(value)s” stands here twice.") % {"value": value}, _("Keep one of them."))
            seen.add(value)


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= 60 and not UNPRINTABLE.search(value)


def _share(value: Any) -> Fraction | None:
    match = PERCENTAGE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match:
        return Fraction(match[1]) / 100
    if isinstance(value, list) and len(value) == 2:
        part, whole = value
        if type(part) is int and type(whole) is int and 0 < whole <= LARGEST and abs(part) <= LARGEST:
            return Fraction(part, whole)
    return None


def _shown(value: Any) -> str:
    if isinstance(value, int) and abs(value) > LARGEST:
        return str(_("so large a number"))  # Python refuses to write out thousands of digits
    words = str(value) if isinstance(value, (str, int, Decimal, dt.date, dt.time)) else type(value).__name__
    return f"“{words[:60]}…”" if len(words) > 60 else f"“{words}”"


def _text_remedy() -> str:
    return str(_('Write it in both languages: { zh = "…", en = "…" }.'))


def _slug_remedy(pattern: re.Pattern[str]) -> str:
    if pattern is FILE_KEY:
        return str(_("Use small Latin letters, digits and hyphens, beginning with a letter."))
    return str(_("Use small Latin letters, digits and underscores, beginning with a letter."))


def _integer_remedy(low: int, high: int) -> str:
    return str(_("Write a whole number from %(low)s to %(high)s.") % {"low": low, "high": high})


def _choice_remedy(allowed: tuple[str, ...]) -> str:
    return str(_("Choose from: %(names)s.") % {"names": ", ".join(allowed)})


def _share_remedy() -> str:
    return str(_('Write a percentage in quotation marks, such as "30%", or a fraction, such as [3, 10].'))


def _clock_remedy() -> str:
    return str(_('Write a time of day in quotation marks, such as "18:00".'))
