"""Writing and reading the report of a week."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import audit, clock
from accounts.models import AuditEntry
from accounts.templatetags import shell
from campaign.models import Batch, Participation
from campaign.playbook import ReportRule
from campaign.queries import batch_for
from reports import rules, weeks
from reports.actions import reports as actions
from reports.forms import ReportForm, ReturnForm
from reports.models import Report
from reports.queries.reporters import answering
from reports.queries.suggestions import FIELD, suggested, unedited
from reports.queries.weekly import Line, boards, columns, unit_rules, weeks_of
from units import access
from units.roles import Right

ICONS = {
    actions.OPENED: ("pencil", ""),
    actions.SUBMITTED: ("send", ""),
    actions.WITHDRAWN: ("arrow-back-up", ""),
    actions.RETURNED: ("arrow-back-up", "late"),
    actions.ACCEPTED: ("circle-check", "ok"),
}


def crumbs(participation: Participation, last: str) -> list[tuple[str, str]]:
    line = [
        (o.name, reverse("units:organization", args=[o.pk])) for o in participation.organization.ancestors_and_self()
    ]
    return [*line, (last, "")]


def rule_or_404(batch: Batch, key: str) -> ReportRule:
    """One of the reports that units owe."""
    found = next((rule for rule in unit_rules(batch) if rule.key == key), None)
    if found is None:
        raise Http404
    return found


def week_or_404(text: str) -> dt.date:
    """The week of a day in the address."""
    try:
        return weeks.monday(dt.date.fromisoformat(text))
    except ValueError:
        raise Http404


def _get(request: HttpRequest, pk: int) -> Report:
    rows = Report.objects.visible_to(request.user).select_related(
        "participation__organization",
        "participation__work_unit",
        "participation__batch__campaign__host",
        "author",
        "decided_by",
    )
    return get_object_or_404(rows, pk=pk)


# ---------------------------------------------------------------- the reports of my organisation
def mine(request: HttpRequest) -> HttpResponse:
    """This week's report with its deadline, and the weeks before; a list where one answers for several units."""
    if not access.has_anywhere(request.user, Right.REPORT):
        return redirect("reports:weekly")
    batch = batch_for(request.user)
    ids = answering(request.user, batch) if batch else []
    if batch is None or not ids:
        return render(request, "reports/report/mine.html", {"batch": batch})
    asked, span = unit_rules(batch), weeks_of(batch)
    found = boards(batch, asked, span, within=access.scope(request.user, Right.REPORT, "organization"))
    lines = {key: [line for line in row if line.participation.pk in ids] for key, row in found.items()}
    wanted = request.GET.get("unit", "")
    if len(ids) > 1 and not wanted.isdigit():
        return _my_units(request, asked, lines)
    chosen = int(wanted) if wanted.isdigit() else ids[0]
    if chosen not in ids:
        raise Http404
    own = {rule.key: next(i for i in lines[rule.key] if i.participation.pk == chosen) for rule in asked if span}
    return _my_unit(request, batch, asked, own, several=len(ids) > 1)


def _my_units(request: HttpRequest, asked: list[ReportRule], lines: dict[str, list[Line]]) -> HttpResponse:
    rows = [
        {"participation": group[0].participation, "lines": list(zip(asked, group, strict=True))}
        for group in zip(*(lines[rule.key] for rule in asked), strict=True)
    ]
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "reports/report/mine_units.html", {"page": page, "rules": asked})


def _my_unit(
    request: HttpRequest, batch: Batch, asked: list[ReportRule], own: dict[str, Line], *, several: bool
) -> HttpResponse:
    participation = next((line.participation for line in own.values()), None)
    written: dict[tuple[str, dt.date], list[Report]] = {}
    for report in Report.objects.filter(participation=participation).order_by("sequence"):
        written.setdefault((report.rule, report.week), []).append(report)
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
    first = next((row for row in now if row["cell"].outstanding and not row["rule"].soft), None)
    if first:
        first["main"] = True
    past.sort(key=lambda row: row["column"].week, reverse=True)
    context = {
        "participation": participation,
        "now": now,
        "page": Paginator(past, 26).get_page(request.GET.get("page")),
        "coming": _coming(now, own),
        "several": several,
        "can_write": participation is not None and rules.can_write(request.user, participation),
        "lines": [(rule, own[rule.key]) for rule in asked if rule.key in own],
        "crumbs": crumbs(participation, _("Weekly reports")) if participation else [],
    }
    return render(request, "reports/report/mine.html", context)


def _coming(now: list[dict[str, Any]], own: dict[str, Line]) -> list[tuple[ReportRule, dt.datetime]]:
    """Once this week's deadline has passed, the next one: on a weekend that is the Friday people think of."""
    return [
        (row["rule"], weeks.regular_due(row["rule"], row["cell"].week + weeks.WEEK))
        for row in now
        if row["cell"].past and own[row["rule"].key].span.ended is None
    ]


# ---------------------------------------------------------------- writing
def report_new(request: HttpRequest, pk: int, rule: str, week: str) -> HttpResponse:
    """Begin the report of a week. Nothing is stored until something is saved."""
    units = Participation.objects.visible_to(request.user).select_related(
        "organization", "work_unit", "batch__campaign__host"
    )
    participation = get_object_or_404(units, pk=pk)
    asked, monday = rule_or_404(participation.batch, rule), week_or_404(week)
    if not rules.can_write(request.user, participation):
        raise PermissionDenied
    if request.method != "POST":
        rows = list(Report.objects.filter(participation=participation, rule=rule, week=monday).order_by("sequence"))
        opened = next((row for row in rows if row.state in actions.OPEN), None)
        if opened:
            return redirect("reports:report_edit", pk=opened.pk)
        if len(rows) >= weeks.needed(asked) and not weeks.takes_more(asked):
            return redirect("reports:report", pk=rows[-1].pk)
    if not actions.owes(participation, asked, monday):
        messages.error(request, _("No report is due for this week: it has not begun, or the unit did not take part."))
        return redirect("reports:mine")
    return _write(request, participation, asked, monday, None)


