"""Who takes part: units, organisations and members by superior; the composition of the members (C-01)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q

from reports.documents.words import long_date
from reports.summary.page import NAME, NUMBER, SUPERIOR, Page, share
from reports.workbooks.spec import Column, Ratio, SheetSpec
from units.models import Member, Organization
from units.queries.composition import UNDER, composition

ABOVE = ("committee", "work_committee", "party_group", "county_committee", "city_committee")
GENERAL, BRANCH = "general_branch", "branch"

PARTICIPATION = (
    NUMBER,
    Column("name", ("上级党组织",), width=28),
    Column("units", ("参加单位",), "int", "sum"),
    Column("above", ("党组织", "党（工）委、党组"), "int", "sum", width=12),
    Column("general", ("党组织", "党总支"), "int", "sum"),
    Column("branches", ("党组织", "党支部"), "int", "sum"),
    Column("members", ("党员", "合计"), "int", "sum"),
    Column("full", ("党员", "正式党员"), "int", "sum", width=10),
    Column("probationary", ("党员", "预备党员"), "int", "sum", width=10),
    Column("women", ("党员", "女"), "int", "sum"),
    Column("floating", ("党员", "流动党员"), "int", "sum", width=10),
)
PEOPLE = {
    "members": Q(),
    "full": Q(category=Member.Category.FULL),
    "probationary": Q(category=Member.Category.PROBATIONARY),
    "women": Q(sex=Member.Sex.FEMALE),
    "floating": Q(floating=True),
}


def _counts(conditions: dict[str, Q]) -> dict[str, Any]:
    return {name: Count("pk", filter=condition) for name, condition in conditions.items()}


def participation_sheet(page: Page) -> SheetSpec:
    """Units, organisations and members by superior organisation (B-05)."""
    scope = page.scope
    people = scope.by_unit(_counts(PEOPLE))
    kinds: dict[int, Counter[str]] = {}
    for unit, kind in scope.governed.values():
        kinds.setdefault(unit, Counter())[kind] += 1
    sums: dict[str, Counter[str]] = {}
    for unit in scope.units:
        mine = sums.setdefault(page.superior(unit), Counter())
        found = kinds.get(unit.pk, Counter())
        mine.update(people[unit.pk])
        mine.update(units=1, above=sum(found[kind] for kind in ABOVE), general=found[GENERAL], branches=found[BRANCH])
    keys = [column.key for column in PARTICIPATION[2:]]
    rows = [(n, name, *(found[key] for key in keys)) for n, (name, found) in enumerate(sums.items(), 1)]
    return page.sheet("参加情况", PARTICIPATION, rows, _participation_totals(page), notes=_left_out(page))


def _participation_totals(page: Page) -> dict[str, int]:
    scope = page.scope
    kinds = {
        "above": Count("pk", filter=Q(kind__in=ABOVE)),
        "general": Count("pk", filter=Q(kind=GENERAL)),
        "branches": Count("pk", filter=Q(kind=BRANCH)),
    }
    totals: dict[str, int] = {"units": scope.participations.count()}
    totals |= scope.organizations.order_by().aggregate(**kinds)
    return totals | scope.members.order_by().aggregate(**_counts(PEOPLE))


def _left_out(page: Page) -> list[str]:
    """Organisations of the subtree that take no part: they are in no row, so the table says so."""
    scope = page.scope
    inside = Organization.objects.active().within(scope.organization)
    idle = inside.filter(kind=BRANCH).exclude(pk__in=scope.organizations)
    branches, members = idle.count(), Member.objects.on_roll().filter(organization__in=idle).count()
    if not branches:
        return []
    return [f"未参加本批次的党支部{branches}个、党员{members}名不在表内。"]


# ---------------------------------------------------------------- composition
LEVELS = (("leader", "科局级以上"), ("staff", "一般干部"), ("worker", "工人"), ("", "未注明"))
SCHOOLING = (("college", "大专以上"), ("secondary", "高中、中专"), ("junior", "初中以下"), ("", "未注明"))

COMPOSITION = (
    NUMBER,
    NAME,
    SUPERIOR,
    Column("members", ("党员合计",), "int", "sum"),
    *(Column(f"post_{key or 'none'}", ("按职务分", label), "int", "sum", width=11) for key, label in LEVELS),
    *(Column(f"school_{key or 'none'}", ("按文化程度分", label), "int", "sum", width=11) for key, label in SCHOOLING),
    Column("retired", ("离退休", "人数"), "int", "sum"),
    Column("retired_share", ("离退休", "占比"), "percent", Ratio("retired", "members")),
    Column("young", ("六十岁以下", "人数"), "int", "sum"),
    Column("young_share", ("六十岁以下", "占比"), "percent", Ratio("young", "members")),
)


def _sixty_before(on: dt.date) -> dt.date:
    """The latest birth date of who is sixty on the day; on 29 February those born on the 28th are."""
    leap = (on.month, on.day) == (2, 29)
    return on.replace(year=on.year - UNDER, day=28 if leap and (on.year - UNDER) % 4 else on.day)


def composition_sheet(page: Page) -> SheetSpec:
    """The composition of each unit's members: by post, by schooling; retired and under sixty lie over both."""
    scope = page.scope
    conditions = {"members": Q(), "retired": Q(retired=True), "young": Q(birth_date__gt=_sixty_before(scope.last))}
    conditions |= {f"post_{key or 'none'}": Q(post_level=key) for key, _label in LEVELS}
    conditions |= {f"school_{key or 'none'}": Q(schooling=key) for key, _label in SCHOOLING}
    people = scope.by_unit(_counts(conditions))

    def rows() -> Iterator[list[Any]]:
        for number, unit in enumerate(scope.units, 1):
            found = people[unit.pk]
            known: dict[str, Any] = dict(found) | {
                "no": number,
                "name": unit.label,
                "superior": page.superior(unit),
                "retired_share": share(found["retired"], found["members"]),
                "young_share": share(found["young"], found["members"]),
            }
            yield [known.get(column.key, 0) for column in COMPOSITION]

    aged = f"年龄按{long_date(scope.last)}的周岁计"
    note = f"党员为制表当日在册人数，{aged}；离退休、六十岁以下与前两类交叉，不另计入合计。"
    return page.sheet("党员构成", COMPOSITION, rows(), _composition_totals(page), unit_text="人、%", notes=[note])


def _composition_totals(page: Page) -> dict[str, int]:
    """From the table that the page of the composition shows: another query, and another piece of code."""
    found = composition(page.scope.members, page.scope.last)
    posts = {str(row.label): row.count for row in found.by_post}
    schools = {str(row.label): row.count for row in found.by_schooling}
    labels = {str(label): key for key, label in Member.PostLevel.choices}
    totals = {f"post_{key or 'none'}": 0 for key, _label in LEVELS}
    totals |= {f"school_{key or 'none'}": 0 for key, _label in SCHOOLING}
    totals |= {f"post_{labels.get(label, 'none')}": number for label, number in posts.items()}
    labels = {str(label): key for key, label in Member.Schooling.choices}
    totals |= {f"school_{labels.get(label, 'none')}": number for label, number in schools.items()}
    return totals | {
        "members": found.total.count,
        "retired": found.retired.count,
        "young": found.under_sixty.count,
    }
