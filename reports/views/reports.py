"""Reading the report of a week, and deciding on it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import audit, clock
from accounts.models import AuditEntry
from accounts.templatetags import shell
from campaign.playbook import ReportRule
from reports import chain_rules, rules, weeks
from reports.actions import adoption
from reports.actions import reports as actions
from reports.adoption_forms import UseAboveForm
from reports.chain_forms import ForwardForm
from reports.forms import ReturnForm
from reports.models import Forwarding, Report, UseAbove
from reports.queries.adoption import issues_of, points_of
from reports.queries.chain import timeline_of
from reports.queries.suggestions import FIELD, unedited
from reports.reporter import link, within_batch
from reports.views.place import crumbs
from units.guards import need

ICONS = {
    actions.OPENED: ("pencil", ""),
    actions.SUBMITTED: ("send", ""),
    actions.WITHDRAWN: ("arrow-back-up", ""),
    actions.RETURNED: ("arrow-back-up", "late"),
    actions.ACCEPTED: ("circle-check", "ok"),
    adoption.USED_ABOVE: ("circle-check", "ok"),
    adoption.NOT_USED_ABOVE: ("arrow-back-up", ""),
}


def report_or_404(request: HttpRequest, pk: int) -> Report:
    rows = Report.objects.visible_to(request.user).select_related(
        "participation__organization",
        "participation__work_unit",
        "participation__batch__campaign__host",
        "group__campaign__host",
        "author",
        "decided_by",
    )
    return get_object_or_404(rows, pk=pk)


def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report, what happened to it, and what can be done with it."""
    found = report_or_404(request, pk)
    if not rules.can_read(request.user, found):
        raise PermissionDenied
    if rules.can_edit(request.user, found) and found.state == Report.State.DRAFT:
        return redirect("reports:report_edit", pk=pk)
    return _show(request, found, ReturnForm())


def _show(request: HttpRequest, found: Report, form: ReturnForm, use_form: UseAboveForm | None = None) -> HttpResponse:
    rule, reporter = actions.rule_of(found), found.reporter
    decides = rules.can_decide(request.user, found)
    following = _next_waiting(request, found) if decides else None
    context = {
        "report": found,
        "reporter": reporter,
        "rule": rule,
        "number": weeks.number_of(found.week, reporter.batch.starts_on),
        "last_day": found.week + dt.timedelta(days=6),
        "parts": [(field.name, found.contents.get(field.key, "")) for field in rule.fields],
        "unedited": unedited(reporter, found.week, found.contents.get(FIELD, "")) if decides else [],
        "can_edit": rules.can_edit(request.user, found),
        "can_withdraw": rules.can_withdraw(request.user, found),
        "can_decide": decides,
        "following": following,
        "form": form,
        "timeline": timeline_of(request.user, found, _timeline(found)),
        "past": weeks.is_late(clock.now(), found.due_at),
        **_adoption(request, found, rule, use_form or UseAboveForm()),
        "siblings": Report.objects.visible_to(request.user)
        .filter(**link(reporter), rule=found.rule, week=found.week)
        .exclude(state=Report.State.DRAFT)
        .exclude(pk=found.pk)
        .order_by("sequence"),
        "crumbs": crumbs(reporter, str(rule.name)),
    }
    return render(
        request,
        "reports/report/detail.html",
        context,
        status=400 if form.errors or (use_form and use_form.errors) else 200,
    )


def _adoption(request: HttpRequest, found: Report, rule: ReportRule, use_form: UseAboveForm) -> dict[str, Any]:
    """Where it was used, what that is worth, and whether the reader enters the superior office's use."""
    above = UseAbove.objects.filter(report=found).first()
    return {
        "issues": issues_of(request.user, found),
        "above": above,
        "points": points_of(found, rule) if found.state == Report.State.ACCEPTED else None,
        "can_mark": rules.can_enter_use(request.user, found),
        "use_form": use_form,
        "forwarding": Forwarding.objects.filter(report=found).first(),
        "can_forward": chain_rules.can_forward(request.user, found),
        "forward_form": ForwardForm(initial={"to": chain_rules.superior_of(found.reporter.batch.campaign)}),
    }


