"""What makes a roster's rows acceptable. One root fault a row is told; what merely follows from it is not."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from units.roster.identity import birth_date_in, sex_in
from units.roster.layout import Column, Layout, column_letter
from units.roster.records import Fault, Known
from units.roster.spelling import Cell, Day, shown

_ADULT = 18
_SIMILAR = 0.75
_SEARCHES = 50  # comparing with a thousand names takes 10 ms; past these the remedy names none


@dataclass(slots=True)
class RawRow:
    """A row while it is being checked. A field that is missing in `values` is absent or could not be read."""

    layout: Layout
    sheet: str
    row: int
    positions: dict[str, int]
    cells: Sequence[Cell]
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def cell(self, name: str) -> str:
        return f"{column_letter(self.positions[name])}{self.row}"

    def add(self, name: str, code: str, reason: str = "", **params: str) -> None:
        """Tell of a fault in the cell of a field."""
        label = next(column.label for column in self.layout.columns if column.field == name)
        value = shown(self.cells[self.positions[name]])
        self.faults.append(Fault(self.sheet, self.row, label, self.cell(name), code, value, reason, params))

    def get(self, name: str) -> Any:
        return self.values.get(name)


def empty_code(column: Column) -> tuple[str, str]:
    """(code, reason) for a required cell that is empty."""
    if column.field in {"name", "sex"}:
        return ("missing_name" if column.field == "name" else "bad_sex"), ""
    if column.reader == "date":
        return "bad_date", "empty"
    codes = {"id_number": "id_length", "branch_name": "unknown_branch", "education": "unknown_education"}
    return (codes[column.field], "empty") if column.field in codes else ("missing_value", "")


def check_member(row: RawRow, today: datetime.date) -> None:
    """Rules within one member's row: the ID number against birth date and sex, and the order of the dates."""
    number, birth, sex = row.get("id_number"), row.get("birth_date"), row.get("sex")
    future = _check_future(row, today)
    birth_is_sound = birth is not None and "birth_date" not in future
    if number and birth_is_sound:
        birth_is_sound = _check_birth(row, number, birth)
    if number and sex and sex_in(number) != sex:
        row.add("sex", "id_sex_mismatch", other=row.cell("id_number"), sex=sex_in(number))
    joined, full = row.get("joined_on"), row.get("full_on")
    if joined is None or "joined_on" in future:
        return
    if birth_is_sound and joined.latest < _birthday(birth.date, _ADULT):
        row.add("joined_on", "joined_before_18", other=row.cell("birth_date"))
    elif full is not None and "full_on" not in future and full.latest < joined.date:
        row.add("full_on", "full_before_joined", other=row.cell("joined_on"))


def _check_future(row: RawRow, today: datetime.date) -> set[str]:
    names = [
        column.field
        for column in row.layout.columns
        if column.reader == "date" and isinstance(row.get(column.field), Day)
    ]
    found = {name for name in names if row.values[name].date > today}
    for name in names:
        if name in found:
            row.add(name, "future_date", today=today.isoformat())
    return found


def _check_birth(row: RawRow, number: str, birth: Day) -> bool:
    told = birth_date_in(number)
    if told is None:
        row.add("birth_date", "id_birth_mismatch", "impossible", other=row.cell("id_number"))
        return False
    # A birth date written without its day can only be compared by month.
    if told == birth.date or (not birth.exact and told.replace(day=1) == birth.date):
        return True
    row.add("birth_date", "id_birth_mismatch", other=row.cell("id_number"), date=told.isoformat())
    return False


def _birthday(born: datetime.date, years: int) -> datetime.date:
    try:
        return born.replace(year=born.year + years)
    except ValueError:  # born on 29 February
        return born.replace(year=born.year + years, day=28)


def check_duplicates(rows: list[RawRow], name: str, code: str) -> None:
    """Every later row that has the same value in a field as an earlier one."""
    first: dict[str, RawRow] = {}
    for row in rows:
        value = row.get(name)
        if not value:
            continue
        earlier = first.setdefault(value, row)
        if earlier is not row:
            row.add(name, code, other=earlier.cell(name), sheet=earlier.sheet)


