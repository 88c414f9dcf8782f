"""What an uploaded census would change: each cell checked and compared with what is saved (T-02..T-07)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from campaign.actions.census import MemberData, SheetData
from campaign.census import other_way_fault
from campaign.census_sheets import FLAGS, MEMBER_COLUMNS, ORGANIZATION_COLUMNS, Fault, Row, Tables, proposed
from campaign.models import Batch, CensusSheet, MemberCensus
from units import access
from units.models import Member, Organization
from units.roles import Right

LONGEST, LONGEST_LINE = 8000, 300
TEXTS = ("hindering", "to_solve", "thinking")
YES = {"yes", "y", "是", "√", "有", "1", "true"}
NO = {"no", "n", "否", "×", "无", "0", "false"}


@dataclass(frozen=True)
class Change:
    """One cell that would be different: heading, before, after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One organisation or member that would be saved. `version` is that of the saved entry; 0: there is none."""

    subject: str  # "organization" or "member"
    pk: int
    name: str
    version: int
    data: dict[str, Any]
    changes: list[Change] = field(default_factory=list)

    def sent(self) -> dict[str, Any]:
        """What travels signed in the page between looking and keeping."""
        return {"subject": self.subject, "pk": self.pk, "version": self.version, "data": self.data}


@dataclass
class Reading:
    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    same: int = 0  # rows that say what is saved already


class _Bad(Exception):
    """A cell cannot be taken; the sentence says why and what to do."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.key, self.text = key, text


def compare(user: Any, batch: Batch, tables: Tables) -> Reading:
    """Check both tables against the organisations whose census the user fills in; six queries."""
    reading = Reading()
    organizations = _organizations(user, batch, tables)
    sheets = {
        sheet.organization_id: sheet
        for sheet in CensusSheet.objects.filter(batch=batch, work_unit=None, organization__in=organizations.values())
    }
    seen: set[Any] = set()
    for row in tables.organizations:
        _take(reading, row, lambda row: _organization_line(row, organizations, sheets, seen))
    people = _people(organizations, tables)
    entries = {
        entry.member_id: entry
        for entry in MemberCensus.objects.filter(batch=batch, member__in=[m.pk for row in people.values() for m in row])
    }
    for row in tables.members:
        _take(reading, row, lambda row: _member_line(row, batch, organizations, people, entries, seen))
    return reading


def _take(reading: Reading, row: Row, make: Any) -> None:
    try:
        line = make(row)
    except _Bad as bad:
        reading.faults.append(row.fault(bad.key, bad.text))
        return
    if line is None:
        return
    if line.changes:
        reading.lines.append(line)
    else:
        reading.same += 1


# ---------------------------------------------------------------- whom the rows are about
def _organizations(user: Any, batch: Batch, tables: Tables) -> dict[str, Organization]:
    codes = {row.values.get("code", "") for row in (*tables.organizations, *tables.members)}
    scope: Q = access.scope(user, Right.RECORD, "") | access.scope(user, Right.SET_UP, "")
    rows = Organization.objects.active().within(batch.campaign.host).filter(scope, code__in=codes)
    return {one.code: one for one in rows}


def _people(organizations: dict[str, Organization], tables: Tables) -> dict[tuple[int, str], list[Member]]:
    names = {row.values.get("name", "") for row in tables.members}
    rows = Member.objects.on_roll().filter(organization__in=organizations.values(), name__in=names)
    found: dict[tuple[int, str], list[Member]] = {}
    for member in rows.select_related("organization"):
        found.setdefault((member.organization_id, member.name), []).append(member)
    return found


def _place(row: Row, organizations: dict[str, Organization]) -> Organization:
    code = row.values.get("code", "")
    if code not in organizations:
        text = _("“%(code)s” is not the code of an organisation whose census you fill in. Copy it from the export.")
        raise _Bad("code", text % {"code": code})
    return organizations[code]


def _once(key: Any, seen: set[Any], column: str) -> None:
    if key in seen:
        raise _Bad(column, _("This row stands here twice. Delete one of the two."))
    seen.add(key)


# ---------------------------------------------------------------- one row
def _organization_line(
    row: Row, organizations: dict[str, Organization], sheets: dict[int, CensusSheet], seen: set[Any]
) -> Line | None:
    place = _place(row, organizations)
    _once(("organization", place.pk), seen, "code")
    if not any(row.values.get(key) for key in ("condition", "secretary_fit", *TEXTS, "activity_way")):
        return None  # nobody has been there yet
    if not row.values.get("condition"):
        raise _Bad("condition", _("Choose the condition of the organisation."))
    data: dict[str, Any] = {
        "condition": _choice(row, "condition", CensusSheet.Condition),
        "secretary_fit": _yes(row, "secretary_fit"),
        **{key: _long(row, key) for key in TEXTS},
    }
    sheet = sheets.get(place.pk)
    data |= _way(row, sheet)
    before = {key: getattr(sheet, key) for key in data} if sheet else None
    words = dict([*CensusSheet.Condition.choices, *CensusSheet.ActivityWay.choices])
    changes = _changes(before, data, ORGANIZATION_COLUMNS, words)
    return Line("organization", place.pk, place.name, sheet.version if sheet else 0, data, changes)


