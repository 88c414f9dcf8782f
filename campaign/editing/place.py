"""A place in a playbook that has a page: a table or a list; found by its address, and written back into a copy."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from campaign.editing.schema import Document, Rows, Section, Table, find, name_of

NEW = "add-new"  # a key holds no hyphen, so no row has this address


class NoSuchPlace(LookupError):
    """The address leads nowhere: mistyped, or the row has been taken out meanwhile."""


@dataclass(frozen=True)
class Place:
    """`table` and `value` of a table, or `rows` and `listed` of a list. `prefix`: how the loader's faults name it."""

    section: Section
    table: Table | None
    value: Document
    rows: Rows | None
    listed: list[Document]
    prefix: str
    new: bool
    trail: tuple[str | int, ...]  # keys and places from the top of the snapshot

    def put(self, snapshot: Document, value: Any) -> Document:
        """A copy of the snapshot with this place's table or list replaced; what is left empty is left out."""
        document = copy.deepcopy(snapshot)
        if not self.trail:
            return document | value
        parent: Any = document
        for step in self.trail[:-1]:
            parent = parent.setdefault(step, {}) if isinstance(parent, dict) else parent[step]
        last = self.trail[-1]
        if isinstance(parent, list):
            parent[int(last)] = value
        elif self.new:
            parent[last] = [*parent.get(last, []), value]
        elif value or (self.table is not None and not self.section.optional):
            parent[last] = value
        else:
            parent.pop(last, None)
        _drop_empty(document, self.section.path[:-1])
        return document


def _drop_empty(document: Document, path: tuple[str, ...]) -> None:
    """`[sanctions]` with nothing below it is left out."""
    if path and not document.get(path[0]):
        document.pop(path[0], None)


def locate(section: Section, at: str, snapshot: Document, *, like: Document | None = None) -> Place:
    """The place of an address such as `stage2/questions/satisfaction`; "" is the section itself.

    `like`: what the row says, where only that tells it apart from others. Raises NoSuchPlace.
    """
    found: Any = snapshot
    for key in section.path:
        found = found.get(key, {}) if isinstance(found, dict) else {}
    prefix, trail = ".".join(section.path), tuple(section.path)
    steps = [step for step in at.split("/") if step]
    if section.table is not None:
        if steps:
            raise NoSuchPlace(at)
        value = found or {} if section.path else {key: snapshot.get(key) for key in ("name", "source")}
        return Place(section, section.table, value, None, [], prefix, False, trail)
    return _descend(section, section.rows, found or [], steps, prefix, trail, like)


def _descend(
    section: Section,
    rows: Rows | None,
    listed: list[Document],
    steps: list[str],
    prefix: str,
    trail: tuple[str | int, ...],
    like: Document | None,
) -> Place:
    if rows is None:
        raise NoSuchPlace("/".join(steps))
    if not steps:
        return Place(section, None, {}, rows, listed, prefix, False, trail)
    if steps[0] == NEW and len(steps) == 1:
        return Place(section, rows.table, {}, rows, listed, f"{prefix}.{len(listed) + 1}", True, trail)
    index = find(rows, listed, steps[0])
    if like is not None and not rows.identity and len(steps) == 1:
        index = listed.index(like) if like in listed else None
    if index is None:
        raise NoSuchPlace("/".join(steps))
    row = listed[index]
    inner = f"{prefix}.{name_of(rows, row, index + 1)}"
    if len(steps) == 1:
        return Place(section, rows.table, row, rows, listed, inner, False, (*trail, index))
    below = rows.table.below(steps[1])
    if below is None or not below.paged:
        raise NoSuchPlace("/".join(steps))
    key = below.key
    return _descend(section, below, row.get(key, []), steps[2:], f"{inner}.{key}", (*trail, index, key), like)


def new_prefix(place: Place, value: Document) -> str:
    """How faults will name a row that has just been given its key."""
    if not place.new or place.rows is None:
        return place.prefix
    above = place.prefix.rpartition(".")[0]
    return f"{above}.{name_of(place.rows, value, len(place.listed) + 1)}"
