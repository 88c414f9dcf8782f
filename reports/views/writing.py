"""Writing the report of a week, of a unit or of a supervision group."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts import clock
from campaign.models import Participation
from campaign.playbook import ReportRule
from reports import rules, weeks
from reports.actions import reports as actions
from reports.forms import ReportForm
from reports.models import Report, UpwardReport
from reports.queries import group_week
from reports.queries.suggestions import FIELD, suggested
from reports.reporter import GROUP, UNIT, GroupReporter, Reporter, group_reporter, link, list_address
from reports.views.autosave import autosave
from reports.views.place import crumbs, rule_or_404, week_or_404
from reports.views.reports import report_or_404
from supervision.models import GroupNote, SupervisionGroup


def report_new(request: HttpRequest, pk: int, rule: str, week: str) -> HttpResponse:
    """Begin a unit's report of a week. Nothing is stored until something is saved."""
    units = Participation.objects.visible_to(request.user).select_related(
        "organization", "work_unit", "batch__campaign__host"
    )
    participation = get_object_or_404(units, pk=pk)
    return _begin(request, participation, rule_or_404(participation.batch, rule, UNIT), week_or_404(week))


def group_report_new(request: HttpRequest, pk: int, rule: str, week: str) -> HttpResponse:
    """Begin a supervision group's report of a week (K-04, K-06)."""
    groups = SupervisionGroup.objects.visible_to(request.user).select_related("campaign__host")
    monday = week_or_404(week)
    reporter = group_reporter(get_object_or_404(groups, pk=pk), monday)
    return _begin(request, reporter, rule_or_404(reporter.batch, rule, GROUP), monday)


def _begin(request: HttpRequest, reporter: Reporter, rule: ReportRule, week: dt.date) -> HttpResponse:
    if not rules.can_write(request.user, reporter):
        raise PermissionDenied
    if request.method != "POST":
        rows = list(Report.objects.filter(**link(reporter), rule=rule.key, week=week).order_by("sequence"))
        opened = next((row for row in rows if row.state in actions.OPEN), None)
        if opened:
            return redirect("reports:report_edit", pk=opened.pk)
        if len(rows) >= weeks.needed(rule) and not weeks.takes_more(rule):
            return redirect("reports:report", pk=rows[-1].pk)
    if not actions.owes(reporter, rule, week):
        messages.error(request, _not_owed(reporter))
        return redirect(list_address(reporter))
    return _write(request, reporter, rule, week, None)


def _not_owed(reporter: Reporter) -> str:
    if isinstance(reporter, GroupReporter):
        return _("No report is due for this week: it has not begun, or the group was in charge of nobody.")
    return _("No report is due for this week: it has not begun, or the unit did not take part.")


def report_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write on a draft or a returned report."""
    report = report_or_404(request, pk)
    if not rules.can_write(request.user, report.reporter):
        raise PermissionDenied
    if request.method != "POST" and report.state not in actions.OPEN:
        return redirect("reports:report", pk=pk)
    return _write(request, report.reporter, actions.rule_of(report), report.week, report)


def _write(
    request: HttpRequest, reporter: Reporter, rule: ReportRule, week: dt.date, report: Report | None
) -> HttpResponse:
    sending = request.POST.get("do") == "submit"
    hints = suggested(reporter, week) if any(field.key == FIELD for field in rule.fields) else []
    notes = group_week.notes_for(reporter, rule, week) if isinstance(reporter, GroupReporter) else []
    initial = _beginning(rule, report, hints, notes)
    form = ReportForm(request.POST or None, rule=rule, sending=sending, initial=initial)
    if request.method == "POST" and "X-Autosave" in request.headers:
        return autosave(request, reporter, week, report, form)
    clash: Report | None = None
    if request.POST.get("do") == "notes" and form.is_valid():
        typed = {"version": form.shown_version, **group_week.with_notes(form.contents, rule, notes)}
        form = ReportForm(rule=rule, initial=typed)
    elif request.method == "POST" and form.is_valid():
        done, clash = _keep(request, reporter, rule, week, report, form)
        if done is not None:
            return redirect("reports:report" if sending else "reports:report_edit", pk=done.pk)
    context = {
        **_about(reporter, rule, week, report),
        "form": form,
        "hints": hints,
        "left": group_week.missing_notes(_text_of(form), notes),
        "taken": len(notes) if notes and report is None and not form.is_bound else 0,
        "clash": clash,
        "theirs": [(f.name, clash.contents.get(f.key, "")) for f in rule.fields] if clash else [],
    }
    return render(request, "reports/report/edit.html", context, status=409 if clash else 200)


def _beginning(rule: ReportRule, report: Report | None, hints: list[str], notes: list[GroupNote]) -> dict[str, Any]:
    """What the form shows first: what was saved; else the week's figures, and for a group its notes by field."""
    contents = dict(report.contents) if report else {}
    if not any(contents.values()):
        contents = {FIELD: "\n".join(hints)} if hints else {}
        contents = group_week.with_notes(contents, rule, notes)
    return {**contents, "version": report.version if report else 0}


