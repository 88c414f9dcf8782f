"""The roster as a workbook in the layout that the import reads, so that it comes back unchanged."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from accounts import audit, clock
from accounts.models import User
from units import access
from units.models import Member, Organization, WorkUnit
from units.refusals import ImportRefused
from units.roles import Right
from units.roster import vocabulary
from units.roster.layout import MEMBERS, ORGANIZATIONS, UNITS, Column, Layout

EXPORTED = audit.action("roster.exported", _("Exported a roster"))

_TITLES = {"organization": "党组织基本信息表", "unit": "参加活动单位基本情况表", "member": "党员基本信息汇总表"}
_FOOTER = "单位负责人：          审核人：          填表人：          联系电话："
_LIKE_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LISTS = {
    "sex": vocabulary.SEXES,
    "education": vocabulary.EDUCATIONS,
    "category": vocabulary.CATEGORIES,
    "membership_state": vocabulary.MEMBERSHIP_STATES,
    "post_level": vocabulary.POST_LEVELS,
}
_WIDTHS = {"id": 22, "date": 13, "units": 26, "phone": 15, "landline": 16, "choice": 14, "yes_no": 12, "count": 12}
_NAME_WIDTHS = {"code": 12, "branch_name": 30, "parent_name": 30, "address": 34, "unit_name": 26, "note": 24}
_HEADING = PatternFill("solid", start_color="FFECEEF2", end_color="FFECEEF2")
_THIN = Side(style="thin", color="FFB9C0CA")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_STEP = 500
Progress = Callable[..., None]


def _silent(*_args: Any, **_params: Any) -> None:
    """No one to report to."""


def export_workbook(*, by: User, organization: Organization, progress: Progress = _silent) -> tuple[str, bytes]:
    """(file name, content) of the roster of an organisation and all below it; history says how many members.

    Holds ID numbers, telephones and addresses in full. Raises ImportRefused if `by` lost the right meanwhile.
    """
    if not access.has(by, Right.EDIT_ROSTER, organization):
        raise ImportRefused(gettext_noop("You may no longer export the roster of %(name)s."), name=organization.name)
    with transaction.atomic():
        members = Member.objects.on_roll().within(organization).count()
        data = {"rows": members}
        audit.record(EXPORTED, by=by, obj=organization, organization=organization, data=data)
        content = _Export(organization, members, progress).workbook()
    return f"{organization.name}党员花名册{clock.today():%Y%m%d}.xlsx", content


class _Export:
    def __init__(self, organization: Organization, total: int, progress: Progress) -> None:
        self.organization, self.total, self.progress = organization, total, progress
        self.book = Workbook(write_only=True)

    def workbook(self) -> bytes:
        organizations = list(Organization.objects.within(self.organization).active().select_related("parent"))
        self._sheet(ORGANIZATIONS, self._organizations(organizations))
        self._sheet(UNITS, self._units())
        self._sheet(MEMBERS, self._members())
        stream = BytesIO()
        self.book.save(stream)
        self.progress(self.total, self.total, gettext_noop("The workbook is ready"))
        return stream.getvalue()

    # ------------------------------------------------------------ rows, by field
    def _organizations(self, organizations: list[Organization]) -> Iterator[dict[str, Any]]:
        links = WorkUnit.organizations.through.objects.filter(access.below(self.organization.path, "organization"))
        covered: dict[int, list[str]] = defaultdict(list)
        for pk, name in links.order_by("workunit__code").values_list("organization_id", "workunit__name"):
            covered[pk].append(name)
        for each in organizations:
            yield {
                "code": each.code,
                "name": each.name,
                "kind": vocabulary.ORGANIZATION_KINDS.label(each.kind),
                "parent_name": each.parent.name if each.parent else "",
                "unit_names": "、".join(covered[each.pk]),
            }

    def _units(self) -> Iterator[dict[str, Any]]:
        """What the organisations cover and where the members work; of a whole tree also units without either."""
        units = WorkUnit.objects.all()
        if self.organization.depth > 1:
            links = WorkUnit.organizations.through.objects.filter(access.below(self.organization.path, "organization"))
            working = Member.objects.on_roll().within(self.organization).order_by().values("work_unit_id")
            units = units.filter(Q(pk__in=links.values("workunit_id")) | Q(pk__in=working))
        for each in units.order_by("code"):
            yield {name: getattr(each, name) for name in ("code", "name", "type", "rank", "staff_count")}

    def _members(self) -> Iterator[dict[str, Any]]:
        members = Member.objects.on_roll().within(self.organization)
        members = members.prefetch_related(
            Prefetch("organization", Organization.objects.only("name")),
            Prefetch("work_unit", WorkUnit.objects.only("name")),
        )
        for done, each in enumerate(members.order_by("organization__path", "pk").iterator(chunk_size=_STEP)):
            if done % _STEP == 0:
                self.progress(done, self.total, gettext_noop("Writing the workbook"))
            yield _member(each)

    # ------------------------------------------------------------ one sheet
    def _sheet(self, layout: Layout, rows: Iterable[dict[str, Any]]) -> None:
        sheet = self.book.create_sheet(layout.sheet)
        sheet.freeze_panes = "C4"
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", Worksheet.PAPERSIZE_A4
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.print_title_rows = "3:3"
        letters = [chr(ord("A") + at) for at in range(len(layout.columns) + 1)]
        for letter, width in zip(letters, [6, *(_width(column) for column in layout.columns)], strict=True):
            sheet.column_dimensions[letter].width = width
        sheet.merged_cells.ranges.add(f"A1:{letters[-1]}1")
        sheet.append([_styled(sheet, _TITLES[layout.kind], font=Font(bold=True, size=16), alignment=_MIDDLE)])
        made = f"填报时间：{clock.today().year}年{clock.today().month}月{clock.today().day}日"
        gap = [None] * (len(letters) - 4)
        sheet.append([_text(sheet, f"填报单位（盖章）：{self.organization.name}"), None, *gap, made])
        sheet.append([_heading(sheet, label) for label in ("序号", *(column.label for column in layout.columns))])
        for number, row in enumerate(rows, 1):
            sheet.append([number, *(_cell(sheet, column, row.get(column.field)) for column in layout.columns)])
        sheet.append([])
        sheet.append([_FOOTER])


def _member(member: Member) -> dict[str, Any]:
    row = {column.field: getattr(member, column.field, None) for column in MEMBERS.columns}
    for name, words in _LISTS.items():
        row[name] = words.label(row[name])
    row["branch_name"] = member.organization.name
    row["unit_name"] = member.work_unit.name if member.work_unit else ""
    return row


def _width(column: Column) -> int:
    return _NAME_WIDTHS.get(column.field) or _WIDTHS.get(column.reader, 18)


def _cell(sheet: Any, column: Column, value: Any) -> Any:
    """A value as the import reads it: real dates, words for yes and no, all else as text but for counts."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        yes, no = ("有", "无") if column.label.startswith("有无") else ("是", "否")
        return yes if value else no
    if isinstance(value, dt.date):
        return _styled(sheet, value, number_format="yyyy-mm-dd")
    if column.reader in {"id", "phone", "landline"} or column.field == "code":
        return _text(sheet, str(value), number_format="@")
    return _text(sheet, value) if isinstance(value, str) else value


def _text(sheet: Any, text: str, **style: Any) -> Any:
    """Never a formula, whatever it begins with; Excel is told to keep it so when the cell is edited."""
    if not text.startswith(_LIKE_FORMULA) and not style:
        return text
    cell = _styled(sheet, text, **style)
    cell.data_type = "s"
    if text.startswith(_LIKE_FORMULA):
        cell.quotePrefix = True
    return cell


def _heading(sheet: Any, label: str) -> Any:
    return _styled(sheet, label, font=Font(bold=True), fill=_HEADING, border=_GRID, alignment=_MIDDLE)


def _styled(sheet: Any, value: Any, **style: Any) -> Any:
    cell = WriteOnlyCell(sheet, value)
    for name, setting in style.items():
        setattr(cell, name, setting)
    return cell
