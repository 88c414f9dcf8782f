"""The campaign plan: the snapshot that the campaign runs by, as people read it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from campaign import holidays, plan, rules
from campaign.models import Batch, Campaign
from campaign.queries import batch_for
from units import access
from units.roles import Right


def campaign_plan(request: HttpRequest) -> HttpResponse:
    """Read-only: stages, actions, thresholds, consent, reports, sanctions, routing, words, every parameter."""
    if not rules.can_see_plan(request.user):
        raise PermissionDenied
    campaign = _campaign(request)
    if campaign is None:
        may_set_up = access.has_anywhere(request.user, Right.SET_UP)
        return render(request, "campaign/plan/none.html", {"may_set_up": may_set_up})
    playbook = campaign.playbook
    batches = list(campaign.batches.prefetch_related("stages"))
    context = {
        "campaign": campaign,
        "playbook": playbook,
        "version": campaign.versions.select_related("by").first(),
        "batches": batches,
        "stages": plan.stage_rows(playbook, batches),
        "phases": plan.phases(playbook),
        "surveys": plan.surveys(playbook),
        "consent": plan.consent(playbook),
        "routing": plan.routing(playbook),
        "reports": plan.reports(playbook),
        "bulletin_due": plan.bulletin_words(playbook),
        "sanctions": plan.sanctions(playbook),
        "plans": plan.plans(playbook),
        "words": plan.document_words(playbook),
        "groups": plan.parameter_groups(playbook),
        "silent": sum(parameter.value is None for parameter in playbook.parameters),
        "provisional": holidays.provisional_sentence(_provisional(batches)),
        "may_set_up": rules.can_set_up(request.user, campaign.host),
    }
    return render(request, "campaign/plan/detail.html", context)


def _provisional(batches: list[Batch]) -> list[int]:
    """Years in which a batch runs and whose holidays nobody knows yet."""
    return holidays.provisional_years((batch.starts_on, batch.ends_on) for batch in batches if not batch.closed_on)


def _campaign(request: HttpRequest) -> Campaign | None:
    """The one asked for, else that of the user's batch, else the newest in reach. Raises Http404."""
    reach = Campaign.objects.visible_to(request.user).select_related("host")
    asked = request.GET.get("campaign", "")
    if asked.isdecimal():
        return get_object_or_404(reach, pk=int(asked[:18]))
    batch = batch_for(request.user)
    return batch.campaign if batch else reach.first()
