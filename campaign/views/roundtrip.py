"""Lists that are edited in Excel: given out, taken back, looked at, applied."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from accounts import clock
from campaign import sheets
from campaign.actions import roundtrip as actions
from campaign.forms.roundtrip import SendBackForm
from campaign.models import SentWorkbook
from campaign.roundtrip import cells
from campaign.roundtrip.book import MOST_ROWS, TooMany, download
from campaign.roundtrip.comparing import Line, Reading, compare
from campaign.roundtrip.description import Ledger, open_ledger
from campaign.roundtrip.reading import Fault, read_sent

PER_PAGE = 100


@never_cache
def roundtrip_download(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """The list as the page's filter leaves it, to be edited in Excel."""
    ledger = open_ledger(key, request.user, pk)
    try:
        content = download(by=request.user, ledger=ledger, rows=ledger.rows(request.GET))
    except TooMany:
        text = _("The list has more than %(most)s rows. Filter it first, then download what is left.")
        messages.error(request, text % {"most": MOST_ROWS})
        return redirect(ledger.url)
    name = f"{ledger.organization.name}{ledger.title}{clock.today():%Y%m%d}.xlsx"
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type=sheets.CONTENT_TYPE, headers={"Content-Disposition": disposition})


@never_cache
def roundtrip_send(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Take an edited workbook back: every fault with its cell, or on to what would change."""
    ledger = open_ledger(key, request.user, pk)
    form = SendBackForm(request.POST or None, request.FILES or None) if request.method == "POST" else SendBackForm()
    reading = _read(request, ledger, form) if form.is_bound and form.is_valid() else None
    if reading is not None and reading.lines and not reading.faults:
        name = form.cleaned_data["file"].name or ""
        sent = actions.send_back(by=request.user, ledger=ledger, file_name=name, reading=reading)
        return redirect("campaign:roundtrip_sent", sent.pk)
    failed = form.is_bound and (reading is None or bool(reading.faults))
    mine = SentWorkbook.objects.visible_to(request.user).waiting().filter(ledger=key, place=pk)
    context = {
        "ledger": ledger,
        "form": form,
        "reading": reading,
        "waiting": None if form.is_bound else mine.first(),
        "crumbs": _crumbs(ledger),
    }
    return render(request, "campaign/roundtrip/send.html", context, status=422 if failed else 200)


def _read(request: HttpRequest, ledger: Ledger, form: SendBackForm) -> Reading | None:
    try:
        reading = compare(ledger, read_sent(form.cleaned_data["file"], ledger))
    except ValidationError as fault:
        form.add_error("file", fault)
        return None
    actions.rehearse(by=request.user, ledger=ledger, reading=reading)
    return reading


def _crumbs(ledger: Ledger) -> list[tuple[str, str]]:
    return [(str(ledger.title), ledger.url), (_("Send back the edited workbook"), "")]


@never_cache
def roundtrip_sent(request: HttpRequest, pk: int) -> HttpResponse:
    """What a workbook would change, old and new; then all of it is applied, or nothing."""
    sent = get_object_or_404(SentWorkbook.objects.visible_to(request.user), pk=pk)
    ledger = open_ledger(sent.ledger, request.user, sent.place)
    if request.method == "POST":
        return _decide(request, sent, ledger)
    return _show(request, sent, ledger)


def _show(request: HttpRequest, sent: SentWorkbook, ledger: Ledger, faults: list[Fault] | None = None) -> HttpResponse:
    page = Paginator(sent.lines, PER_PAGE).get_page(request.GET.get("page"))
    waiting = SentWorkbook.objects.waiting().filter(pk=sent.pk).exists()
    context = {
        "sent": sent,
        "ledger": ledger,
        "page": page,
        "lines": [_shown(ledger, Line(**line)) for line in page.object_list],
        "faults": faults or [],
        "waiting": waiting and not faults,
        "crumbs": _crumbs(ledger),
    }
    return render(request, "campaign/roundtrip/sent.html", context, status=409 if faults else 200)


def _shown(ledger: Ledger, line: Line) -> dict[str, Any]:
    """One row for the page: its name and each change in the reader's words."""
    columns = {column.key: column for column in ledger.columns}
    changes = [
        {
            "label": str(columns[name].label),
            "cell": line.places.get(name, ""),
            "before": cells.shown(columns[name], line.before.get(name, "")),
            "after": cells.shown(columns[name], form),
        }
        for name, form in line.changes.items()
        if name in columns and (line.pk or form)
    ]
    return {"name": line.name, "number": line.number, "new": not line.pk, "changes": changes}


def _decide(request: HttpRequest, sent: SentWorkbook, ledger: Ledger) -> HttpResponse:
    try:
        if "give_up" in request.POST:
            actions.give_up(by=request.user, sent=sent)
            messages.info(request, _("Nothing was changed."))
        else:
            count = actions.apply_workbook(by=request.user, sent=sent, ledger=ledger)
            text = ngettext("Applied %(count)d change.", "Applied %(count)d changes.", count)
            messages.success(request, text % {"count": count})
    except actions.WorkbookRefused as refused:
        sent.refresh_from_db()
        return _show(request, sent, ledger, refused.faults)
    except actions.AppliedBefore:
        messages.warning(request, _("This workbook was applied or given up already; nothing was changed again."))
    return redirect(ledger.url)
