"""One's own reports: those of a unit, and those of a supervision group."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import clock
from campaign.models import Batch
from campaign.playbook import ReportRule
from campaign.queries import batch_for
from reports import rules, weeks
from reports.actions import reports as actions
from reports.models import Report
from reports.queries.cells import Line
from reports.queries.group_weekly import group_boards, group_rules
from reports.queries.reporters import answering
from reports.queries.weekly import boards, columns, unit_rules, weeks_of
from reports.reporter import GroupReporter, Reporter, batch_at, link
from reports.views.place import crumbs
from supervision import membership
from supervision.models import SupervisionGroup
from units import access
from units.roles import Right


def mine(request: HttpRequest) -> HttpResponse:
    """This week's report with its deadline, and the weeks before; a list where one answers for several units."""
    if not access.has_anywhere(request.user, Right.REPORT):
        return redirect("reports:group_mine")  # which leads on to the grid whoever is in no group
    batch = batch_for(request.user)
    ids = answering(request.user, batch) if batch else []
    if batch is None or not ids:
        return render(request, "reports/report/mine.html", {"batch": batch})
    asked, span = unit_rules(batch), weeks_of(batch)
    found = boards(batch, asked, span, within=access.scope(request.user, Right.REPORT, "organization"))
    lines = {key: [line for line in row if line.reporter.pk in ids] for key, row in found.items()}
    wanted = request.GET.get("unit", "")
    if len(ids) > 1 and not wanted.isdigit():
        return _my_units(request, asked, lines)
    chosen = int(wanted) if wanted.isdigit() else ids[0]
    if chosen not in ids:
        raise Http404
    own = {rule.key: next(i for i in lines[rule.key] if i.reporter.pk == chosen) for rule in asked if span}
    return _show_own(request, batch, asked, own, several=len(ids) > 1)


def _my_units(request: HttpRequest, asked: list[ReportRule], lines: dict[str, list[Line]]) -> HttpResponse:
    rows = [
        {"reporter": group[0].reporter, "lines": list(zip(asked, group, strict=True))}
        for group in zip(*(lines[rule.key] for rule in asked), strict=True)
    ]
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "reports/report/mine_units.html", {"page": page, "rules": asked})


def _show_own(
    request: HttpRequest, batch: Batch, asked: list[ReportRule], own: dict[str, Line], **more: Any
) -> HttpResponse:
    """All weeks of one unit or group under each of its rules."""
    reporter = next((line.reporter for line in own.values()), None)
    now, past = _rows(batch, asked, own, _written(reporter) if reporter else {})
    first = next((row for row in now if row["cell"].outstanding and not row["rule"].soft), None)
    first = first or next((row for row in now if row["cell"].outstanding and isinstance(reporter, GroupReporter)), None)
    if first:
        first["main"] = True
    context = {
        "reporter": reporter,
        "group": reporter.group if isinstance(reporter, GroupReporter) else None,
        "now": now,
        "page": Paginator(past, 26).get_page(request.GET.get("page")),
        "coming": _coming(now, own),
        "can_write": reporter is not None and rules.can_write(request.user, reporter),
        "lines": [(rule, own[rule.key]) for rule in asked if rule.key in own],
        "crumbs": crumbs(reporter, _("Weekly reports")) if reporter else [],
        **more,
    }
    return render(request, "reports/report/mine.html", context)


Written = dict[tuple[str, dt.date], list[Report]]
Rows = list[dict[str, Any]]


def _written(reporter: Reporter) -> Written:
    written: Written = {}
    for report in Report.objects.filter(**link(reporter)).order_by("sequence"):
        written.setdefault((report.rule, report.week), []).append(report)
    return written


def _rows(batch: Batch, asked: list[ReportRule], own: dict[str, Line], written: Written) -> tuple[Rows, Rows]:
    """This week's reports, and those of the weeks before, the latest first."""
    now, past = [], []
    for rule in asked:
        line = own.get(rule.key)
        heads = columns(batch, rule, [cell.week for cell in line.cells], [line]) if line else []
        for head, cell in zip(heads, line.cells if line else (), strict=True):
            found = written.get((rule.key, cell.week), [])
            opened = next((r for r in found if r.state in actions.OPEN), None)
            more = opened is None and (len(found) < cell.need or weeks.takes_more(rule))
            row = {"rule": rule, "column": head, "cell": cell, "reports": found, "open": opened, "more": more}
            if cell.status is weeks.Status.NOT_DUE:
                continue
            (now if head.current else past).append(row)
    past.sort(key=lambda row: row["column"].week, reverse=True)
    return now, past


def _coming(now: list[dict[str, Any]], own: dict[str, Line]) -> list[tuple[ReportRule, dt.datetime]]:
    """Once this week's deadline has passed, the next one: on a weekend that is the Friday people think of."""
    return [
        (row["rule"], weeks.regular_due(row["rule"], row["cell"].week + weeks.WEEK))
        for row in now
        if row["cell"].past and own[row["rule"].key].span.ended is None
    ]


def group_mine(request: HttpRequest) -> HttpResponse:
    """What a supervision group tells the office every week: what is due, and what was sent (K-04, K-06)."""
    groups = SupervisionGroup.objects.filter(pk__in=membership.own_groups(request.user))
    own_all = list(groups.select_related("campaign__host").order_by("pk"))
    if not own_all:
        return redirect("reports:weekly")
    wanted = request.GET.get("group", "")
    chosen = next((group for group in own_all if str(group.pk) == wanted), None if wanted else own_all[0])
    if chosen is None:
        raise Http404
    batch = batch_at(chosen.campaign, weeks.week_of(clock.now()))
    asked = group_rules(batch) if batch else []
    span = weeks_of(batch) if batch else []
    found = group_boards(batch, asked, span, within=Q(pk=chosen.pk)) if batch else {}
    own = {key: lines[0] for key, lines in found.items() if lines}
    others = [group for group in own_all if group != chosen]
    if batch is None or not own:
        return render(request, "reports/report/mine.html", {"batch": batch, "group": chosen, "others": others})
    return _show_own(request, batch, asked, own, others=others)
