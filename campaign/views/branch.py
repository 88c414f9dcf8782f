"""The page of one organisation's campaign: where it stands, what to do now, what is short."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from campaign.board import board, recent, to_call_over
from campaign.views.places import Place, crumbs, find_place


def branch(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page for the secretary, the superiors and the supervision group; the buttons differ."""
    return branch_page(request, find_place(request, pk))


def branch_page(request: HttpRequest, place: Place, heading: str = "") -> HttpResponse:
    """Render the page under another heading where it serves as somebody's home page."""
    standing = board(place.organization, place.participation)
    context = {
        "place": place,
        "organization": place.organization,
        "participation": place.participation,
        "board": standing,
        "heading": heading or place.organization.name,
        "crumbs": crumbs(request.user, place.organization),
    }
    if place.active and place.batch is not None:
        context["recent"] = recent(place.organization, place.batch)
        context["call_over"] = to_call_over(place.organization, place.batch) if place.may_record else None
    return render(request, "campaign/branch/detail.html", context)
