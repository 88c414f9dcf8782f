"""Opinion boxes: opening and closing them, the poster, and the public page that knows nothing of its visitor."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts import clock
from campaign import rules
from campaign.actions import opinions as deeds
from campaign.forms.opinions import BoxForm, PublicForm
from campaign.models import Opinion, OpinionBox
from campaign.views.activities import absent
from campaign.views.opinions import frame
from campaign.views.places import crumbs, find_place

A_MINUTE, A_DAY = 20, 1000  # opinions that one box takes, whoever they come from
ANSWERS = 10


def boxes(request: HttpRequest, pk: int) -> HttpResponse:
    """The boxes of an organisation, and a form that opens one."""
    place = find_place(request, pk)
    if place.batch is None:
        return absent(request, place)
    sent = request.POST if request.method == "POST" else None
    form = BoxForm(sent, organization=place.organization, batch=place.batch)
    if form.is_bound:
        if not rules.can_gather(request.user, place.organization):
            raise PermissionDenied
        if form.is_valid():
            data = form.cleaned_data
            about = deeds.About(concerned=data["concerned"], target=data["target"])
            given = {"batch": place.batch, "organization": place.organization, "about": about}
            box = deeds.open_box(by=request.user, title=data["title"], until=data["until"], **given)
            messages.success(request, _("Opened the box “%(title)s”. Print its poster.") % {"title": box.title})
            return redirect("campaign:box_poster", box.pk)
    rows = OpinionBox.objects.visible_to(request.user).filter(organization=place.organization, batch=place.batch)
    context = frame(request, place, "boxes") | {"form": form, "boxes": rows.select_related("concerned")}
    return render(request, "campaign/opinions/boxes.html", context, status=422 if form.errors else 200)


@require_POST
def box_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a box before its day."""
    box = get_object_or_404(OpinionBox.objects.visible_to(request.user).select_related("organization"), pk=pk)
    if not rules.can_gather(request.user, box.organization):
        raise PermissionDenied
    deeds.close_box(by=request.user, box=box)
    messages.success(request, _("Closed the box “%(title)s”.") % {"title": box.title})
    return redirect("campaign:boxes", box.organization_id)


def box_poster(request: HttpRequest, pk: int) -> HttpResponse:
    """A page to print and hang up: title, address, QR code."""
    box = get_object_or_404(OpinionBox.objects.visible_to(request.user).select_related("organization"), pk=pk)
    address = request.build_absolute_uri(reverse("campaign:box", args=[box.token]))
    context = {
        "box": box,
        "organization": box.organization,
        "address": address,
        "code": segno.make(address, error="m").svg_data_uri(scale=8, border=2),
        "crumbs": crumbs(
            request.user,
            box.organization,
            (_("Opinion boxes"), reverse("campaign:boxes", args=[box.organization_id])),
            box.title,
        ),
    }
    return render(request, "campaign/opinions/poster.html", context)


# ---------------------------------------------------------------- without signing in
@login_not_required
@csrf_exempt  # nobody is signed in here, so there is nobody whose rights could be borrowed; the token would be a cookie
@never_cache
def box(request: HttpRequest, token: str) -> HttpResponse:
    """The public page of a box. Sets no cookie, asks for no session, logs nothing (campaign.quiet)."""
    found = get_object_or_404(OpinionBox.objects.select_related("concerned", "organization"), token=token)
    language = "en" if (request.GET.get("lang") or request.POST.get("lang")) == "en" else "zh-hans"
    with translation.override(language):
        response = _public(request, found, language)
    response["Content-Language"] = language
    response["Referrer-Policy"] = "no-referrer"
    return response


def _public(request: HttpRequest, found: OpinionBox, language: str) -> HttpResponse:
    form = PublicForm(request.POST if request.method == "POST" else None)
    taken, status = False, 200
    if found.is_open and form.is_bound:
        taken, status = _take(found, form)
    answers = Opinion.objects.filter(concerned=found.concerned, batch=found.batch_id, answer_public=True)
    context: dict[str, Any] = {
        "box": found,
        "form": form,
        "taken": taken,
        "language": language,
        "answers": answers.filter(state=Opinion.State.ANSWERED).order_by("-answered_on", "-pk")[:ANSWERS],
    }
    return render(request, "campaign/opinions/public.html", context, status=status)


def _take(found: OpinionBox, form: PublicForm) -> tuple[bool, int]:
    """(was it taken, status). What a program has filled in is thanked for and thrown away."""
    if not form.is_valid():
        return False, 422
    data = form.cleaned_data
    if data["website"]:
        return True, 200
    if _too_many(found):
        form.add_error(None, _("Many are writing at this moment. Your text is still here; send it again in a minute."))
        return False, 429
    try:
        deeds.receive(box=found, text=data["text"], source=data["source"] or Opinion.Source.UNKNOWN)
    except deeds.BoxClosed:
        form.add_error(None, _("The box has just been closed; your opinion was not taken."))
        return False, 410
    return True, 200


def _too_many(found: OpinionBox) -> bool:
    """Counts what the box takes, in memory only, and of nobody in particular."""
    now = clock.now()
    for moment, most, seconds in ((f"{now:%Y%m%d%H%M}", A_MINUTE, 60), (f"{now:%Y%m%d}", A_DAY, 86_400)):
        key = f"opinion-box-{found.pk}-{moment}"
        cache.add(key, 0, seconds)
        try:
            if cache.incr(key) > most:
                return True
        except ValueError:  # it ran out between the two calls: a new minute, a new count
            cache.set(key, 1, seconds)
    return False
