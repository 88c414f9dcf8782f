"""The lines of a reporting grid: what came, what was excused and who was reminded, put together cell by cell.

However many reporters and weeks there are, it costs three queries, two without today's reminders. A report that was
sent back does not stand until it is sent again.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from accounts import clock
from campaign.playbook import ReportRule
from reports import weeks as calendar
from reports.models import Report, ReportException, ReportReminder
from reports.queries.cells import Cell, Line
from reports.reporter import Reporter
from reports.weeks import Span

Key = tuple[str, int, dt.date]  # rule, participation, week


def _sent(
    column: str, keys: Any, rules: Sequence[ReportRule], weeks: Sequence[dt.date]
) -> dict[Key, list[tuple[int, str, dt.datetime | None]]]:
    rows = Report.objects.filter(
        **{f"{column}__in": keys}, rule__in=[r.key for r in rules], week__gte=weeks[0], week__lte=weeks[-1]
    ).order_by("sequence")
    found: dict[Key, list[tuple[int, str, dt.datetime | None]]] = defaultdict(list)
    for rule, unit, week, *report in rows.values_list(
        "rule", f"{column}_id", "week", "pk", "state", "first_submitted_at"
    ):
        found[rule, unit, week].append((report[0], report[1], report[2]))
    return found


def _exceptions(
    column: str, keys: Any, rules: Sequence[ReportRule], weeks: Sequence[dt.date]
) -> dict[tuple[str, int], dict[dt.date, dt.datetime | None]]:
    rows = ReportException.objects.filter(
        **{f"{column}__in": keys}, rule__in=[r.key for r in rules], week__gte=weeks[0], week__lte=weeks[-1]
    )
    found: dict[tuple[str, int], dict[dt.date, dt.datetime | None]] = defaultdict(dict)
    for rule, unit, week, due in rows.values_list("rule", f"{column}_id", "week", "due_at"):
        found[rule, unit][week] = due
    return found


def _reminded(column: str, keys: Any, rules: Sequence[ReportRule]) -> dict[Key, dt.datetime]:
    rows = ReportReminder.objects.filter(
        **{f"{column}__in": keys},
        rule__in=[rule.key for rule in rules],
        kind=ReportReminder.Kind.OFFICE,
        on=clock.today(),
    )
    return {(rule, unit, week): at for rule, unit, week, at in rows.values_list("rule", f"{column}_id", "week", "at")}


STANDING = frozenset({Report.State.SUBMITTED, Report.State.ACCEPTED})


class _Week:
    """What is the same in a week for everybody whom no exception concerns: read off once, not once a unit."""

    def __init__(self, rule: ReportRule, week: dt.date, now: dt.datetime) -> None:
        self.rule, self.week, self.now = rule, week, now
        self.need = calendar.needed(rule)
        self.due = calendar.regular_due(rule, week)
        self.day = self.due.date()
        self.past = calendar.is_late(now, self.due)


def _cell(
    of: _Week,
    span: Span,
    exceptions: calendar.Exceptions | None,
    reports: Sequence[tuple[int, str, dt.datetime | None]],
    reminded: dt.datetime | None,
) -> Cell:
    week, due, past, need = of.week, of.due, of.past, of.need
    if exceptions and week in exceptions:
        due = calendar.due_at(of.rule, week, exceptions)
        past = due is not None and calendar.is_late(of.now, due)
    stand = [first for _pk, state, first in reports if state in STANDING and first]
    owed = calendar.falls_into(of.day, span)
    return Cell(
        week=week,
        status=calendar.status_of(owed=owed, due=due, sent=stand, need=need, now=of.now),
        due=due,
        past=past,
        sent=len(stand),
        need=need,
        report=reports[-1][0] if reports else None,
        state=reports[-1][1] if reports else "",
        reminded=reminded,
    )


def lines_of(
    column: str,
    keys: Any,
    spans: Iterable[tuple[Reporter, Span]],
    rules: Sequence[ReportRule],
    weeks: Sequence[dt.date],
    *,
    reminders: bool = True,
) -> dict[str, list[Line]]:
    """Under each rule every reporter by `weeks` (in order, not empty).

    `column`: the foreign key that names them, `keys`: their ids as a list or a subquery.
    """
    sent, exceptions = _sent(column, keys, rules, weeks), _exceptions(column, keys, rules, weeks)
    reminded = _reminded(column, keys, rules) if reminders else {}
    lines: dict[str, list[Line]] = {rule.key: [] for rule in rules}
    now = clock.now()
    known = {rule.key: [_Week(rule, week, now) for week in weeks] for rule in rules}
    for reporter, span in spans:
        for rule in rules:
            moved = exceptions.get((rule.key, reporter.pk))
            cells = []
            for of in known[rule.key]:
                key = (rule.key, reporter.pk, of.week)
                cells.append(_cell(of, span, moved, sent.get(key, ()), reminded.get(key)))
            lines[rule.key].append(Line(reporter, span, tuple(cells)))
    return lines
