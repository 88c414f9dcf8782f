"""A reading of a workbook against the database: the plan of an import."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from accounts import crypto
from units.importing.faults import Faults
from units.importing.plan import FieldChange, MemberPlan, Plan
from units.importing.stored import Stored
from units.importing.tree import Tree, Units
from units.models import Member
from units.roster import vocabulary
from units.roster.records import MemberRow, RosterReading

ROSTER_FIELDS = (
    "name",
    "sex",
    "ethnicity",
    "birth_date",
    "education",
    "category",
    "joined_on",
    "full_on",
    "position",
    "phone",
    "landline",
    "address",
    "membership_state",
    "lost_contact",
    "lost_since",
    "floating",
    "floating_to",
    "post_level",
    "retired",
    "can_write",
    "note",
)
# An empty cell of these says nothing: the record keeps what it has, a new one its default.
_KEPT_IF_EMPTY = frozenset({"membership_state", "lost_contact", "floating", "retired", "can_write"})


def make_plan(reading: RosterReading, stored: Stored, today: dt.date) -> Plan:
    """Compare; writes nothing. Rows outside the scope, and those that would break the tree, become faults."""
    faults = Faults(reading)
    units = Units(reading, stored, faults)
    tree = Tree(reading, stored, units, faults)
    members = tuple(_plan_members(reading, stored, tree, units, faults))
    return Plan(
        reading=reading,
        top=stored.top,
        organizations=tree.plans,
        units=units.plans,
        members=members,
        missing=tuple(_missing(reading, stored, tree, members, faults)),
        faults=faults.together_with(reading),
        faulty_rows=(*reading.faulty_rows, *faults.faulty),
        held_rows=(*reading.held_rows, *faults.held),
        today=today,
    )


def _plan_members(
    reading: RosterReading, stored: Stored, tree: Tree, units: Units, faults: Faults
) -> Iterator[MemberPlan]:
    fields = reading.fields_of("member")
    plain = tuple(name for name in ROSTER_FIELDS if name in fields)
    says_unit = "unit_name" in fields
    digests = [crypto.digest(row.id_number) for row in reading.members]
    elsewhere = stored.elsewhere(digests)
    for row, digest in zip(reading.members, digests, strict=True):
        if digest in elsewhere:
            faults.add("member", row, "id_number", "outside_scope", "member", top=stored.top_name)
            continue
        branch = tree.find("member", row, "branch_name", row.branch_name)
        if branch is None:
            continue
        unit: str | None = "" if says_unit else None
        if says_unit and row.unit_name:
            unit = units.find("member", row, "unit_name", row.unit_name)
            if unit is None:
                continue
        values = member_values(row, plain)
        member = stored.members.get(digest)
        changes = tuple(_changes(member, values, branch, unit, stored, tree, units)) if member else ()
        yield MemberPlan(row, member, digest, branch, unit, values, changes)


def member_values(row: MemberRow, fields: tuple[str, ...] = ROSTER_FIELDS) -> dict[str, Any]:
    """A row's fields as a Member keeps them. An empty cell empties the field, unless it must have a value."""
    values = {name: getattr(row, name) for name in fields}
    for name in _KEPT_IF_EMPTY:
        if values.get(name) in {None, ""}:
            values.pop(name, None)
    values["schooling"] = vocabulary.EDUCATIONS.level(row.education)
    if values.get("full_on") and row.joined_on and row.full_on and row.full_on < row.joined_on:
        # Both in one month, and the day of full membership not given: not before the day of joining.
        values["full_on"] = row.joined_on
    return values


def _changes(
    member: Member,
    values: dict[str, Any],
    branch: str,
    unit: str | None,
    stored: Stored,
    tree: Tree,
    units: Units,
) -> Iterator[FieldChange]:
    before = stored.by_pk[member.organization_id]
    if before.code != branch:
        yield FieldChange("organization", before.name, tree.name(branch))
    if unit is not None:
        was = stored.units_by_pk.get(member.work_unit_id) if member.work_unit_id else None
        if (was.code if was else "") != unit:
            yield FieldChange("work_unit", was.name if was else "", _unit_name(unit, stored, units))
    for name, value in values.items():
        if getattr(member, name) != value:
            yield FieldChange(name, getattr(member, name), value)
    if member.left_on is not None:
        yield FieldChange("left_on", member.left_on, None)


def _unit_name(code: str, stored: Stored, units: Units) -> str:
    named = next((plan.row.name for plan in units.plans if plan.row.code == code), "")
    return named or (stored.units[code].name if code in stored.units else "")


def _missing(
    reading: RosterReading, stored: Stored, tree: Tree, members: tuple[MemberPlan, ...], faults: Faults
) -> Iterator[Member]:
    """Who is on the roll of a branch that the workbook names, and in no row of it, not even in a faulty one."""
    if not any(sheet.kind == "member" for sheet in reading.sheets):
        return
    codes = {*tree.branches, *(plan.branch_code for plan in members)}
    branches = {each.pk for code in codes if (each := stored.organizations.get(code))}
    waiting = (*reading.faulty_rows, *reading.held_rows, *faults.faulty, *faults.held)
    present = {plan.digest for plan in members}
    present |= {crypto.digest(ref.key) for ref in waiting if ref.kind == "member" and ref.key}
    # A faulty row whose number cannot be read may be anybody of its name.
    names = {ref.name for ref in waiting if ref.kind == "member" and not ref.key}
    for digest, member in stored.members.items():
        on_roll = member.left_on is None and member.organization_id in branches
        if on_roll and digest not in present and member.name not in names:
            yield member
