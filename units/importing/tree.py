"""Organisations and work units of a workbook against those stored."""

from __future__ import annotations

from collections.abc import Mapping

from units.actions.organizations import PLACES
from units.importing.faults import Faults
from units.importing.plan import FieldChange, OrganizationPlan, UnitPlan
from units.importing.stored import Stored
from units.models import Organization, WorkUnit
from units.roster.records import OrganizationRow, RosterReading, WorkUnitRow

_UNIT_FIELDS = ("name", "type", "rank", "staff_count")


class Units:
    """Work units: by code those of the rows and of the database, and by the names that rows use."""

    def __init__(self, reading: RosterReading, stored: Stored, faults: Faults) -> None:
        self.stored, self.faults = stored, faults
        self.fields = reading.fields_of("unit")
        self.codes = {row.code for row in reading.units}
        self.rows = {row.name: row for row in reading.units}
        self.refused: set[str] = set()
        self.plans = tuple(plan for row in reading.units if (plan := self._plan(row)))

    def _plan(self, row: WorkUnitRow) -> UnitPlan | None:
        unit = self.stored.units.get(row.code)
        changes = _unit_changes(row, unit, self.fields) if unit else ()
        same = [each for each in self.stored.units_named.get(row.name, ()) if each.code not in self.codes]
        if unit and changes and (unit.pk not in self.stored.units_in_scope or unit.pk in self.stored.shared_units):
            self.faults.add("unit", row, "code", "outside_scope", "unit", top=self.stored.top_name)
        elif same and (unit is None or changes):
            self.faults.add("unit", row, "name", "duplicate_name", "stored", other=same[0].code)
        else:
            return UnitPlan(row, unit, changes)
        self.refused.add(row.code)
        return None

    def find(self, kind: str, row: object, field: str, name: str) -> str | None:
        """The code of the unit of this name; None when the row is told a fault or must wait."""
        if name in self.rows:
            if self.rows[name].code in self.refused:
                self.faults.hold(kind, row)
                return None
            return self.rows[name].code
        found = self.stored.units_named.get(name, [])
        if len(found) != 1:
            code = "ambiguous_name" if found else "unknown_unit"
            self.faults.add(kind, row, field, code, count=str(len(found)))
            return None
        return found[0].code


def _unit_changes(row: WorkUnitRow, unit: WorkUnit, fields: frozenset[str]) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(name, getattr(unit, name), getattr(row, name))
        for name in _UNIT_FIELDS
        if name in fields and getattr(unit, name) != getattr(row, name)
    )


