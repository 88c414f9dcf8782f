"""The figures of a week as the bulletin prints them: sentences and a small table, in the words of the document.

Like `words`, these belong to the form of a Chinese document and not to the language of the page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from . import words
from .content import ChartGroup, FiguresContent

HEADERS = ("阶段", "单位数", "占比", "一周内转入", "超过计划时间")
NAMED = 8


@dataclass(frozen=True)
class StageFigures:
    """How many units stand in a stage at the week's end, came into it in the week, and are past its planned end."""

    name: str
    units: int
    entered: int = 0
    overrun: int = 0


@dataclass(frozen=True)
class ReportFigures:
    """One kind of report, counted in reports due in the week."""

    name: str
    owed: int
    on_time: int
    late: int
    missing: int
    waiting: int
    excused: int


@dataclass(frozen=True)
class WeekFigures:
    """What happened in the week that begins on `week`. Hours are study hours, ballots are pieces."""

    week: dt.date
    stages: Sequence[StageFigures]
    reports: Sequence[ReportFigures] = ()
    activities: int = 0
    sessions: int = 0
    hours: Decimal = Decimal(0)
    attendances: int = 0
    surveys: int = 0
    withheld: int = 0  # of them; too few ballots, so that they are in no figure
    issued: int = 0
    valid: int = 0
    satisfied: int = 0
    passed: Sequence[str] = field(default=())

    @property
    def last_day(self) -> dt.date:
        return self.week + dt.timedelta(days=6)

    @property
    def units(self) -> int:
        return sum(stage.units for stage in self.stages)


def short_date(day: dt.date) -> str:
    """3月5日."""
    return f"{day.month}月{day.day}日"


def rate(part: int, base: int) -> str:
    """4.3%, rounded half up; a dash where there is nothing to take a share of."""
    if not base:
        return "–"
    return f"{(Decimal(part) * 100 / Decimal(base)).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def figures_content(figures: WeekFigures) -> FiguresContent:
    """The drafted piece; the office may edit the sentences, the table is as it was counted."""
    span = f"{short_date(figures.week)}至{short_date(figures.last_day)}"
    return FiguresContent(
        title=f"{words.FIGURES}（{span}）",
        sentences=tuple(_sentences(figures)),
        headers=HEADERS,
        rows=tuple(_rows(figures)),
        chart=tuple(_chart(figures)),
    )


def _chart(figures: WeekFigures) -> Iterator[ChartGroup]:
    """Where the units stand, and how the reports of the week came in."""
    yield ChartGroup("各阶段单位（个）", tuple((stage.name, stage.units) for stage in figures.stages))
    reports = figures.reports
    counted = (
        ("按时", sum(one.on_time for one in reports)),
        ("迟报", sum(one.late for one in reports)),
        ("未报", sum(one.missing for one in reports)),
        ("尚未到期", sum(one.waiting for one in reports)),
        ("经同意不报", sum(one.excused for one in reports)),
    )
    came = tuple((label, number) for label, number in counted if number)
    if came:
        yield ChartGroup("应报材料（份）", came)


def _surveys(figures: WeekFigures) -> str:
    held = f"完成满意度测评{figures.surveys}次"
    kept_back = f"另有{figures.withheld}次票数较少，不计入。" if figures.withheld else ""
    if figures.withheld == figures.surveys:
        return f"{held}，票数较少，不列数字。"
    return (
        f"{held}，发出选票{figures.issued}张，有效{figures.valid}张，"
        f"满意和基本满意占有效票的{rate(figures.satisfied, figures.valid)}。{kept_back}"
    )


def _sentences(figures: WeekFigures) -> Iterator[str]:
    standing = "，".join(f"{stage.name}{stage.units}个" for stage in figures.stages if stage.units)
    yield f"截至{short_date(figures.last_day)}，参加本批次活动的单位{figures.units}个" + (
        f"，其中{standing}。" if standing else "。"
    )
    for report in figures.reports:
        if report.owed or report.excused:
            yield _report(report)
    if figures.activities:
        yield _activities(figures)
    if figures.surveys:
        yield _surveys(figures)
    if figures.passed:
        named = "、".join(figures.passed[:NAMED]) + ("等" if len(figures.passed) > NAMED else "")
        yield f"本周转段单位{len(figures.passed)}个：{named}。"
    overrun = sum(stage.overrun for stage in figures.stages)
    if overrun:
        yield f"超过计划时间仍在原阶段的单位{overrun}个。"


def _report(report: ReportFigures) -> str:
    parts = [f"{report.name}应报{report.owed}份", f"按时{report.on_time}份"]
    counted = (
        ("迟报", report.late),
        ("未报", report.missing),
        ("尚未到期", report.waiting),
        ("经同意不报", report.excused),
    )
    parts += [f"{label}{number}份" for label, number in counted if number]
    past = report.on_time + report.late + report.missing
    if past:
        parts.append(f"按时率{rate(report.on_time, past)}")
    return "，".join(parts) + "。"


def _activities(figures: WeekFigures) -> str:
    text = f"各单位记录活动{figures.activities}次"
    if figures.sessions:
        text += f"，其中集中学习{figures.sessions}次、{figures.hours.normalize():f}学时"
    return f"{text}，参加{figures.attendances}人次。"


def _rows(figures: WeekFigures) -> Iterator[tuple[str, ...]]:
    for stage in figures.stages:
        yield stage.name, str(stage.units), rate(stage.units, figures.units), str(stage.entered), str(stage.overrun)
    entered = sum(stage.entered for stage in figures.stages)
    overrun = sum(stage.overrun for stage in figures.stages)
    yield words.TOTAL, str(figures.units), rate(figures.units, figures.units), str(entered), str(overrun)
