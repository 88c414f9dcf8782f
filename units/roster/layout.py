"""The sheets of the roster workbook: their columns, and how a header row is found by its names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from units.roster.spelling import Cell, is_blank

ID_NUMBER = "公民身份证号"
PHONE_LABELS = frozenset({"手机号", "固定电话"})

HEADER_SEARCH_ROWS = 30
_ENOUGH_NAMES = 3
_WHITE = re.compile(r"[\s\u200b\ufeff]+")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `reader` names how its cells are read, `list` a closed list, `limit` the longest text."""

    field: str
    label: str
    reader: str
    required: bool = False  # the sheet must have the column, and every row a value in it
    limit: int = 0
    list: str = ""

    @property
    def repeats(self) -> bool:
        """Whether many rows hold the same value."""
        return self.reader in {"choice", "yes_no", "name"} and self.field not in {"name", "code"}


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of sheet. `sheet` is the usual name; sheets are told apart by their headers."""

    kind: str
    sheet: str
    columns: tuple[Column, ...]

    @property
    def by_label(self) -> dict[str, Column]:
        return {column.label: column for column in self.columns}


ORGANIZATIONS = Layout(
    "organization",
    "党组织信息",
    (
        Column("code", "组织编码", "name", required=True, limit=30),
        Column("name", "党组织名称", "name", required=True, limit=120),
        Column("kind", "组织类别", "choice", required=True, list="kinds"),
        Column("parent_name", "上级党组织", "name", limit=120),
        Column("unit_names", "所在单位", "units", limit=600),
    ),
)

UNITS = Layout(
    "unit",
    "单位信息",
    (
        Column("code", "单位编码", "name", required=True, limit=30),
        Column("name", "单位名称", "name", required=True, limit=120),
        Column("type", "单位类别", "name", limit=60),
        Column("rank", "级别", "name", limit=30),
        Column("staff_count", "职工总数", "count"),
    ),
)

MEMBERS = Layout(
    "member",
    "党员基本信息汇总表",
    (
        Column("name", "姓名", "name", required=True, limit=60),
        Column("branch_name", "所在党支部", "name", required=True, limit=120),
        Column("id_number", ID_NUMBER, "id", required=True),
        Column("sex", "性别", "choice", required=True, list="sexes"),
        Column("ethnicity", "民族", "choice", required=True, list="ethnicities"),
        Column("birth_date", "出生日期", "date", required=True),
        Column("education", "学历", "choice", required=True, list="educations"),
        Column("category", "人员类别", "choice", required=True, list="categories"),
        Column("joined_on", "加入党组织日期", "date", required=True),
        Column("full_on", "转为正式党员日期", "date"),
        Column("position", "工作岗位", "text", limit=60),
        Column("phone", "手机号", "phone"),
        Column("landline", "固定电话", "landline", limit=60),
        Column("address", "家庭住址", "text", limit=200),
        Column("membership_state", "党籍状态", "choice", list="states"),
        Column("lost_contact", "是否为失联党员", "yes_no"),
        Column("lost_since", "失去联系日期", "date"),
        Column("floating", "是否为流动党员", "yes_no"),
        Column("floating_to", "外出流向", "text", limit=120),
        Column("post_level", "职务层次", "choice", list="post_levels"),
        Column("retired", "是否离退休", "yes_no"),
        Column("unit_name", "所在单位", "name", limit=120),
        Column("can_write", "有无书写能力", "yes_no"),
        Column("note", "备注", "text", limit=300),
    ),
)

LAYOUTS = (ORGANIZATIONS, UNITS, MEMBERS)
_COUNTERS = frozenset({"序号"})  # a running number is neither data nor unknown


@dataclass(frozen=True, slots=True)
class Header:
    """Where a sheet's columns stand. Positions count from 0, `row` from 1 as in Excel."""

    layout: Layout
    row: int
    labels: tuple[str, ...]
    positions: dict[str, int]  # by field
    missing: tuple[Column, ...]
    duplicates: tuple[tuple[str, int], ...]
    unknown: tuple[tuple[str, int], ...]

    @property
    def counters(self) -> frozenset[int]:
        """Positions of running numbers: a row that holds nothing else is an unused line of the form."""
        return frozenset(at for at, label in enumerate(self.labels) if label in _COUNTERS)


def label_of(cell: Cell) -> str:
    """A header cell without any blanks or line breaks inside."""
    return _WHITE.sub("", cell) if isinstance(cell, str) else ""


def find_header(rows: Sequence[Sequence[Cell]], sheet: str) -> Header | None:
    """The row that names most columns of one layout; with the usual sheet name two names are enough."""
    best: tuple[int, int, Layout] | None = None
    for at, row in enumerate(rows[:HEADER_SEARCH_ROWS]):
        labels = {label_of(cell) for cell in row if isinstance(cell, str)}
        for layout in LAYOUTS:
            score = sum(column.label in labels for column in layout.columns)
            enough = _ENOUGH_NAMES - (sheet == layout.sheet)
            if score >= enough and (best is None or score > best[0]):
                best = score, at, layout
    if best is None:
        return None
    return _header(best[2], best[1], rows[best[1]])


def _header(layout: Layout, at: int, row: Sequence[Cell]) -> Header:
    by_label = layout.by_label
    positions: dict[str, int] = {}
    duplicates: list[tuple[str, int]] = []
    unknown: list[tuple[str, int]] = []
    labels = tuple(label_of(cell) for cell in row)
    for position, label in enumerate(labels):
        column = by_label.get(label)
        if column is None:
            if label and label not in _COUNTERS:
                unknown.append((label, position))
        elif column.field in positions:
            duplicates.append((label, position))
        else:
            positions[column.field] = position
    missing = tuple(c for c in layout.columns if _must_have(c) and c.field not in positions)
    return Header(layout, at + 1, labels, positions, missing, tuple(duplicates), tuple(unknown))


def _must_have(column: Column) -> bool:
    # Nothing hangs together without the parent column, although the top organisation leaves its cell empty;
    # without the date of full membership every member would lose his.
    return column.required or column.field in {"parent_name", "full_on"}


def layout_named(sheet: str) -> Layout | None:
    """The layout that a sheet's name promises."""
    return next((layout for layout in LAYOUTS if layout.sheet == sheet.strip()), None)


def is_empty(row: Sequence[Cell], counters: frozenset[int] = frozenset()) -> bool:
    """Whether a row holds nothing, running numbers aside."""
    return all(is_blank(cell) or at in counters for at, cell in enumerate(row))


def column_letter(position: int) -> str:
    """`A` for 0, `AA` for 26."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
