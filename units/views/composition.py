"""The composition table (C-01) of what one sees, or of one subtree."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import clock
from units import queries
from units.forms.filters import CompositionFilter
from units.guards import need_somewhere
from units.models import Member, Organization
from units.roles import Right
from units.views.shared import crumbs, tabs


def composition(request: HttpRequest) -> HttpResponse:
    """Post level, schooling, retired and under sixty, with what each share is of."""
    need_somewhere(request.user, Right.VIEW_MEMBERS)
    organizations = Organization.objects.visible_to(request.user, Right.VIEW_MEMBERS)
    form = CompositionFilter(request.GET or None, organizations=organizations)
    data = form.cleaned_data if form.is_valid() else {}
    chosen, on = data.get("organization"), data.get("on") or clock.today()
    reach = queries.members_of(Member.objects.filter(organization__in=organizations), chosen)
    context = {
        "tabs": tabs("composition"),
        "form": form,
        "organization": chosen,
        "table": queries.composition(reach, on),
        "crumbs": crumbs(request.user, chosen) if chosen else [],
    }
    return render(request, "units/composition.html", context)