def _text_of(form: ReportForm) -> dict[str, str]:
    """What stands in the form's fields now, typed or shown."""
    return {name: str(form[name].value() or "") for name in form.fields if name != "version"}


def _about(reporter: Reporter, rule: ReportRule, week: dt.date, report: Report | None) -> dict[str, Any]:
    due, excused = actions.deadline(reporter, rule, week)
    return {
        "reporter": reporter,
        "group": reporter.group if isinstance(reporter, GroupReporter) else None,
        "rule": rule,
        "week": week,
        "last_day": week + dt.timedelta(days=6),
        "number": weeks.number_of(week, reporter.batch.starts_on),
        "due": due,
        "excused": excused,
        "late": not excused and weeks.is_late(clock.now(), due) and not (report and report.first_submitted_at),
        "report": report,
        "sequence": report.sequence if report else _next_sequence(reporter, rule, week),
        "crumbs": crumbs(reporter, str(rule.name)),
    }


def _next_sequence(reporter: Reporter, rule: ReportRule, week: dt.date) -> int:
    """The number that the report will have: what is kept on the phone goes by it before and after the first save."""
    rows = Report.objects.filter(**link(reporter), rule=rule.key, week=week)
    last = rows.order_by("-sequence").first()
    if last is None:
        return 1
    return last.sequence if last.state in actions.OPEN else last.sequence + 1


def _keep(
    request: HttpRequest,
    reporter: Reporter,
    rule: ReportRule,
    week: dt.date,
    report: Report | None,
    form: ReportForm,
) -> tuple[Report | None, Report | None]:
    """Save or send what the form holds: the report, or the one that stands in the way."""
    user = request.user
    if form.sending:
        sent = actions.sent_already(by=user, reporter=reporter, rule=rule, week=week, contents=form.contents)
        if sent is not None:
            messages.info(request, _("This report had arrived already; it has not been sent twice."))
            return sent, None
    try:
        current = report or actions.open_report(by=user, reporter=reporter, rule=rule, week=week)
        if not form.shown_version and any(current.contents.values()):
            raise actions.ReportChanged  # somebody began while this person was writing
        version = form.shown_version or current.version
        if form.sending:
            actions.submit(by=user, report=current, version=version, contents=form.contents)
            messages.success(request, sent_sentence(current))
        else:
            actions.save_draft(by=user, report=current, version=version, contents=form.contents)
            messages.success(request, _("The draft is saved. It has not been sent yet."))
        return current, None
    except actions.AlreadyReported as already:
        clash = already.report
    except actions.ReportChanged:
        clash = Report.objects.select_related("author").get(pk=current.pk)
    if clash.state in actions.OPEN:
        form.show_version(clash.version)
        sentence = _("%(name)s saved this report meanwhile. Compare below; saving again puts your text in its place.")
    else:
        sentence = _("%(name)s has sent this report meanwhile. Your text is below and has not been saved.")
    form.add_error(None, sentence % {"name": clash.author or _("Somebody else")})
    return None, clash


def sent_sentence(report: Report | UpwardReport) -> str:
    """What the writer is told once it has gone out."""
    if report.late:
        return _("The report has been sent. It came after the deadline and is marked late.")
    return _("The report has been sent.")
