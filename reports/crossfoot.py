"""Adding up a table that somebody sent: each printed total against the sum of its parts (decision 19, U-12).

Knows nothing of the database; nothing is kept. A total is found by its name: 合计, 总计, 共计, 小计, total.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations, pairwise

from openpyxl.utils import get_column_letter

SUB, TOTAL, GRAND = 1, 2, 3
NAMES = {"小计": SUB, "合计": TOTAL, "共计": TOTAL, "总计": GRAND, "总数": GRAND}
NAMES |= {"subtotal": SUB, "total": TOTAL, "sum": TOTAL, "grandtotal": GRAND}
NOT_ADDED = ("序号", "编号", "率", "占比", "比例", "比重", "%", "人均", "平均", "年份", "排名", "名次", "no.")
NUMBERING = frozenset({"栏次", "栏号", "甲", "乙"})
OF_WHICH = ("其中", "#", "ofwhich")
NUMBER = re.compile(r"([+-]?\d[\d,]*(?:\.\d+)?)(?:个|人|名|份|张|次|户|家|元|万元)?$")
LARGEST = 10**15  # Excel keeps fifteen digits; longer ones are numbers of something, not amounts
MOST_PARTS_SEARCHED, MOST_TOGETHER = 60, 3
Cell = object
Rows = Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Part:
    """One of the numbers that a total is the sum of."""

    name: str
    value: Decimal


@dataclass(frozen=True)
class Check:
    """One printed total; `cell` and `parts_at` as Excel names them."""

    sheet: str
    cell: str
    row: str
    column: str
    parts_at: str
    printed: Decimal
    computed: Decimal
    missing: tuple[Part, ...] = ()  # parts that together make the difference: perhaps left out
    twice: tuple[Part, ...] = ()  # the same: perhaps counted twice

    @property
    def difference(self) -> Decimal:
        """Printed minus computed."""
        return self.printed - self.computed

    @property
    def computed_less(self) -> Decimal:
        """By how much the printed total falls short."""
        return -self.difference

    @property
    def agrees(self) -> bool:
        return self.difference == 0


@dataclass
class Finding:
    """What one workbook's totals say; `unclear` names total columns of which it cannot be told what they add."""

    checks: list[Check] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)

    @property
    def different(self) -> list[Check]:
        return [check for check in self.checks if not check.agrees]

    @property
    def agreeing(self) -> list[Check]:
        return [check for check in self.checks if check.agrees]


def plain(cell: Cell) -> str:
    """Text without spaces, full-width forms folded, in small letters."""
    return "".join(unicodedata.normalize("NFKC", str(cell)).split()).lower()


def level_of(cell: Cell) -> int:
    """The kind of total that a cell names; 0 if none: 合 计, 合计：, 合计（个）."""
    name = re.sub(r"\(.*?\)$", "", plain(cell)).strip(":：、.。")
    return NAMES.get(name, 0)


