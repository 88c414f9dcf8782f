"""The page of one organisation's campaign: where it stands, what to do now, what is short."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from campaign import ledger
from campaign.board import Board, board, check_lines, finding_lines, recent, to_call_over
from campaign.preparing import launch_of, readiness
from campaign.unit_types import type_of
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
    organization = place.organization
    standing = board(organization, place.participation)
    context: dict[str, Any] = {
        "place": place,
        "organization": organization,
        "participation": place.participation,
        "board": standing,
        "again": ledger.to_rectify_again(organization, place.batch),
        "unit_type": type_of(place.participation),
        "heading": heading or organization.name,
        "crumbs": crumbs(request.user, organization),
        "tabs": tabs(place, "branch"),
    }
    if place.active and place.batch is not None:
        context |= _lines(standing, place.may_record)
        context["recent"] = recent(organization, place.batch)
        context["call_over"] = to_call_over(organization, place.batch) if place.may_record else None
    elif place.participation is not None and standing.state == "preparing":
        context |= {"ready": readiness(place.participation), "launch": launch_of(place.participation)}
    return render(request, template, {**context, **(extra or {})})


def _lines(standing: Board, may_record: bool) -> dict[str, Any]:
    """Findings and checklist as the components take them; only what is ours leads to a form."""
    here = standing.organization
    return {
        "lines": check_lines(standing, may_record=may_record),
        "ours": finding_lines(standing.ours, here, may_record=may_record),
        "encouraged": finding_lines(standing.encouraged, here, may_record=may_record),
        "waiting": finding_lines(standing.waiting, here, may_record=False),
        "met": finding_lines(standing.met, here, may_record=False),
    }
