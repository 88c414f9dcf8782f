"""What all sheets of one workbook share: the words round the tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from campaign.models import Participation
from reports.documents.words import long_date
from reports.queries.summary import Scope, Study
from reports.workbooks.spec import Chart, Column, Footer, SheetSpec

NUMBER = Column("no", ("序号",), "serial")
NAME = Column("name", ("单位",), width=26)
SUPERIOR = Column("superior", ("上级党组织",), width=22)
NO_SUPERIOR = "–"


@dataclass(frozen=True)
class Page:
    """One workbook in the making: its scope, who makes it, and the study figures that two sheets share.

    `papers`: who makes it may count confidential work (decision 20).
    """

    scope: Scope
    preparer: str = ""
    phone: str = ""
    papers: bool = False
    _kept: dict[str, Any] = field(default_factory=dict, repr=False)

    def once(self, key: str, read: Callable[[], Any]) -> Any:
        """What two sheets of a workbook show alike is read once; their totals are read apart from it."""
        if key not in self._kept:
            self._kept[key] = read()
        return self._kept[key]

    @cached_property
    def study(self) -> Study:
        return Study(self.scope)

    @property
    def period(self) -> str:
        return f"{long_date(self.scope.first)}至{long_date(self.scope.last)}"

    def sheet(
        self,
        name: str,
        columns: Sequence[Column],
        rows: Any,
        totals: Mapping[str, int | Decimal],
        *,
        unit_text: str = "个、人",
        notes: Sequence[str] = (),
        chart: Chart | None = None,
    ) -> SheetSpec:
        """A sheet under the campaign's name; `totals` is what the database says of the summed columns."""
        return SheetSpec(
            name=name,
            title=f"{self.scope.batch.campaign.short_name}{name}汇总表",
            columns=tuple(columns),
            rows=rows,
            reporting_unit=self.scope.organization.name,
            date_text=self.period,
            unit_text=unit_text,
            footer=Footer(preparer=self.preparer, phone=self.phone),
            expected_totals=dict(totals),
            notes=tuple(f"注：{note}" for note in notes),
            chart=chart,
        )

    def superior(self, unit: Participation) -> str:
        above = unit.organization.parent
        return above.name if above else NO_SUPERIOR


def share(part: int | Decimal, whole: int | Decimal) -> float | None:
    """A rate for a cell; nothing where there is nothing to take a share of."""
    return float(Decimal(part) / Decimal(whole)) if whole else None
