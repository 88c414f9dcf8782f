"""Counts of confidential work, for those who may count it (decision 20): self-analyses (F-11..F-14), handling (P).

There is no name in these sheets, and nothing of what the papers say.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from assessments.models import AnalysisVersion, Handling, Help, PaperReview, SelfAnalysis
from assessments.queries.analyses import exempt_q, standing_of
from reports.summary.page import NAME, NUMBER, SUPERIOR, Page, share
from reports.workbooks.spec import Column, Ratio, SheetSpec
from units import access
from units.models import Member

LONG_NAME = 12
COUNTS_ONLY = "本表只列数，不列姓名；属党内不公开事项，按规定范围使用。"
ANALYSES = (
    NUMBER,
    NAME,
    SUPERIOR,
    Column("members", ("党员",), "int", "sum"),
    Column("exempt", ("免写",), "int", "sum"),
    Column("asked", ("应写",), "int", "sum"),
    Column("missing", ("撰写", "未动笔"), "int", "sum"),
    Column("draft", ("撰写", "在写"), "int", "sum"),
    Column("waiting", ("审查", "待审"), "int", "sum"),
    Column("returned", ("审查", "退回重写"), "int", "sum", width=10),
    Column("passed", ("审查", "通过"), "int", "sum"),
    Column("passed_share", ("审查", "通过率"), "percent", Ratio("passed", "asked")),
    Column("versions", ("累计", "送审稿"), "int", "sum"),
    Column("sent_back", ("累计", "退回次数"), "int", "sum", width=10),
)
LENGTH = (
    Column("measured", ("字数", "应达标"), "int", "sum"),
    Column("long", ("字数", "已达标"), "int", "sum"),
    Column("long_share", ("字数", "达标率"), "percent", Ratio("long", "measured")),
)


class Papers:
    """The self-analyses of the scope's members; each column once by organisation, once in all."""

    def __init__(self, page: Page) -> None:
        self.page, self.rules = page, page.scope.playbook.analysis

    @property
    def members(self) -> QuerySet[Member]:
        return Member.objects.on_roll().within(self.page.scope.organization)

    def of_members(self, members: QuerySet[Member]) -> dict[str, tuple[QuerySet[Any], str]]:
        """Column to the records it counts, and the field that leads to the organisation of the member."""
        batch = self.page.scope.batch
        here = Q(analysis__batch=batch, analysis__member__in=members.order_by().values("pk"))
        versions = AnalysisVersion.objects.filter(here)
        back = PaperReview.objects.filter(
            version__in=versions, kind=PaperReview.Kind.REVIEW, verdict=PaperReview.Verdict.RETURN
        )
        place = "analysis__member__organization_id"
        found = {"versions": (versions, place), "sent_back": (back, f"version__{place}")}
        if self.rules.words:
            last = versions.filter(number=F("analysis__last_number"))
            measured = last.filter(self._measured("analysis__member__"))
            long = measured.filter(self._long())
            found |= {"measured": (measured, place), "long": (long, place)}
        return found

    def _measured(self, prefix: str) -> Q:
        """Members whose papers must have a length."""
        leader = Q(**{f"{prefix}post_level": Member.PostLevel.LEADER})
        ordinary = ~leader
        asked = Q(pk__in=[])
        if self.rules.minimum("leader") is not None:
            asked |= leader
        if self.rules.minimum("ordinary") is not None:
            asked |= ordinary
        exempt = exempt_q(self.rules, prefix)
        return asked & ~exempt

    def _long(self) -> Q:
        leader = Q(analysis__member__post_level=Member.PostLevel.LEADER)
        most = {who: self.rules.minimum(who) or 0 for who in ("leader", "ordinary")}
        return leader & Q(characters__gte=most["leader"]) | ~leader & Q(characters__gte=most["ordinary"])

    def by_unit(self) -> dict[int, Counter[str]]:
        governed = self.page.scope.governed
        found: dict[int, Counter[str]] = defaultdict(Counter)
        standing = standing_of(self.page.scope.batch, self.rules, self.members).order_by()
        for place, state, number in standing.values_list("organization_id", "standing").annotate(n=Count("pk")):
            if place in governed:
                found[governed[place][0]].update({_column(state): number, "members": number})
        for key, (records, field) in self.of_members(self.members).items():
            for place, number in records.order_by().values_list(field).annotate(n=Count("pk")):
                if place in governed:
                    found[governed[place][0]][key] += number
        for mine in found.values():
            mine["asked"] = mine["members"] - mine["exempt"]
        return found

    def totals(self) -> dict[str, int]:
        """Asked of the papers, not of the members' standing."""
        members = self.page.scope.members
        papers = SelfAnalysis.objects.filter(batch=self.page.scope.batch, member__in=members.order_by().values("pk"))
        states = SelfAnalysis.State
        waiting = Q(state__in=[states.SUBMITTED, states.IN_REVIEW])
        known = {"draft": Q(state=states.DRAFT), "returned": Q(state=states.RETURNED), "passed": Q(state=states.PASSED)}
        totals: dict[str, int] = {key: papers.filter(q).count() for key, q in (known | {"waiting": waiting}).items()}
        writing = papers.values("member")
        exempt = members.filter(exempt_q(self.rules)).exclude(pk__in=writing).count()
        whole = members.count()
        missing = whole - exempt - papers.count()
        totals |= {"members": whole, "exempt": exempt, "asked": whole - exempt, "missing": missing}
        return totals | {key: records.count() for key, (records, _f) in self.of_members(members).items()}


