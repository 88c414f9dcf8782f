"""The census as two tables that can be filled in elsewhere and taken back: organisations, and members (T-02..T-07).

They stand at the end of the census workbook. Sheets and columns are found by their names in either language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl.utils import get_column_letter
from python_calamine import CalamineError, CalamineWorkbook

from campaign.models import Batch, CensusSheet, MemberCensus
from campaign.sheets import names_of
from units.models import Member, Organization
from units.roster.container import check_container
from units.roster.messages import unreadable_message, unreadable_remedy
from units.roster.records import RosterUnreadable

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 30
HEADER_WITHIN = 5

ORGANIZATIONS, MEMBERS = gettext_lazy("Census sheets"), gettext_lazy("Members in the census")
ORGANIZATION_COLUMNS: dict[str, Any] = {
    "code": gettext_lazy("Code"),
    "organization": gettext_lazy("Organisation"),
    "condition": gettext_lazy("Condition of the organisation"),
    "secretary_fit": gettext_lazy("The secretary can lead the campaign"),
    "hindering": gettext_lazy("Problems that hinder the campaign"),
    "to_solve": gettext_lazy("Problems to be solved in the campaign"),
    "thinking": gettext_lazy("What the members think"),
    "activity_way": gettext_lazy("Main way of activity"),
    "activity_other": gettext_lazy("Which other way of activity"),
}
MEMBER_COLUMNS: dict[str, Any] = {
    "code": gettext_lazy("Code"),
    "organization": gettext_lazy("Organisation"),
    "name": gettext_lazy("Name"),
    "floating": gettext_lazy("Floating member"),
    "where_now": gettext_lazy("Where now"),
    "transferred": gettext_lazy("Relation transferred"),
    "temporary": gettext_lazy("Temporary relation"),
    "holds_card": gettext_lazy("Holds the floating member's card"),
    "reachable": gettext_lazy("Can be reached"),
    "problem": gettext_lazy("Problem of the relation"),
    "note": gettext_lazy("Note"),
}
FLAGS = ("floating", "transferred", "temporary", "holds_card", "reachable")


# ---------------------------------------------------------------- giving out
def _flag(value: bool | None) -> str:
    return "" if value is None else _("Yes") if value else _("No")


def organization_rows(batch: Batch, root: Organization) -> Iterator[list[str]]:
    """Every organisation at and under `root`, filled in as far as it is; two queries."""
    sheets = {
        sheet.organization_id: sheet
        for sheet in CensusSheet.objects.filter(batch=batch, work_unit=None, organization__path__startswith=root.path)
    }
    for one in Organization.objects.active().within(root).order_by("path"):
        sheet = sheets.get(one.pk)
        said = [""] * (len(ORGANIZATION_COLUMNS) - 2)
        if sheet is not None:
            fit = _flag(sheet.secretary_fit)
            said = [str(sheet.get_condition_display()), fit, sheet.hindering, sheet.to_solve, sheet.thinking]
            said += [str(sheet.get_activity_way_display()), sheet.activity_other]
        yield [one.code, one.name, *said]


def member_rows(batch: Batch, root: Organization) -> Iterator[list[str]]:
    """Members with an entry, and those whom the roster calls floating or out of contact; two queries."""
    kept = {
        entry.member_id: entry
        for entry in MemberCensus.objects.filter(batch=batch, member__organization__path__startswith=root.path)
    }
    listed = Member.objects.on_roll().within(root)
    wanted = listed.filter(pk__in=list(kept)) | listed.filter(floating=True) | listed.filter(lost_contact=True)
    for member in wanted.distinct().select_related("organization").order_by("organization__path", "pk"):
        entry = kept.get(member.pk) or proposed(batch, member)
        flags = {name: _flag(getattr(entry, name)) for name in FLAGS}
        said = {**flags, "where_now": entry.where_now, "note": entry.note}
        said["problem"] = str(entry.get_problem_display()) if entry.problem else ""
        head = {"code": member.organization.code, "organization": member.organization.name, "name": member.name}
        yield [{**head, **said}[key] for key in MEMBER_COLUMNS]


def proposed(batch: Batch, member: Member) -> MemberCensus:
    """What the roster already knows, before anybody has recorded the member."""
    return MemberCensus(
        batch=batch,
        member=member,
        floating=member.floating,
        where_now=member.floating_to,
        reachable=not member.lost_contact,
        problem=MemberCensus.Problem.LOST if member.lost_contact else "",
    )


# ---------------------------------------------------------------- taking back
@dataclass(frozen=True)
class Fault:
    """What is wrong in which cell of which sheet, and what to do."""

    sheet: str
    cell: str
    label: str
    text: str


@dataclass(frozen=True)
class Row:
    """A row as read; `fault` makes the complaint about one of its cells."""

    sheet: str
    number: int
    values: Mapping[str, str]
    places: Mapping[str, int]
    labels: Mapping[str, Any]

    def fault(self, key: str, text: str) -> Fault:
        letter = get_column_letter(self.places.get(key, 0) + 1)
        return Fault(self.sheet, f"{letter}{self.number}", str(self.labels[key]), text)


@dataclass
class Tables:
    """The rows of both sheets; a sheet that the workbook lacks has none."""

    organizations: list[Row] = field(default_factory=list)
    members: list[Row] = field(default_factory=list)


def read(content: bytes) -> Tables:
    """Read an upload. Raises ValidationError where it is no workbook, or has neither sheet."""
    if len(content) > MOST_BYTES:
        raise ValidationError(_("The workbook is larger than 5 MB. Divide it, by organisation."))
    found = _sheets(content)
    tables = Tables()
    if (cells := _called(found, ORGANIZATIONS)) is not None:
        tables.organizations = _rows(str(ORGANIZATIONS), cells, ORGANIZATION_COLUMNS, {"code", "condition"})
    if (cells := _called(found, MEMBERS)) is not None:
        tables.members = _rows(str(MEMBERS), cells, MEMBER_COLUMNS, {"code", "name"})
    if not tables.organizations and not tables.members:
        text = _("The workbook has no rows in a sheet “%(first)s” or “%(second)s”. Export the census and fill in that.")
        raise ValidationError(text % {"first": ORGANIZATIONS, "second": MEMBERS})
    return tables


def _called(sheets: Mapping[str, list[list[str]]], label: Any) -> list[list[str]] | None:
    names = names_of(label)
    return next((cells for name, cells in sheets.items() if "".join(name.split()).lower() in names), None)


def _sheets(content: bytes) -> dict[str, list[list[str]]]:
    """Name -> cells of the two sheets that matter; the others are not opened."""
    wanted = names_of(ORGANIZATIONS) | names_of(MEMBERS)
    try:
        with NamedTemporaryFile(suffix=".xlsx") as file:
            file.write(content)
            file.flush()
            check_container(Path(file.name))
            with CalamineWorkbook.from_path(file.name) as book:
                names = [name for name in book.sheet_names if "".join(name.split()).lower() in wanted]
                return {name: _cells(book.get_sheet_by_name(name)) for name in names}
    except (CalamineError, OSError, ValueError):
        raise ValidationError(_told(RosterUnreadable("damaged")))
    except RosterUnreadable as fault:
        raise ValidationError(_told(fault))


def _told(fault: RosterUnreadable) -> list[str]:
    return [tell(fault.code, fault.params) for tell in (unreadable_message, unreadable_remedy)]


def _cells(sheet: Any) -> list[list[str]]:
    rows, columns = ((at or 0) + 1 for at in (sheet.end or (0, 0)))
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise RosterUnreadable("too_large", size=f"{rows} × {columns}")
    return [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]


def _text(cell: Any) -> str:
    return str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip()


def _rows(sheet: str, cells: list[list[str]], columns: Mapping[str, Any], needed: Iterable[str]) -> list[Row]:
    known = {key: names_of(label) for key, label in columns.items()}
    for at, line in enumerate(cells[:HEADER_WITHIN]):
        heads = ["".join(cell.split()).lower() for cell in line]
        places = {key: n for key, names in known.items() for n, head in enumerate(heads) if head in names}
        if all(key in places for key in needed):
            return [*_below(sheet, cells, at, places, columns)]
    labels = "、".join(str(columns[key]) for key in columns if key in set(needed))
    text = _("Sheet “%(sheet)s”: no row has the headings %(labels)s. Export the census and keep its headings.")
    raise ValidationError(text % {"sheet": sheet, "labels": labels})


def _below(
    sheet: str, cells: list[list[str]], header: int, places: Mapping[str, int], labels: Mapping[str, Any]
) -> Iterator[Row]:
    for number, line in enumerate(cells[header + 1 :], start=header + 2):
        values = {key: line[place] if place < len(line) else "" for key, place in places.items()}
        if any(values.values()):
            yield Row(sheet, number, values, places, labels)