def check_references(
    organizations: list[RawRow],
    units: list[RawRow],
    members: list[RawRow],
    known: Known,
    broken: Collection[str],
) -> None:
    """Names that refer to nothing. Kinds in `broken` have a sheet that could not be read: not judged."""
    named = {row.values["name"]: row for row in organizations if row.get("name")}
    all_names = _Names(set(named) | known.organizations | known.branches)
    branches = _Names(known.branches | {n for n, row in named.items() if row.get("kind") in {"branch", None}})
    unit_names = _Names({row.values["name"] for row in units if row.get("name")} | known.units)
    if "unit" not in broken:
        for row in organizations:
            _check_units(row, unit_names)
        _check_names(members, "unit_name", "unknown_unit", unit_names)
    if "organization" not in broken:
        _check_names(organizations, "parent_name", "unknown_organization", all_names)
        _check_branches(members, branches, all_names)
        _check_cycles(organizations, named)


def _check_units(row: RawRow, names: _Names) -> None:
    for name in row.get("unit_names") or ():
        if name not in names:
            reason, params = names.similar(name)
            row.add("unit_names", "unknown_unit", reason, **params)
            break  # one cell, one fault


def _check_names(rows: list[RawRow], name: str, code: str, names: _Names) -> None:
    for row in rows:
        value = row.get(name)
        if value and value not in names:
            reason, params = names.similar(value)
            row.add(name, code, reason, **params)


def _check_branches(members: list[RawRow], branches: _Names, all_names: _Names) -> None:
    for row in members:
        value = row.get("branch_name")
        if not value or value in branches:
            continue
        if value in all_names:
            row.add("branch_name", "unknown_branch", "kind")
            continue
        reason, params = branches.similar(value)
        row.add("branch_name", "unknown_branch", reason, **params)


class _Names:
    """Names that may be referred to. Offers a similar one for a wrong one, a limited number of times."""

    def __init__(self, names: Collection[str]) -> None:
        self.names = frozenset(names)
        self._offered: dict[str, str] = {}

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def similar(self, name: str) -> tuple[str, dict[str, str]]:
        """(reason, parameters) of a fault in a reference."""
        if name not in self._offered and len(self._offered) < _SEARCHES:
            found = get_close_matches(name, sorted(self.names), n=1, cutoff=_SIMILAR)
            self._offered[name] = found[0] if found else ""
        offer = self._offered.get(name)
        return ("similar", {"similar": offer}) if offer else ("", {})


def _check_cycles(organizations: list[RawRow], named: dict[str, RawRow]) -> None:
    """One fault for each circle, at its first row: all of its rows share the one mistake."""
    settled: set[int] = set()
    for start in organizations:
        trail: list[RawRow] = []
        on_trail: set[int] = set()
        row: RawRow | None = start
        while row is not None and id(row) not in settled and id(row) not in on_trail:
            trail.append(row)
            on_trail.add(id(row))
            row = named.get(row.get("parent_name") or "")
        settled |= on_trail
        if row is None or id(row) not in on_trail:
            continue
        circle = trail[next(at for at, each in enumerate(trail) if each is row) :]
        first = min(circle, key=lambda each: (each.sheet, each.row))
        at = circle.index(first)
        loop = [each.values["name"] for each in [*circle[at:], *circle[:at], first]]
        first.add("parent_name", "cycle", loop=" → ".join(loop))


def held_rows(
    organizations: list[RawRow], units: list[RawRow], members: list[RawRow], known: Known
) -> tuple[set[int], list[RawRow]]:
    """(ids of the rows that can be written, faultless rows that must wait for a faulty one they refer to)."""
    unit_names = {row.values["name"] for row in units if not row.faults} | known.units
    organization_names = set(known.organizations | known.branches)
    sound = [row for row in organizations if not row.faults and _all_in(row.get("unit_names"), unit_names)]
    writable = {id(row) for row in units if not row.faults}
    _settle(sound, organization_names, writable)
    for row in members:
        unit = row.get("unit_name")
        if not row.faults and row.get("branch_name") in organization_names and (not unit or unit in unit_names):
            writable.add(id(row))
    everything = [*organizations, *units, *members]
    return writable, [row for row in everything if not row.faults and id(row) not in writable]


def _settle(sound: list[RawRow], names: set[str], writable: set[int]) -> None:
    """Take in, from the top of the tree down, every organisation whose superior is taken in."""
    below: dict[str, list[RawRow]] = {}
    for row in sound:
        below.setdefault(row.get("parent_name") or "", []).append(row)
    waiting: list[RawRow] = [row for name in ("", *names) for row in below.pop(name, [])]
    while waiting:
        row = waiting.pop()
        writable.add(id(row))
        names.add(row.values["name"])
        waiting += below.pop(row.values["name"], [])


def _all_in(values: Collection[str] | None, names: Collection[str]) -> bool:
    return all(value in names for value in values or ())
