"""The census: sheets, what was found of members, and a case for each problem (group T)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts import audit, clock
from accounts.models import User
from campaign.models import Batch, CensusCase, CensusSheet, MemberCensus
from units.models import Member, Organization, WorkUnit

FILLED = audit.action("census.filled", _("Filled in a census sheet"))
MEMBER_FILLED = audit.action("census.member", _("Recorded a member in the census"))
IMPORTED = audit.action("census.imported", _("Imported the census from a workbook"))
CASE_OPENED = audit.action("census.case_opened", _("Opened a case of the census"))
CASE_CHANGED = audit.action("census.case_changed", _("Changed a case of the census"))
CASE_CLOSED = audit.action("census.case_closed", _("Closed a case of the census"))
CASE_REOPENED = audit.action("census.case_reopened", _("Reopened a case of the census"))


class SheetChanged(Exception):
    """Somebody else has saved this sheet meanwhile."""


class CaseChanged(Exception):
    """Somebody else has changed or closed this case meanwhile."""


@dataclass(frozen=True, kw_only=True)
class SheetData:
    """What the sheet says. Problems are one a line; each line becomes a case."""

    condition: str
    secretary_fit: bool | None = None
    hindering: str = ""
    to_solve: str = ""
    thinking: str = ""
    activity_way: str = ""
    activity_other: str = ""


@dataclass(frozen=True, kw_only=True)
class MemberData:
    """What the census says of one member."""

    floating: bool = False
    where_now: str = ""
    transferred: bool = False
    temporary: bool = False
    holds_card: bool = False
    reachable: bool = True
    problem: str = ""
    note: str = ""


@transaction.atomic
def fill_sheet(
    *,
    by: User,
    batch: Batch,
    organization: Organization,
    data: SheetData,
    version: int,
    work_unit: WorkUnit | None = None,
) -> CensusSheet:
    """Save a sheet and open a case for each problem that has none; `version` 0: none seen. Raises SheetChanged."""
    key = {"batch": batch, "work_unit": work_unit}
    if work_unit is None:
        key["organization"] = organization
    said: dict[str, Any] = {**asdict(data), "filled_by": by, "filled_at": clock.now()}
    sheet, new = CensusSheet.objects.get_or_create(**key, defaults={**said, "organization": organization})
    if not new:
        rows = CensusSheet.objects.filter(pk=sheet.pk, version=version)
        if not rows.update(version=F("version") + 1, **said):
            raise SheetChanged
        sheet.refresh_from_db()
    audit.record(FILLED, by=by, obj=sheet, organization=organization, data={"condition": data.condition})
    _open_missing(by, sheet)
    return sheet


def problems_of(sheet: CensusSheet) -> list[tuple[str, str]]:
    """(kind, words) of each problem that a sheet names: one a line, and the condition and the secretary if not well."""
    found = []
    if sheet.condition != CensusSheet.Condition.SOUND:
        found.append((CensusCase.Kind.CONDITION.value, sheet.condition))
    if sheet.secretary_fit is False:
        found.append((CensusCase.Kind.SECRETARY.value, ""))
    for kind, text in ((CensusCase.Kind.HINDERING, sheet.hindering), (CensusCase.Kind.TO_SOLVE, sheet.to_solve)):
        found += [(kind.value, line.strip()[:300]) for line in text.splitlines() if line.strip()]
    return found


def _open_missing(by: User, sheet: CensusSheet) -> None:
    rows = list(sheet.cases.values_list("kind", "problem", "state"))
    known = {(kind, problem) for kind, problem, _state in rows}
    # The condition and the secretary are one problem each, however worded: an open case of that kind covers them.
    single = {CensusCase.Kind.CONDITION.value, CensusCase.Kind.SECRETARY.value}
    covered = {kind for kind, _problem, state in rows if state == CensusCase.State.OPEN and kind in single}
    for kind, problem in dict.fromkeys(problems_of(sheet)):
        if (kind in single and kind in covered) or (kind not in single and (kind, problem) in known):
            continue
        open_case(by=by, batch=sheet.batch, organization=sheet.organization, kind=kind, problem=problem, sheet=sheet)


@transaction.atomic
def record_member_census(*, by: User, batch: Batch, member: Member, data: MemberData, version: int) -> MemberCensus:
    """Save what was found of a member; who cannot be reached or whose relation is not in order gets a case."""
    said: dict[str, Any] = {**asdict(data), "filled_by": by, "filled_at": clock.now()}
    entry, new = MemberCensus.objects.get_or_create(batch=batch, member=member, defaults=said)
    if not new:
        rows = MemberCensus.objects.filter(pk=entry.pk, version=version)
        if not rows.update(version=F("version") + 1, **said):
            raise SheetChanged
        entry.refresh_from_db()
    organization = member.organization
    audit.record(MEMBER_FILLED, by=by, obj=member, organization=organization, data={"problem": data.problem})
    wanted = []
    if data.floating and not data.reachable:
        wanted.append((CensusCase.Kind.FLOATING.value, ""))
    if data.problem:
        wanted.append((CensusCase.Kind.RELATION.value, data.problem))
    open_kinds = set(
        CensusCase.objects.filter(batch=batch, member=member, state=CensusCase.State.OPEN).values_list(
            "kind", flat=True
        )
    )
    for kind, problem in wanted:
        if kind not in open_kinds:
            open_case(by=by, batch=batch, organization=organization, kind=kind, problem=problem, member=member)
    return entry


@dataclass(frozen=True)
class Imported:
    """One entry of a workbook, as it was compared: the organisation's or member's id, and the version seen."""

    subject: str  # "organization" or "member"
    pk: int
    version: int
    data: SheetData | MemberData


@transaction.atomic
def import_census(*, by: User, batch: Batch, lines: Iterable[Imported]) -> int:
    """Save all entries of a workbook or none; returns how many. Raises SheetChanged if one was saved meanwhile."""
    entries = list(lines)
    places = Organization.objects.in_bulk([line.pk for line in entries if line.subject == "organization"])
    people = Member.objects.select_related("organization").in_bulk(
        [line.pk for line in entries if line.subject == "member"]
    )
    for line in entries:
        if isinstance(line.data, SheetData):
            fill_sheet(by=by, batch=batch, organization=places[line.pk], data=line.data, version=line.version)
        else:
            record_member_census(by=by, batch=batch, member=people[line.pk], data=line.data, version=line.version)
    audit.record(IMPORTED, by=by, obj=batch, organization=batch.campaign.host, data={"entries": len(entries)})
    return len(entries)


@transaction.atomic
def open_case(
    *,
    by: User,
    batch: Batch,
    organization: Organization,
    kind: str,
    problem: str,
    sheet: CensusSheet | None = None,
    member: Member | None = None,
) -> CensusCase:
    """Open a case for one problem (T-08)."""
    case = CensusCase.objects.create(
        batch=batch,
        organization=organization,
        kind=kind,
        problem=problem,
        sheet=sheet,
        member=member,
        opened_by=by,
    )
    audit.record(CASE_OPENED, by=by, obj=case, organization=organization, data={"kind": kind})
    return case


def _swap(case: CensusCase, version: int, states: Iterable[str], **new: Any) -> None:
    rows = CensusCase.objects.filter(pk=case.pk, version=version, state__in=list(states))
    if not rows.update(version=F("version") + 1, **new):
        raise CaseChanged
    case.refresh_from_db()


@transaction.atomic
def change_case(
    *, by: User, case: CensusCase, version: int, measure: str, responsible: str, deadline: dt.date | None
) -> None:
    """Say what is done about it, who does it and until when. Raises CaseChanged."""
    _swap(case, version, [CensusCase.State.OPEN], measure=measure, responsible=responsible, deadline=deadline)
    data = {"measure": measure, "responsible": responsible, "deadline": str(deadline or "")}
    audit.record(CASE_CHANGED, by=by, obj=case, organization=case.organization, data=data)


@transaction.atomic
def close_case(*, by: User, case: CensusCase, version: int, state: str, outcome: str) -> None:
    """Solved, or handed on to whom the outcome names. Raises CaseChanged."""
    _swap(
        case,
        version,
        [CensusCase.State.OPEN],
        state=state,
        outcome=outcome,
        closed_by=by,
        closed_at=clock.now(),
    )
    audit.record(
        CASE_CLOSED, by=by, obj=case, organization=case.organization, data={"state": state, "outcome": outcome}
    )


@transaction.atomic
def reopen_case(*, by: User, case: CensusCase, version: int) -> None:
    """A case that was closed too early. Raises CaseChanged."""
    closed = [CensusCase.State.SOLVED, CensusCase.State.HANDED_ON]
    _swap(case, version, closed, state=CensusCase.State.OPEN, closed_by=None, closed_at=None)
    audit.record(CASE_REOPENED, by=by, obj=case, organization=case.organization)
