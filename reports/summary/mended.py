"""What is put right and found: the rectification ledger (O-05), the census (T), commendations (Q-01)."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q

from assessments.models import Commendation
from campaign.census import census_of
from campaign.models import CensusCase, CensusSheet, MemberCensus, RectificationItem
from reports.summary.page import NAME, NUMBER, SUPERIOR, Page, share
from reports.summary.passed import upto
from reports.workbooks.spec import Column, Ratio, SheetSpec
from units import access
from units.models import Member, Organization

State = RectificationItem.State
LEDGER = (
    NUMBER,
    NAME,
    SUPERIOR,
    Column("items", ("问题合计",), "int", "sum", width=10),
    Column("open", ("状态", "整改中"), "int", "sum"),
    Column("reported", ("状态", "待销号"), "int", "sum"),
    Column("closed", ("状态", "已销号"), "int", "sum"),
    Column("explained", ("状态", "已说明"), "int", "sum"),
    Column("settled", ("销号和说明", "合计"), "int", "sum"),
    Column("settled_share", ("销号和说明", "占比"), "percent", Ratio("settled", "items")),
    Column("fresh", ("未销号的在册天数", "30天以内"), "int", "sum", width=11),
    Column("older", ("未销号的在册天数", "31至60天"), "int", "sum", width=11),
    Column("oldest", ("未销号的在册天数", "60天以上"), "int", "sum", width=11),
    Column("overdue", ("逾期",), "int", "sum"),
    Column("reopened", ("重新整改",), "int", "sum", width=10),
)
YOUNG, MIDDLE = 30, 60


def _conditions(page: Page) -> dict[str, Q]:
    """Column to condition, by the day on which an item was registered."""
    last = page.scope.last
    unclosed = Q(state__in=[State.OPEN, State.REPORTED])
    young, middle = (upto(last - dt.timedelta(days=days + 1)) for days in (YOUNG, MIDDLE))
    return {
        "items": Q(),
        "open": Q(state=State.OPEN),
        "reported": Q(state=State.REPORTED),
        "closed": Q(state=State.CLOSED),
        "explained": Q(state=State.EXPLAINED),
        "settled": Q(state__in=[State.CLOSED, State.EXPLAINED]),
        "fresh": unclosed & Q(registered_at__gte=young),
        "older": unclosed & Q(registered_at__lt=young, registered_at__gte=middle),
        "oldest": unclosed & Q(registered_at__lt=middle),
        "overdue": Q(state=State.OPEN, deadline__lt=last),
        "reopened": Q(reopened=True),
    }


def ledger_sheet(page: Page) -> SheetSpec:
    """The problems of each unit's organisations by state and by age."""
    scope, conditions = page.scope, _conditions(page)
    items = RectificationItem.objects.filter(batch=scope.batch, registered_at__lt=upto(scope.last)).order_by()
    here = items.filter(access.below(scope.organization.path, "organization"))
    counts = {f"n_{key}": Count("pk", filter=condition) for key, condition in conditions.items()}
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for pk, *numbers in here.values("organization_id").annotate(**counts).values_list("organization_id", *counts):
        if pk in scope.governed:
            found[scope.governed[pk][0]].update(dict(zip(conditions, numbers, strict=True)))

    def rows() -> Iterator[list[Any]]:
        for number, unit in enumerate(scope.units, 1):
            mine = found[unit.pk]
            known: dict[str, Any] = dict(mine) | {"no": number, "name": unit.label, "superior": page.superior(unit)}
            known["settled_share"] = share(mine["settled"], mine["items"])
            yield [known.get(column.key, 0) for column in LEDGER]

    of_units = items.filter(organization__in=scope.organizations)
    totals = of_units.aggregate(**{f"n_{key}": Count("pk", filter=condition) for key, condition in conditions.items()})
    totals = {key: totals[f"n_{key}"] for key in conditions}
    note = "列末日前登记的问题，状态为制表当日的状态；在册天数从登记之日算到末日，逾期指已过期限尚未报完成。"
    return page.sheet("整改台账", LEDGER, rows(), totals, unit_text="个、%", notes=[note])


