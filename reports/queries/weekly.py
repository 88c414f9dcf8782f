"""Which reports came, which are late, missing, excused or awaited: units by weeks, grouped by superior organisation.

However many units and weeks there are, it costs the same few queries. A report that was sent back does not stand until
it is sent again.
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
from reports.models import Report, ReportException, ReportReminder
from reports.queries.cells import Cell, Column, Grid, Group, Line, Tally, by_week, tally
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
    "grid",
    "heat",
    "tally",
    "unit_rules",
    "weeks_of",
]


def unit_rules(batch: Batch) -> list[ReportRule]:
    """The reports that units owe, in the playbook's order."""
    return [rule for rule in batch.campaign.playbook.reports if rule.reporter == "unit"]


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


Key = tuple[str, int, dt.date]  # rule, participation, week


def _sent(
    units: Any, rules: Sequence[ReportRule], weeks: Sequence[dt.date]
) -> dict[Key, list[tuple[int, str, dt.datetime | None]]]:
    rows = Report.objects.filter(
        participation__in=units, rule__in=[r.key for r in rules], week__gte=weeks[0], week__lte=weeks[-1]
    ).order_by("sequence")
    found: dict[Key, list[tuple[int, str, dt.datetime | None]]] = defaultdict(list)
    for rule, unit, week, *report in rows.values_list(
        "rule", "participation_id", "week", "pk", "state", "first_submitted_at"
    ):
        found[rule, unit, week].append((report[0], report[1], report[2]))
    return found


def _exceptions(
    units: Any, rules: Sequence[ReportRule], weeks: Sequence[dt.date]
) -> dict[tuple[str, int], dict[dt.date, dt.datetime | None]]:
    rows = ReportException.objects.filter(
        participation__in=units, rule__in=[r.key for r in rules], week__gte=weeks[0], week__lte=weeks[-1]
    )
    found: dict[tuple[str, int], dict[dt.date, dt.datetime | None]] = defaultdict(dict)
    for rule, unit, week, due in rows.values_list("rule", "participation_id", "week", "due_at"):
        found[rule, unit][week] = due
    return found


def _reminded(units: Any, rules: Sequence[ReportRule]) -> dict[Key, dt.datetime]:
    rows = ReportReminder.objects.filter(
        participation__in=units,
        rule__in=[rule.key for rule in rules],
        kind=ReportReminder.Kind.OFFICE,
        on=clock.today(),
    )
    return {
        (rule, unit, week): at for rule, unit, week, at in rows.values_list("rule", "participation_id", "week", "at")
    }


STANDING = frozenset({Report.State.SUBMITTED, Report.State.ACCEPTED})


def _cell(
    rule: ReportRule,
    week: dt.date,
    span: Span,
    exceptions: calendar.Exceptions | None,
    reports: Sequence[tuple[int, str, dt.datetime | None]],
    reminded: dt.datetime | None,
) -> Cell:
    now, need = clock.now(), calendar.needed(rule)
    due = calendar.due_at(rule, week, exceptions)
    stand = [first for _pk, state, first in reports if state in STANDING and first]
    owed = calendar.is_owed(rule, week, span)
    return Cell(
        week=week,
        status=calendar.status_of(owed=owed, due=due, sent=stand, need=need, now=now),
        due=due,
        past=due is not None and calendar.is_late(now, due),
        sent=len(stand),
        need=need,
        report=reports[-1][0] if reports else None,
        state=reports[-1][1] if reports else "",
        reminded=reminded,
    )


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
    keys = units.order_by().values("pk")
    sent, exceptions = _sent(keys, rules, weeks), _exceptions(keys, rules, weeks)
    reminded = _reminded(keys, rules) if reminders else {}
    lines: dict[str, list[Line]] = {rule.key: [] for rule in rules}
    for unit in rows:
        unit.batch = batch
        span = span_of(unit)
        for rule in rules:
            moved = exceptions.get((rule.key, unit.pk))
            cells = []
            for week in weeks:
                key = (rule.key, unit.pk, week)
                cells.append(_cell(rule, week, span, moved, sent.get(key, ()), reminded.get(key)))
            lines[rule.key].append(Line(unit, span, tuple(cells)))
    return lines


def board(batch: Batch, rule: ReportRule, weeks: Sequence[dt.date], *, within: Q | None = None) -> list[Line]:
    """`boards` for one rule."""
    return boards(batch, [rule], weeks, within=within)[rule.key]


def group(lines: Iterable[Line]) -> list[Group]:
    """Units below the same organisation together, in tree order of the superiors."""
    found: dict[int, Group] = {}
    for line in lines:
        superior = line.participation.organization.parent
        found.setdefault(superior.pk if superior else 0, Group(superior, [])).lines.append(line)
    return sorted(found.values(), key=lambda g: g.superior.path if g.superior else "")


def columns(batch: Batch, rule: ReportRule, weeks: Sequence[dt.date], lines: Sequence[Line]) -> list[Column]:
    """The headings; a week in which everybody is excused for one reason carries that reason."""
    this = calendar.week_of(clock.now())
    totals = by_week(lines)
    free = [w for w, t in zip(weeks, totals, strict=False) if t.excused and not t.owed]
    reasons: dict[dt.date, set[str]] = defaultdict(set)
    if free:
        rows = ReportException.objects.filter(rule=rule.key, week__in=free, participation__batch=batch)
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
        lines = [line for line in drawn.lines if line.participation.batch == batch and among(line.participation)]
        return {drawn.rule.key: [line.only(weeks[0]) for line in lines]}
    return boards(batch, rules, weeks, within=within, reminders=False)
