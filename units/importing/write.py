"""Writes a plan. Called inside one transaction, by units.actions.roster alone."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F

from accounts import audit
from accounts.models import User
from units import pinyin
from units.actions.organizations import CHANGED, move_organization
from units.importing import bulk
from units.importing.compare import ROSTER_FIELDS
from units.importing.plan import MemberPlan, OrganizationPlan, Plan, UnitPlan
from units.importing.stored import Stored, chunks
from units.models import Member, MemberMove, Organization, WorkUnit

_BATCH = 1000
_WRITTEN = [
    *ROSTER_FIELDS,
    "organization",
    "work_unit",
    "pinyin",
    "initials",
    "schooling",
    "left_on",
    "left_reason",
    "updated_at",
]


@dataclass(frozen=True, slots=True)
class Context:
    """Who writes, from which day on, and what history says of it."""

    by: User | None
    on: dt.date
    reason: str


def write(plan: Plan, stored: Stored, context: Context) -> None:
    """Write all rows of the plan: organisations, moves, work units, members."""
    organizations = _write_organizations(plan, stored, context)
    units = _write_units(plan.units, stored)
    _write_coverage(plan.organizations, organizations, units)
    _write_members(plan, organizations, units, context)


# ---------------------------------------------------------------- organisations
def _write_organizations(plan: Plan, stored: Stored, context: Context) -> dict[str, int]:
    """Create, rename and move; returns the keys of all organisations by code."""
    made = _create_organizations([each for each in plan.organizations if each.stored is None], stored)
    keys = {code: each.pk for code, each in stored.organizations.items()} | {c: o.pk for c, o in made.items()}
    for each in plan.organizations:
        if each.stored is not None and any(change.field in {"name", "kind"} for change in each.changes):
            _rename(each, each.stored, context)
    for each in _from_the_top([each for each in plan.organizations if each.moves]):
        if each.stored is not None:
            parent = Organization(pk=keys[each.parent_code])
            move_organization(
                by=context.by, organization=each.stored, parent=parent, on=context.on, reason=context.reason
            )
    return keys


def _from_the_top(plans: list[OrganizationPlan]) -> list[OrganizationPlan]:
    """Superiors first, so that nothing is ever moved under what still stands below it."""
    waiting = {plan.row.code: plan for plan in plans}
    ordered: list[OrganizationPlan] = []

    def take(plan: OrganizationPlan) -> None:
        if waiting.pop(plan.row.code, None) is None:
            return
        above = waiting.get(plan.parent_code)
        if above is not None:
            take(above)
        ordered.append(plan)

    for plan in plans:
        take(plan)
    return ordered


def _create_organizations(plans: list[OrganizationPlan], stored: Stored) -> dict[str, Organization]:
    """Level by level with computed paths: treebeard's own add_child takes 3 ms a node."""
    made: dict[str, Organization] = {}
    last: dict[str, int] = {}
    added: dict[str, int] = defaultdict(int)
    waiting = plans
    while waiting:
        level = [each for each in waiting if each.parent_code in made or each.parent_code in stored.organizations]
        level = level or [each for each in waiting if not each.parent_code]
        batch = [_node(each, _superior(each, made, stored), stored, last) for each in level]
        pinyin.fill_titles(batch)
        for each in Organization.objects.bulk_create(batch, batch_size=_BATCH):
            made[each.code] = each
        for each in level:
            added[each.parent_code] += 1
        taken = {each.row.code for each in level}
        waiting = [each for each in waiting if each.row.code not in taken]
    for code, count in added.items():
        if code:
            pk = (made.get(code) or stored.organizations[code]).pk
            Organization.objects.filter(pk=pk).update(numchild=F("numchild") + count)
    return made


def _superior(plan: OrganizationPlan, made: dict[str, Organization], stored: Stored) -> Organization | None:
    return made.get(plan.parent_code) or stored.organizations.get(plan.parent_code)


def _node(plan: OrganizationPlan, parent: Organization | None, stored: Stored, last: dict[str, int]) -> Organization:
    """A new organisation behind its parent's last child."""
    code = parent.code if parent else ""
    if code not in last:
        steps = [each.path[-Organization.steplen :] for each in stored.children.get(code, ())]
        last[code] = max((Organization._str2int(step) for step in steps), default=0)
    last[code] += 1
    depth = parent.depth + 1 if parent else 1
    path = Organization._get_path(parent.path if parent else "", depth, last[code])
    row = plan.row
    return Organization(code=row.code, name=row.name, kind=row.kind, parent=parent, path=path, depth=depth, numchild=0)