def _timeline(found: Report) -> list[dict[str, Any]]:
    rows = AuditEntry.objects.filter(object_type=found._meta.label_lower, object_id=str(found.pk))
    return [
        {
            "icon": ICONS[entry.action][0],
            "tone": ICONS[entry.action][1],
            "text": audit.ACTIONS[entry.action],
            "detail": entry.data.get("reason", ""),
            "who": entry.actor_name,
            "at": entry.at,
        }
        for entry in rows.filter(action__in=ICONS)
    ]


def _next_waiting(request: HttpRequest, found: Report) -> Report | None:
    """The report that has waited longest, this one left out."""
    rows = Report.objects.filter(
        rules.rows_chased_by(request.user),
        within_batch(found.reporter.batch),
        state=Report.State.SUBMITTED,
    )
    return rows.exclude(pk=found.pk).exclude(author=request.user).order_by("submitted_at", "pk").first()


@require_POST
def report_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a report that nobody has decided on."""
    found = report_or_404(request, pk)
    if not rules.is_writer(request.user, found.reporter):
        raise PermissionDenied
    try:
        actions.withdraw(by=request.user, report=found, version=_version(request))
        messages.success(request, _("The report is yours again. It counts as not sent until you send it."))
        return redirect("reports:report_edit", pk=pk)
    except actions.ReportChanged:
        messages.error(request, _("It cannot be taken back: somebody has decided on it or changed it meanwhile."))
        return redirect("reports:report", pk=pk)


@require_POST
def report_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept a report, or send it back with a reason; then on to the next that waits."""
    found = report_or_404(request, pk)
    if not rules.can_chase(request.user, found.reporter) or found.author_id == request.user.pk:
        raise PermissionDenied
    returning = request.POST.get("do") == "return"
    form = ReturnForm(request.POST if returning else None)
    if returning and not form.is_valid():
        return _show(request, found, form)
    try:
        if returning:
            reason = form.cleaned_data["reason"]
            actions.return_report(by=request.user, report=found, version=_version(request), reason=reason)
        else:
            actions.accept_report(by=request.user, report=found, version=_version(request))
    except actions.ReportChanged:
        messages.error(request, _decided_sentence(pk))
        return redirect("reports:report", pk=pk)
    sentence = _("Returned to %(unit)s.") if returning else _("Accepted the report of %(unit)s.")
    messages.success(request, sentence % {"unit": found.reporter.label})
    following = _next_waiting(request, found)
    return redirect("reports:report", pk=following.pk if following else pk)


@require_POST
def use_above(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter that the superior office used a report, or take that back."""
    found = report_or_404(request, pk)
    need(rules.can_enter_use(request.user, found))
    if request.POST.get("do") == "undo":
        try:
            adoption.unmark_used_above(by=request.user, report=found)
            messages.success(request, _("Taken back. The report counts as it did before."))
        except adoption.NothingEntered:
            messages.error(request, _("Somebody else has taken it back already."))
        return redirect("reports:report", pk=pk)
    form = UseAboveForm(request.POST)
    if form.is_valid():
        try:
            adoption.mark_used_above(by=request.user, report=found, **form.cleaned_data)
            messages.success(request, _("Entered. The author has been told."))
            return redirect("reports:report", pk=pk)
        except adoption.DayOutside:
            form.add_error("used_on", _("Choose a day from the day the report was sent until today."))
        except (adoption.AlreadyEntered, adoption.NotAccepted):
            messages.error(request, _("Somebody else has entered it already."))
            return redirect("reports:report", pk=pk)
    return _show(request, found, ReturnForm(), form)


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else 0


def _decided_sentence(pk: int) -> str:
    """Who was first."""
    current = Report.objects.select_related("decided_by").get(pk=pk)
    if current.decided_by and current.state in {Report.State.ACCEPTED, Report.State.RETURNED}:
        return _("%(name)s decided on this report on %(when)s: %(state)s.") % {
            "name": current.decided_by,
            "when": shell.when(current.decided_at),
            "state": current.get_state_display(),
        }
    return _("The report has changed since you opened it. Read it again, then decide.")
