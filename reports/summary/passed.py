"""How units pass their stages (J), how they make up, and what cards that brought them (J-12..J-15)."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import override

from accounts import clock
from campaign.models import Participation
from reports import weeks
from reports.summary.page import NAME, NUMBER, SUPERIOR, Page, share
from reports.workbooks.spec import Column, Ratio, SheetSpec
from supervision import chain, rules
from supervision.models import Admonition, Decision, MakeUpItem, MakeUpOrder, Transition, YellowCard
from units import access

State = Transition.State
DECIDED: dict[str, str] = {"passed": State.COMPLETED, "returned": State.RETURNED, "makeup": State.MADE_UP}
WORDS: dict[str, str] = {
    State.SUBMITTED: "审核中",
    State.APPROVED: "已批准，待开转段会",
    State.COMPLETED: "已转段",
    State.RETURNED: "退回修改",
    State.MADE_UP: "责令补课",
    State.WITHDRAWN: "已撤回",
}
NOT_APPLIED = "未申请"

TRANSITIONS = (
    NUMBER,
    NAME,
    SUPERIOR,
    Column("applied", ("申请次数",), "int", "sum", width=10),
    Column("returned", ("审核结果", "退回"), "int", "sum"),
    Column("makeup", ("审核结果", "责令补课"), "int", "sum", width=10),
    Column("passed", ("审核结果", "通过"), "int", "sum"),
    Column("first", ("一次通过", "次数"), "int", "sum"),
    Column("first_share", ("一次通过", "占比"), "percent", Ratio("first", "passed")),
    Column("stage", ("最近一次申请", "阶段"), width=14),
    Column("state", ("最近一次申请", "状态"), width=16),
    Column("whom", ("最近一次申请", "等待何人"), width=18),
    Column("days", ("最近一次申请", "已等天数"), "int", width=10),
)


def upto(last: dt.date) -> dt.datetime:
    """The end of the last day."""
    return dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), tzinfo=weeks.ZONE)


def _state_at(row: Transition, end: dt.datetime) -> str:
    """What had become of an application by then."""
    if row.state == State.COMPLETED and row.completed_at is not None and row.completed_at >= end:
        return State.APPROVED if row.decided_at is None or row.decided_at < end else State.SUBMITTED
    return State.SUBMITTED if row.decided_at is not None and row.decided_at >= end else str(row.state)


def _reached(state: str, end: dt.datetime) -> Q:
    """The same condition in the database."""
    found = Q(state=state) & (Q(decided_at=None) | Q(decided_at__lt=end))
    if state == State.COMPLETED:
        found = Q(state=state) & (Q(completed_at__lt=end) | Q(completed_at=None))
    return found


class Applications:
    """The applications of the scope's units handed in by the end of the period."""

    def __init__(self, page: Page) -> None:
        self.page, self.end = page, upto(page.scope.last)

    @property
    def rows(self) -> QuerySet[Transition]:
        return Transition.objects.filter(self.page.scope.of_units("participation"), applied_at__lt=self.end)

    def by_unit(self) -> dict[int, list[Transition]]:
        """The oldest first, with what the bodies had said by then. Two queries."""
        said = Prefetch("decisions", queryset=Decision.objects.filter(at__lt=self.end))
        found: dict[int, list[Transition]] = defaultdict(list)
        for row in self.rows.order_by("applied_at", "pk").prefetch_related(said):
            found[row.participation_id].append(row)
        return found

    def totals(self) -> dict[str, int]:
        against = Decision.objects.filter(at__lt=self.end).exclude(verdict=Decision.Verdict.AGREE)
        failed_before = against.filter(
            transition__participation=OuterRef("participation"),
            transition__stage=OuterRef("stage"),
            transition__attempt__lt=OuterRef("attempt"),
        )
        passed = self.rows.filter(_reached(State.COMPLETED, self.end))
        counted = self.rows.aggregate(
            applied=Count("pk"), **{key: Count("pk", filter=_reached(s, self.end)) for key, s in DECIDED.items()}
        )
        return counted | {"first": passed.filter(~Exists(failed_before)).count()}

    def figures(self, rows: list[Transition]) -> Counter[str]:
        found: Counter[str] = Counter(applied=len(rows))
        failed: set[str] = set()
        for row in rows:
            state = _state_at(row, self.end)
            found.update(key for key, wanted in DECIDED.items() if wanted == state)
            found["first"] += state == State.COMPLETED and row.stage not in failed
            if any(said.verdict != Decision.Verdict.AGREE for said in row.decisions.all()):
                failed.add(row.stage)
        return found

    def last_of(self, rows: list[Transition]) -> list[Any]:
        """Stage, state, with whom it lies, since how many days."""
        if not rows:
            return [None, NOT_APPLIED, None, None]
        row, playbook = rows[-1], self.page.scope.playbook
        state, stage = _state_at(row, self.end), chain.name_at(playbook, row.stage).zh
        whom, since = "", None
        if state == State.SUBMITTED and (rule := chain.rule_at(playbook, row.stage)):
            with override("zh-hans"):
                whom = "、".join(str(rules.BODY_NAMES[step.body]) for step in rules.next_steps(row, rule))
            since = max((said.at for said in row.decisions.all()), default=row.applied_at)
        elif state == State.APPROVED:
            whom, since = "本单位", row.decided_at or row.applied_at
        now = min(clock.now(), self.end - dt.timedelta(seconds=1))
        return [stage, WORDS[state], whom, (now - since).days if since else None]


