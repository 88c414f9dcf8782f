"""The summary workbook of an organisation: sheet by sheet, each checked against the database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import clock
from reports.documents.words import long_date
from reports.queries.summary import Scope
from reports.summary import mended, papers, passed, people, shapes, told, work
from reports.summary.page import Page
from reports.workbooks.errors import NoTables, TotalsDiffer
from reports.workbooks.sheet import SummaryWorkbook
from reports.workbooks.spec import SheetSpec


@dataclass(frozen=True)
class Table:
    """One table that can be had: `label` for the page, `name` and `about` the Chinese workbook.

    `papers`: only for who may count confidential work (decision 20).
    """

    key: str
    name: str
    label: Any
    about: str
    make: Callable[[Page], SheetSpec | None]
    papers: bool = False


SHEETS: tuple[Table, ...] = (
    Table(
        "participation",
        "参加情况",
        _("Who takes part"),
        "参加单位、党组织、党员，按上级党组织列",
        people.participation_sheet,
    ),
    Table("types", "单位类型", _("Types of units"), "参加单位和党员，按单位类型列", shapes.types_sheet),
    Table(
        "composition",
        "党员构成",
        _("Composition of members"),
        "党员按职务、文化程度、年龄的构成",
        people.composition_sheet,
    ),
    Table("standing", "阶段分布", _("Units by stage"), "各上级党组织所属单位所处阶段，附图", shapes.standing_sheet),
    Table(
        "stages", "阶段进展", _("Stages, plan and actual"), "各单位各阶段的计划、实际、超期和状态", work.stages_sheet
    ),
    Table(
        "transitions",
        "转段情况",
        _("Transitions"),
        "转段申请、一次通过率、等待何人审核",
        passed.transitions_sheet,
    ),
    Table("hours", "学习学时", _("Study hours"), "各单位学时和达标人数", work.hours_sheet),
    Table("coverage", "学习覆盖", _("Coverages"), "各项学习覆盖人数和覆盖率", work.coverage_sheet),
    Table(
        "analyses",
        "党性分析",
        _("Self-analyses and reviews"),
        "党性分析材料的撰写、字数、审查",
        papers.analyses_sheet,
        True,
    ),
    Table("surveys", "满意度测评", _("Satisfaction surveys"), "各单位满意度测评的选票和满意度", told.surveys_sheet),
    Table("bands", "满意度分档", _("Survey bands"), "满意度各档次的单位数和占比，附图", told.bands_sheet),
    Table("reports", "周报报送", _("Weekly reports"), "各单位周报按时、迟报、未报", told.reports_sheet),
    Table("weeks", "周报按周", _("Reporting by week"), "各周按时、迟报、未报份数，附图", shapes.weeks_sheet),
    Table(
        "makeups",
        "补课黄牌",
        _("Make-ups and yellow cards"),
        "补课通知、补课事项、黄牌、集体诫勉",
        passed.makeups_sheet,
    ),
    Table("ledger", "整改台账", _("Rectification ledger"), "整改问题的状态、在册天数、逾期", mended.ledger_sheet),
    Table(
        "handling",
        "登记处理",
        _("Registration and handling"),
        "一帮一、登记处理的人数，不列姓名",
        papers.handling_sheet,
        True,
    ),
    Table("census", "摸底情况", _("Census"), "党组织状况、流动党员、组织关系、逐个解决", mended.census_sheet),
    Table("commendations", "表彰情况", _("Commendations"), "各表彰名单的推荐和表彰数", mended.commendations_sheet),
)
TRIES = 3  # people go on working while it is made: figures that moved are read again

Progress = Callable[[int, int, str], None]


def title_of(scope: Scope) -> str:
    return f"{scope.batch.campaign.short_name}汇总表"


def file_name(scope: Scope, tables: Sequence[Table] = ()) -> str:
    """县卫生局党委汇总表20260405.xlsx; of one chosen table with its name: 县卫生局党委整改台账汇总表20260405.xlsx."""
    only = tables[0].name if len(tables) == 1 else ""
    return f"{scope.organization.name}{only}汇总表{scope.last:%Y%m%d}.xlsx"


def chosen(keys: Collection[str], *, papers: bool) -> tuple[Table, ...]:
    """The tables of these keys that one may have, in their usual order; without keys all of them."""
    return tuple(table for table in SHEETS if (not keys or table.key in keys) and (papers or not table.papers))


def build(
    scope: Scope,
    *,
    preparer: str,
    phone: str,
    progress: Progress,
    tables: Sequence[Table] | None = None,
    papers: bool = False,
) -> bytes:
    """The workbook as bytes. Raises TotalsDiffer when rows and database still disagree after a few tries, NoTables."""
    wanted = chosen((), papers=papers) if tables is None else tables
    for _attempt in range(TRIES - 1):
        try:
            return _build(Page(scope, preparer, phone, papers), wanted, progress)
        except TotalsDiffer:
            scope = Scope(scope.batch, scope.organization, scope.first, scope.last)
    return _build(Page(scope, preparer, phone, papers), wanted, progress)


def _build(page: Page, tables: Sequence[Table], progress: Progress) -> bytes:
    scope, whole = page.scope, len(tables)
    made = f"{long_date(clock.today())}制表　制表人：{page.preparer}"
    subtitle = f"填报单位：{scope.organization.name}　{page.period}　{made}"
    with SummaryWorkbook(title_of(scope), author=scope.organization.name, subtitle=subtitle) as book:
        for number, table in enumerate(tables):
            progress(number, whole, "")
            spec = table.make(page)
            if spec is not None:
                progress(number, whole, spec.name)
                add = replace(spec, about=table.about)
                book.add(add, progress=lambda _rows, n=number, name=spec.name: progress(n, whole, name))
        if not book.tables:
            raise NoTables
        progress(whole, whole, "")
        return book.to_bytes()
