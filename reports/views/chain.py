"""The way up: the office's report to its superior, and passing on what a unit wrote (K-01, K-02)."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts import clock
from campaign.models import Batch
from campaign.playbook import ReportRule
from campaign.queries import batch_for
from reports import chain_rules as rules
from reports import weeks
from reports.actions import chain as actions
from reports.actions.reports import ReportChanged, WeekNotDue
from reports.chain_forms import ForwardForm, UpwardForm, picks
from reports.documents.word import letter_docx
from reports.forms import ReturnForm
from reports.models import UpwardReport
from reports.queries import chain as queries
from reports.upward_letter import upward_letter
from reports.views.place import week_or_404
from reports.views.reports import report_or_404
from reports.views.writing import sent_sentence
from units import access
from units.guards import need, need_somewhere
from units.roles import Right

PER_PAGE = 26
LISTED = 20  # reports passed on that the list shows


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    listed = [(_("Weekly reports"), reverse("reports:weekly"))]
    return [*listed, (_("Reports to the superior"), reverse("reports:upward")), *more]


def _get(request: HttpRequest, pk: int) -> UpwardReport:
    rows = UpwardReport.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("batch__campaign__host", "author", "decided_by"), pk=pk)


# ---------------------------------------------------------------- the list
def upward(request: HttpRequest) -> HttpResponse:
    """What the office sent to its superior week by week, and what offices below sent to this one."""
    need_somewhere(request.user, Right.VIEW)
    batch = batch_for(request.user)
    need(batch is None or access.has(request.user, Right.VIEW, batch.campaign.host))
    keeps = batch is not None and rules.keeps(request.user, batch.campaign)
    asked = rules.upward_rules(batch.campaign) if batch else []
    page = Paginator(queries.listed(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "rules": asked,
        "keeps": keeps,
        "now": _this_week(batch, asked) if batch and keeps else [],
        "page": page,
        "passed_on": queries.passed_on(request.user)[:LISTED],
        "crumbs": [*_crumbs()[:-1], (_("Reports to the superior"), "")],
    }
    return render(request, "reports/chain/list.html", context)


def _this_week(batch: Batch, asked: list[ReportRule]) -> list[dict[str, Any]]:
    """Each report due this week with what has been written of it."""
    week = weeks.week_of(clock.now())
    there = {one.rule: one for one in UpwardReport.objects.filter(batch=batch, week=week)}
    return [
        {
            "rule": rule,
            "week": week,
            "number": weeks.number_of(week, batch.starts_on),
            "due": weeks.regular_due(rule, week),
            "past": weeks.is_late(clock.now(), weeks.regular_due(rule, week)),
            "upward": there.get(rule.key),
        }
        for rule in asked
        if week >= weeks.monday(batch.starts_on)
    ]


@require_POST
def upward_open(request: HttpRequest, pk: int, rule: str, week: str) -> HttpResponse:
    """Begin the report of a week, or go on with it."""
    batch = get_object_or_404(Batch.objects.visible_to(request.user).select_related("campaign__host"), pk=pk)
    need(rules.keeps(request.user, batch.campaign) and batch.closed_on is None)
    found = next((one for one in rules.upward_rules(batch.campaign) if one.key == rule), None)
    if found is None:
        raise Http404
    try:
        made = actions.open_upward(by=request.user, batch=batch, rule=found, week=week_or_404(week))
    except WeekNotDue:
        messages.error(request, _("No report is due for this week: it has not begun, or lies before the batch."))
        return redirect("reports:upward")
    return redirect("reports:upward_edit" if made.state in UpwardReport.OPEN else "reports:upward_report", pk=made.pk)


# ---------------------------------------------------------------- one report
def upward_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as it was sent, what it rests on, and what the superior answered."""
    return _show(request, _get(request, pk), ReturnForm())


def _show(request: HttpRequest, found: UpwardReport, form: ReturnForm) -> HttpResponse:
    rule = actions.rule_behind(found)
    entering = rules.can_enter_answer(request.user, found)
    context = {
        **_about(found, rule),
        "parts": [(field.name, found.contents.get(field.key, "")) for field in rule.fields],
        "figures": queries.shown(found.figures or queries.gathered(found.batch, found.week)),
        "passages": queries.taken_from(found),
        "form": form,
        "can_edit": rules.can_edit(request.user, found),
        "can_withdraw": rules.can_withdraw(request.user, found),
        "entering": entering,
        "can_answer": entering or rules.can_decide(request.user, found),
    }
    return render(request, "reports/chain/detail.html", context, status=400 if form.errors else 200)


def _about(found: UpwardReport, rule: ReportRule) -> dict[str, Any]:
    number = weeks.number_of(found.week, found.batch.starts_on)
    return {
        "upward": found,
        "rule": rule,
        "number": number,
        "last_day": found.week + dt.timedelta(days=6),
        "late": weeks.is_late(clock.now(), found.due_at) and found.first_submitted_at is None,
        "crumbs": _crumbs((_("Week %(n)d") % {"n": number}, "")),
    }


