"""Which reports came, which are late, missing, excused or awaited: units by weeks, grouped by superior organisation.

However many units and weeks there are, it costs the same few queries.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Max, Min, Q

from accounts import clock
from campaign.models import Batch, Participation
from campaign.playbook import ReportRule
from reports import weeks as calendar
from reports.models import ReportException
from reports.queries.cells import Cell, Column, Grid, Group, Line, Tally, by_week, tally
from reports.queries.lines import lines_of
from reports.reporter import COLUMNS, UNIT, within_batch
from reports.weeks import Span
from units import access
from units.roles import Right

__all__ = [
    "Cell",
    "Column",
    "Grid",
    "Group",
    "Line",
    "Tally",
    "board",
    "boards",
    "by_week",
    "due_rules",
    "grid",
    "heat",
    "tally",
    "unit_rules",
    "weeks_of",
]


def due_rules(batch: Batch) -> list[ReportRule]:
    """All that units and supervision groups owe, units first."""
    found = [rule for rule in batch.campaign.playbook.reports if rule.reporter in COLUMNS]
    return sorted(found, key=lambda rule: list(COLUMNS).index(rule.reporter))


def unit_rules(batch: Batch) -> list[ReportRule]:
    """The reports that units owe, in the playbook's order."""
    return [rule for rule in batch.campaign.playbook.reports if rule.reporter == UNIT]


def weeks_of(batch: Batch, last: int | None = None) -> list[dt.date]:
    """The batch's weeks so far, this one included; only the `last` ones if given."""
    today = clock.today()
    end = min(today, batch.closed_on) if batch.closed_on else today
    found = calendar.weeks_between(batch.starts_on, end) if end >= calendar.monday(batch.starts_on) else []
    return found[-last:] if last else found


def span_of(participation: Any) -> Span:
    """From when to when a participation owes reports. Needs the annotations `begun` and `ended` of `board`."""
    if participation.state == Participation.State.PREPARING:
        return Span(None)
    closed = participation.batch.closed_on
    begun = participation.begun
    if begun is None:  # goes through no stages: since it was entered, not before the batch began
        entered = participation.created_at.astimezone(calendar.ZONE).date()
        begun = max(participation.batch.starts_on, entered)
    if participation.state != Participation.State.CLOSED:
        return Span(begun, closed)
    ends = [day for day in (closed, participation.ended) if day]
    return Span(begun, min(ends) if ends else None)


def boards(
    batch: Batch,
    rules: Sequence[ReportRule],
    weeks: Sequence[dt.date],
    *,
    within: Q | None = None,
    reminders: bool = True,
) -> dict[str, list[Line]]:
    """Under each rule every unit of a batch (those `within`, a condition on participations) by `weeks`, in tree order.

    Four queries, three without today's reminders. The weeks must be in order. Asks nobody's rights: pass
    `access.scope(...)` as `within`.
    """
    if not (weeks and rules):
        return {rule.key: [] for rule in rules}
    units = Participation.objects.filter(within or Q(), batch=batch).exclude(state=Participation.State.PREPARING)
    rows = list(
        units.select_related("organization__parent", "work_unit")
        .annotate(begun=Min("progress__started_on"), ended=Max("progress__ended_on"))
        .order_by("organization__path")
    )
    for unit in rows:
        unit.batch = batch
    spans = [(unit, span_of(unit)) for unit in rows]
    return lines_of("participation", units.order_by().values("pk"), spans, rules, weeks, reminders=reminders)


def board(batch: Batch, rule: ReportRule, weeks: Sequence[dt.date], *, within: Q | None = None) -> list[Line]:
    """`boards` for one rule."""
    return boards(batch, [rule], weeks, within=within)[rule.key]


def group(lines: Iterable[Line]) -> list[Group]:
    """Units below the same organisation together, in tree order of the superiors."""
    found: dict[int, Group] = {}
    for line in lines:
        superior = line.reporter.organization.parent
        found.setdefault(superior.pk if superior else 0, Group(superior, [])).lines.append(line)
    return sorted(found.values(), key=lambda g: g.superior.path if g.superior else "")


def columns(batch: Batch, rule: ReportRule, weeks: Sequence[dt.date], lines: Sequence[Line]) -> list[Column]:
    """The headings; a week in which everybody is excused for one reason carries that reason."""
    this = calendar.week_of(clock.now())
    totals = by_week(lines)
    free = [w for w, t in zip(weeks, totals, strict=False) if t.excused and not t.owed]
    reasons: dict[dt.date, set[str]] = defaultdict(set)
    if free:
        rows = ReportException.objects.filter(within_batch(batch), rule=rule.key, week__in=free)
        for week, reason in rows.values_list("week", "reason").distinct():
            reasons[week].add(reason)
    return [
        Column(
            week=week,
            number=calendar.number_of(week, batch.starts_on),
            due=calendar.regular_due(rule, week),
            current=week == this,
            reason=next(iter(reasons[week])) if len(reasons.get(week, ())) == 1 else "",
        )
        for week in weeks
    ]


def grid(
    user: Any,
    batch: Batch,
    rule: ReportRule,
    *,
    last: int | None = None,
    within: Q | None = None,
    keep: Any = None,
) -> Grid:
    """The reporting grid of all units in the user's scope; `keep(line)` filters by what the cells say."""
    weeks = weeks_of(batch, last)
    scope = access.scope(user, Right.VIEW, "organization")
    everyone = board(batch, rule, weeks, within=scope & within if within else scope)
    lines = [line for line in everyone if keep(line)] if keep else everyone
    return Grid(rule, columns(batch, rule, weeks, everyone), group(lines), lines)


def heat(user: Any, batch: Batch, weeks: int | None = None) -> Grid | None:
    """The first report rule's grid by superior for a home page: read `columns`, `groups[].weeks`, `groups[].tally`.

    None where the playbook asks units for no report. At most four queries; kept for `last_week` of the same request.
    """
    rules = unit_rules(batch)
    if not rules:
        return None
    shown, scope = weeks_of(batch, weeks), access.scope(user, Right.VIEW, "organization")
    lines = boards(batch, rules[:1], shown, within=scope, reminders=False)[rules[0].key]
    user._heat = Grid(rules[0], columns(batch, rules[0], shown, lines), group(lines), lines)
    return user._heat


def last_week(user: Any, batch: Batch, rules: Sequence[ReportRule], *, within: Q, among: Any) -> dict[str, list[Line]]:
    """`boards` of last week; without a query where this request has drawn the heat of the same rule already.

    `within` and `among(participation)` are the same condition, in the database and in Python.
    """
    weeks = weeks_of(batch, 2)[:-1]
    drawn = getattr(user, "_heat", None)
    if weeks and drawn and [rule.key for rule in rules] == [drawn.rule.key] and weeks[0] in drawn.shown:
        lines = [line for line in drawn.lines if line.reporter.batch == batch and among(line.reporter)]
        return {drawn.rule.key: [line.only(weeks[0]) for line in lines]}
    return boards(batch, rules, weeks, within=within, reminders=False)
