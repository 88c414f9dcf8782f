"""The page of one organisation's campaign: where it stands, what to do now, what is short."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from campaign.board import board, check_lines, finding_lines, recent, to_call_over
from campaign.views.places import Place, crumbs, find_place, tabs


def branch(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page for the secretary, the superiors and the supervision group; the buttons differ."""
    return branch_page(request, find_place(request, pk))


def branch_page(
    request: HttpRequest,
    place: Place,
    heading: str = "",
    *,
    template: str = "campaign/branch/detail.html",
    extra: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Render the page; as somebody's home page under another heading, with more on top (block `before`)."""
    standing = board(place.organization, place.participation)
    context = {
        "place": place,
        "organization": place.organization,
        "participation": place.participation,
        "board": standing,
        "lines": check_lines(standing, may_record=place.may_record),
        "ours": finding_lines(standing.ours, place.organization, may_record=place.may_record),
        "encouraged": finding_lines(standing.encouraged, place.organization, may_record=place.may_record),
        "waiting": finding_lines(standing.waiting, place.organization, may_record=False),
        "met": finding_lines(standing.met, place.organization, may_record=False),
        "heading": heading or place.organization.name,
        "crumbs": crumbs(request.user, place.organization),
        "tabs": tabs(place, "branch"),
        **(extra or {}),
    }
    if place.active and place.batch is not None:
        context["recent"] = recent(place.organization, place.batch)
        context["call_over"] = to_call_over(place.organization, place.batch) if place.may_record else None
    return render(request, template, context)
