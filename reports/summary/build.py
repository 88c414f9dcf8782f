"""The summary workbook of an organisation: sheet by sheet, each checked against the database."""

from __future__ import annotations

from collections.abc import Callable

from reports.queries.summary import Scope
from reports.summary import people, told, work
from reports.summary.page import Page
from reports.workbooks.errors import TotalsDiffer
from reports.workbooks.sheet import SummaryWorkbook
from reports.workbooks.spec import SheetSpec

SHEETS: tuple[Callable[[Page], SheetSpec | None], ...] = (
    people.participation_sheet,
    people.composition_sheet,
    work.stages_sheet,
    work.hours_sheet,
    work.coverage_sheet,
    told.surveys_sheet,
    told.bands_sheet,
    told.reports_sheet,
)
TRIES = 3  # people go on working while it is made: figures that moved are read again

Progress = Callable[[int, int, str], None]


def title_of(scope: Scope) -> str:
    return f"{scope.batch.campaign.short_name}汇总表"


def file_name(scope: Scope) -> str:
    """县卫生局党委汇总表20260405.xlsx."""
    return f"{scope.organization.name}汇总表{scope.last:%Y%m%d}.xlsx"


def build(scope: Scope, *, preparer: str, phone: str, progress: Progress) -> bytes:
    """The workbook as bytes. Raises TotalsDiffer when rows and database still disagree after a few tries."""
    for _attempt in range(TRIES - 1):
        try:
            return _build(scope, preparer, phone, progress)
        except TotalsDiffer:
            scope = Scope(scope.batch, scope.organization, scope.first, scope.last)
    return _build(scope, preparer, phone, progress)


def _build(scope: Scope, preparer: str, phone: str, progress: Progress) -> bytes:
    page = Page(scope, preparer, phone)
    with SummaryWorkbook(title_of(scope), author=scope.organization.name) as book:
        for number, make in enumerate(SHEETS):
            progress(number, len(SHEETS), "")
            spec = make(page)
            if spec is not None:
                progress(number, len(SHEETS), spec.name)
                book.add(spec, progress=lambda _rows, n=number, name=spec.name: progress(n, len(SHEETS), name))
        progress(len(SHEETS), len(SHEETS), "")
        return book.to_bytes()