def transitions_sheet(page: Page) -> SheetSpec:
    """Attempts, first passes, and with whom the last application lies since when."""
    found = Applications(page)
    by_unit = found.by_unit()

    def rows() -> Iterator[list[Any]]:
        for number, unit in enumerate(_own_units(page), 1):
            mine = by_unit.get(unit.pk, [])
            figures = found.figures(mine)
            known = [figures[key] for key in ("applied", "returned", "makeup", "passed", "first")]
            rate = share(figures["first"], figures["passed"])
            yield [number, unit.label, page.superior(unit), *known, rate, *found.last_of(mine)]

    note = "一次通过，指该阶段此前没有被退回或责令补课；已等天数算到表中所列末日。"
    return page.sheet("转段情况", TRANSITIONS, rows(), found.totals(), unit_text="次、天、%", notes=[note])


def _own_units(page: Page) -> list[Participation]:
    """Without the unit that covers the organisation from above: its application is not the organisation's."""
    path = page.scope.organization.path
    return [unit for unit in page.scope.units if unit.organization.path.startswith(path)]


# ---------------------------------------------------------------- make-ups and cards
MAKEUPS = (
    NUMBER,
    NAME,
    SUPERIOR,
    Column("orders", ("补课通知", "合计"), "int", "sum"),
    Column("open", ("补课通知", "补课中"), "int", "sum"),
    Column("overdue", ("补课通知", "其中逾期"), "int", "sum", width=10),
    Column("reported", ("补课通知", "待复查"), "int", "sum"),
    Column("closed", ("补课通知", "已销号"), "int", "sum"),
    Column("items", ("补课事项", "合计"), "int", "sum"),
    Column("done", ("补课事项", "已完成"), "int", "sum"),
    Column("done_share", ("补课事项", "完成率"), "percent", Ratio("done", "items")),
    Column("proposed", ("黄牌", "待发出"), "int", "sum"),
    Column("issued", ("黄牌", "有效"), "int", "sum"),
    Column("revoked", ("黄牌", "已撤销"), "int", "sum"),
    Column("to_hold", ("集体诫勉", "待进行"), "int", "sum"),
    Column("held", ("集体诫勉", "已进行"), "int", "sum"),
)
Parts = dict[str, tuple[QuerySet[Any], str]]


def _parts(page: Page) -> Parts:
    """Column to the records that it counts, and the field that leads from them to the participation."""
    scope, end = page.scope, upto(page.scope.last)
    inside = access.below(scope.organization.path, "organization") & Q(participation__batch=scope.batch)
    orders = MakeUpOrder.objects.filter(inside, ordered_at__lt=end)
    items = MakeUpItem.objects.filter(order__in=orders)
    cards = YellowCard.objects.filter(inside, proposed_at__lt=end)
    admonitions = Admonition.objects.filter(scope.of_units("participation"), opened_at__lt=end)
    unit = "participation_id"
    return {
        "orders": (orders, unit),
        "open": (orders.filter(state=MakeUpOrder.State.OPEN), unit),
        "overdue": (orders.overdue(scope.last), unit),
        "reported": (orders.filter(state=MakeUpOrder.State.REPORTED), unit),
        "closed": (orders.filter(state=MakeUpOrder.State.CLOSED), unit),
        "items": (items, "order__participation_id"),
        "done": (items.filter(done_on__lte=scope.last), "order__participation_id"),
        "proposed": (cards.proposed(), unit),
        "issued": (cards.counting(), unit),
        "revoked": (cards.filter(state=YellowCard.State.REVOKED), unit),
        "to_hold": (admonitions.open(), unit),
        "held": (admonitions.filter(state=Admonition.State.HELD), unit),
    }


def makeups_sheet(page: Page) -> SheetSpec:
    """Make-up orders with their items, yellow cards and admonitions of each unit."""
    parts, found = _parts(page), defaultdict(Counter)
    for key, (records, unit) in parts.items():
        for pk, number in records.order_by().values_list(unit).annotate(n=Count("pk")):
            found[pk][key] = number

    def rows() -> Iterator[list[Any]]:
        for number, unit in enumerate(page.scope.units, 1):
            mine = found[unit.pk]
            known = dict(mine) | {"no": number, "name": unit.label, "superior": page.superior(unit)}
            known["done_share"] = share(mine["done"], mine["items"])
            yield [known.get(column.key, 0) for column in MAKEUPS]

    totals = {key: records.count() for key, (records, _unit) in parts.items()}
    notes = [
        "列末日前下达、提出的，状态为制表当日的状态；逾期指已过期限尚未报完。",
        "黄牌列有效的张数，已撤销的另列；一张黄牌涉及几个工作单位的，本表只计一张。",
    ]
    return page.sheet("补课黄牌", MAKEUPS, rows(), totals, unit_text="个、张、%", notes=notes)
