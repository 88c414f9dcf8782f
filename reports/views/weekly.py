"""The reporting grid of the office: units by weeks, and below it the supervision groups by weeks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from accounts.messages import localised
from campaign import holidays
from campaign.forms.within import add_within
from campaign.models import Batch, Participation
from campaign.playbook import ReportRule
from campaign.queries import batch_for
from reports import rules, weeks
from reports.forms import GridFilter
from reports.models import Report
from reports.queries.cells import Grid
from reports.queries.weekly import grid, unit_rules, weeks_of
from reports.views.group_table import tables
from reports.views.place import rule_or_404
from reports.weeks import Status
from units import access
from units.guards import need_somewhere
from units.models import Organization
from units.roles import Right

ROWS = 120  # lines on a page: bands and the units of open bands
SATURDAY = 5
NAMED = 3  # units that a sentence names
FOLD_FROM = 100  # from so many units on, bands start folded


def _rule(request: HttpRequest, batch: Batch) -> ReportRule | None:
    """The report of units that the grid shows: the first unless another is named; a group's has its own table."""
    asked = unit_rules(batch)
    wanted = request.GET.get("rule")
    named = rule_or_404(batch, wanted) if wanted else None
    return named if named in asked else (asked[0] if asked else None)


def superiors(user: Any, batch: Batch) -> list[Organization]:
    units = Participation.objects.filter(access.scope(user, Right.VIEW), batch=batch)
    return list(Organization.objects.filter(pk__in=units.values("organization__parent_id")).order_by("path"))


def within_filter(data: dict[str, Any], below: Organization | None = None) -> Q | None:
    """The filters that the database answers."""
    wanted = access.below(below.path, "organization") if below else Q()
    if data.get("superior"):
        wanted &= Q(organization__parent_id=data["superior"])
    word = (data.get("q") or "").strip()
    if word:
        wanted &= (
            Q(organization__name__icontains=word)
            | Q(work_unit__name__icontains=word)
            | Q(organization__initials__startswith=word.lower())
            | Q(organization__pinyin__startswith=word.lower())
        )
    return wanted or None


def last_weeks(form: GridFilter) -> int | None:
    return form.last if form.is_valid() else int(GridFilter.DEFAULT_WEEKS)


def keep_filter(data: dict[str, Any]) -> Any:
    """The filters that need the cells."""
    state, gaps = data.get("state"), data.get("gaps")
    tests = {
        "waiting": lambda line: line.current is not None and line.current.outstanding,
        "sent": lambda line: line.current is not None and line.current.status in {Status.ON_TIME, Status.LATE},
        "late": lambda line: line.current is not None and line.current.status is Status.LATE,
        "decide": lambda line: any(cell.state == Report.State.SUBMITTED for cell in line.cells),
    }
    if not (state or gaps):
        return None
    return lambda line: (not state or tests[state](line)) and (not gaps or line.tally.missing)


def _lines(request: HttpRequest, found: Grid) -> list[dict[str, Any]]:
    """Bands and, below the open ones, their units. `open` in the query names the bands to open; `none` closes all."""
    named = request.GET.get("open", "")
    default = "all" if len(found.lines) < FOLD_FROM else "none"
    chosen = set((named or default).split("."))
    keys = [str(group.superior.pk if group.superior else 0) for group in found.groups]
    opened = set(keys) if "all" in chosen else chosen & set(keys)
    lines: list[dict[str, Any]] = []
    for key, group in zip(keys, found.groups, strict=True):
        others = opened ^ {key}
        to_chase = [line for line in group.lines if line.current and line.current.outstanding]
        chase = [line for line in to_chase if rules.can_chase(request.user, line.reporter)]
        lines.append(
            {
                "group": group,
                "key": key,
                "open": key in opened,
                "toggle": ".".join(sorted(others)) or "none",
                "n": len(chase),
                "sums": list(zip(found.columns, group.weeks, strict=True)),
            }
        )
        if key in opened:
            lines += [
                {
                    "line": line,
                    "cells": list(zip(found.columns, line.cells, strict=True)),
                    "chase": bool(line.outstanding) and rules.can_chase(request.user, line.reporter),
                }
                for line in group.lines
            ]
    return lines


