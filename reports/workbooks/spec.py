"""What a summary sheet holds: its columns, rows, totals and the words round the table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Kind = Literal["text", "serial", "int", "decimal", "percent", "date"]
Value = str | int | float | Decimal | dt.date | None

USUAL_WIDTH: dict[Kind, float] = {"text": 14, "serial": 6, "int": 8, "decimal": 9, "percent": 9, "date": 12}
WIDEST = 60


@dataclass(frozen=True)
class Ratio:
    """The total of a share: the total of one summed column over that of another, named by their keys."""

    part: str
    whole: str


@dataclass(frozen=True)
class Column:
    """One column. `header` goes from the outermost head to its own: ("党员", "女").

    `total` is "sum", a `Ratio`, or None for a column that has none. A percent is given as a fraction (0.043); a serial
    counts the rows. Without `width` (in characters) the column is as wide as its kind and head need.
    """

    key: str
    header: tuple[str, ...]
    kind: Kind = "text"
    total: Literal["sum"] | Ratio | None = None
    width: float | None = None

    def __post_init__(self) -> None:
        if not self.header or not all(self.header):
            raise ValueError(f"column {self.key} has an empty head")
        if self.total == "sum" and self.kind not in ("int", "decimal"):
            raise ValueError(f"column {self.key} is {self.kind}: only numbers can be summed")

    @property
    def name(self) -> str:
        """The whole head, for messages: 党员 女."""
        return " ".join(self.header)

    @property
    def used_width(self) -> float:
        """The width in characters of a digit that the column gets."""
        if self.width is not None:
            return self.width
        head = max(len(line) for line in self.header[-1].split("\n")) * 2 + 2
        return min(max(USUAL_WIDTH[self.kind], min(head, 16)), WIDEST)


@dataclass(frozen=True)
class Footer:
    """Who answers for the table; what is not known yet stays blank for the pen."""

    responsible: str = ""
    reviewer: str = ""
    preparer: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Chart:
    """A bar chart on a sheet after the table's: `category` names the bars, `series` are stacked; keys of columns.

    `lying` bars leave room for long names; `colours` are those of the series, where the usual ones will not do.
    """

    title: str
    category: str
    series: tuple[str, ...]
    measure: str = ""
    lying: bool = False
    colours: tuple[str, ...] = ()


@dataclass(frozen=True)
class SheetSpec:
    """One sheet of a summary workbook.

    `rows` is read once, row by row, and may be a generator. `expected_totals` gives for every summed column what
    the database says; a column that does not add up to it is refused. `notes` are printed under the table;
    `about` says in the index what the table shows.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Value]]
    reporting_unit: str = ""
    date_text: str = ""
    unit_text: str = ""
    footer: Footer = field(default_factory=Footer)
    expected_totals: Mapping[str, int | float | Decimal] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    chart: Chart | None = None
    about: str = ""

    def __post_init__(self) -> None:
        keys = [column.key for column in self.columns]
        if not keys or len(set(keys)) != len(keys):
            raise ValueError(f"sheet {self.name} needs columns, each with a key of its own")
        summed = {column.key for column in self.columns if column.total == "sum"}
        if summed != set(self.expected_totals):
            names = ", ".join(sorted(summed ^ set(self.expected_totals)))
            raise ValueError(f"sheet {self.name}: sums and expected totals do not match: {names}")
        if self.chart and not {self.chart.category, *self.chart.series} <= set(keys):
            raise ValueError(f"sheet {self.name}: the chart shows columns that are not there")
        for column in self.columns:
            if isinstance(column.total, Ratio) and not {column.total.part, column.total.whole} <= summed:
                raise ValueError(f"sheet {self.name}: {column.key} divides columns that are not summed")
        if self.has_totals and self.columns[0].total is not None:
            raise ValueError(f"sheet {self.name}: the first column must leave room for the word 合计")

    @property
    def has_totals(self) -> bool:
        return any(column.total is not None for column in self.columns)

    @property
    def name_column(self) -> int:
        """The index of the column that names the row: the first of text, else the first."""
        texts = (index for index, column in enumerate(self.columns) if column.kind == "text")
        return next(texts, 0)
