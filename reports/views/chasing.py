"""Reminding those who have not reported, and excusing them: units and supervision groups alike (K-05, decision 18)."""

from __future__ import annotations

from dataclasses import asdict
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
from accounts.mailing import Ways
from accounts.messages import localised
from campaign.forms.within import add_within
from campaign.models import Batch, Participation
from campaign.playbook import ReportRule
from campaign.queries import batch_for
from reports import rules, weeks
from reports.actions import deadlines
from reports.forms import ExceptionForm, GridFilter
from reports.models import ReportException
from reports.queries.cells import Line
from reports.queries.group_weekly import group_boards, groups_of
from reports.queries.weekly import board, due_rules, weeks_of
from reports.reporter import GROUP, GroupReporter, Reporter, within_batch
from reports.views.place import rule_or_404
from reports.views.weekly import keep_filter, last_weeks, superiors, within_filter
from units import access
from units.roles import Right

NAMED_AT_MOST = 8  # units that a decision names


def _asked(request: HttpRequest) -> tuple[Batch, ReportRule]:
    """The batch, and the report that is named or the first that anybody owes."""
    batch = batch_for(request.user)
    wanted = request.GET.get("rule") or request.POST.get("rule")
    if batch is None:
        raise Http404
    if wanted:
        return batch, rule_or_404(batch, wanted)
    asked = due_rules(batch)
    if not asked:
        raise Http404
    return batch, asked[0]


def _home_of(rule: ReportRule) -> str:
    """Where the table of a report stands."""
    listed = reverse("reports:weekly")
    return f"{listed}#groups" if rule.reporter == GROUP else f"{listed}?rule={rule.key}"