def _chase(found: Grid) -> list[str]:
    """Whom to chase, in one sentence or two: what is still to come this week, and who misses most often."""
    sentences, waiting = [], [line.reporter.label for line in found.waiting]
    if 0 < len(waiting) <= NAMED:
        sentences.append(_("This week's report has still to come from %(units)s.") % {"units": localised(waiting)})
    elif waiting:
        sentence = _("This week's report has still to come from %(n)d of %(all)d units.")
        sentences.append(sentence % {"n": len(waiting), "all": found.this_week.owed})
    often = sorted((line for line in found.lines if line.tally.missing > 1), key=lambda line: -line.tally.missing)
    if often:
        units = [
            _("%(unit)s (%(n)d times)") % {"unit": line.reporter.label, "n": line.tally.missing}
            for line in often[:NAMED]
        ]
        sentences.append(_("Missing most often: %(units)s.") % {"units": localised(units)})
    return sentences


def _due_on_a_day_off(rule: ReportRule) -> dict[str, Any] | None:
    """This week's or next week's deadline where its fixed day is a holiday or a weekend: a case for an exception."""
    if rule.weekday is None or rule.weekday >= SATURDAY:
        return None
    this = weeks.week_of(clock.now())
    for week in (this, this + weeks.WEEK):
        due = weeks.regular_due(rule, week)
        if due >= clock.now() and (name := holidays.day_off(due.date())):
            return {"due": due, "name": name, "week": week}
    return None


def weekly(request: HttpRequest) -> HttpResponse:
    """Every unit in scope by week: a sign in each cell, rates over what was due, whom to remind (K-01, K-05)."""
    need_somewhere(request.user, Right.VIEW)
    batch = batch_for(request.user)
    rule = _rule(request, batch) if batch else None
    if batch is None:
        return render(request, "reports/report/weekly.html", {"batch": None})
    if rule is None:
        shown = weeks_of(batch, int(GridFilter.DEFAULT_WEEKS))
        return render(request, "reports/report/weekly.html", {"batch": batch, **_groups(request, batch, shown)})
    form = GridFilter(request.GET, superiors=superiors(request.user, batch))
    below = add_within(form, request.user)
    data = form.cleaned_data if form.is_valid() else {}
    found = grid(
        request.user,
        batch,
        rule,
        last=last_weeks(form),
        within=within_filter(data, below),
        keep=keep_filter(data),
    )
    page = Paginator(_lines(request, found), ROWS).get_page(request.GET.get("page"))
    chaseable = [line for line in found.waiting if rules.can_chase(request.user, line.reporter)]
    context = {
        "batch": batch,
        "rule": rule,
        "rules": unit_rules(batch),
        "form": form,
        "grid": found,
        "page": page,
        "sentences": _chase(found),
        "total": list(zip(found.columns, found.weeks, strict=False)),
        "chaseable": chaseable,
        "chases": access.has_anywhere(request.user, Right.ACCEPT_REPORT),
        "free_day": _due_on_a_day_off(rule),
        "sees_upward": access.has(request.user, Right.VIEW, batch.campaign.host),
        "filtered": any(data.get(name) for name in ("within", "superior", "state", "q", "gaps")),
        "late_units": sum(line.tally.late > 0 for line in found.lines),
        "missing_units": sum(line.tally.missing > 0 for line in found.lines),
        **_groups(request, batch, found.shown),
        "now": clock.now(),
        "crumbs": [
            (batch.campaign.host.name, reverse("units:organization", args=[batch.campaign.host_id])),
            (_("Weekly reports"), ""),
        ],
    }
    return render(request, "reports/report/weekly.html", context)


def _groups(request: HttpRequest, batch: Batch, shown: list[dt.date]) -> dict[str, Any]:
    """The tables of the supervision groups, and whether one of them is the reader's own."""
    found = tables(request.user, batch, shown)
    return {"tables": found, "writes_for_group": any(row["mine"] for table in found for row in table["rows"])}
