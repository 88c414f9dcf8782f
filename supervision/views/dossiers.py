"""The dossier of one organisation: its whole history on one page, and the same to be printed."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from campaign import dossier as registry
from campaign.models import Participation
from supervision.forms.dossiers import DossierFilter
from supervision.queries import dossiers
from supervision.views.place import crumbs
from units import access
from units.models import Organization
from units.roles import Right

PER_PAGE = 80


def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that happened, page by page; with ?print=1 all of it, the oldest first and every fold open."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    subject, choices = dossiers.subject_of(organization, request.user, request.GET.get("batch", ""))
    here: dict[str, Any] = {"organization": organization, "crumbs": crumbs(organization, (_("Dossier"), ""))}
    if subject is None:
        return render(request, "supervision/dossier/none.html", here)
    form = DossierFilter(request.GET, subject=subject)
    everything, progress = registry.events(subject), list(subject.participation.progress.all())
    wanted, printed = form.wanted, "print" in request.GET
    kept = [event for event in everything if wanted.keeps(event, progress)]
    if printed or form.oldest_first:
        kept.reverse()
    page = Paginator(kept, max(1, len(kept)) if printed else PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **here,
        "subject": subject,
        "participation": subject.participation,
        "choices": choices if len(choices) > 1 else [],
        "form": form,
        "page": page,
        "rows": dossiers.told(page.object_list, subject),
        "picture": dossiers.picture(subject, everything),
        "summary": dossiers.summary(subject, everything),
        "now": clock.now(),
        "printed": printed,
        "query": dossiers.query_of(request.GET),
    }
    return render(request, "supervision/dossier/detail.html", context)


def unit_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """The dossier of a unit, for a list that knows the participation alone."""
    seen = Participation.objects.filter(access.scope(request.user, Right.VIEW, "organization"))
    unit = get_object_or_404(seen, pk=pk)
    return redirect(f"{reverse('supervision:dossier', args=[unit.organization_id])}?batch={unit.batch_id}")