class Tree:
    """The tree as it would stand after the import. Rows that would break it are refused, those below them wait."""

    def __init__(self, reading: RosterReading, stored: Stored, units: Units, faults: Faults) -> None:
        self.stored, self.units, self.faults = stored, units, faults
        self.says_units = "unit_names" in reading.fields_of("organization")
        self.rows = {row.code: row for row in reading.organizations}
        self.by_name = {row.name: row for row in reading.organizations}
        self.out: set[str] = set()  # codes of rows that are not written
        self.parents: dict[str, str] = {}
        self.unit_codes: dict[str, frozenset[str]] = {}
        self.first_root = ""
        for row in reading.organizations:
            if not self._place(row):
                self.out.add(row.code)
        self._hold_below()
        while self._refuse_misplaced():
            self._hold_below()
        self.plans = tuple(self._plan(row) for row in reading.organizations if row.code not in self.out)

    # ------------------------------------------------------------ one row
    def _place(self, row: OrganizationRow) -> bool:
        """Find the row's record, superior and work units, or tell what is wrong."""
        stored = self.stored.organizations.get(row.code)
        same = [each for each in self.stored.named.get(row.name, ()) if each.code not in self.rows]
        if stored and not self.stored.in_scope(stored):
            self.faults.add("organization", row, "code", "outside_scope", top=self.stored.top_name)
        elif stored and stored.closed_on:
            self.faults.add("organization", row, "code", "closed_organization", date=stored.closed_on.isoformat())
        elif same and (stored is None or stored.name != row.name):
            self.faults.add("organization", row, "name", "duplicate_name", "stored", other=same[0].code)
        else:
            return self._place_under(row, stored) and self._cover(row)
        return False

    def _place_under(self, row: OrganizationRow, stored: Organization | None) -> bool:
        parent = self._find_parent(row, stored)
        if parent is None:
            return False
        is_top = stored is not None and self.stored.top is not None and stored.pk == self.stored.top.pk
        if stored and is_top and parent != self.stored.parent_code(stored):
            self.faults.add("organization", row, "parent_name", "outside_scope", "parent", top=stored.name)
            return False
        self.parents[row.code] = parent
        return True

    def _find_parent(self, row: OrganizationRow, stored: Organization | None) -> str | None:
        """The superior's code, empty for the top of a tree; None after telling a fault."""
        name = row.parent_name
        if not name:
            return self._without_superior(row, stored)
        if name in self.by_name:
            return self.by_name[name].code
        found = self.stored.named.get(name, [])
        if len(found) == 1:
            return found[0].code
        # The top of the import keeps its superior, which it may name although it lies outside.
        above = [each for each in self.stored.above if each.name == name]
        if above and stored and any(each.pk == stored.parent_id for each in above):
            return self.stored.parent_code(stored)
        if above:
            self.faults.add("organization", row, "parent_name", "outside_scope", "parent", top=self.stored.top_name)
        else:
            code = "ambiguous_name" if found else "unknown_organization"
            self.faults.add("organization", row, "parent_name", code, count=str(len(found)))
        return None

    def _without_superior(self, row: OrganizationRow, stored: Organization | None) -> str | None:
        """An organisation that is stored stays where it is; a new one may only be the very first."""
        if stored:
            return self.stored.parent_code(stored)
        if self.stored.organizations or self.stored.top or self.first_root:
            self.faults.add("organization", row, "parent_name", "missing_value", "superior")
            return None
        self.first_root = row.code
        return ""

    def _cover(self, row: OrganizationRow) -> bool:
        codes = set()
        for name in row.unit_names if self.says_units else ():
            code = self.units.find("organization", row, "unit_names", name)
            if code is None:
                return False
            codes.add(code)
        self.unit_codes[row.code] = frozenset(codes)
        return True

    # ------------------------------------------------------------ all rows together
    def _hold_below(self) -> None:
        waiting = True
        while waiting:
            waiting = False
            for code, row in self.rows.items():
                parent = self.parents.get(code, "")
                if code not in self.out and parent in self.rows and parent in self.out:
                    self.faults.hold("organization", row)
                    self.out.add(code)
                    waiting = True

    def _refuse_misplaced(self) -> bool:
        """Refuse rows that would stand in a circle or where their kind has no place. Whether there were any."""
        before = len(self.out)
        for code, row in self.rows.items():
            if code not in self.out and not (self._no_circle(row) and self._kind_fits(row)):
                self.out.add(code)
        return len(self.out) > before

    def kind(self, code: str) -> str:
        """An organisation's kind after the import."""
        if code in self.rows and code not in self.out:
            return self.rows[code].kind
        stored = self.stored.organizations.get(code)
        return stored.kind if stored else next((each.kind for each in self.stored.above if each.code == code), "")

    def _parent(self, code: str) -> str:
        if code in self.parents and code not in self.out:
            return self.parents[code]
        stored = self.stored.organizations.get(code)
        return self.stored.parent_code(stored) if stored else ""

    def name(self, code: str) -> str:
        if code in self.rows and code not in self.out:
            return self.rows[code].name
        return self.stored.organizations[code].name if code in self.stored.organizations else code

    def _no_circle(self, row: OrganizationRow) -> bool:
        trail = [row.code]
        code = self._parent(row.code)
        while code and code not in trail:
            trail.append(code)
            code = self._parent(code)
        if code != row.code:
            return True
        loop = " → ".join(self.name(each) for each in [*trail, row.code])
        self.faults.add("organization", row, "parent_name", "cycle", loop=loop)
        return False

    def _kind_fits(self, row: OrganizationRow) -> bool:
        stored = self.stored.organizations.get(row.code)
        parent = self.parents[row.code]
        new_kind = stored is None or stored.kind != row.kind
        moved = stored is None or self.stored.parent_code(stored) != parent
        if parent and (new_kind or moved) and row.kind not in PLACES[self.kind(parent)]:
            self.faults.add("organization", row, "kind", "cannot_sit", parent=self.name(parent))
            return False
        if stored is None or not new_kind:
            return True
        for child in self.stored.children.get(row.code, ()):
            stays = self._parent(child.code) == row.code and child.closed_on is None
            if stays and self.kind(child.code) not in PLACES[row.kind]:
                self.faults.add("organization", row, "kind", "cannot_sit", "below", child=self.name(child.code))
                return False
        return self._has_no_members(row, stored)

    def _has_no_members(self, row: OrganizationRow, stored: Organization) -> bool:
        if row.kind == Organization.Kind.BRANCH or not self.stored.members:
            return True
        count = self.stored.on_roll[stored.pk]
        if count:
            self.faults.add("organization", row, "kind", "kind_in_use", count=str(count))
        return not count

    # ------------------------------------------------------------ outcome
    def _plan(self, row: OrganizationRow) -> OrganizationPlan:
        stored = self.stored.organizations.get(row.code)
        units = self.unit_codes[row.code] if self.says_units else None
        parent = self.parents[row.code]
        return OrganizationPlan(row, stored, parent, units, self._changes(row, stored, parent, units))

    def _changes(
        self, row: OrganizationRow, stored: Organization | None, parent: str, units: frozenset[str] | None
    ) -> tuple[FieldChange, ...]:
        if stored is None:
            return ()
        found = [
            FieldChange(name, getattr(stored, name), getattr(row, name))
            for name in ("name", "kind")
            if getattr(stored, name) != getattr(row, name)
        ]
        before = self.stored.parent_code(stored)
        if before != parent:
            found.append(FieldChange("parent", self._stored_name(before), self.name(parent)))
        covered = {self.stored.units_by_pk[pk].code for pk in self.stored.coverage.get(stored.pk, ())}
        if units is not None and units != covered:
            was = "、".join(sorted(self.stored.units[code].name for code in covered))
            found.append(FieldChange("unit_names", was, row.unit_name))
        return tuple(found)

    def _stored_name(self, code: str) -> str:
        return self.stored.organizations[code].name if code in self.stored.organizations else ""

    def find(self, kind: str, row: object, field: str, name: str) -> str | None:
        """The code of the branch of this name; None when the row is told a fault or must wait."""
        if name in self.by_name:
            code = self.by_name[name].code
            if code in self.out:
                self.faults.hold(kind, row)
                return None
        else:
            found = self.stored.named.get(name, [])
            if len(found) != 1:
                fault = "ambiguous_name" if found else "unknown_branch"
                self.faults.add(kind, row, field, fault, count=str(len(found)))
                return None
            code = found[0].code
        if self.kind(code) != Organization.Kind.BRANCH:
            self.faults.add(kind, row, field, "unknown_branch", "kind")
            return None
        return code

    @property
    def branches(self) -> Mapping[str, str]:
        """Codes of the branches that the organisation sheet names, with their names."""
        return {p.row.code: p.row.name for p in self.plans if p.row.kind == Organization.Kind.BRANCH}
