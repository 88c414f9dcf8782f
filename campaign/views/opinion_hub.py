"""The page that the menu leads to: opinions and style reviews of the user's part of the tree."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from campaign import rules
from campaign.opinion_hub import hub_of
from campaign.queries import batch_for
from campaign.shell import own_organization
from campaign.views.places import crumbs
from units import access
from units.guards import need_somewhere
from units.models import Organization
from units.roles import Right

PER_PAGE = 50


def opinions_hub(request: HttpRequest) -> HttpResponse:
    """For the office all organisations below it; for a unit its register, boxes, and the sheets it was sent."""
    need_somewhere(request.user, Right.VIEW)
    place = _mine(request)
    batch = batch_for(request.user)
    if batch is None or place is None:
        return render(request, "campaign/opinions/hub.html", {})
    hub = hub_of(request.user, batch, place)
    context = {
        "hub": hub,
        "batch": batch,
        "organization": place,
        "rule": batch.campaign.playbook.style_review,
        "may_gather": rules.can_gather(request.user, place),
        "may_hold": rules.can_hold_review(request.user, place),
        "page": Paginator(hub.lines, PER_PAGE).get_page(request.GET.get("page")),
        "crumbs": crumbs(request.user, place, _("Gathering of opinions")),
    }
    return render(request, "campaign/opinions/hub.html", context)


def _mine(request: HttpRequest) -> Organization | None:
    """Where the user records; the office and the supervisors, who record nowhere, look from their highest post."""
    recording = own_organization(request.user, Right.RECORD)
    if recording is not None:
        return recording
    seen = [post.organization for post in access.posts_of(request.user) if Right.VIEW in post.rights]
    return min(seen, key=lambda one: len(one.path), default=None)
