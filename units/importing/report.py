"""A plan as a preview keeps it: counts, codes and masked examples. No ID number, telephone or address in full."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from units.importing.plan import FieldChange, MemberPlan, Plan
from units.roster.identity import mask_phone
from units.roster.records import Fault

SHOWN = 200  # rows of each list; the counts are whole
FAULTS_SHOWN = 1000
MISSING_SHOWN = 1000
_SEALED = frozenset({"address"})
_PHONES = frozenset({"phone", "landline"})
_DERIVED = frozenset({"schooling"})


def report_of(plan: Plan) -> dict[str, Any]:
    """Plain data for RosterImport.report."""
    reading = plan.reading
    new, changed = plan.new, plan.changed
    return {
        "fingerprint": plan.fingerprint,
        "as_of": reading.as_of.isoformat() if reading.as_of else "",
        "sheets": [{"name": s.name, "kind": s.kind, "rows": s.rows, "header": s.header_row} for s in reading.sheets],
        "counts": _counts(plan),
        "faults": [_fault(each) for each in plan.faults[:FAULTS_SHOWN]],
        "new": [{"name": each.row.name, "branch": each.row.branch_name} for each in new[:SHOWN]],
        "changed": [_member(each) for each in changed[:SHOWN]],
        "tree": list(_tree(plan))[:SHOWN],
        "missing": [
            {"pk": each.pk, "name": each.name, "organization": each.organization_id}
            for each in plan.missing[:MISSING_SHOWN]
        ],
        "normalised": list(_normalised(plan)),
        "unknown": [each.column for each in reading.unknown_columns],
        "ignored": list(reading.ignored_sheets),
        "totals": [{"printed": each.printed, "counted": each.counted, "sheet": each.sheet} for each in reading.totals],
        "writes_nothing": plan.writes_nothing,
    }


def _counts(plan: Plan) -> dict[str, int]:
    organizations, units = plan.organizations, plan.units
    new, changed = len(plan.new), len(plan.changed)
    return {
        "rows": sum(sheet.rows for sheet in plan.reading.sheets),
        "members": sum(sheet.rows for sheet in plan.reading.sheets if sheet.kind == "member"),
        "new": new,
        "changed": changed,
        "unchanged": plan.unchanged,
        "faulty": len(plan.faulty_rows),
        "held": len(plan.held_rows),
        "faults": len(plan.faults),
        "missing": len(plan.missing),
        "normalised": len(plan.reading.normalised),
        "faultless": len(organizations) + len(units) + len(plan.members),
        "organizations_new": sum(each.stored is None for each in organizations),
        "organizations_changed": sum(bool(each.changes) for each in organizations),
        "units_new": sum(each.stored is None for each in units),
        "units_changed": sum(bool(each.changes) for each in units),
    }


def _fault(fault: Fault) -> dict[str, Any]:
    """Codes, not sentences: the page makes those in the reader's language."""
    return {
        "sheet": fault.sheet,
        "cell": fault.cell,
        "column": fault.column,
        "value": fault.shown_value,
        "code": fault.code,
        "reason": fault.reason,
        "params": dict(fault.params),
    }


def _member(plan: MemberPlan) -> dict[str, Any]:
    return {
        "pk": plan.stored.pk if plan.stored else None,
        "name": plan.row.name,
        "branch": plan.row.branch_name,
        "fields": [_change(each) for each in plan.changes if each.field not in _DERIVED],
    }


def _change(change: FieldChange) -> dict[str, Any]:
    return {
        "field": change.field,
        "before": _shown(change.field, change.before),
        "after": _shown(change.field, change.after),
    }


def _shown(field: str, value: Any) -> Any:
    if field in _SEALED and value:
        return "***"
    if field in _PHONES:
        return mask_phone(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def _tree(plan: Plan) -> Iterable[dict[str, Any]]:
    """Organisations and work units that are new or would change."""
    for kind, rows in (("organization", plan.organizations), ("unit", plan.units)):
        for each in rows:
            if each.stored is None or each.changes:
                yield {
                    "kind": kind,
                    "code": each.row.code,
                    "name": each.row.name,
                    "new": each.stored is None,
                    "fields": [_change(change) for change in each.changes],
                }


def _normalised(plan: Plan) -> Iterable[dict[str, Any]]:
    for kind, count in plan.reading.normalised_counts.items():
        example = next(each for each in plan.reading.normalised if each.kind == kind)
        yield {
            "kind": kind,
            "count": count,
            "column": example.column,
            "before": example.shown_before,
            "after": example.shown_after,
        }