def _column(standing: str) -> str:
    return "waiting" if standing in {"submitted", "in_review"} else standing


def analyses_sheet(page: Page) -> SheetSpec | None:
    """Who writes, whose paper is long enough, reviewed, returned, passed; for who may count papers only."""
    if not page.papers:
        return None
    found = Papers(page)
    by_unit = found.by_unit()
    columns = (*ANALYSES, *LENGTH) if found.rules.words else ANALYSES

    def rows() -> Iterator[list[Any]]:
        for number, unit in enumerate(page.scope.units, 1):
            mine = by_unit.get(unit.pk) or Counter()
            known: dict[str, Any] = dict(mine) | {"no": number, "name": unit.label, "superior": page.superior(unit)}
            known["passed_share"] = share(mine["passed"], mine["asked"])
            known["long_share"] = share(mine["long"], mine["measured"])
            yield [known.get(column.key, 0) for column in columns]

    length = "字数按最后一次送审的稿子计。" if found.rules.words else "本地方案未规定字数。"
    notes = [f"党员和材料为制表当日的情况；{length}"]
    return page.sheet("党性分析", columns, rows(), found.totals(), unit_text="人、份、%", notes=[*notes, COUNTS_ONLY])


# ---------------------------------------------------------------- handling
def _outcomes(page: Page) -> list[tuple[str, str]]:
    handling = page.scope.playbook.handling
    return [(one.key, one.name.zh) for one in (*handling.outcomes, *handling.departures)]


def _handling_columns(page: Page) -> tuple[Column, ...]:
    ends = (
        Column(f"out_{key}", ("处理结果", name), "int", "sum", width=12 if len(name) <= LONG_NAME else 24)
        for key, name in _outcomes(page)
    )
    return (
        NUMBER,
        NAME,
        SUPERIOR,
        Column("helped", ("一帮一", "帮教中"), "int", "sum"),
        Column("improved", ("一帮一", "有转化"), "int", "sum"),
        Column("unchanged", ("一帮一", "无转化"), "int", "sum"),
        Column("cases", ("登记处理", "合计"), "int", "sum"),
        Column("open", ("登记处理", "准备中"), "int", "sum"),
        Column("proposed", ("登记处理", "待批准"), "int", "sum"),
        Column("decided", ("登记处理", "已决定"), "int", "sum"),
        Column("dropped", ("登记处理", "已撤销"), "int", "sum"),
        *ends,
    )


def _handling_parts(page: Page) -> dict[str, tuple[QuerySet[Any], Q]]:
    """Column to the records and the condition."""
    scope = page.scope
    inside = Q(batch=scope.batch) & access.below(scope.organization.path, "organization")
    helps = Help.objects.filter(inside, begun_on__lte=scope.last)
    cases = Handling.objects.filter(inside, opened_on__lte=scope.last)
    states = {"open": "open", "proposed": "proposed", "decided": "decided", "dropped": "dropped"}
    found = {
        "helped": (helps, Q(state=Help.State.OPEN)),
        "improved": (helps, Q(state=Help.State.IMPROVED)),
        "unchanged": (helps, Q(state=Help.State.UNCHANGED)),
        "cases": (cases, Q()),
    }
    found |= {key: (cases, Q(state=state)) for key, state in states.items()}
    ends = {f"out_{key}": (cases, Q(state="decided", outcome=key)) for key, _name in _outcomes(page)}
    return found | ends


def handling_sheet(page: Page) -> SheetSpec | None:
    """Help, registration and handling in figures; for who may count papers only."""
    if not page.papers:
        return None
    scope, columns, parts = page.scope, _handling_columns(page), _handling_parts(page)
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for key, (records, condition) in parts.items():
        counted = records.filter(condition).order_by().values_list("organization_id").annotate(n=Count("pk"))
        for place, number in counted:
            if place in scope.governed:
                found[scope.governed[place][0]][key] += number

    def rows() -> Iterator[list[Any]]:
        for number, unit in enumerate(scope.units, 1):
            known: dict[str, Any] = dict(found[unit.pk])
            known |= {"no": number, "name": unit.label, "superior": page.superior(unit)}
            yield [known.get(column.key, 0) for column in columns]

    here = Q(organization__in=scope.organizations)
    totals = {key: records.filter(here & condition).count() for key, (records, condition) in parts.items()}
    notes = ["列末日前开始的，状态为制表当日的状态。", COUNTS_ONLY]
    return page.sheet("登记处理", columns, rows(), totals, unit_text="人", notes=notes)


__all__ = ["analyses_sheet", "handling_sheet"]
