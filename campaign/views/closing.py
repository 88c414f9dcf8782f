"""Closing a batch: what is still open, and the office's word that ends the consolidation (decision 12)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign import actions, rules
from campaign.admissions import admitted
from campaign.models import Batch, Participation

SHOWN = 50


def batch_close(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: who has not closed yet; POST: close the batch."""
    rows = Batch.objects.visible_to(request.user).select_related("campaign__host")
    batch = get_object_or_404(rows, pk=pk)
    if not rules.can_set_up(request.user, batch.campaign.host):
        raise PermissionDenied
    if request.method == "POST":
        try:
            actions.close_batch(by=request.user, batch=batch)
            messages.success(request, _("The batch is closed. What was recorded can still be read."))
            return redirect("campaign:participations")
        except actions.UnitsOpen as refusal:
            text = ngettext("%(count)d unit has not closed yet.", "%(count)d units have not closed yet.", refusal.count)
            messages.error(request, text % {"count": refusal.count})
            return redirect("campaign:batch_close", pk=pk)
    left = batch.participations.exclude(state=Participation.State.CLOSED).select_related("organization", "work_unit")
    joined = admitted(batch)
    context = {"admitted": sum(joined.values()), "admitting": len(joined), "batch": batch}
    context |= {"left": left.order_by("organization__path")[:SHOWN], "left_count": left.count()}
    return render(request, "campaign/participation/close.html", context)
