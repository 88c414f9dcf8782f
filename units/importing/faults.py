"""Faults that only the comparison with the database can find, told in the cell where they stand."""

from __future__ import annotations

from typing import Any

from units.roster.layout import LAYOUTS
from units.roster.records import Fault, RosterReading, RowRef
from units.roster.vocabulary import ORGANIZATION_KINDS

_LABELS = {layout.kind: {column.field: column.label for column in layout.columns} for layout in LAYOUTS}
_KEYS = {"organization": "code", "unit": "code", "member": "id_number"}


class Faults:
    """Collects faults and the rows that wait for a faulty one. A row is told one fault of this sort."""

    def __init__(self, reading: RosterReading) -> None:
        self.found: list[Fault] = []
        self.faulty: list[RowRef] = []
        self.held: list[RowRef] = []
        self._order = {sheet.name: at for at, sheet in enumerate(reading.sheets)}
        self._letters = {sheet.name: dict(zip(sheet.fields, sheet.letters, strict=True)) for sheet in reading.sheets}

    def add(self, kind: str, row: Any, field: str, code: str, reason: str = "", **params: str) -> None:
        """Tell of a fault in the cell of a field."""
        cell = f"{self._letters[row.sheet].get(field, 'A')}{row.row}"
        fault = Fault(row.sheet, row.row, _LABELS[kind][field], cell, code, _value(row, field), reason, params)
        self.found.append(fault)
        self.faulty.append(_ref(kind, row))

    def hold(self, kind: str, row: Any) -> None:
        """The row itself is right, but refers to one that is not written."""
        self.held.append(_ref(kind, row))

    def together_with(self, reading: RosterReading) -> tuple[Fault, ...]:
        """These and the reader's, in the order of the workbook."""
        everything = [*reading.faults, *self.found]
        return tuple(sorted(everything, key=lambda f: (self._order.get(f.sheet, -1), f.row, len(f.cell), f.cell)))


def _ref(kind: str, row: Any) -> RowRef:
    return RowRef(kind, row.sheet, row.row, getattr(row, _KEYS[kind]), row.name)


def _value(row: Any, field: str) -> str:
    value = getattr(row, field)
    if field == "kind":
        return ORGANIZATION_KINDS.label(value)
    return "、".join(value) if isinstance(value, tuple) else str(value)