# ---------------------------------------------------------------- reminding
def _back(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(target if safe and target else "reports:weekly")


def _chosen(request: HttpRequest, lines: list[Line]) -> list[Line]:
    """The units or groups that the pressed button means."""
    if request.POST.get("only"):
        return [line for line in lines if str(line.reporter.pk) == request.POST["only"]]
    waiting = [line for line in lines if line.current and line.current.outstanding]
    if request.POST.get("do") == "all":
        return waiting
    if request.POST.get("group"):
        under = request.POST["group"]
        return [line for line in waiting if str(line.reporter.organization.parent_id or 0) == under]
    picked = set(request.POST.getlist("unit"))
    return [line for line in lines if str(line.reporter.pk) in picked]


def _targets(request: HttpRequest, batch: Batch, rule: ReportRule) -> list[deadlines.Target]:
    """The reports to be asked for: all that is outstanding in the weeks shown.

    Of a group under a soft rule only this week's: what it did not tell in weeks gone by is a figure (K-05).
    """
    form = GridFilter(request.POST, superiors=superiors(request.user, batch))
    below = add_within(form, request.user)
    data = form.cleaned_data if form.is_valid() else {}
    shown = weeks_of(batch, last_weeks(form))
    if rule.reporter == GROUP:
        shown = shown[-1:] if rule.soft else shown
        lines = group_boards(batch, [rule], shown, within=rules.groups_chased_by(request.user))[rule.key]
    else:
        within = (
            access.scope(request.user, Right.VIEW) & rules.chased_by(request.user) & (within_filter(data, below) or Q())
        )
        lines = list(filter(keep_filter(data), board(batch, rule, shown, within=within)))
    return [(line.reporter, cell.week) for line in _chosen(request, lines) for cell in line.outstanding]


@require_POST
def remind(request: HttpRequest) -> HttpResponse:
    """Remind the chosen units or groups of all that has not come, each once a day."""
    if not access.has_anywhere(request.user, Right.ACCEPT_REPORT):
        raise PermissionDenied
    batch, rule = _asked(request)
    targets = _targets(request, batch, rule)
    if not targets:
        of_groups = _("No group still has this report to send.")
        of_units = _("No unit was chosen that still has a report to send.")
        messages.warning(request, of_groups if rule.reporter == GROUP else of_units)
        return _back(request)
    done = deadlines.remind(by=request.user, rule=rule, targets=targets)
    (_tell_groups if rule.reporter == GROUP else _tell)(request, done)
    if done.ways.at_once or done.ways.digest:
        messages.info(request, _tell_ways(done.ways))
    return _back(request)


def _tell_ways(ways: Ways) -> str:
    """By which way the reminder goes, as each person chose."""
    sentence = _(
        "By e-mail: %(at_once)d of these people at once, %(digest)d with their next digest. "
        "%(inbox_only)d find it in the inbox only."
    )
    return sentence % asdict(ways)


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


def _tell_groups(request: HttpRequest, done: deadlines.Reminded) -> None:
    if done.units:
        sentence = ngettext(
            "Reminded %(n)d group (%(people)d people).", "Reminded %(n)d groups (%(people)d people).", done.units
        )
        messages.success(request, sentence % {"n": done.units, "people": done.people})
    if done.again:
        sentence = ngettext(
            "%(n)d group had been reminded today already.", "%(n)d groups had been reminded today already.", done.again
        )
        messages.info(request, sentence % {"n": done.again})
    if done.nobody:
        sentence = _("Nobody can be reminded at %(units)s: put somebody into the group first.")
        messages.warning(request, sentence % {"units": localised(list(done.nobody))})


# ---------------------------------------------------------------- exceptions
def exception(request: HttpRequest) -> HttpResponse:
    """Excuse units or groups for some weeks or move their deadline, with a reason: those picked, or all."""
    if not access.has_anywhere(request.user, Right.ACCEPT_REPORT):
        raise PermissionDenied
    batch, rule = _asked(request)
    found = _to_excuse(request, batch, rule)
    granting = request.method == "POST" and "reason" in request.POST
    this = weeks.week_of(clock.now()).isoformat()
    form = ExceptionForm(
        request.POST if granting else None,
        batch=batch,
        rule=rule,
        choices=weeks.weeks_between(batch.starts_on, max(batch.ends_on, clock.today())),
        initial={"first": this, "last": this},
    )
    meant = found
    if granting and rule.reporter == GROUP:
        meant = [reporter for reporter in found if str(reporter.pk) in _picked(request, rule)]
        if found and not meant:
            form.add_error(None, _("Tick at least one group."))
    if granting and form.is_valid() and meant:
        terms = {"weeks": form.weeks, "due_at": form.due, "reason": form.cleaned_data["reason"]}
        deadlines.grant_exception(by=request.user, reporters=meant, rule=rule, **terms)
        messages.success(request, _granted(rule, len(meant)))
        return redirect(_home_of(rule))
    return _show_exceptions(request, batch, rule, form, found)


def _granted(rule: ReportRule, n: int) -> str:
    if rule.reporter == GROUP:
        return ngettext("The exception holds for %(n)d group.", "The exception holds for %(n)d groups.", n) % {"n": n}
    return ngettext("The exception holds for %(n)d unit.", "The exception holds for %(n)d units.", n) % {"n": n}


def _picked(request: HttpRequest, rule: ReportRule) -> list[str]:
    return [pk for pk in request.POST.getlist("group" if rule.reporter == GROUP else "unit") if pk.isdigit()]


def _to_excuse(request: HttpRequest, batch: Batch, rule: ReportRule) -> list[Reporter]:
    """The units picked in the grid, or all that the user may excuse; all groups, to be ticked on the page."""
    picked = _picked(request, rule)
    if rule.reporter == GROUP:
        groups = groups_of(batch, rules.groups_chased_by(request.user)).select_related("campaign__host").order_by("pk")
        return [GroupReporter(group, batch) for group in groups]
    rows = Participation.objects.filter(rules.chased_by(request.user), batch=batch).exclude(
        state=Participation.State.CLOSED
    )
    if picked:
        rows = rows.filter(pk__in=picked)
    return list(rows.select_related("organization", "work_unit", "batch").order_by("organization__path"))


def _named(units: list[str]) -> str:
    """The first names, and how many it is in all."""
    if len(units) <= NAMED_AT_MOST:
        return str(localised(units))
    sentence = _("%(units)s and others, %(n)d units in all")
    return sentence % {"units": localised(units[:NAMED_AT_MOST]), "n": len(units)}


def _exceptions(user: Any, batch: Batch, rule: ReportRule) -> Any:
    rows = ReportException.objects.filter(rules.rows_chased_by(user), within_batch(batch), rule=rule.key)
    related = ("participation__organization", "participation__work_unit", "group", "granted_by")
    return rows.select_related(*related).order_by("-week", "participation__organization__path", "group_id")


def _show_exceptions(
    request: HttpRequest, batch: Batch, rule: ReportRule, form: ExceptionForm, found: list[Reporter]
) -> HttpResponse:
    page = Paginator(_exceptions(request.user, batch, rule), 30).get_page(request.GET.get("page"))
    for row in page:
        row.number = weeks.number_of(row.week, batch.starts_on)
        row.label = row.participation.label if row.participation else str(row.group)
    context = {
        "batch": batch,
        "rule": rule,
        "of_groups": rule.reporter == GROUP,
        "form": form,
        "units": found,
        "unit_names": _named([reporter.label for reporter in found]),
        "picked": _picked(request, rule),
        "page": page,
        "back": _home_of(rule),
        "crumbs": [
            (batch.campaign.host.name, reverse("units:organization", args=[batch.campaign.host_id])),
            (_("Weekly reports"), _home_of(rule)),
            (_("Exceptions"), ""),
        ],
    }
    return render(request, "reports/report/exception.html", context)


@require_POST
def exception_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the playbook's deadline hold again for one unit or group and week."""
    rows = ReportException.objects.visible_to(request.user)
    related = ("participation__organization", "participation__batch__campaign", "group__campaign__host")
    found = get_object_or_404(rows.select_related(*related), pk=pk)
    if not rules.can_chase(request.user, found.reporter):
        raise PermissionDenied
    rule = rule_or_404(found.reporter.batch, found.rule)
    deadlines.revoke_exception(by=request.user, exception=found, rule=rule)
    messages.success(request, _("The regular deadline holds again for %(unit)s.") % {"unit": found.reporter.label})
    return redirect(f"{reverse('reports:exception')}?rule={rule.key}")
