"""The census from a workbook: every faulty cell, or what would change; then all of it or nothing is kept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from campaign import census_import, census_sheets
from campaign.actions import census as actions
from campaign.forms.census import UploadForm
from campaign.models import Batch
from campaign.queries import batch_for
from units import access
from units.guards import need_somewhere
from units.roles import Right

SALT = "campaign.census.import"
HOURS = 4
SHOWN = 500


@never_cache
def census_upload(request: HttpRequest) -> HttpResponse:
    """Upload, look, keep. Between looking and keeping the changes travel signed in the page: nothing is half-saved."""
    need_somewhere(request.user, Right.VIEW)
    if not any(access.has_anywhere(request.user, right) for right in (Right.RECORD, Right.SET_UP)):
        raise PermissionDenied
    batch = batch_for(request.user)
    if batch is None:
        return render(request, "campaign/census/none.html", {})
    if "lines" in request.POST:
        return _keep(request, batch)
    form = UploadForm(request.POST or None, request.FILES or None)
    reading = _read(request, batch, form) if form.is_bound and form.is_valid() else None
    context: dict[str, Any] = {"batch": batch, "form": form, "reading": reading}
    if reading is not None and not reading.faults and reading.lines:
        context["signed"] = _sign(request, batch, reading)
        context["page"] = Paginator(reading.lines, SHOWN).get_page(1)
    failed = form.is_bound and (reading is None or bool(reading.faults))
    return render(request, "campaign/census/import.html", context, status=422 if failed else 200)


def _read(request: HttpRequest, batch: Batch, form: UploadForm) -> census_import.Reading | None:
    try:
        return census_import.compare(request.user, batch, census_sheets.read(form.cleaned_data["file"].read()))
    except ValidationError as fault:
        form.add_error("file", fault)
        return None


def _sign(request: HttpRequest, batch: Batch, reading: census_import.Reading) -> str:
    data = {"user": request.user.pk, "batch": batch.pk, "lines": [line.sent() for line in reading.lines]}
    return signing.dumps(data, salt=SALT, compress=True)


def _keep(request: HttpRequest, batch: Batch) -> HttpResponse:
    try:
        data = signing.loads(request.POST["lines"], salt=SALT, max_age=HOURS * 3600)
    except signing.BadSignature:
        raise BadRequest("lines")
    if (data["user"], data["batch"]) != (request.user.pk, batch.pk):
        raise BadRequest("lines")
    lines = [
        actions.Imported(line["subject"], line["pk"], line["version"], census_import.data_of(line))
        for line in data["lines"]
    ]
    try:
        count = actions.import_census(by=request.user, batch=batch, lines=lines)
    except actions.SheetChanged:
        text = _("Somebody else has saved one of these entries meanwhile; nothing was kept. Upload the workbook again.")
        messages.error(request, text)
        return redirect("campaign:census_import")
    text = ngettext("Saved %(count)d entry of the census.", "Saved %(count)d entries of the census.", count)
    messages.success(request, text % {"count": count})
    return redirect("campaign:census")
