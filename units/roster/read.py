"""Reads a roster workbook: finds the sheets and headers, reads the rows, checks them."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from units.roster import checks
from units.roster.cells import read_cell
from units.roster.checks import RawRow
from units.roster.formulas import failed_formulas
from units.roster.layout import (
    LAYOUTS,
    MEMBERS,
    Column,
    Header,
    Layout,
    column_letter,
    find_header,
    is_empty,
    label_of,
    layout_named,
)
from units.roster.records import (
    Fault,
    Known,
    MemberRow,
    Normalisation,
    OrganizationRow,
    PrintedTotal,
    RosterReading,
    RosterUnreadable,
    RowRef,
    SheetRead,
    UnknownColumn,
    WorkUnitRow,
)
from units.roster.spelling import FAILED_FORMULA, Cell, Day, is_blank, read_date, tidy_name

LARGEST_AREA = 10_000_000  # cells, empty ones included
_FOOTER = re.compile(
    r"(单位负责人|负责人|单位领导|审核人|填表人|制表人|填报人|联系电话|填表日期|填表说明|填报说明|说明|备注|注)[:：]"
)
_TOTAL = re.compile(r"(合计|总计|共计|小计|总人数)")
_AS_OF = re.compile(r"(?:填报|填表|制表|统计|截止)(?:时间|日期)[:：]?(.*)\Z")
_ROW_TYPES: dict[str, Any] = {"organization": OrganizationRow, "unit": WorkUnitRow, "member": MemberRow}
_UNSTATED: dict[str, Any] = {"count": None, "date": None, "yes_no": None, "units": ()}


def read_roster(path: str | Path, *, today: datetime.date, known: Known | None = None) -> RosterReading:
    """Read and check a roster. Raises RosterUnreadable when the file is no workbook that can be read.

    Dates are judged against `today`. `known` names what rows may refer to besides the workbook's own sheets.
    Files of strangers go through `sandbox.read_in_subprocess`.
    """
    try:
        with CalamineWorkbook.from_path(str(path)) as workbook:
            work = _Work(failed_formulas(Path(path)))
            for name in workbook.sheet_names:
                work.take(workbook.get_sheet_by_name(name))
    except PasswordError:
        raise RosterUnreadable("encrypted") from None
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise RosterUnreadable("damaged") from error
    return work.finish(today, known or Known())


class _Work:
    """What has been read so far, over all sheets."""

    def __init__(self, failed: Mapping[str, set[tuple[int, int]]]) -> None:
        self.failed = failed
        self.rows: dict[str, list[RawRow]] = {layout.kind: [] for layout in LAYOUTS}
        self.faults: list[Fault] = []
        self.normalised: list[Normalisation] = []
        self.sheets: list[SheetRead] = []
        self.unknown: list[UnknownColumn] = []
        self.ignored: list[str] = []
        self.totals: list[PrintedTotal] = []
        self.broken: set[str] = set()
        self.names: list[str] = []
        self.as_of: datetime.date | None = None

    def take(self, sheet: CalamineSheet) -> None:
        """Read one sheet, if it is one of a roster."""
        self.names.append(sheet.name)
        last_row, last_column = sheet.end or (0, 0)
        if (last_row + 1) * (last_column + 1) > LARGEST_AREA:
            raise RosterUnreadable("too_large", size=f"{sheet.name} {last_row + 1} × {last_column + 1}")
        rows = sheet.to_python(skip_empty_area=False)
        for row, at in self.failed.get(sheet.name, ()):
            if row < len(rows) and at < len(rows[row]):
                rows[row][at] = FAILED_FORMULA
        header = find_header(rows, sheet.name)
        if header is None:
            self._take_headless(sheet.name, rows)
            return
        self._note_header(sheet.name, header)
        self._note_as_of(rows[: header.row - 1])
        if header.missing or header.duplicates:
            self.broken.add(header.layout.kind)
            return
        _fill_merged(sheet, rows, header)
        before = len(self.rows[header.layout.kind])
        self._read_rows(sheet.name, header, rows)
        count = len(self.rows[header.layout.kind]) - before
        fields = tuple(column.field for column in header.layout.columns if column.field in header.positions)
        letters = tuple(column_letter(header.positions[name]) for name in fields)
        self.sheets.append(SheetRead(sheet.name, header.layout.kind, header.row, count, fields, letters))

    def _take_headless(self, sheet: str, rows: Sequence[Sequence[Cell]]) -> None:
        layout = layout_named(sheet)
        if layout is None or all(is_empty(row) for row in rows):
            self.ignored.append(sheet)
            return
        self.broken.add(layout.kind)
        self.faults.append(_no_header(sheet, "sheet", layout))

    def _note_header(self, sheet: str, header: Header) -> None:
        for column in header.missing:
            self.faults.append(Fault(sheet, header.row, column.label, f"A{header.row}", "missing_header"))
        for label, at in header.duplicates:
            cell = f"{column_letter(at)}{header.row}"
            self.faults.append(Fault(sheet, header.row, label, cell, "duplicate_header", label))
        for label, at in header.unknown:
            self.unknown.append(UnknownColumn(sheet, label, f"{column_letter(at)}{header.row}"))

    def _note_as_of(self, title_rows: Sequence[Sequence[Cell]]) -> None:
        cells = [cell for row in title_rows for cell in row if not is_blank(cell)]
        for at, cell in enumerate(cells):
            found = _AS_OF.search(tidy_name(cell)) if isinstance(cell, str) else None
            if found and self.as_of is None:
                after: Cell = found.group(1) or (cells[at + 1] if at + 1 < len(cells) else "")
                day = read_date(after)
                self.as_of = day.date if isinstance(day, Day) else None

    def _read_rows(self, sheet: str, header: Header, rows: Sequence[Sequence[Cell]]) -> None:
        layout, positions = header.layout, header.positions
        columns = [(positions[each.field], each) for each in layout.columns if each.field in positions]
        memos: dict[str, dict[Cell, Any]] = {each.field: {} for _at, each in columns}
        counted = len(self.rows[layout.kind])
        for number, cells in _data_rows(header, rows):
            first = next(cell for cell in cells if not is_blank(cell))
            if isinstance(first, str):
                if _FOOTER.match(tidy_name(first)):
                    continue
                if _TOTAL.match(tidy_name(first)):
                    self._note_total(sheet, layout, number, cells, len(self.rows[layout.kind]) - counted)
                    continue
            row = RawRow(layout, sheet, number, positions, cells)
            for at, column in columns:
                self._read_cell(row, column, cells[at], memos[column.field])
            self.rows[layout.kind].append(row)

    def _read_cell(self, row: RawRow, column: Column, cell: Cell, memo: dict[Cell, Any]) -> None:
        """Most columns hold the same few words over and over: what was in order once need not be read again."""
        value = memo.get(cell)
        if value is not None:
            row.values[column.field] = value
        elif cell != "" or column.required:
            before = len(self.normalised)
            read_cell(row, column, cell, self.normalised)
            if column.repeats and len(self.normalised) == before and column.field in row.values:
                memo[cell] = row.values[column.field]

    def _note_total(self, sheet: str, layout: Layout, row: int, cells: Sequence[Cell], counted: int) -> None:
        """Of members only: in the other sheets a total can be of the work force."""
        text = " ".join(str(int(c)) if isinstance(c, float) else str(c) for c in cells if not is_blank(c))
        figure = re.search(r"\d{1,9}", tidy_name(text))
        if layout is MEMBERS and figure and not tidy_name(text).startswith("小计"):
            self.totals.append(PrintedTotal(sheet, row, int(figure.group()), counted))

    def finish(self, today: datetime.date, known: Known) -> RosterReading:
        """Check everything against everything and sort the rows by what can be done with them."""
        organizations, units, members = self.rows["organization"], self.rows["unit"], self.rows["member"]
        if not self.sheets and not self.faults:
            self.faults.append(_no_header(self.names[0] if self.names else "", "workbook", MEMBERS))
        _rejoin_unit_names(organizations, {row.get("name") for row in units} | known.units)
        for row in members:
            checks.check_member(row, today)
        for rows in (organizations, units):
            checks.check_duplicates(rows, "code", "duplicate_code")
            checks.check_duplicates(rows, "name", "duplicate_name")
        checks.check_duplicates(members, "id_number", "duplicate_id")
        checks.check_references(organizations, units, members, known, self.broken)
        writable, held = checks.held_rows(organizations, units, members, known)
        everything = [*organizations, *units, *members]
        faults = [*self.faults, *(fault for row in everything for fault in row.faults)]
        return RosterReading(
            organizations=tuple(_typed(row) for row in organizations if id(row) in writable),
            units=tuple(_typed(row) for row in units if id(row) in writable),
            members=tuple(_typed(row) for row in members if id(row) in writable),
            faults=tuple(sorted(faults, key=self._place)),
            faulty_rows=tuple(_ref(row) for row in everything if row.faults),
            held_rows=tuple(_ref(row) for row in held),
            normalised=tuple(self.normalised),
            sheets=tuple(self.sheets),
            unknown_columns=tuple(self.unknown),
            ignored_sheets=tuple(self.ignored),
            totals=tuple(self.totals),
            as_of=self.as_of,
        )

    def _place(self, fault: Fault) -> tuple[int, int, int, str]:
        letters = fault.cell.rstrip("0123456789")
        return self.names.index(fault.sheet) if fault.sheet else 0, fault.row, len(letters), letters


def _no_header(sheet: str, reason: str, layout: Layout) -> Fault:
    allowed = "、".join(column.label for column in layout.columns if column.required)
    return Fault(sheet, 1, "", "A1", "missing_header", "", reason, {"allowed": allowed})


def _data_rows(header: Header, rows: Sequence[Sequence[Cell]]) -> Iterator[tuple[int, Sequence[Cell]]]:
    """(row number as in Excel, cells) below the header, without empty lines and repeated headers."""
    name_at = header.positions["name"]
    counters = header.counters
    for number, cells in enumerate(rows[header.row :], header.row + 1):
        if is_empty(cells, counters) or label_of(cells[name_at]) == header.labels[name_at]:
            continue
        yield number, cells


def _fill_merged(sheet: CalamineSheet, rows: list[list[Cell]], header: Header) -> None:
    """A cell merged over several rows of one column speaks for each of them."""
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        if left != right or top < header.row or top >= len(rows) or left >= len(rows[top]):
            continue
        for row in rows[top + 1 : bottom + 1]:
            row[left] = rows[top][left]


def _rejoin_unit_names(organizations: list[RawRow], unit_names: set[str | None]) -> None:
    """A work unit whose own name holds a separator is one unit, not two."""
    for row in organizations:
        whole = "、".join(row.get("unit_names") or ())
        if whole in unit_names:
            row.values["unit_names"] = (whole,)


def _typed(row: RawRow) -> Any:
    values = row.values
    typed: dict[str, Any] = {}
    for column in row.layout.columns:
        value = values.get(column.field)
        if value is None:
            value = _UNSTATED.get(column.reader, "")
        typed[column.field] = value.date if isinstance(value, Day) else value
    return _ROW_TYPES[row.layout.kind](sheet=row.sheet, row=row.row, **typed)


def _ref(row: RawRow) -> RowRef:
    key = row.get("id_number" if row.layout.kind == "member" else "code") or ""
    return RowRef(row.layout.kind, row.sheet, row.row, key, row.get("name") or "")