def _rename(plan: OrganizationPlan, organization: Organization, context: Context) -> None:
    spelling = pinyin.title(plan.row.name)
    Organization.objects.filter(pk=organization.pk).update(
        name=plan.row.name, kind=plan.row.kind, pinyin=spelling.full, initials=spelling.initials
    )
    names = {"from": organization.name, "to": plan.row.name} if organization.name != plan.row.name else {}
    data = {**names, "changed": [change.field for change in plan.changes if change.field in {"name", "kind"}]}
    audit.record(CHANGED, by=context.by, obj=organization, organization=organization, data=data)


# ---------------------------------------------------------------- work units
def _write_units(plans: Iterable[UnitPlan], stored: Stored) -> dict[str, int]:
    new = [_unit(plan, WorkUnit()) for plan in plans if plan.stored is None]
    changed = [_unit(plan, plan.stored) for plan in plans if plan.stored is not None and plan.changes]
    made = WorkUnit.objects.bulk_create(new, batch_size=_BATCH)
    WorkUnit.objects.bulk_update(changed, ["name", "type", "rank", "staff_count"], batch_size=_BATCH)
    return {code: unit.pk for code, unit in stored.units.items()} | {unit.code: unit.pk for unit in made}


def _unit(plan: UnitPlan, unit: WorkUnit) -> WorkUnit:
    row = plan.row
    if unit.pk is None:
        unit.code, unit.name, unit.type, unit.rank, unit.staff_count = (
            row.code,
            row.name,
            row.type,
            row.rank,
            row.staff_count,
        )
    for change in plan.changes:
        setattr(unit, change.field, change.after)
    return unit


def _write_coverage(plans: Iterable[OrganizationPlan], organizations: dict[str, int], units: dict[str, int]) -> None:
    """Which work units an organisation covers, where the workbook says so and it is not so already."""
    through = WorkUnit.organizations.through
    new = []
    for plan in plans:
        changed = plan.stored is None or any(change.field == "unit_names" for change in plan.changes)
        if plan.unit_codes is None or not changed:
            continue
        pk = organizations[plan.row.code]
        wanted = {units[code] for code in plan.unit_codes}
        if plan.stored is not None:
            links = through.objects.filter(organization_id=pk)
            links.exclude(workunit_id__in=wanted).delete()
            wanted -= set(links.values_list("workunit_id", flat=True))
        new += [through(organization_id=pk, workunit_id=unit) for unit in sorted(wanted)]
    through.objects.bulk_create(new, batch_size=_BATCH)


# ---------------------------------------------------------------- members
def _write_members(plan: Plan, organizations: dict[str, int], units: dict[str, int], context: Context) -> None:
    new = [_new_member(each, organizations, units) for each in plan.new]
    pinyin.fill_people(new)
    bulk.insert(new)
    moves = [_move(each.pk, MemberMove.Kind.JOINED, None, each.organization_id, context) for each in new]
    changed = []
    for each in plan.changed:
        if each.stored is not None:
            moves += _moves_of(each, each.stored, organizations, context)
            changed.append(_changed_member(each, each.stored, organizations, units))
    pinyin.fill_people(changed)
    for some in chunks(changed, _BATCH):
        Member.objects.bulk_create(some, update_conflicts=True, update_fields=_WRITTEN, unique_fields=["id"])
    bulk.insert(moves)


def _new_member(plan: MemberPlan, organizations: dict[str, int], units: dict[str, int]) -> Member:
    return Member(
        organization_id=organizations[plan.branch_code],
        work_unit_id=units[plan.unit_code] if plan.unit_code else None,
        id_number=plan.row.id_number,
        id_digest=plan.digest,
        **plan.values,
    )


def _changed_member(plan: MemberPlan, member: Member, organizations: dict[str, int], units: dict[str, int]) -> Member:
    member.organization_id = organizations[plan.branch_code]
    if plan.unit_code is not None:
        member.work_unit_id = units[plan.unit_code] if plan.unit_code else None
    for name, value in plan.values.items():
        setattr(member, name, value)
    if member.left_on is not None:
        member.left_on, member.left_reason = None, ""
    return member


def _moves_of(plan: MemberPlan, member: Member, organizations: dict[str, int], context: Context) -> list[MemberMove]:
    to = organizations[plan.branch_code]
    if plan.returned:
        return [_move(member.pk, MemberMove.Kind.RETURNED, None, to, context)]
    if plan.transferred:
        return [_move(member.pk, MemberMove.Kind.TRANSFERRED, member.organization_id, to, context)]
    return []


def _move(member: int, kind: str, source: int | None, to: int | None, context: Context) -> MemberMove:
    return MemberMove(
        member_id=member,
        kind=kind,
        from_organization_id=source,
        to_organization_id=to,
        moved_on=context.on,
        reason=context.reason,
        by=context.by,
    )