# ---------------------------------------------------------------- census
CENSUS = (
    NUMBER,
    Column("name", ("党组织",), width=26),
    Column("organizations", ("党组织", "应填"), "int", "sum"),
    Column("sheets", ("党组织", "已填"), "int", "sum"),
    Column("sheet_share", ("党组织", "填报率"), "percent", Ratio("sheets", "organizations")),
    Column("sound", ("组织状况", "健全"), "int", "sum"),
    Column("not_established", ("组织状况", "应建未建"), "int", "sum", width=10),
    Column("incomplete", ("组织状况", "班子不齐"), "int", "sum", width=10),
    Column("weak", ("组织状况", "软弱涣散"), "int", "sum", width=10),
    Column("semi_paralysed", ("组织状况", "半瘫痪"), "int", "sum"),
    Column("paralysed", ("组织状况", "瘫痪"), "int", "sum"),
    Column("unfit", ("书记不胜任",), "int", "sum", width=8),
    Column("floating", ("流动党员", "人数"), "int", "sum"),
    Column("transferred", ("流动党员", "已转关系"), "int", "sum", width=10),
    Column("holds_card", ("流动党员", "持活动证"), "int", "sum", width=10),
    Column("unreachable", ("流动党员", "联系不上"), "int", "sum", width=10),
    Column("no_life", ("组织关系", "长期不过组织生活"), "int", "sum", width=10),
    Column("not_transferred", ("组织关系", "离开未转"), "int", "sum", width=10),
    Column("lost", ("组织关系", "失去联系"), "int", "sum", width=10),
    Column("open_cases", ("逐个解决", "未解决"), "int", "sum"),
    Column("solved", ("逐个解决", "已解决"), "int", "sum"),
    Column("handed_on", ("逐个解决", "已移交"), "int", "sum"),
)
AWAY = ("transferred", "holds_card")


def census_sheet(page: Page) -> SheetSpec:
    """The census by the organisations directly below (T-02..T-08). Its totals are asked of the database anew."""
    scope = page.scope
    found = census_of(scope.batch, scope.organization)

    def rows() -> Iterator[list[Any]]:
        for number, row in enumerate(found.by_organization, 1):
            figures = row.figures
            known = {"no": number, "name": row.name, "sheet_share": share(figures.sheets, figures.organizations)}
            yield [known[c.key] if c.key in known else getattr(figures, c.key) for c in CENSUS]

    note = "摸底按党组织填报，不论是否参加本批次；只列人数，不列姓名。"
    return page.sheet("摸底情况", CENSUS, rows(), _census_totals(page), unit_text="个、人、%", notes=[note])


def _census_totals(page: Page) -> dict[str, int]:
    scope = page.scope
    places = Organization.objects.active().within(scope.organization)
    sheets = CensusSheet.objects.filter(batch=scope.batch, organization__in=places).order_by()
    by_condition = {key: Count("pk", filter=Q(condition=key)) for key in CensusSheet.Condition.values}
    people = MemberCensus.objects.filter(
        batch=scope.batch, member__in=Member.objects.filter(organization__in=places, left_on=None)
    ).order_by()
    away = {key: Count("pk", filter=Q(floating=True, **{key: True})) for key in AWAY}
    problems = {key: Count("pk", filter=Q(problem=key)) for key in MemberCensus.Problem.values if key}
    cases = CensusCase.objects.filter(batch=scope.batch, organization__in=places).order_by()
    kinds = CensusCase.State
    totals: dict[str, int] = sheets.aggregate(
        sheets=Count("pk"), unfit=Count("pk", filter=Q(secretary_fit=False)), **by_condition
    )
    totals |= people.aggregate(
        **away,
        **problems,
        unreachable=Count("pk", filter=Q(floating=True, reachable=False)),
        people=Count("pk", filter=Q(floating=True)),
    )
    totals["floating"] = totals.pop("people")
    totals |= cases.aggregate(
        open_cases=Count("pk", filter=Q(state=kinds.OPEN)),
        solved=Count("pk", filter=Q(state=kinds.SOLVED)),
        handed_on=Count("pk", filter=Q(state=kinds.HANDED_ON)),
    )
    return totals | {"organizations": places.count()}


# ---------------------------------------------------------------- commendations
COMMENDED = (
    NUMBER,
    Column("list", ("表彰名单",), width=30),
    Column("subject", ("对象",), width=14),
    Column("proposed", ("推荐",), "int", "sum", width=14),
    Column("approved", ("已表彰",), "int", "sum", width=14),
    Column("waiting", ("待定",), "int", "sum", width=14),
    Column("declined", ("未列入",), "int", "sum", width=14),
)
SUBJECTS = {"member": "党员", "organization": "党组织"}


def commendations_sheet(page: Page) -> SheetSpec | None:
    """How many were put forward and commended on each list of the playbook; none where it has no lists."""
    scope, lists = page.scope, page.scope.playbook.commendations
    if not lists:
        return None
    inside = access.below(scope.organization.path, "organization")
    given = Commendation.objects.filter(
        inside, batch=scope.batch, list_key__in=[one.key for one in lists], proposed_at__lt=upto(scope.last)
    ).order_by()
    names = {"approved": "approved", "waiting": "proposed", "declined": "declined"}
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for key, state, number in given.values_list("list_key", "state").annotate(n=Count("pk")):
        found[key][state] = number
    rows = []
    for number, one in enumerate(lists, 1):
        mine = found[one.key]
        states = [mine[state] for state in names.values()]
        rows.append([number, one.name.zh, SUBJECTS[one.subject], mine.total(), *states])
    conditions = {key: Count("pk", filter=Q(state=state)) for key, state in names.items()}
    totals = given.aggregate(proposed=Count("pk"), **conditions)
    return page.sheet("表彰情况", COMMENDED, rows, totals, unit_text="名、个")
