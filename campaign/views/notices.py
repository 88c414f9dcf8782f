"""Public notices, and the public ledger: what the masses see without signing in (decision 11, O-03)."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts import clock
from campaign import ledger, rectification
from campaign.actions import public_ledger as actions
from campaign.actions import withdraw_notice
from campaign.forms.standing_rules import PublishForm, ReasonForm
from campaign.models import PublicLedger, PublicNotice, RectificationItem
from campaign.views.activities import absent
from campaign.views.places import crumbs, find_place
from units import access

PER_PAGE = 25


def notices(request: HttpRequest, pk: int) -> HttpResponse:
    """Notices of an organisation and those below it, the running ones first."""
    place = find_place(request, pk)
    if place.batch is None:
        return absent(request, place)
    below = access.below(place.organization.path, "organization")
    rows = PublicNotice.objects.visible_to(request.user).filter(below, batch=place.batch).select_related("organization")
    context = {
        "place": place,
        "organization": place.organization,
        "running": rows.running(clock.today()).order_by("ends_on", "pk")[:100],
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "today": clock.today(),
        "crumbs": crumbs(request.user, place.organization, _("Public notices")),
    }
    return render(request, "campaign/notices/list.html", context)


def my_notices(request: HttpRequest) -> HttpResponse:
    """What is on public notice for a member: of his branch and of those above it."""
    rows = PublicNotice.objects.visible_to(request.user).running(clock.today()).select_related("organization")
    page = Paginator(rows.order_by("ends_on", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "campaign/notices/mine.html", {"page": page})


def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """What is shown, to whom, until when; who answers for it takes it down with a reason."""
    seen = PublicNotice.objects.visible_to(request.user).select_related("organization", "given_by")
    found = get_object_or_404(seen, pk=pk)
    running = found.withdrawn_at is None and not found.has_run_out(clock.today())
    may_withdraw = rectification.can_publish(request.user, found.organization)
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        if not may_withdraw:
            raise PermissionDenied
        if form.is_valid():
            withdraw_notice(by=request.user, notice=found, reason=form.cleaned_data["reason"])
            messages.success(request, _("Took the notice down."))
            return redirect("campaign:notice", pk)
    listed = (_("Public notices"), reverse("campaign:notices", args=[found.organization_id]))
    context = {
        "notice": found,
        "organization": found.organization,
        "running": running,
        "may_withdraw": running and may_withdraw,
        "form": form,
        "crumbs": crumbs(request.user, found.organization, listed, found.title),
    }
    return render(request, "campaign/notices/detail.html", context)


# ---------------------------------------------------------------- public ledger
def public_ledger(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish the ledger or take it back; its address and its code to print."""
    place = find_place(request, pk)
    if place.batch is None:
        return absent(request, place)
    if not rectification.can_publish(request.user, place.organization):
        raise PermissionDenied
    found = PublicLedger.objects.filter(batch=place.batch, organization=place.organization).first()
    initial = {"commitment": found.commitment, "contact": found.contact} if found else None
    sent = request.POST if request.method == "POST" and "take_back" not in request.POST else None
    form = PublishForm(sent, initial=initial)
    if request.method == "POST" and _publish(request, place, form, found):
        return redirect("campaign:public_ledger", pk)
    published = found is not None and found.published_at is not None
    url = request.build_absolute_uri(reverse("campaign:public_page", args=[found.token])) if published and found else ""
    context = {
        "place": place,
        "organization": place.organization,
        "form": form,
        "ledger": found,
        "url": url,
        "code": code(url) if url else "",
        "count": _public_items(place.batch, place.organization).count(),
        "crumbs": crumbs(request.user, place.organization, _("Public ledger")),
    }
    return render(request, "campaign/rectification/publish.html", context)


def _publish(request: HttpRequest, place: Any, form: PublishForm, found: PublicLedger | None) -> bool:
    if "take_back" in request.POST:
        if found is not None:
            actions.take_ledger_back(by=request.user, ledger=found)
            messages.success(request, _("Took the public ledger back: the address shows nothing now."))
        return True
    if not form.is_valid():
        return False
    actions.publish_ledger(by=request.user, batch=place.batch, organization=place.organization, **form.cleaned_data)
    messages.success(request, _("The public ledger is published."))
    return True


def _public_items(batch: Any, organization: Any) -> Any:
    rows = RectificationItem.objects.filter(batch=batch, public=True).within(organization)
    return ledger.urgent_first(rows)


def code(url: str) -> SafeString:
    """The QR code of an address as SVG with plain attributes."""
    out = BytesIO()
    segno.make(url, error="m").save(out, kind="svg", scale=4, border=2, xmldecl=False, svgns=True, omitsize=True)
    return mark_safe(out.getvalue().decode())


@login_not_required
def public_page(request: HttpRequest, token: str) -> HttpResponse:
    """The unit's public commitment: the chosen items and public notices; no names, no sign-in, no cookies needed."""
    found = get_object_or_404(PublicLedger.objects.select_related("organization", "batch__campaign"), token=token)
    if found.published_at is None:
        raise Http404
    playbook = found.batch.campaign.playbook
    url = request.build_absolute_uri()
    shown = PublicNotice.objects.filter(batch=found.batch, organization=found.organization, scope="public")
    context = {
        "ledger": found,
        "organization": found.organization,
        "items": list(_public_items(found.batch, found.organization)),
        "kinds": rectification.kinds(playbook),
        "notices": shown.running(clock.today()),
        "url": url,
        "code": code(url),
        "today": clock.today(),
    }
    return render(request, "campaign/rectification/public.html", context)
