"""The reporting grid of the office: units by weeks, reminders, exceptions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.messages import localised
from campaign.models import Batch, Participation
from campaign.playbook import ReportRule
from campaign.queries import batch_for
from reports import rules, weeks
from reports.actions import deadlines
from reports.forms import ExceptionForm, GridFilter
from reports.models import Report, ReportException
from reports.queries.cells import Grid, Line
from reports.queries.weekly import board, grid, unit_rules, weeks_of
from reports.views.reports import rule_or_404
from reports.weeks import Status
from units import access
from units.guards import need_somewhere
from units.models import Organization
from units.roles import Right

ROWS = 120  # lines on a page: bands and the units of open bands
NAMED = 3  # units that a sentence names
NAMED_AT_MOST = 8  # units that a decision names
FOLD_FROM = 100  # from so many units on, bands start folded


def _rule(request: HttpRequest, batch: Batch) -> ReportRule | None:
    asked = unit_rules(batch)
    wanted = request.GET.get("rule") or request.POST.get("rule")
    return rule_or_404(batch, wanted) if wanted else (asked[0] if asked else None)


def _superiors(user: Any, batch: Batch) -> list[Organization]:
    units = Participation.objects.filter(access.scope(user, Right.VIEW), batch=batch)
    return list(Organization.objects.filter(pk__in=units.values("organization__parent_id")).order_by("path"))


def _within(data: dict[str, Any]) -> Q | None:
    """The filters that the database answers."""
    wanted = Q()
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


def _last(form: GridFilter) -> int | None:
    return form.last if form.is_valid() else int(GridFilter.DEFAULT_WEEKS)


def _keep(data: dict[str, Any]) -> Any:
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
        chase = [line for line in to_chase if rules.can_chase(request.user, line.participation)]
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
                    "chase": bool(line.outstanding) and rules.can_chase(request.user, line.participation),
                }
                for line in group.lines
            ]
    return lines


def _chase(found: Grid) -> list[str]:
    """Whom to chase, in one sentence or two: what is still to come this week, and who misses most often."""
    sentences, waiting = [], [line.participation.label for line in found.waiting]
    if 0 < len(waiting) <= NAMED:
        sentences.append(_("This week's report has still to come from %(units)s.") % {"units": localised(waiting)})
    elif waiting:
        sentence = _("This week's report has still to come from %(n)d of %(all)d units.")
        sentences.append(sentence % {"n": len(waiting), "all": found.this_week.owed})
    often = sorted((line for line in found.lines if line.tally.missing > 1), key=lambda line: -line.tally.missing)
    if often:
        units = [
            _("%(unit)s (%(n)d times)") % {"unit": line.participation.label, "n": line.tally.missing}
            for line in often[:NAMED]
        ]
        sentences.append(_("Missing most often: %(units)s.") % {"units": localised(units)})
    return sentences


def weekly(request: HttpRequest) -> HttpResponse:
    """Every unit in scope by week: a sign in each cell, rates over what was due, whom to remind (K-01, K-05)."""
    need_somewhere(request.user, Right.VIEW)
    batch = batch_for(request.user)
    rule = _rule(request, batch) if batch else None
    if batch is None or rule is None:
        return render(request, "reports/report/weekly.html", {"batch": batch})
    form = GridFilter(request.GET, superiors=_superiors(request.user, batch))
    data = form.cleaned_data if form.is_valid() else {}
    found = grid(
        request.user,
        batch,
        rule,
        last=_last(form),
        within=_within(data),
        keep=_keep(data),
    )
    page = Paginator(_lines(request, found), ROWS).get_page(request.GET.get("page"))
    chaseable = [line for line in found.waiting if rules.can_chase(request.user, line.participation)]
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
        "filtered": any(data.get(name) for name in ("superior", "state", "q", "gaps")),
        "late_units": sum(line.tally.late > 0 for line in found.lines),
        "missing_units": sum(line.tally.missing > 0 for line in found.lines),
        "now": clock.now(),
        "crumbs": [
            (batch.campaign.host.name, reverse("units:organization", args=[batch.campaign.host_id])),
            (_("Weekly reports"), ""),
        ],
    }
    return render(request, "reports/report/weekly.html", context)


# ---------------------------------------------------------------- reminding
def _batch_or_404(request: HttpRequest) -> tuple[Batch, ReportRule]:
    batch = batch_for(request.user)
    rule = _rule(request, batch) if batch else None
    if batch is None or rule is None:
        raise Http404
    return batch, rule


def _back(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(target if safe and target else "reports:weekly")


def _chosen(request: HttpRequest, lines: list[Line]) -> list[Line]:
    """The units that the pressed button means."""
    if request.POST.get("only"):
        picked = {request.POST["only"]}
        return [line for line in lines if str(line.participation.pk) in picked]
    waiting = [line for line in lines if line.current and line.current.outstanding]
    if request.POST.get("group"):
        return [
            line for line in waiting if str(line.participation.organization.parent_id or 0) == request.POST["group"]
        ]
    if request.POST.get("do") == "all":
        return waiting
    picked = set(request.POST.getlist("unit"))
    return [line for line in lines if str(line.participation.pk) in picked]


@require_POST
def remind(request: HttpRequest) -> HttpResponse:
    """Remind the chosen units of all that has not come, each once a day."""
    if not access.has_anywhere(request.user, Right.ACCEPT_REPORT):
        raise PermissionDenied
    batch, rule = _batch_or_404(request)
    form = GridFilter(request.POST, superiors=_superiors(request.user, batch))
    data = form.cleaned_data if form.is_valid() else {}
    within = access.scope(request.user, Right.VIEW) & rules.chased_by(request.user) & (_within(data) or Q())
    found = board(batch, rule, weeks_of(batch, _last(form)), within=within)
    lines = _chosen(request, list(filter(_keep(data), found)))
    targets = [(line.participation, cell.week) for line in lines for cell in line.outstanding]
    if not targets:
        messages.warning(request, _("No unit was chosen that still has a report to send."))
        return _back(request)
    _tell(request, deadlines.remind(by=request.user, rule=rule, targets=targets))
    return _back(request)


def _tell(request: HttpRequest, done: deadlines.Reminded) -> None:
    if done.units:
        sentence = ngettext(
            "Reminded %(n)d unit (%(people)d people).", "Reminded %(n)d units (%(people)d people).", done.units
        )
        messages.success(request, sentence % {"n": done.units, "people": done.people})
    if done.again:
        sentence = ngettext(
            "%(n)d unit had been reminded today already.", "%(n)d units had been reminded today already.", done.again
        )
        messages.info(request, sentence % {"n": done.again})
    if done.nobody:
        sentence = _("Nobody can be reminded at %(units)s: give somebody there a post that writes reports.")
        messages.warning(request, sentence % {"units": localised(list(done.nobody))})


# ---------------------------------------------------------------- exceptions
def exception(request: HttpRequest) -> HttpResponse:
    """Excuse units for some weeks or move their deadline, with a reason: those picked in the grid, or all."""
    if not access.has_anywhere(request.user, Right.ACCEPT_REPORT):
        raise PermissionDenied
    batch, rule = _batch_or_404(request)
    units = _exception_units(request, batch)
    granting = request.method == "POST" and "reason" in request.POST
    choices = weeks.weeks_between(batch.starts_on, max(batch.ends_on, clock.today()))
    this = weeks.week_of(clock.now()).isoformat()
    form = ExceptionForm(
        request.POST if granting else None,
        batch=batch,
        rule=rule,
        choices=choices,
        initial={"first": this, "last": this},
    )
    if granting and form.is_valid() and units:
        deadlines.grant_exception(
            by=request.user,
            participations=units,
            rule=rule,
            weeks=form.weeks,
            due_at=form.due,
            reason=form.cleaned_data["reason"],
        )
        sentence = ngettext("The exception holds for %(n)d unit.", "The exception holds for %(n)d units.", len(units))
        messages.success(request, sentence % {"n": len(units)})
        return redirect(f"{reverse('reports:weekly')}?rule={rule.key}")
    return _show_exceptions(request, batch, rule, form, units)


def _exception_units(request: HttpRequest, batch: Batch) -> list[Participation]:
    """The units picked in the grid, or all that the user may excuse."""
    rows = Participation.objects.filter(rules.chased_by(request.user), batch=batch).exclude(
        state=Participation.State.CLOSED
    )
    picked = [pk for pk in request.POST.getlist("unit") if pk.isdigit()]
    if picked:
        rows = rows.filter(pk__in=picked)
    return list(rows.select_related("organization", "work_unit", "batch").order_by("organization__path"))


def _named(units: list[str]) -> str:
    """The first names, and how many units it is in all."""
    if len(units) <= NAMED_AT_MOST:
        return str(localised(units))
    sentence = _("%(units)s and others, %(n)d units in all")
    return sentence % {"units": localised(units[:NAMED_AT_MOST]), "n": len(units)}


def _show_exceptions(
    request: HttpRequest, batch: Batch, rule: ReportRule, form: ExceptionForm, units: list[Participation]
) -> HttpResponse:
    granted = (
        ReportException.objects.filter(
            rules.chased_by(request.user, "participation__organization"), participation__batch=batch, rule=rule.key
        )
        .select_related("participation__organization", "participation__work_unit", "granted_by")
        .order_by("-week", "participation__organization__path")
    )
    page = Paginator(granted, 30).get_page(request.GET.get("page"))
    for row in page:
        row.number = weeks.number_of(row.week, batch.starts_on)
    context = {
        "batch": batch,
        "rule": rule,
        "form": form,
        "units": units,
        "unit_names": _named([unit.label for unit in units]),
        "picked": [pk for pk in request.POST.getlist("unit") if pk.isdigit()],
        "page": page,
        "crumbs": [
            (batch.campaign.host.name, reverse("units:organization", args=[batch.campaign.host_id])),
            (_("Weekly reports"), f"{reverse('reports:weekly')}?rule={rule.key}"),
            (_("Exceptions"), ""),
        ],
    }
    return render(request, "reports/report/exception.html", context)


@require_POST
def exception_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the playbook's deadline hold again for one unit and week."""
    rows = ReportException.objects.filter(access.scope(request.user, Right.VIEW, "participation__organization"))
    found = get_object_or_404(
        rows.select_related("participation__organization", "participation__batch__campaign"), pk=pk
    )
    if not rules.can_chase(request.user, found.participation):
        raise PermissionDenied
    rule = rule_or_404(found.participation.batch, found.rule)
    deadlines.revoke_exception(by=request.user, exception=found, rule=rule)
    messages.success(request, _("The regular deadline holds again for %(unit)s.") % {"unit": found.participation.label})
    return redirect(f"{reverse('reports:exception')}?rule={rule.key}")
