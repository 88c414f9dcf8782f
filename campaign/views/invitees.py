"""Who was invited to a meeting from outside: the list by name (F-22)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.actions import ActivityChanged
from campaign.actions.invitees import list_invitees
from campaign.forms.invitees import GuestFormSet
from campaign.models import Activity
from campaign.views.activities import activity_crumbs, changeable, sent_version


def invitees(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole list at once; what was typed stays if somebody else has saved the record meanwhile."""
    record, _place = changeable(request, pk)
    kept = list(record.invitees.values("name", "stands_for", "came"))
    forms = GuestFormSet(request.POST or None, initial=kept)
    status = 200
    if request.method == "POST":
        if forms.is_valid() and _save(request, record, forms):
            return redirect("campaign:activity", pk)
        status = 422
    context = {
        "activity": record,
        "organization": record.organization,
        "forms": forms,
        "sides": _sides(record),
        "crumbs": activity_crumbs(request, record, _("Invited from outside")),
    }
    return render(request, "campaign/activity/invitees.html", context, status=status)


def _sides(record: Activity) -> list[str]:
    """Whom people stand for: the groups that the playbook's surveys ask, as suggestions."""
    groups = (group for one in record.batch.campaign.playbook.instruments for group in one.groups)
    return list(dict.fromkeys(str(group.name) for group in groups))


def _save(request: HttpRequest, record: Activity, forms: GuestFormSet) -> bool:
    guests = forms.guests()
    try:
        list_invitees(by=request.user, activity=record, guests=guests, version=sent_version(request))
    except ActivityChanged:
        record.refresh_from_db()
        messages.error(request, _("Somebody else has saved this record meanwhile. Save again to keep what you typed."))
        return False
    text = ngettext("Saved: %(n)d person invited.", "Saved: %(n)d people invited.", len(guests))
    messages.success(request, text % {"n": len(guests)})
    return True
