"""The rectification ledger as a workbook, laid out as offices file it; text never becomes a formula."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from accounts import audit, clock
from accounts.models import User
from campaign import rectification
from campaign.models import Batch, RectificationItem
from units.models import Organization

EXPORTED = audit.action("ledger.exported", _("Exported the rectification ledger"))
HEADS = ("序号", "党组织", "突出问题", "分类处理", "整改措施", "责任人", "整改时限", "状态", "办结日期", "公开")
_WIDTHS = (6, 24, 40, 26, 40, 12, 13, 12, 13, 8)
_STATES = {"open": "整改中", "reported": "已报办结", "closed": "已办结", "explained": "已说明"}
_THIN = Side(style="thin", color="FFB9C0CA")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_TEXT = Alignment(vertical="top", wrap_text=True)


def ledger_workbook(
    *, by: User, batch: Batch, organization: Organization, rows: Iterable[RectificationItem]
) -> tuple[str, bytes]:
    """(file name, content); the history says how many rows went out."""
    listed = list(rows)
    kinds = {item.key: item.name.zh for item in batch.campaign.playbook.items("problem_kinds")}
    kinds = kinds or rectification.kinds(batch.campaign.playbook)
    book = Workbook()
    sheet = book.active
    sheet.title = "整改台账"
    last = chr(ord("A") + len(HEADS) - 1)
    sheet.merge_cells(f"A1:{last}1")
    sheet["A1"], sheet["A1"].font, sheet["A1"].alignment = "整改台账", Font(bold=True, size=16), _MIDDLE
    sheet["A2"] = f"填报单位：{organization.name}"
    today = clock.today()
    sheet[f"{last}2"] = f"{today.year}年{today.month}月{today.day}日"
    sheet[f"{last}2"].alignment = Alignment(horizontal="right")
    for at, head in enumerate(HEADS, 1):
        cell = sheet.cell(3, at, head)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", start_color="FFECEEF2")
        cell.alignment, cell.border = _MIDDLE, _GRID
    for number, item in enumerate(listed, 1):
        for at, value in enumerate(_row(number, item, kinds), 1):
            cell = sheet.cell(number + 3, at, value)
            cell.alignment, cell.border = _TEXT, _GRID
            if isinstance(value, str):
                cell.data_type = "s"  # what begins with = stays text
    _layout(sheet, last, len(listed) + 3)
    audit.record(EXPORTED, by=by, obj=organization, organization=organization, data={"rows": len(listed)})
    stream = BytesIO()
    book.save(stream)
    return f"{organization.name}整改台账{today:%Y%m%d}.xlsx", stream.getvalue()


def _row(number: int, item: RectificationItem, kinds: dict[str, str]) -> tuple[Any, ...]:
    state = _STATES[item.state] + ("（重新整改）" if item.reopened and item.is_unclosed else "")
    return (
        number,
        item.organization.name,
        item.problem,
        kinds.get(item.kind, item.kind),
        item.measure or item.explanation,
        item.responsible,
        item.deadline,
        state,
        timezone.localtime(item.closed_at).date() if item.closed_at else None,
        "是" if item.public else "",
    )


def _layout(sheet: Any, last: str, bottom: int) -> None:
    for at, width in enumerate(_WIDTHS):
        sheet.column_dimensions[chr(ord("A") + at)].width = width
    sheet.freeze_panes = "C4"
    sheet.print_title_rows = "3:3"
    sheet.print_area = f"A1:{last}{bottom}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
