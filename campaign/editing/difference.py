"""Two states of a playbook compared, in words: part, line, what it was, what it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from campaign.editing.choices import shown
from campaign.editing.schema import Document, Entry, Rows, Table, pairs
from campaign.editing.sections import SECTIONS

NOTHING = ""
# What no page edits, and what a table newer than the pages may hold: compared under its own key.
PLAIN = Table(())


@dataclass(frozen=True)
class Difference:
    """One change. `part` is the section, `place` the line in it, `what` the entry; before or after empty: not there."""

    part: str
    place: str
    what: str
    before: str
    after: str


def differences(before: Document, after: Document) -> list[Difference]:
    """Every difference between two snapshots, in the order of the pages; none where both say the same."""
    compare = _Compare(before, after)
    seen: set[tuple[str, ...]] = set()
    found: list[Difference] = []
    for section in SECTIONS:
        old, new = _at(before, section.path), _at(after, section.path)
        part = str(section.label)
        seen.add(section.path)
        if section.rows is not None:
            found += compare.rows(part, (), section.rows, old or [], new or [])
        elif section.table is not None and section.path:
            found += compare.table(part, (), section.table, old or {}, new or {})
        elif section.table is not None:
            keys = {entry.key for entry in section.table.entries}
            own = [{key: value for key, value in one.items() if key in keys} for one in (before, after)]
            found += compare.table(part, (), section.table, own[0], own[1])
    found += _others(compare, before, after, seen)
    return found


def _others(compare: _Compare, before: Document, after: Document, seen: set[tuple[str, ...]]) -> Iterator[Difference]:
    known = {path[0] for path in seen if path} | {"name", "source"}
    for key in [*before, *(key for key in after if key not in before)]:
        if key not in known:
            yield from compare.value("", (), Entry(key, key), before.get(key), after.get(key))


def _at(document: Document, path: tuple[str, ...]) -> Any:
    found: Any = document
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found


class _Compare:
    def __init__(self, before: Document, after: Document) -> None:
        self.before, self.after = before, after

    def table(
        self, part: str, place: tuple[str, ...], table: Table, old: Document, new: Document
    ) -> Iterator[Difference]:
        if any(entry.kind == "weight" for entry in table.entries):
            old, new = _weighed(old), _weighed(new)
        keys = [entry.key for entry in table.entries] + [rows.key for rows in table.rows]
        keys += [key for key in (*old, *new) if key not in keys]
        for key in dict.fromkeys(keys):
            rows = table.below(key)
            if old.get(key) == new.get(key):
                continue
            if rows is not None:
                yield from self.rows(part, (*place, str(rows.label)), rows, old.get(key, []), new.get(key, []))
            else:
                entry = table.entry(key) or Entry(key, key)
                yield from self.value(part, place, entry, old.get(key), new.get(key))

    def rows(
        self, part: str, place: tuple[str, ...], rows: Rows, old: list[Document], new: list[Document]
    ) -> Iterator[Difference]:
        if old == new:
            return
        was, now = dict(pairs(rows, old)), dict(pairs(rows, new))
        for key, row in was.items():
            name = title_of(rows, row, self.before)
            if key in now:
                yield from self.table(part, (*place, name), rows.table, row, now[key])
            else:
                yield Difference(part, " › ".join(place), str(rows.one), name, NOTHING)
        for key, row in now.items():
            if key not in was:
                yield Difference(part, " › ".join(place), str(rows.one), NOTHING, title_of(rows, row, self.after))
        stayed = [key for key in was if key in now]
        if stayed != [key for key in now if key in was]:
            order = [
                ", ".join(title_of(rows, listed[key], document) for key in listed if key in stayed)
                for listed, document in ((was, self.before), (now, self.after))
            ]
            yield Difference(part, " › ".join(place), _("Order"), *order)

    def value(self, part: str, place: tuple[str, ...], entry: Entry, old: Any, new: Any) -> Iterator[Difference]:
        if old == new:
            return
        before, after = words_of(entry, old, self.before), words_of(entry, new, self.after)
        if before == after:  # only the other language's half has changed
            before, after = _both(old), _both(new)
        yield Difference(part or str(entry.label), " › ".join(place), str(entry.label) if part else "", before, after)


def title_of(rows: Rows, row: Document, document: Document) -> str:
    """How people call a row of a list."""
    found = []
    for key in rows.titles:
        entry = rows.table.entry(key)
        if key in row:
            found.append(words_of(entry, row[key], document) if entry else shown(row[key]))
    return " · ".join(word for word in found if word) or str(rows.one)


def words_of(entry: Entry, value: Any, document: Document) -> str:
    """A value as the page shows it."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if entry.choices is not None:
        named = dict(entry.choices(document))
        listed = value if isinstance(value, list) else [value]
        return ", ".join(named.get(str(one), str(one)) for one in listed)
    if entry.kind == "share" and isinstance(value, list) and len(value) == 2:
        return f"{value[0]}/{value[1]}"
    return _any_words(value)


def _weighed(row: Document) -> Document:
    weight = {"weight": "soft" if row.get("soft") else "gate"} if row else {}
    return {key: value for key, value in row.items() if key not in {"gate", "soft"}} | weight


def _both(value: Any) -> str:
    return f"{value['zh']} / {value['en']}" if isinstance(value, dict) and set(value) == {"zh", "en"} else str(value)


def _any_words(value: Any) -> str:
    """Whatever else a snapshot holds, without braces and quotation marks."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        if set(value) == {"zh", "en"}:
            return shown(value)
        named = [shown(value[key]) for key in ("name", "text", "rule") if key in value]
        return named[0] if named else "; ".join(f"{key}: {_any_words(one)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(_any_words(one) for one in value)
    return str(value)
