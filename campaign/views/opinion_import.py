"""Opinions from a workbook: the template, the preview with every faulty cell, keeping them all or none."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core import signing
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts import clock
from campaign import opinion_sheet
from campaign.actions import opinions as deeds
from campaign.forms.opinions import ImportForm
from campaign.models import Batch
from campaign.views.activities import absent
from campaign.views.opinions import frame, need_gather, say_entered
from campaign.views.places import Place
from units.models import Member, Organization
from units.roles import Right

SALT = "campaign.opinions.import"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HOURS = 4


@never_cache
def opinions_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Upload, look, keep. Between looking and keeping the lines travel signed in the page: nothing is half-saved."""
    place = need_gather(request, pk)
    if place.batch is None:
        return absent(request, place)
    if "lines" in request.POST:
        return _keep(request, place, place.batch)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ImportForm(*sent, user=request.user, organization=place.organization, batch=place.batch)
    reading = _read(form) if form.is_bound and form.is_valid() else None
    context: dict[str, Any] = frame(request, place, "opinions", _("Import opinions")) | {"form": form}
    if reading is not None:
        context |= {"reading": reading, "labels": opinion_sheet.labels(), "about": form.cleaned_data["about"]}
        if not reading.faults:
            context["signed"] = _sign(request, place, form, reading)
    failed = form.is_bound and (reading is None or bool(reading.faults))
    return render(request, "campaign/opinions/import.html", context, status=422 if failed else 200)


def _read(form: ImportForm) -> opinion_sheet.Reading | None:
    try:
        return opinion_sheet.read(form.cleaned_data["file"].read(), today=clock.today())
    except ValidationError as fault:
        form.add_error("file", fault)
        return None


def _sign(request: HttpRequest, place: Place, form: ImportForm, reading: opinion_sheet.Reading) -> str:
    about = form.cleaned_data["about"]
    data = {
        "user": request.user.pk,
        "organization": place.organization.pk,
        "about": [about.concerned.pk, about.target, about.member.pk if about.member else None],
        "lines": [line.data() for line in reading.lines],
    }
    return signing.dumps(data, salt=SALT, compress=True)


def _keep(request: HttpRequest, place: Place, batch: Batch) -> HttpResponse:
    try:
        data = signing.loads(request.POST["lines"], salt=SALT, max_age=HOURS * 3600)
    except signing.BadSignature:
        raise BadRequest("lines")
    if (data["user"], data["organization"]) != (request.user.pk, place.organization.pk):
        raise BadRequest("lines")
    concerned, target, member = data["about"]
    about = deeds.About(
        concerned=Organization.objects.get(pk=concerned),
        target=target,
        member=Member.objects.visible_to(request.user, Right.PAPERS).get(pk=member) if member else None,
    )
    lines = [opinion_sheet.Line(**line) for line in data["lines"]]
    deeds.gather_lines(
        by=request.user, batch=batch, organization=place.organization, about=about, lines=_occasions(lines)
    )
    say_entered(request, len(lines))
    return redirect("campaign:opinions", place.organization.pk)


def _occasions(lines: list[opinion_sheet.Line]) -> dict[tuple[str, str, dt.date], list[deeds.Said]]:
    found: dict[tuple[str, str, dt.date], list[deeds.Said]] = {}
    for line in lines:
        key = (line.channel, line.source, dt.date.fromisoformat(line.received_on))
        found.setdefault(key, []).append(deeds.Said(text=line.text, voices=line.voices, category=line.category))
    return found


def opinions_template(request: HttpRequest, pk: int) -> HttpResponse:
    """An empty workbook to fill in."""
    need_gather(request, pk)
    response = HttpResponse(opinion_sheet.template(), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="opinions.xlsx"'
    return response
