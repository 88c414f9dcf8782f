"""The shape of a page that edits a part of a playbook: entries, tables, rows. No text of a playbook stands here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Document = dict[str, Any]
Choices = Callable[[Document], list[tuple[str, str]]]
Kind = Literal[
    "text",  # one line, in both languages
    "long",  # several lines, in both languages
    "flag",
    "integer",
    "decimal",
    "share",
    "clock",
    "weekday",
    "choice",
    "choices",
    "strings",  # one a line
    "weight",  # required or encouraged: two keys of which one is true
]


@dataclass(frozen=True)
class Entry:
    """One thing to fill in. `choices` gives what can be chosen, from the playbook as it stands."""

    key: str
    label: Any
    kind: Kind = "text"
    hint: Any = ""
    choices: Choices | None = None
    required: bool = False
    more: bool = False  # seldom needed: folded away until it is filled in
    fixed: bool = False  # chosen when the row is added, then kept: records refer to it
    otherwise: bool = False  # of a flag: what leaving it out means; with `required` it is always written


@dataclass(frozen=True)
class Table:
    """Entries, and rows of tables below them."""

    entries: tuple[Entry, ...]
    rows: tuple[Rows, ...] = ()

    def entry(self, key: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.key == key), None)

    def below(self, key: str) -> Rows | None:
        return next((rows for rows in self.rows if rows.key == key), None)


@dataclass(frozen=True)
class Rows:
    """A list of tables. `identity`: the key that tells rows apart; "" where only their place does."""

    key: str
    label: Any
    one: Any
    table: Table
    identity: str = "key"
    paged: bool = False  # each row has a page of its own; else all stand on the page of the table above
    titles: tuple[str, ...] = ("name",)
    hint: Any = ""
    start: tuple[Document, ...] = ()  # what a row named on the page of a new table begins with

    @property
    def keyed(self) -> bool:
        """Does a row carry a key that nobody types?"""
        return self.identity == "key" and self.table.entry("key") is None


@dataclass(frozen=True)
class Section:
    """A part of the playbook with a page of its own: a table (`path` leads to it) or a list of tables."""

    slug: str
    label: Any
    hint: Any
    path: tuple[str, ...]
    table: Table | None = None
    rows: Rows | None = None
    optional: bool = field(default=False)  # a table that is left out altogether when nothing is filled in


def name_of(rows: Rows, row: Mapping[str, Any], position: int) -> str:
    """The name under which faults speak of a row, as the loader gives it."""
    key = row.get("key")
    return key if isinstance(key, str) and len(key) <= 50 else str(position)


def address(rows: Rows, row: Mapping[str, Any], position: int) -> str:
    """How an address leads to a row: its key, or its place."""
    own = row.get(rows.identity) if rows.identity else None
    return str(own) if own is not None else str(position)


def find(rows: Rows, listed: list[Document], wanted: str) -> int | None:
    """The place of a row in its list, from 0."""
    for position, row in enumerate(listed):
        if address(rows, row, position + 1) == wanted:
            return position
    return None


def pairs(rows: Rows, listed: list[Document]) -> Iterator[tuple[str, Document]]:
    """Rows by what tells them apart; twins are told apart by their place."""
    seen: set[str] = set()
    for position, row in enumerate(listed, start=1):
        key = address(rows, row, position)
        while key in seen:
            key += "+"
        seen.add(key)
        yield key, row
