"""The census as a workbook: figures by kind of unit and by organisation, and the cases (T-11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from accounts import audit
from accounts.models import User
from campaign.census import Census, Figures
from campaign.census_sheets import (
    MEMBER_COLUMNS,
    MEMBERS,
    ORGANIZATION_COLUMNS,
    ORGANIZATIONS,
    member_rows,
    organization_rows,
)
from campaign.models import Batch

EXPORTED = audit.action("census.exported", gettext_lazy("Exported the census"))
_WIDTHS = {
    "organization": 36,
    "hindering": 40,
    "to_solve": 40,
    "thinking": 40,
    "activity_way": 24,
    "activity_other": 24,
    "where_now": 24,
    "note": 24,
}
_LIKE_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def columns() -> list[tuple[str, str]]:
    """(figure, heading) in the order of the tables."""
    return [
        ("organizations", _("Organisations")),
        ("members", _("Members")),
        ("sheets", _("Sheets")),
        ("sound", _("Sound")),
        ("not_established", _("Should exist, not established")),
        ("incomplete", _("Team incomplete")),
        ("weak", _("Weak and lax")),
        ("semi_paralysed", _("Half paralysed")),
        ("paralysed", _("Paralysed")),
        ("unfit", _("Secretary not fit to lead")),
        ("hindering", _("Hinders the campaign")),
        ("to_solve", _("To be solved in the campaign")),
        ("floating", _("Floating members")),
        ("transferred", _("Relation transferred")),
        ("temporary", _("Temporary relation")),
        ("holds_card", _("Holds the floating member's card")),
        ("unreachable", _("Cannot be reached")),
        ("no_life", _("Long without organisation life")),
        ("not_transferred", _("Left the unit without transferring the relation")),
        ("lost", _("Lost contact with the organisation")),
        ("open_cases", _("Open cases")),
        ("solved", _("Solved")),
        ("handed_on", _("Handed on")),
    ]


def workbook(*, by: User, batch: Batch, census: Census, cases: Iterable[Any], named: bool = False) -> bytes:
    """The workbook; the history says who took it. Call inside a transaction.

    Its last two sheets can be filled in and imported again; that of the members is there only if `named`.
    """
    audit.record(EXPORTED, by=by, obj=batch, organization=census.root)
    book = Workbook(write_only=True)
    head = [heading for _key, heading in columns()]
    for title, first, rows in (
        (_("By kind of unit"), _("Kind of unit"), census.by_type),
        (_("By organisation"), _("Organisation"), census.by_organization),
    ):
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "B2"
        sheet.append([_bold(sheet, text) for text in (first, *head)])
        for row in rows:
            sheet.append([_text(sheet, row.name or _("No work unit")), *_figures(row.figures)])
        sheet.append([_bold(sheet, _("Total")), *_figures(census.total)])
    _cases(book.create_sheet(_("Cases")), cases)
    _table(book.create_sheet(str(ORGANIZATIONS)), ORGANIZATION_COLUMNS, organization_rows(batch, census.root))
    if named:
        _table(book.create_sheet(str(MEMBERS)), MEMBER_COLUMNS, member_rows(batch, census.root))
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _figures(figures: Figures) -> list[int]:
    return [getattr(figures, key) for key, _heading in columns()]


def _cases(sheet: Any, cases: Iterable[Any]) -> None:
    heads = [_("Organisation"), _("Kind"), _("Problem"), _("Member"), _("Measure"), _("Responsible"), _("Deadline")]
    sheet.append([_bold(sheet, text) for text in (*heads, _("State"), _("Outcome"))])
    for case in cases:
        words = [
            case.organization.name,
            str(case.get_kind_display()),
            case.words,
            case.member.name if case.member else "",
        ]
        words += [case.measure, case.responsible]
        cells: list[Any] = [_text(sheet, word) for word in words]
        sheet.append([*cells, case.deadline, str(case.get_state_display()), _text(sheet, case.outcome)])


def _table(sheet: Any, columns: Mapping[str, Any], rows: Iterable[list[str]]) -> None:
    sheet.freeze_panes = "C2"
    for at, key in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = _WIDTHS.get(key, 16)
    sheet.append([_bold(sheet, text) for text in columns.values()])
    for row in rows:
        sheet.append([_text(sheet, text) for text in row])


def _bold(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, str(text))
    cell.font = Font(bold=True)
    return cell


def _text(sheet: Any, text: str) -> Any:
    """Never a formula, whatever it begins with."""
    if not text.startswith(_LIKE_FORMULA):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