def _way(row: Row, sheet: CensusSheet | None) -> dict[str, str]:
    """The way of activity; a workbook from before there was such a column leaves it as it is."""
    if "activity_way" not in row.values:
        return {"activity_way": sheet.activity_way, "activity_other": sheet.activity_other} if sheet else {}
    way = _choice(row, "activity_way", CensusSheet.ActivityWay) if row.values["activity_way"] else ""
    other = _short(row, "activity_other", 120)
    if fault := other_way_fault(way, other):
        raise _Bad("activity_other", fault)
    return {"activity_way": way, "activity_other": other}


def _member_line(
    row: Row,
    batch: Batch,
    organizations: dict[str, Organization],
    people: dict[tuple[int, str], list[Member]],
    entries: dict[int, MemberCensus],
    seen: set[Any],
) -> Line | None:
    place = _place(row, organizations)
    name = row.values.get("name", "")
    found = people.get((place.pk, name), [])
    if not found:
        raise _Bad("name", _("Nobody of this name is on the roll of this organisation. Check the name."))
    if len(found) > 1:
        raise _Bad(
            "name", _("Several here have this name. Record these members on their own pages, and delete the row.")
        )
    member = found[0]
    _once(("member", member.pk), seen, "name")
    entry = entries.get(member.pk)
    known = entry or proposed(batch, member)
    data: dict[str, Any] = {key: _flag(row, key, getattr(known, key)) for key in FLAGS}
    data |= {"where_now": _short(row, "where_now", 120), "note": _short(row, "note", 200)}
    data["problem"] = _choice(row, "problem", MemberCensus.Problem) if row.values.get("problem") else ""
    before = {key: getattr(entry, key) for key in data} if entry else None
    changes = _changes(before, data, MEMBER_COLUMNS, dict(MemberCensus.Problem.choices))
    return Line("member", member.pk, f"{member.name}（{place.name}）", entry.version if entry else 0, data, changes)


def _changes(before: dict[str, Any] | None, data: dict[str, Any], labels: Any, words: dict[str, Any]) -> list[Change]:
    """Cells that differ; of what is new, those that say something."""
    return [
        Change(str(labels[key]), _shown(before[key], words) if before else "", _shown(value, words))
        for key, value in data.items()
        if (value != before[key] if before else value not in ("", None, False))
    ]


def _shown(value: Any, words: dict[str, Any]) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(words.get(value, value)) if value else ""


# ---------------------------------------------------------------- one cell
def _choice(row: Row, key: str, choices: Any) -> str:
    text = row.values[key]
    for value, label in choices.choices:
        if value and text in _said(label):
            return str(value)
    offered = "、".join(str(label) for value, label in choices.choices if value)
    raise _Bad(key, _("“%(text)s” is none of: %(choices)s.") % {"text": text, "choices": offered})


def _said(label: Any) -> set[str]:
    found = set()
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found.add(str(label))
    return found


def _yes(row: Row, key: str) -> bool | None:
    text = row.values.get(key, "").lower()
    if text in {*YES, *NO}:
        return text in YES
    if text:
        raise _Bad(key, _("“%(text)s” is neither yes nor no. Write yes, no, or nothing.") % {"text": text})
    return None


def _flag(row: Row, key: str, known: bool) -> bool:
    """An empty cell, or a column that is not there, leaves it as it is."""
    found = _yes(row, key)
    return known if found is None else found


def _short(row: Row, key: str, longest: int) -> str:
    text = row.values.get(key, "")
    if len(text) > longest:
        raise _Bad(key, _("This is longer than %(most)s characters. Shorten it.") % {"most": longest})
    return text


def _long(row: Row, key: str) -> str:
    text = _short(row, key, LONGEST).replace("\r\n", "\n")
    if key != "thinking" and any(len(line.strip()) > LONGEST_LINE for line in text.splitlines()):
        raise _Bad(key, _("One of the lines is longer than 300 characters. Divide it."))
    return text


def data_of(line: dict[str, Any]) -> SheetData | MemberData:
    """The typed data of a line that came back from the page."""
    return SheetData(**line["data"]) if line["subject"] == "organization" else MemberData(**line["data"])
