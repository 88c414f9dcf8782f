"""How far the work has got: stages, study hours (E-02), coverages (E-26)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F

from campaign.models import Participation, StageProgress
from campaign.playbook.work import CLOSING
from reports import weeks
from reports.queries.summary import StudyFigures
from reports.summary.page import NAME, NUMBER, SUPERIOR, Page, share
from reports.workbooks.spec import Column, Ratio, SheetSpec
from supervision.models import Transition

STAGES = (
    NUMBER,
    NAME,
    SUPERIOR,
    Column("stage", ("阶段",), width=14),
    Column("planned_start", ("计划", "开始"), "date"),
    Column("planned_end", ("计划", "结束"), "date"),
    Column("started_on", ("实际", "开始"), "date"),
    Column("ended_on", ("实际", "结束"), "date"),
    Column("over", ("超过计划", "天数"), "int"),
    Column("overrun", ("超过计划", "阶段数"), "int", "sum"),
    Column("attempts", ("转段申请", "次数"), "int", "sum"),
    Column("state", ("状态",), width=10),
)
UNSTAGED = "不分阶段"


def _days_over(row: StageProgress, last: dt.date) -> int:
    """Days past the planned end: until it ended, or until the end of the period."""
    if row.started_on is None or row.started_on > last:
        return 0
    ended = row.ended_on if row.ended_on and row.ended_on <= last else last
    return max(0, (ended - row.planned_end).days)


def _state(row: StageProgress, last: dt.date) -> str:
    if row.started_on is None or row.started_on > last:
        return "未开始"
    return "已完成" if row.ended_on and row.ended_on <= last else "进行中"


def _upto(last: dt.date) -> dt.datetime:
    return dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), tzinfo=weeks.ZONE)


def stages_sheet(page: Page) -> SheetSpec:
    """A row for each unit and stage: planned, actual, overrun, attempts to pass."""
    scope = page.scope
    applied = Transition.objects.filter(participation__in=scope.participations, applied_at__lt=_upto(scope.last))
    applied = applied.exclude(stage=CLOSING)  # the application to close belongs to no stage
    counted = applied.order_by().values("participation_id", "stage").annotate(n=Count("pk"))
    attempts = Counter({(unit, stage): n for unit, stage, n in counted.values_list("participation_id", "stage", "n")})
    names = {stage.key: stage.name.zh for stage in scope.playbook.stages}

    def rows() -> Iterator[tuple[Any, ...]]:
        number = 0
        for unit in scope.units:
            if not unit.staged:
                number += 1
                yield number, unit.label, page.superior(unit), UNSTAGED, *([None] * 4), None, 0, 0, ""
            for row in unit.progress.all():
                number += 1
                over = _days_over(row, scope.last)
                yield (
                    number,
                    unit.label,
                    page.superior(unit),
                    names.get(row.stage, row.stage),
                    row.planned_start,
                    row.planned_end,
                    *(day if day and day <= scope.last else None for day in (row.started_on, row.ended_on)),
                    over or None,
                    int(over > 0),
                    attempts[unit.pk, row.stage],
                    _state(row, scope.last),
                )

    totals = {"attempts": applied.count(), "overrun": _overrun(page)}
    note = "超过计划天数算到该阶段实际结束日，未结束的算到表中所列末日；日期到期不自动转段。"
    return page.sheet("阶段进展", STAGES, rows(), totals, unit_text="天、个、次", notes=[note])


def _overrun(page: Page) -> int:
    """Stages that ran over, by the database: ended after their planned end, or still running past it."""
    last = page.scope.last
    begun = StageProgress.objects.filter(participation__in=page.scope.participations, started_on__lte=last)
    late = begun.filter(ended_on__lte=last, ended_on__gt=F("planned_end")).count()
    running = begun.exclude(ended_on__lte=last).filter(planned_end__lt=last).count()
    return late + running


# ---------------------------------------------------------------- study
def _head(extra: tuple[Column, ...]) -> tuple[Column, ...]:
    stage = Column("stage", ("统计阶段",), width=14)
    return (NUMBER, NAME, SUPERIOR, stage, Column("roll", ("应学党员",), "int", "sum"), *extra)


def hours_sheet(page: Page) -> SheetSpec:
    """Study hours of each unit: who must reach the minimum, who did, the average (E-02)."""
    least = page.scope.playbook.study.hours
    reached = (
        Column("arranged", ("特殊安排",), "int", "sum", width=10),
        Column("due", ("应达标",), "int", "sum"),
        Column("reached", ("已达标", "人数"), "int", "sum"),
        Column("share", ("已达标", "占比"), "percent", Ratio("reached", "due")),
    )
    hours = (
        Column("hours", ("学时", "合计"), "decimal", "sum", width=11),
        Column("average", ("学时", "人均"), "decimal", Ratio("hours", "roll")),
    )
    columns = _head((*reached, *hours) if least is not None else hours)
    whole = page.study.totals
    totals: dict[str, Any] = {"roll": whole.roll, "hours": whole.hours}
    if least is not None:
        totals |= {"arranged": whole.arranged, "due": whole.due, "reached": whole.reached}
    notes = [_least_note(page)]
    if page.scope.playbook.study.session_min:
        shortest = page.scope.playbook.study.session_min.normalize()
        notes.append(f"不足{shortest:f}学时且非集中培训的学习不计学时。")

    def row(figures: StudyFigures) -> dict[str, Any]:
        return {
            "arranged": figures.arranged,
            "due": figures.due,
            "reached": figures.reached,
            "share": share(figures.reached, figures.due),
            "hours": figures.hours,
            "average": share(figures.hours, figures.roll),
        }

    return page.sheet("学习学时", columns, _rows(page, columns, row), totals, unit_text="人、学时、%", notes=notes)


def _least_note(page: Page) -> str:
    least = page.scope.playbook.study.hours
    if least is None:
        return "本地方案未规定最低学时，只列实有学时。"
    return f"每名党员不少于{least.normalize():f}学时；经批准特殊安排的党员不列入应达标人数。"


def coverage_sheet(page: Page) -> SheetSpec | None:
    """How far each coverage has got in each unit (E-26); none where the playbook names no coverage."""
    coverages = page.scope.playbook.study.coverages
    if not coverages:
        return None
    extra = []
    for coverage in coverages:
        name = coverage.name.zh
        extra.append(Column(f"n_{coverage.key}", (name, "已覆盖"), "int", "sum", width=10))
        extra.append(Column(f"s_{coverage.key}", (name, "覆盖率"), "percent", Ratio(f"n_{coverage.key}", "roll")))
    columns = _head(tuple(extra))
    whole = page.study.totals
    totals = {"roll": whole.roll} | {f"n_{coverage.key}": whole.covered[coverage.key] for coverage in coverages}

    def row(figures: StudyFigures) -> dict[str, Any]:
        cells: dict[str, Any] = {}
        for coverage in coverages:
            number = figures.covered[coverage.key]
            cells |= {f"n_{coverage.key}": number, f"s_{coverage.key}": share(number, figures.roll)}
        return cells

    return page.sheet("学习覆盖", columns, _rows(page, columns, row), totals, unit_text="人、%")


def _rows(page: Page, columns: tuple[Column, ...], row: Any) -> Iterator[list[Any]]:
    """One row a unit: its names, the stage that is counted, the roll, and what `row` makes of its figures."""
    names = {stage.key: stage.name.zh for stage in page.scope.playbook.stages}
    for number, unit in enumerate(page.scope.units, 1):
        figures = page.study.by_unit.get(unit.pk) or StudyFigures()
        known = {
            "no": number,
            "name": unit.label,
            "superior": page.superior(unit),
            "stage": _counted_stage(page, unit, names),
            "roll": figures.roll,
            **row(figures),
        }
        yield [known[column.key] for column in columns]


def _counted_stage(page: Page, unit: Participation, names: dict[str, str]) -> str:
    progress = page.study.stages.get(unit.pk)
    if progress is not None:
        return names.get(progress.stage, progress.stage)
    return "尚未启动" if unit.staged or unit.state == Participation.State.PREPARING else UNSTAGED
