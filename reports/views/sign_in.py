"""Sign-in sheets as Word files: for a meeting to come, and for an activity on record."""

from __future__ import annotations

import io

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from campaign.models import Activity
from campaign.queries import taking_part
from campaign.rules import can_see_members
from campaign.views.places import crumbs
from reports import sign_in as sheets
from reports.documents.content import SignInContent
from reports.documents.word_tables import sign_in_docx
from reports.sign_in_forms import SignInForm
from units.models import Organization

PREFILLED = ("topic", "held_on", "place", "led_by", "who")


def sign_in(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """Ask what the sheet is for and make it; `?topic=`, `?held_on=`, `?place=`, `?led_by=`, `?who=` are proposals."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    if not can_see_members(request.user, organization):
        raise PermissionDenied
    participation = taking_part(organization)
    initial = {name: request.GET[name] for name in PREFILLED if request.GET.get(name)}
    form = SignInForm(request.POST or None, initial=initial, organization=organization, participation=participation)
    if form.is_bound and form.is_valid():
        who, guests = form.cleaned_data["who"], form.cleaned_data["guests"]
        try:
            sheet = sheets.sign_in_sheet(organization, participation, form.occasion, who=who, guests=guests)
            return _download(sheet, form.occasion.topic)
        except sheets.SheetTooLong as too_long:
            form.add_error("who", str(too_long))
    trail = crumbs(request.user, organization, _("Sign-in sheet"))
    context = {"form": form, "organization": organization, "crumbs": trail}
    return render(request, "reports/sign_in/new.html", context)


def activity_sign_in(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The sheet of an activity on record."""
    rows = Activity.objects.visible_to(request.user).select_related("organization").prefetch_related("invitees")
    activity = get_object_or_404(rows, pk=pk)
    if not can_see_members(request.user, activity.organization):
        raise PermissionDenied
    try:
        return _download(sheets.activity_sheet(activity), activity.title)
    except sheets.SheetTooLong as too_long:
        messages.error(request, str(too_long))
        return redirect("campaign:activity", pk)


def _download(sheet: SignInContent, topic: str) -> FileResponse:
    name = f"{sheet.title}（{topic}）.docx"
    return FileResponse(io.BytesIO(sign_in_docx(sheet)), as_attachment=True, filename=name)
