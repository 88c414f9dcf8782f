"""Taking the oath by tapping names: who took it, who was kept away, who refused, in one go (G-08, P-08)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from assessments import confidential
from assessments.actions import handling as actions
from assessments.judging import oath_actions
from assessments.models import OathAbsence
from assessments.views.appraisals import members_here
from campaign import rules
from campaign.actions import ActivityChanged
from campaign.models import Activity
from campaign.views.activities import sent_version
from campaign.views.places import crumbs, find_place
from units.models import Member

TOOK, AWAY, REFUSED = "present", OathAbsence.Kind.ABSENT.value, OathAbsence.Kind.REFUSED.value
LONGEST = 300


@never_cache
def oath_call(request: HttpRequest, pk: int) -> HttpResponse:
    """The names of the branch beside a ceremony; a refusal needs its reason. Who is saved once stays as he is."""
    activity, people = _ceremony(request, pk)
    rows = _rows(activity, people)
    status = 200
    if request.method == "POST":
        for row in rows:
            _take(row, request)
        if not any(row["fault"] for row in rows) and _save(request, activity, rows):
            return redirect("assessments:oath", pk=activity.organization_id)
        status = 422
    context = {
        "activity": activity,
        "organization": activity.organization,
        "rows": rows,
        "faults": sum(bool(row["fault"]) for row in rows),
        "rule": activity.batch.campaign.playbook.handling.oath_refusal,
        "crumbs": crumbs(request.user, activity.organization, _("Oath")),
    }
    return render(request, "assessments/handling/oath_call.html", context, status=status)


def _ceremony(request: HttpRequest, pk: int) -> tuple[Activity, list[Member]]:
    """An oath of one's own branch that can still be changed, with those on the roll. Raises 404 and 403."""
    seen = Activity.objects.visible_to(request.user).select_related("organization", "batch__campaign")
    activity = get_object_or_404(seen, pk=pk)
    place = find_place(request, activity.organization_id)
    if not confidential.sees_names(request.user, activity.organization):
        raise PermissionDenied
    if activity.action not in oath_actions(activity.batch.campaign.playbook):
        raise Http404
    if not rules.can_change(request.user, activity, place.participation):
        raise PermissionDenied
    return activity, members_here(place)


def _rows(activity: Activity, people: list[Member]) -> list[dict[str, Any]]:
    """Each member as he stands: at first everybody is proposed as having taken it."""
    there = set(activity.attendances.values_list("member_id", flat=True))
    kept = {one.member_id: one for one in OathAbsence.objects.filter(batch=activity.batch, member__in=people)}
    first = not there and not kept
    found = []
    for member in people:
        absence = kept.get(member.pk)
        state = absence.kind if absence else TOOK if first or member.pk in there else AWAY
        found.append({"member": member, "state": state, "kept": absence, "reason": "", "fault": ""})
    return found


def _take(row: dict[str, Any], request: HttpRequest) -> None:
    """What was tapped; what is on record already is not taken back here, but made up by attendance."""
    pk, choices = row["member"].pk, {TOOK, AWAY, REFUSED}
    chosen = request.POST.get(f"m-{pk}", "")
    if chosen in choices and (row["kept"] is None or chosen == TOOK):
        row["state"] = chosen
    row["reason"] = request.POST.get(f"reason-{pk}", "").strip()[:LONGEST]
    own = row["member"].user_id == request.user.pk
    if row["kept"] is None and row["state"] == REFUSED:
        if own:
            row["fault"] = _("Your own refusal is recorded by somebody else of the branch committee.")
        elif not row["reason"]:
            row["fault"] = _("Write down the reason he gave.")


def _save(request: HttpRequest, activity: Activity, rows: list[dict[str, Any]]) -> bool:
    """All of it in one transaction; False if somebody else has saved the ceremony meanwhile."""
    took = [row["member"].pk for row in rows if row["state"] == TOOK]
    guests = activity.attendances.exclude(member__in=[row["member"].pk for row in rows])
    here = len(took)
    took += guests.values_list("member_id", flat=True)  # of other branches: they stay as they are
    said = [
        actions.Absence(row["member"], row["state"], row["reason"])
        for row in rows
        if row["kept"] is None and row["state"] != TOOK and row["reason"]
    ]
    try:
        cases = actions.call_oath(
            by=request.user, activity=activity, took=took, absences=said, version=sent_version(request)
        )
    except (ActivityChanged, actions.OathRecorded):
        messages.error(request, _("Somebody else has saved this ceremony meanwhile. Look at it once more."))
        return False
    text = ngettext("%(took)d member took the oath.", "%(took)d members took the oath.", here)
    messages.success(request, text % {"took": here})
    if cases:
        text = ngettext("%(n)d case of refusal is open.", "%(n)d cases of refusal are open.", len(cases))
        messages.info(request, text % {"n": len(cases)})
    return True
