"""Rules of discipline to be acknowledged, and the register of gifts (S-03, S-04, S-09)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import clock
from campaign.models import Batch
from supervision import staffing
from supervision.actions import staff as actions
from supervision.forms.staff import GiftForm
from supervision.models import Gift
from supervision.queries import staff as queries
from supervision.views.doing import attempt
from supervision.views.staff_place import staff_page, tabs
from units.guards import need

PER_PAGE = 25


@staff_page
def discipline(request: HttpRequest, batch: Batch) -> HttpResponse:
    """The rules; one of the staff acknowledges them, the office sees who has not."""
    is_staff = staffing.is_staff(request.user)
    if request.method == "POST":
        need(is_staff)
        attempt(request, actions.acknowledge, _("It is on record that you have read the rules."), batch=batch)
        return redirect("supervision:discipline")
    rows = queries.acknowledgements(batch) if staffing.oversees(request.user, batch.campaign) else []
    context = {
        "batch": batch,
        "tabs": tabs(request, batch),
        "rules": batch.campaign.playbook.staffing.discipline,
        "at": queries.acknowledged_at(request.user, batch) if is_staff else None,
        "is_staff": is_staff,
        "rows": rows,
        "missing": queries.unacknowledged(rows),
    }
    return render(request, "supervision/staff/discipline.html", context)


@staff_page
def gifts(request: HttpRequest, batch: Batch) -> HttpResponse:
    """What was offered: one's own, for the office and the leading group all of it."""
    form = GiftForm(request.POST or None, initial={"offered_on": clock.today()})
    is_staff = staffing.is_staff(request.user)
    if request.method == "POST":
        if not is_staff:
            raise PermissionDenied
        if form.is_valid():
            actions.record_gift(by=request.user, campaign=batch.campaign, data=form.data_given())
            messages.success(request, _("The gift is on record, and the office is told."))
            return redirect("supervision:gifts")
    rows = Gift.objects.visible_to(request.user).filter(campaign=batch.campaign).select_related("user")
    rule = next((rule for rule in batch.campaign.playbook.staffing.discipline if rule.key == "gifts"), None)
    context = {
        "batch": batch,
        "tabs": tabs(request, batch),
        "form": form if is_staff else None,
        "rule": rule,
        "oversees": staffing.oversees(request.user, batch.campaign),
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "supervision/staff/gifts.html", context, status=422 if form.errors else 200)
