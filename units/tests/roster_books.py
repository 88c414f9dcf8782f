"""Small roster workbooks for tests, written cell by cell."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from units.roster.identity import check_digit
from units.roster.layout import MEMBERS, ORGANIZATIONS, UNITS

TODAY = datetime.date(2026, 11, 21)
MEMBER_LABELS = ["序号", *(column.label for column in MEMBERS.columns)]
ORGANIZATION_LABELS = ["序号", *(column.label for column in ORGANIZATIONS.columns)]
UNIT_LABELS = ["序号", *(column.label for column in UNITS.columns)]
ORGANIZATION_ROWS: list[list[Any]] = [
    [1, "A00", "中共青岚县委员会", "县委", "", ""],
    [2, "C01", "县教育局党委", "党委", "中共青岚县委员会", "县教育局"],
    [3, "Z01", "县第一小学党支部", "党支部", "县教育局党委", "县教育局"],
    [4, "Z02", "县第二中学党支部", "党支部", "县教育局党委", ""],
]
UNIT_ROWS: list[list[Any]] = [
    [1, "U1", "县教育局", "党政机关", "科局级", 40],
    [2, "U2", "县文化馆", "事业单位", "", ""],
]


def id_number(birth: str = "19750301", serial: int = 1, *, male: bool = True) -> str:
    """A sound number of the area that belongs to nobody."""
    first17 = f"999001{birth}{serial:02d}{1 if male else 2}"
    return first17 + check_digit(first17)


def member(serial: int = 1, **changes: Any) -> dict[str, Any]:
    """A faultless member by column label."""
    row: dict[str, Any] = dict.fromkeys(MEMBER_LABELS, "")
    row |= {
        "序号": serial,
        "姓名": "郝建军",
        "所在党支部": "县第一小学党支部",
        "公民身份证号": id_number(serial=serial),
        "性别": "男",
        "民族": "汉族",
        "出生日期": datetime.date(1975, 3, 1),
        "学历": "大学",
        "人员类别": "正式党员",
        "加入党组织日期": datetime.date(1996, 5, 4),
        "转为正式党员日期": datetime.date(1997, 5, 4),
        "工作岗位": "教师",
        "手机号": "13800000001",
        "固定电话": "0831-8800001",
        "家庭住址": "北街1号",
        "党籍状态": "正常",
        "是否为失联党员": "否",
        "是否为流动党员": "否",
        "职务层次": "一般干部",
        "是否离退休": "否",
        "所在单位": "县教育局",
        "有无书写能力": "有",
    }
    assert set(changes) <= set(row), set(changes) - set(row)
    return row | changes


def write_book(
    path: Path,
    members: Sequence[dict[str, Any]] = (),
    *,
    organizations: list[list[Any]] | None = ORGANIZATION_ROWS,
    units: list[list[Any]] | None = UNIT_ROWS,
    labels: Sequence[str] = MEMBER_LABELS,
    sheet: str = MEMBERS.sheet,
) -> Path:
    """A workbook with title rows, header in row 3, rows from row 4, and a footer."""
    book = Workbook()
    book.remove(book.active)
    if organizations is not None:
        add_sheet(book, ORGANIZATIONS.sheet, ORGANIZATION_LABELS, organizations)
    if units is not None:
        add_sheet(book, UNITS.sheet, UNIT_LABELS, units)
    add_sheet(book, sheet, labels, [[row.get(label, "") for label in labels] for row in members])
    book.save(path)
    return path


def add_sheet(book: Workbook, title: str, labels: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    sheet = book.create_sheet(title)
    sheet.append([title])
    sheet.append(["填报单位（盖章）：青岚县委组织部", "", "", "填报时间：2026年11月1日"])
    sheet.append(list(labels))
    for row in rows:
        sheet.append([None if value == "" else value for value in row])
    sheet.append([])
    sheet.append(["单位负责人：          审核人：          填表人：          联系电话："])
