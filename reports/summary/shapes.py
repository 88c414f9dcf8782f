"""Tables that are looked at as charts: where the units stand, reporting by week; and the types of units (B-05)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, OuterRef

from campaign.models import Participation, StageProgress
from reports import weeks
from reports.queries.weekly import boards, by_week, unit_rules
from reports.summary.page import NUMBER, Page, share
from reports.summary.told import tallied_anew, weeks_asked
from reports.workbooks.spec import Chart, Column, Ratio, SheetSpec

NO_TYPE = "未登记类型"
TYPES = (
    NUMBER,
    Column("type", ("单位类型",), width=34),
    Column("units", ("参加单位", "个数"), "int", "sum", width=16),
    Column("units_share", ("参加单位", "占比"), "percent", Ratio("units", "units"), width=16),
    Column("members", ("党员", "人数"), "int", "sum", width=16),
    Column("members_share", ("党员", "占比"), "percent", Ratio("members", "members"), width=16),
)


def types_sheet(page: Page) -> SheetSpec:
    """Units and members by type of unit: the total is the sum of the types, nobody writes it down (U-12)."""
    scope = page.scope
    people = scope.by_unit({"members": Count("pk")})
    sums: dict[str, Counter[str]] = {}
    for unit in scope.units:
        kind = (unit.work_unit.type if unit.work_unit else "") or NO_TYPE
        sums.setdefault(kind, Counter()).update(units=1, members=people[unit.pk]["members"])
    units, members = (sum(found[key] for found in sums.values()) for key in ("units", "members"))
    ordered = sorted(sums.items(), key=lambda pair: (pair[0] == NO_TYPE, -pair[1]["units"], pair[0]))
    rows = [
        (n, kind, found["units"], share(found["units"], units), found["members"], share(found["members"], members))
        for n, (kind, found) in enumerate(ordered, 1)
    ]
    totals = {"units": scope.participations.count(), "members": scope.members.count()}
    return page.sheet("单位类型", TYPES, rows, totals, unit_text="个、人、%")


# ---------------------------------------------------------------- stages
AHEAD, BEHIND, PLAIN = "ahead", "behind", "plain"


def _stage_columns(page: Page) -> tuple[Column, ...]:
    stages = [Column(f"stage_{s.key}", ("所处阶段", s.name.zh), "int", "sum", width=12) for s in _stages(page)]
    return (
        NUMBER,
        Column("name", ("上级党组织",), width=28),
        Column("units", ("参加单位",), "int", "sum", width=10),
        Column(AHEAD, ("所处阶段", "未启动"), "int", "sum"),
        *stages,
        Column(BEHIND, ("所处阶段", "各阶段已完成"), "int", "sum", width=12),
        Column(PLAIN, ("不分阶段",), "int", "sum", width=10),
    )


def _stages(page: Page) -> Any:
    return page.scope.playbook.stages


def _place(page: Page, unit: Participation) -> str:
    """The column in which a unit stands on the last day."""
    if not unit.staged:
        return PLAIN
    begun = page.scope.begun(unit)
    if not begun:
        return AHEAD
    now = begun[-1]
    ended = now.ended_on is not None and now.ended_on <= page.scope.last
    return BEHIND if ended and now.stage == _stages(page)[-1].key else f"stage_{now.stage}"


def standing_sheet(page: Page) -> SheetSpec:
    """How many units stand in which stage, by superior organisation."""
    columns = _stage_columns(page)
    sums: dict[str, Counter[str]] = {}
    for unit in page.scope.units:
        sums.setdefault(page.superior(unit), Counter()).update(("units", _place(page, unit)))
    keys = [column.key for column in columns[2:]]
    rows = [(n, name, *(found[key] for key in keys)) for n, (name, found) in enumerate(sums.items(), 1)]
    chart = Chart("各单位所处阶段", "name", tuple(keys[1:]), measure="单位个数", lying=True)
    return page.sheet("阶段分布", columns, rows, _standing_totals(page), unit_text="个", chart=chart)


def _standing_totals(page: Page) -> dict[str, int]:
    """Asked of the database: begun this stage and none after it."""
    scope, keys = page.scope, [stage.key for stage in _stages(page)]
    units = scope.participations
    staged = units.filter(staged=True)
    begun = StageProgress.objects.filter(participation=OuterRef("pk"), started_on__lte=scope.last)
    totals = {
        "units": units.count(),
        PLAIN: units.filter(staged=False).count(),
        AHEAD: staged.filter(~Exists(begun)).count(),
        BEHIND: staged.filter(Exists(begun.filter(stage=keys[-1], ended_on__lte=scope.last))).count(),
    }
    for position, key in enumerate(keys):
        here = staged.filter(Exists(begun.filter(stage=key)), ~Exists(begun.filter(stage__in=keys[position + 1 :])))
        totals[f"stage_{key}"] = here.count() - (totals[BEHIND] if key == keys[-1] else 0)
    return totals


# ---------------------------------------------------------------- weeks
BLUE, ORANGE, RED = "0B5394", "E69138", "CC4125"
WEEKS = (
    NUMBER,
    Column("week", ("周次",), width=10),
    Column("from", ("起始日",), "date"),
    Column("base", ("已到期", "份数"), "int", "sum"),
    Column("on_time", ("已到期", "按时"), "int", "sum"),
    Column("late", ("已到期", "迟报"), "int", "sum"),
    Column("missing", ("已到期", "未报"), "int", "sum"),
    Column("rate", ("已到期", "按时率"), "percent", Ratio("on_time", "base")),
    Column("excused", ("经同意不报",), "int", "sum", width=12),
)
COUNTED = ("base", "on_time", "late", "missing", "excused")


def weeks_sheet(page: Page) -> SheetSpec | None:
    """The units' reports by week, all kinds together; none where none is asked."""
    scope, rules = page.scope, unit_rules(page.scope.batch)
    if not rules:
        return None
    asked = weeks_asked(page)
    found = page.once("boards", lambda: boards(scope.batch, rules, asked, within=scope.below))
    lines = [line for rule in rules for line in found[rule.key]]

    def rows() -> Iterator[list[Any]]:
        for number, (week, counted) in enumerate(zip(asked, by_week(lines), strict=False), 1):
            name = f"第{weeks.number_of(week, scope.batch.starts_on)}周"
            base, on_time, late, missing, excused = (getattr(counted, key) for key in COUNTED)
            yield [number, name, week, base, on_time, late, missing, share(on_time, base), excused]

    chart = Chart("各周报送情况", "week", ("on_time", "late", "missing"), measure="份数", colours=(BLUE, ORANGE, RED))
    notes = ["各类报告合在一起；按时率＝按时÷已到期份数；未到期的不计。"]
    return page.sheet("周报按周", WEEKS, rows(), _week_totals(page, asked), unit_text="份、%", notes=notes, chart=chart)


def _week_totals(page: Page, asked: list[Any]) -> dict[str, int]:
    whole = tallied_anew(page, asked)
    return {key: getattr(whole, key) for key in COUNTED}


__all__ = ["standing_sheet", "types_sheet", "weeks_sheet"]