def upward_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write it: the week's figures, who is missing, and passages of reports below to be taken up."""
    found = _get(request, pk)
    if request.method != "POST" and found.state not in UpwardReport.OPEN:
        return redirect("reports:upward_report", pk=pk)
    need(rules.keeps(request.user, found.batch.campaign))
    rule = actions.rule_behind(found)
    sending = request.POST.get("do") == "submit"
    form = UpwardForm(
        request.POST or None, rule=rule, sending=sending, initial={**found.contents, "version": found.version}
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            return _keep(request, found, rule, form)
        except ReportChanged:
            _clash(form, found)
            status = 409
    context = {
        **_about(found, rule),
        "form": form,
        "figures": queries.shown(queries.gathered(found.batch, found.week)),
        "passages": queries.taken_from(found),
        "offers": _offered(queries.offers(found, rule), rule),
    }
    return render(request, "reports/chain/edit.html", context, status=status)


def _offered(found: list[queries.Offer], rule: ReportRule) -> list[tuple[str, list[queries.Offer]]]:
    """What can be taken up, by the unit or group that wrote it, in tree order."""
    groups: dict[str, list[queries.Offer]] = {}
    for offer in found:
        groups.setdefault(offer.candidate.source, []).append(offer)
    return list(groups.items())


def _keep(request: HttpRequest, found: UpwardReport, rule: ReportRule, form: UpwardForm) -> HttpResponse:
    """Save, send, take passages in or leave one out: by the button."""
    told = {"by": request.user, "upward": found, "version": form.shown_version, "contents": form.contents}
    deed = request.POST.get("do", "")
    back = redirect("reports:upward_edit", pk=found.pk)
    if deed == "submit":
        actions.submit(**told)
        messages.success(request, sent_sentence(found))
        return redirect("reports:upward_report", pk=found.pk)
    if deed == "take":
        wanted = picks(request.POST, queries.offers(found, rule), rule)
        actions.take(**told, picks=wanted)
        sentence = ngettext(
            "%(n)d passage was put into the text.", "%(n)d passages were put into the text.", len(wanted)
        )
        text = sentence if wanted else _("Tick what is to be taken up first. Your text is saved.")
        (messages.success if wanted else messages.warning)(request, text % {"n": len(wanted)})
        return back
    if deed.startswith("drop-") and deed[5:].isdecimal():
        actions.drop(**told, passage=get_object_or_404(found.passages, pk=int(deed[5:18])))
        messages.success(request, _("Left out. Go over the text if you had changed its words."))
        return back
    actions.save(**told)
    messages.success(request, _("The draft is saved. It has not been sent yet."))
    return back


def _clash(form: UpwardForm, found: UpwardReport) -> None:
    """Somebody was quicker; what was typed stays, and saving again puts it in place of the other text."""
    current = UpwardReport.objects.select_related("author").get(pk=found.pk)
    if current.state in UpwardReport.OPEN:
        form.show_version(current.version)
        text = _("%(name)s saved this report meanwhile. Your text is below; saving again puts it in place of theirs.")
    else:
        text = _("%(name)s has sent this report meanwhile. Your text is below and has not been saved.")
    form.add_error(None, text % {"name": current.author or _("Somebody else")})


@require_POST
def upward_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what the superior has not answered."""
    found = _get(request, pk)
    need(rules.keeps(request.user, found.batch.campaign))
    try:
        actions.withdraw(by=request.user, upward=found, version=_version(request))
    except ReportChanged:
        messages.error(request, _("It cannot be taken back: somebody has decided on it or changed it meanwhile."))
        return redirect("reports:upward_report", pk=pk)
    messages.success(request, _("The report is yours again. It counts as not sent until you send it."))
    return redirect("reports:upward_edit", pk=pk)


@require_POST
def upward_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The superior accepts or returns it; or the office enters what the superior answered elsewhere."""
    found = _get(request, pk)
    office = rules.keeps(request.user, found.batch.campaign) and not rules.superiors_here(found.host).exists()
    above = access.has_above(request.user, Right.ACCEPT_REPORT, found.host) and found.author_id != request.user.pk
    need(office or above)
    returning = request.POST.get("do") == "return"
    form = ReturnForm(request.POST if returning else None)
    if returning and not form.is_valid():
        return _show(request, found, form)
    told = {"by": request.user, "upward": found, "version": _version(request), "entered": not above}
    try:
        if returning:
            actions.return_upward(**told, reason=form.cleaned_data["reason"])
        else:
            actions.accept_upward(**told)
        messages.success(request, _("The answer is kept. The office and the authors have been told."))
    except ReportChanged:
        messages.error(request, _("The report has changed since you opened it. Read it again, then decide."))
    return redirect("reports:upward_report", pk=pk)


def upward_docx(request: HttpRequest, pk: int) -> FileResponse:
    """The report as a Word file, a draft marked as such."""
    content = upward_letter(_get(request, pk))
    return FileResponse(io.BytesIO(letter_docx(content)), as_attachment=True, filename=f"{content.title}.docx")


# ---------------------------------------------------------------- passing a report on
@require_POST
def report_forward(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter that a unit's report was passed on to the superior office, or take that back."""
    found = report_or_404(request, pk)
    need(rules.can_forward(request.user, found))
    if request.POST.get("do") == "undo":
        return _take_back(request, pk, found)
    form = ForwardForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say to whom the report is passed on, in 120 characters at most."))
        return redirect("reports:report", pk=pk)
    try:
        actions.forward(by=request.user, report=found, to=form.cleaned_data["to"])
        messages.success(request, _("Passed on. The author has been told."))
    except (actions.AlreadyForwarded, actions.NotForwardable):
        messages.error(request, _("Somebody else has passed it on already."))
    return redirect("reports:report", pk=pk)


def _take_back(request: HttpRequest, pk: int, found: Any) -> HttpResponse:
    try:
        actions.take_back(by=request.user, report=found)
        messages.success(request, _("Taken back. The report counts as it did before."))
    except actions.UsedAlready:
        messages.error(request, _("The superior office has used it. Take back that use first."))
    except actions.NotForwardable:
        messages.error(request, _("Somebody else has taken it back already."))
    return redirect("reports:report", pk=pk)


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
