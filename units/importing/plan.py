"""What an import would do, row by row, before anything is written."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from units.models import Member, Organization, WorkUnit
from units.roster.records import (
    Fault,
    MemberRow,
    OrganizationRow,
    RosterReading,
    RowRef,
    WorkUnitRow,
)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a stored record: what it holds, and what it would hold."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class OrganizationPlan:
    row: OrganizationRow
    stored: Organization | None
    parent_code: str  # empty at the top of a tree
    unit_codes: frozenset[str] | None  # None: the workbook does not say
    changes: tuple[FieldChange, ...]

    @property
    def moves(self) -> bool:
        return self.stored is not None and any(change.field == "parent" for change in self.changes)


@dataclass(frozen=True, slots=True)
class UnitPlan:
    row: WorkUnitRow
    stored: WorkUnit | None
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class MemberPlan:
    """`values` are the fields that the workbook states. `unit_code` is None when it has no column for it."""

    row: MemberRow
    stored: Member | None
    digest: str
    branch_code: str
    unit_code: str | None
    values: dict[str, Any]
    changes: tuple[FieldChange, ...]

    @property
    def transferred(self) -> bool:
        return self.stored is not None and any(change.field == "organization" for change in self.changes)

    @property
    def returned(self) -> bool:
        """Left the roll before, and stands in the workbook again."""
        return self.stored is not None and self.stored.left_on is not None


@dataclass(frozen=True, slots=True)
class Plan:
    """The rows that can be written, the faults of the others, and who stands on the roll but not in the workbook."""

    reading: RosterReading
    top: Organization | None
    organizations: tuple[OrganizationPlan, ...]
    units: tuple[UnitPlan, ...]
    members: tuple[MemberPlan, ...]
    missing: tuple[Member, ...]
    faults: tuple[Fault, ...]
    faulty_rows: tuple[RowRef, ...]
    held_rows: tuple[RowRef, ...]
    today: dt.date = field(default_factory=dt.date.today)

    @property
    def accepted(self) -> bool:
        """Whether every row can be written."""
        return not self.faults

    @property
    def new(self) -> tuple[MemberPlan, ...]:
        return tuple(each for each in self.members if each.stored is None)

    @property
    def changed(self) -> tuple[MemberPlan, ...]:
        return tuple(each for each in self.members if each.stored is not None and each.changes)

    @property
    def unchanged(self) -> int:
        """Members whose row says what is stored."""
        return sum(each.stored is not None and not each.changes for each in self.members)

    @property
    def writes_nothing(self) -> bool:
        everything: Iterable[Any] = (*self.organizations, *self.units, *self.members)
        return not any(each.stored is None or each.changes for each in everything)

    @property
    def fingerprint(self) -> str:
        """Equal for two plans that would write the same: a preview is confirmed, not whatever came since."""
        content = [
            [[o.row.code, o.stored is None, _said(o.changes)] for o in self.organizations],
            [[u.row.code, u.stored is None, _said(u.changes)] for u in self.units],
            [[m.digest, m.stored is None, _said(m.changes)] for m in self.members],
            [[fault.cell, fault.sheet, fault.code] for fault in self.faults],
            sorted(member.pk for member in self.missing),
        ]
        return hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()


def _said(changes: tuple[FieldChange, ...]) -> list[list[str]]:
    return [[change.field, str(change.before), str(change.after)] for change in changes]