def report_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write on a draft or a returned report."""
    report = _get(request, pk)
    if not rules.can_write(request.user, report.participation):
        raise PermissionDenied
    if request.method != "POST" and report.state not in actions.OPEN:
        return redirect("reports:report", pk=pk)
    return _write(request, report.participation, actions.rule_of(report), report.week, report)


def _write(
    request: HttpRequest, participation: Participation, rule: ReportRule, week: dt.date, report: Report | None
) -> HttpResponse:
    sending = request.POST.get("do") == "submit"
    contents = dict(report.contents) if report else {}
    hints = suggested(participation, week) if any(field.key == FIELD for field in rule.fields) else []
    if not any(contents.values()) and hints:
        contents[FIELD] = "\n".join(hints)
    initial = {**contents, "version": report.version if report else 0}
    form = ReportForm(request.POST or None, rule=rule, sending=sending, initial=initial)
    clash: Report | None = None
    if request.method == "POST" and form.is_valid():
        done, clash = _keep(request, participation, rule, week, report, form)
        if done is not None:
            return redirect("reports:report" if sending else "reports:report_edit", pk=done.pk)
    due, excused = actions.deadline(participation, rule, week)
    context = {
        "form": form,
        "participation": participation,
        "rule": rule,
        "week": week,
        "last_day": week + dt.timedelta(days=6),
        "number": weeks.number_of(week, participation.batch.starts_on),
        "due": due,
        "excused": excused,
        "late": not excused and weeks.is_late(clock.now(), due) and not (report and report.first_submitted_at),
        "report": report,
        "hints": hints,
        "clash": clash,
        "theirs": [(f.name, clash.contents.get(f.key, "")) for f in rule.fields] if clash else [],
        "crumbs": crumbs(participation, str(rule.name)),
    }
    return render(request, "reports/report/edit.html", context, status=409 if clash else 200)


def _keep(
    request: HttpRequest,
    participation: Participation,
    rule: ReportRule,
    week: dt.date,
    report: Report | None,
    form: ReportForm,
) -> tuple[Report | None, Report | None]:
    """Save or send what the form holds: the report, or the one that stands in the way."""
    user = request.user
    try:
        current = report or actions.open_report(by=user, participation=participation, rule=rule, week=week)
        if not form.shown_version and any(current.contents.values()):
            raise actions.ReportChanged  # somebody began while this person was writing
        version = form.shown_version or current.version
        if form.sending:
            actions.submit(by=user, report=current, version=version, contents=form.contents)
            messages.success(request, _sent_sentence(current))
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


def _sent_sentence(report: Report) -> str:
    if report.late:
        return _("The report has been sent. It came after the deadline and is marked late.")
    return _("The report has been sent.")


# ---------------------------------------------------------------- reading and deciding
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report, what happened to it, and what can be done with it."""
    found = _get(request, pk)
    if not rules.can_read(request.user, found):
        raise PermissionDenied
    if rules.can_edit(request.user, found) and found.state == Report.State.DRAFT:
        return redirect("reports:report_edit", pk=pk)
    return _show(request, found, ReturnForm())


def _show(request: HttpRequest, found: Report, form: ReturnForm) -> HttpResponse:
    rule, participation = actions.rule_of(found), found.participation
    decides = rules.can_decide(request.user, found)
    following = _next_waiting(request, found) if decides else None
    context = {
        "report": found,
        "participation": participation,
        "rule": rule,
        "number": weeks.number_of(found.week, participation.batch.starts_on),
        "last_day": found.week + dt.timedelta(days=6),
        "parts": [(field.name, found.contents.get(field.key, "")) for field in rule.fields],
        "unedited": unedited(participation, found.week, found.contents.get(FIELD, "")) if decides else [],
        "can_edit": rules.can_edit(request.user, found),
        "can_withdraw": rules.can_withdraw(request.user, found),
        "can_decide": decides,
        "following": following,
        "form": form,
        "timeline": _timeline(found),
        "past": weeks.is_late(clock.now(), found.due_at),
        "siblings": Report.objects.visible_to(request.user)
        .filter(participation=participation, rule=found.rule, week=found.week)
        .exclude(state=Report.State.DRAFT)
        .exclude(pk=found.pk)
        .order_by("sequence"),
        "crumbs": crumbs(participation, str(rule.name)),
    }
    return render(request, "reports/report/detail.html", context, status=400 if form.errors else 200)


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
        rules.chased_by(request.user, "participation__organization"),
        participation__batch=found.participation.batch_id,
        state=Report.State.SUBMITTED,
    )
    return rows.exclude(pk=found.pk).exclude(author=request.user).order_by("submitted_at", "pk").first()


@require_POST
def report_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a report that nobody has decided on."""
    found = _get(request, pk)
    if not access.has(request.user, Right.REPORT, found.participation.organization):
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
    found = _get(request, pk)
    above = access.has_above(request.user, Right.ACCEPT_REPORT, found.participation.organization)
    if not above or found.author_id == request.user.pk:
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
    messages.success(request, sentence % {"unit": found.participation.label})
    following = _next_waiting(request, found)
    return redirect("reports:report", pk=following.pk if following else pk)


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
