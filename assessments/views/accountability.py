"""The register of cadres held to account (O-11): names for who keeps it, above it how many (decision 20)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from assessments import confidential
from assessments.actions import accountability as actions
from assessments.forms.accountability import AccountabilityForm, RemovalForm
from assessments.models import Accountability
from assessments.views.places import place_for_counts
from campaign.queries import taking_part
from campaign.rules import can_consolidate
from campaign.views.activities import absent
from campaign.views.places import Place, crumbs
from units import access
from units.models import Organization

PER_PAGE = 50
SEALED = ("cause", "result")


def _may_keep(request: HttpRequest, organization: Organization) -> bool:
    keeps = confidential.keeps_papers(request.user, organization)
    return keeps and can_consolidate(request.user, organization, taking_part(organization))


def _way(request: HttpRequest, organization: Organization, *tail: str) -> list[tuple[str, str]]:
    ledger = (_("Rectification ledger"), reverse("campaign:rectification", args=[organization.pk]))
    listed = (_("Held to account"), reverse("assessments:accountabilities", args=[organization.pk]))
    return crumbs(request.user, organization, ledger, listed, *tail)


@never_cache
def accountabilities(request: HttpRequest, pk: int) -> HttpResponse:
    """The entries of one's own organisation by name, of those below it how many."""
    place = place_for_counts(request, pk)
    if place.batch is None:
        return absent(request, place)
    keeps = confidential.keeps_papers(request.user, place.organization)
    own = Accountability.objects.filter(batch=place.batch, organization=place.organization).defer(*SEALED)
    page = Paginator(own.select_related("member"), PER_PAGE).get_page(request.GET.get("page")) if keeps else None
    context = {
        "place": place,
        "organization": place.organization,
        "keeps": keeps,
        "page": page,
        "below": _below(place, with_own=not keeps),
        "may_enter": _may_keep(request, place.organization),
        "crumbs": _way(request, place.organization),
    }
    return render(request, "assessments/accountability/list.html", context)


def _below(place: Place, *, with_own: bool) -> list[dict[str, Any]]:
    """How many each organisation has entered; one's own stand by name."""
    inside = access.below(place.organization.path, "organization")
    rows = Accountability.objects.filter(inside, batch=place.batch)
    if not with_own:
        rows = rows.exclude(organization=place.organization)
    named = rows.order_by("organization__path").values("organization__name").annotate(count=Count("pk"))
    return [{"name": row["organization__name"], "count": row["count"]} for row in named]


@never_cache
def accountability_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter somebody."""
    place = place_for_counts(request, pk)
    if not _may_keep(request, place.organization) or place.batch is None:
        raise PermissionDenied
    form = AccountabilityForm(request.POST or None, organization=place.organization, batch=place.batch)
    if form.is_bound and form.is_valid():
        given = {"batch": place.batch, "organization": place.organization}
        actions.enter_accountability(by=request.user, entry=form.entry(), **given)
        messages.success(request, _("Entered into the register."))
        return redirect("assessments:accountabilities", pk)
    trail = _way(request, place.organization, _("Enter a cadre"))
    context = {"organization": place.organization, "form": form, "crumbs": trail}
    return render(request, "assessments/accountability/new.html", context)


@never_cache
def accountability(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry; every reading is kept. POST puts it right, or removes it with a reason."""
    rows = Accountability.objects.visible_to(request.user).select_related("member", "organization", "batch__campaign")
    row = get_object_or_404(rows, pk=pk)
    if not confidential.keeps_papers(request.user, row.organization):
        raise PermissionDenied
    may = _may_keep(request, row.organization)
    if request.method == "POST" and not may:
        raise PermissionDenied
    if "remove" in request.POST:
        return _remove(request, row)
    said = {"member": str(row), **{name: getattr(row, name) for name in ("duty", "cause", "result", "decided_on")}}
    form = AccountabilityForm(request.POST or None, initial=said, organization=row.organization, batch=row.batch)
    if form.is_bound and form.is_valid() and _changed(request, row, form):
        return redirect("assessments:accountabilities", row.organization_id)
    if not form.is_bound:
        actions.note_reading(by=request.user, row=row)
    context = {"row": row, "form": form if may else None, "organization": row.organization}
    context |= {"removal": RemovalForm(), "crumbs": _way(request, row.organization, str(row))}
    return render(request, "assessments/accountability/detail.html", context)


def _changed(request: HttpRequest, row: Accountability, form: AccountabilityForm) -> bool:
    raw = request.POST.get("version", "")
    if not raw.isdecimal() or len(raw) > 9:
        raise BadRequest("version")
    try:
        actions.change_accountability(by=request.user, row=row, version=int(raw), entry=form.entry())
    except actions.EntryChanged:
        form.add_error(None, _("Somebody else has changed this entry meanwhile. Open it again and compare."))
        return False
    messages.success(request, _("The entry has been changed."))
    return True


def _remove(request: HttpRequest, row: Accountability) -> HttpResponse:
    form = RemovalForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the entry is removed."))
        return redirect("assessments:accountability", row.pk)
    organization = row.organization_id
    actions.remove_accountability(by=request.user, row=row, reason=form.cleaned_data["reason"])
    messages.success(request, _("Removed the entry; the history keeps the reason."))
    return redirect("assessments:accountabilities", organization)