def number_of(cell: Cell) -> Decimal | None:
    """A number as typed or as text with commas; no percentage, no date."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return Decimal(repr(round(cell, 6))) if abs(cell) < LARGEST else None
    found = NUMBER.fullmatch(plain(cell)) if isinstance(cell, str) else None
    number = Decimal(found[1].replace(",", "")) if found else None
    return number if number is not None and abs(number) < LARGEST else None


class _Sheet:
    """One sheet: which rows are heads, details, totals."""

    def __init__(self, name: str, rows: Rows) -> None:
        self.name, self.rows = name, rows
        self.width = max((len(row) for row in rows), default=0)
        self.levels = [self._level(row) for row in rows]
        self.first = next((n for n in range(len(rows)) if self._is_body(n)), len(rows))
        self.details = [n for n in range(self.first, len(rows)) if not self.levels[n] and self._counts(n)]
        self.summed = [column for column in range(self.width) if self._is_summed(column)]

    def cell(self, row: int, column: int) -> Cell:
        line = self.rows[row]
        return line[column] if column < len(line) else ""

    def value(self, row: int, column: int) -> Decimal | None:
        return number_of(self.cell(row, column))

    def at(self, row: int, column: int) -> str:
        return f"{get_column_letter(column + 1)}{row + 1}"

    def _level(self, row: Sequence[Cell]) -> int:
        """A total row names itself before its first number."""
        for cell in row:
            if number_of(cell) is not None and plain(cell):
                return 0
            if level := level_of(cell):
                return level
        return 0

    def _is_body(self, row: int) -> bool:
        if plain(self.cell(row, 0)) in NUMBERING:
            return False
        texts = [cell for cell in self.rows[row] if plain(cell) and number_of(cell) is None]
        numbers = [cell for cell in self.rows[row] if number_of(cell) is not None]
        return bool(numbers and texts)

    def _counts(self, row: int) -> bool:
        return self._is_body(row) and not self.label(row).startswith(OF_WHICH)

    def label(self, row: int) -> str:
        """The name of a row: its first text."""
        texts = (plain(cell) for cell in self.rows[row] if number_of(cell) is None)
        return next((text for text in texts if text), "")

    def heads(self, column: int) -> list[str]:
        found = (plain(self.cell(row, column)) for row in self.head_rows)
        return [text for text in found if text]

    def head(self, column: int) -> str:
        return " ".join(self.heads(column)) or get_column_letter(column + 1)

    @property
    def head_rows(self) -> list[int]:
        """Those above the body that name columns; a title stands alone in its row."""
        above = range(self.first)
        return [row for row in above if sum(bool(plain(cell)) for cell in self.rows[row]) > 1]

    def _is_summed(self, column: int) -> bool:
        head = "".join(self.heads(column))
        return not any(word in head for word in NOT_ADDED) and any(
            self.value(row, column) is not None for row in self.details
        )


def examine(sheets: Iterable[tuple[str, Rows]]) -> Finding:
    """Every total of every sheet, by row and by column."""
    finding = Finding()
    for name, rows in sheets:
        sheet = _Sheet(name, rows)
        finding.checks += _by_row(sheet)
        _by_column(sheet, finding)
    return finding


# ---------------------------------------------------------------- total rows
def _by_row(sheet: _Sheet) -> Iterator[Check]:
    for row, level in enumerate(sheet.levels):
        if not level or row < sheet.first:
            continue
        near, every = _parts_of(sheet, row, level)
        for column in sheet.summed:
            printed = sheet.value(row, column)
            if printed is None or not near:
                continue
            rows = every if _sum(sheet, every, column) == printed else near
            yield _check(sheet, (row, column), printed, [(at, column) for at in rows])


def _parts_of(sheet: _Sheet, row: int, level: int) -> tuple[list[int], list[int]]:
    """The details of a total: those since the last total as high or higher; all above it. Below it where it leads."""
    bounds = [at for at, other in enumerate(sheet.levels) if other >= level and at >= sheet.first]
    last = max((at for at in bounds if at < row), default=-1)
    near = [at for at in sheet.details if last < at < row]
    every = [at for at in sheet.details if at < row]
    if near or every:
        return near or every, every
    end = min((at for at in bounds if at > row), default=len(sheet.rows))
    below = [at for at in sheet.details if row < at < end]
    return below, below


def _sum(sheet: _Sheet, rows: Iterable[int], column: int) -> Decimal:
    return sum((sheet.value(row, column) or Decimal(0) for row in rows), Decimal(0))


def _check(sheet: _Sheet, place: tuple[int, int], printed: Decimal, parts: list[tuple[int, int]]) -> Check:
    row, column = place
    across = len({at for at, _column in parts}) == 1
    named = [
        Part(sheet.head(c) if across else sheet.label(r), value)
        for r, c in parts
        if (value := sheet.value(r, c)) is not None
    ]
    computed = sum((part.value for part in named), Decimal(0))
    return Check(
        sheet=sheet.name,
        cell=sheet.at(row, column),
        row=sheet.label(row),
        column=sheet.head(column),
        parts_at=_ranges(sheet, parts),
        printed=printed,
        computed=computed,
        missing=_making_up(named, computed - printed),
        twice=_making_up(named, printed - computed),
    )


def _ranges(sheet: _Sheet, parts: list[tuple[int, int]]) -> str:
    """B3:B14, or B3:B6、B8:B9 where something stands between."""
    runs: list[list[tuple[int, int]]] = [[parts[0]]]
    for before, after in pairwise(parts):
        near = abs(after[0] - before[0]) + abs(after[1] - before[1]) == 1
        runs[-1].append(after) if near else runs.append([after])
    return "、".join(
        sheet.at(*run[0]) if len(run) == 1 else f"{sheet.at(*run[0])}:{sheet.at(*run[-1])}" for run in runs
    )


def _making_up(parts: Sequence[Part], difference: Decimal) -> tuple[Part, ...]:
    """The fewest parts that together are the difference, if only these do: one, two or three of them."""
    some = [part for part in parts if part.value > 0]
    if difference <= 0 or len(some) > MOST_PARTS_SEARCHED:
        return ()
    for number in range(1, min(MOST_TOGETHER, len(some) - 1) + 1):
        found = [group for group in combinations(some, number) if sum(part.value for part in group) == difference]
        if found:
            return found[0] if len(found) == 1 else ()
    return ()


# ---------------------------------------------------------------- total columns
def _by_column(sheet: _Sheet, finding: Finding) -> None:
    for column in sheet.summed:
        parts = _columns_of(sheet, column)
        if not parts:
            continue
        rows = [row for row in range(sheet.first, len(sheet.rows)) if sheet.levels[row] or row in sheet.details]
        checks = []
        for row in rows:
            printed = sheet.value(row, column)
            if printed is not None and any(sheet.value(row, one) is not None for one in parts):
                checks.append(_check(sheet, (row, column), printed, [(row, one) for one in parts]))
        wrong = sum(not check.agrees for check in checks)
        if checks and wrong * 2 > len(checks):
            finding.unclear.append(f"{sheet.name} {get_column_letter(column + 1)}")
        else:
            finding.checks += checks


def _total_at(sheet: _Sheet, column: int) -> int | None:
    """The head row in which a column is called a total."""
    return next((row for row in sheet.head_rows if level_of(sheet.cell(row, column))), None)


def _columns_of(sheet: _Sheet, column: int) -> list[int]:
    """Which columns a total column adds up: those under the same head; else its neighbours."""
    at = _total_at(sheet, column)
    if at is None:
        return []
    others = [one for one in sheet.summed if _total_at(sheet, one) is None and not _of_which(sheet, one)]
    rows = sheet.head_rows
    above = rows[rows.index(at) - 1] if rows.index(at) else None
    if above is not None and plain(sheet.cell(at, column)) and (group := _group(sheet, above, column)):
        return [one for one in others if one in group]
    totals = [one for one in sheet.summed if _total_at(sheet, one) is not None]
    before = max((one for one in totals if one < column), default=-1)
    left = [one for one in others if before < one < column]
    after = min((one for one in totals if one > column), default=sheet.width)
    return left or [one for one in others if column < one < after]


def _group(sheet: _Sheet, above: int, column: int) -> range | None:
    """The columns under the merged head over a column; None where nothing stands over it."""
    starts = [one for one in range(sheet.width) if plain(sheet.cell(above, one))]
    start = max((one for one in starts if one <= column), default=None)
    end = min((one for one in starts if one > column), default=sheet.width)
    return range(start, end) if start is not None and end - start > 1 else None


def _of_which(sheet: _Sheet, column: int) -> bool:
    return any(head.startswith(OF_WHICH) for head in sheet.heads(column))
