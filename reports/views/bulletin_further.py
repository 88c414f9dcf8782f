"""Issues beside the weekly one: a supplement or special issue is drafted, an issued one is corrected by a further."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaign.queries import batch_for
from reports import bulletin_rules as rules
from reports.actions import bulletin_further as actions
from reports.bulletin_forms import FurtherForm
from reports.models import Bulletin
from reports.views.bulletins import last_weeks


@require_POST
def bulletin_further(request: HttpRequest) -> HttpResponse:
    """Draft a supplement or a special issue."""
    batch = batch_for(request.user)
    if batch is None:
        raise Http404
    if not rules.can_draft(request.user, batch):
        raise PermissionDenied
    form = FurtherForm(request.POST, free=last_weeks(batch), begun=batch.starts_on)
    if not form.is_valid():
        messages.error(request, _("This issue cannot be drafted: choose its kind and a week of the list."))
        return redirect("reports:bulletins")
    week = dt.date.fromisoformat(form.cleaned_data["week"])
    kind = form.cleaned_data["kind"]
    drafted = actions.draft_further(by=request.user, batch=batch, week=week, kind=kind)
    return redirect("reports:bulletin_edit", pk=drafted.pk)


@require_POST
def bulletin_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft the issue that corrects an issued one; what was issued stays as it is."""
    rows = Bulletin.objects.visible_to(request.user).select_related("campaign__host", "batch__campaign")
    found = get_object_or_404(rows, pk=pk)
    if not rules.can_correct(request.user, found):
        raise PermissionDenied
    draft = actions.correct(by=request.user, bulletin=found)
    messages.success(request, _("A correction is drafted. Choose what was printed wrongly and put it right here."))
    return redirect("reports:bulletin_edit", pk=draft.pk)
