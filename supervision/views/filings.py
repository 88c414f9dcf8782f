"""Stage summaries on file: the register of the office, sending one in, acknowledging it (J-08, J-10)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from campaign.findings import Finding, Gate
from supervision import actions, chain, drafts, queries, rules
from supervision.actions import filings as filing_actions
from supervision.forms.filings import FilingForm, ReceiptForm
from supervision.models import Filing, Transition
from supervision.views.place import crumbs
from units.guards import need_somewhere
from units.roles import Right

PER_PAGE = 25


def filings(request: HttpRequest) -> HttpResponse:
    """The register: those to be acknowledged first, then the newest."""
    need_somewhere(request.user, Right.VIEW)
    rows = (
        Filing.objects.visible_to(request.user)
        .select_related(
            "transition__participation__organization", "transition__participation__work_unit", "sent_by", "received_by"
        )
        .order_by("-state", "-sent_at", "-pk")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    books = queries.playbooks(row.transition.participation.batch_id for row in page) if page.object_list else {}
    listed = [(row, chain.name_at(books[row.transition.participation.batch_id], row.transition.stage)) for row in page]
    context = {
        "page": page,
        "rows": listed,
        "crumbs": [(_("Applications for transition"), reverse("supervision:transitions")), (_("Filing register"), "")],
    }
    return render(request, "supervision/filing/list.html", context)


def _transition(request: HttpRequest, pk: int) -> Transition:
    rows = Transition.objects.visible_to(request.user).select_related(
        "participation__organization", "participation__work_unit", "participation__batch__campaign__host"
    )
    return get_object_or_404(rows.prefetch_related("participation__progress"), pk=pk)


def filing_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the summary by its headings and send it in with the survey result."""
    transition = _transition(request, pk)
    if not rules.can_apply(request.user, transition.participation):
        raise PermissionDenied
    sent = Filing.objects.filter(transition=transition).first()
    if sent is not None:
        return redirect("supervision:filing", pk=sent.pk)
    playbook = transition.participation.batch.campaign.playbook
    begun = drafts.summary_parts(transition.participation, transition.stage) if request.method == "GET" else {}
    form = FilingForm(filing_actions.headings(playbook), request.POST or None, initial=begun)
    if request.method == "POST" and form.is_valid():
        try:
            made = filing_actions.file_summary(by=request.user, transition=transition, parts=form.cleaned_data)
            messages.success(request, _("The summary has been sent to the office."))
            return redirect("supervision:filing", pk=made.pk)
        except actions.Refused as refusal:
            form.add_error(None, str(refusal))
    context = _about(transition) | {
        "form": form,
        "why_not": filing_actions.why_not_file(transition),
        "survey": Gate(tuple(finding for finding in transition.gate if finding.check == "survey")),
        "crumbs": crumbs(transition.participation.organization, (_("Stage summary"), "")),
    }
    return render(request, "supervision/filing/new.html", context)


def _about(transition: Transition) -> dict[str, Any]:
    rule = chain.rule_at(transition.participation.batch.campaign.playbook, transition.stage)
    return {
        "transition": transition,
        "participation": transition.participation,
        "stage_name": chain.name_at(transition.participation.batch.campaign.playbook, transition.stage),
        "filing_rule": rule.filing if rule else None,
    }


def _filing(request: HttpRequest, pk: int) -> Filing:
    rows = Filing.objects.visible_to(request.user).select_related(
        "transition__participation__organization",
        "transition__participation__work_unit",
        "transition__participation__batch__campaign__host",
        "sent_by",
        "received_by",
    )
    return get_object_or_404(rows, pk=pk)


def filing(request: HttpRequest, pk: int) -> HttpResponse:
    """One summary, for all in scope; the office acknowledges it here."""
    row = _filing(request, pk)
    may = rules.can_acknowledge(request.user, row)
    if request.method == "POST" and not may:
        raise PermissionDenied
    form = ReceiptForm(request.POST or None, initial={"received_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            filing_actions.acknowledge(by=request.user, filing=row, **form.cleaned_data)
            messages.success(request, _("The summary is on file; the unit has been told."))
            return redirect("supervision:filing", pk=pk)
        except actions.Refused as refusal:
            form.add_error(None, str(refusal))
            row.refresh_from_db()
    shown = form if may and row.state == Filing.State.SENT else None
    return render(request, "supervision/filing/detail.html", _told(row) | {"form": shown, "faults": form.errors})


def _told(row: Filing) -> dict[str, Any]:
    playbook = row.transition.participation.batch.campaign.playbook
    names = {one.key: one.name for one in filing_actions.headings(playbook)}
    return _about(row.transition) | {
        "filing": row,
        "parts": [(names.get(key, key), text) for key, text in row.parts.items()],
        "survey": [Finding.from_json(finding) for finding in row.survey],
        "crumbs": crumbs(row.transition.participation.organization, (_("Stage summary"), "")),
    }
