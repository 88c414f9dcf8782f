"""The days of a batch, set by the office, and who launched late (A-07, E-27, E-28)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from campaign import wizard
from campaign.actions.dates import set_dates
from campaign.dated import late_launches
from campaign.forms.dates import DatesForm
from campaign.views.setup import batch_or_404

SHOWN = 200


def batch_dates(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the latest launch and the days of required actions, at any time of the batch."""
    batch = batch_or_404(request, pk)
    form = DatesForm(request.POST or None, batch=batch)
    if form.is_bound and form.is_valid():
        set_dates(by=request.user, batch=batch, launch_by=form.cleaned_data["launch_by"], due=form.due())
        messages.success(request, _("The days have been saved; who has not done it is reminded two weeks before."))
        return redirect("campaign:batch_dates", pk)
    late = late_launches(batch)
    context = {
        "batch": batch,
        "campaign": batch.campaign,
        "form": form,
        "latest_words": batch.campaign.playbook.schedule.launch_latest,
        "late": late[:SHOWN],
        "late_count": late.count(),
        "steps": wizard.steps(wizard.BATCH, batch.campaign, batch),
    }
    return render(request, "campaign/setup/dates.html", context, status=422 if form.errors else 200)
