"""Bulk work for an organisation with many branches: an activity for each of them, marks over several (A-18)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from campaign import actions
from campaign.evidence import Evidence
from campaign.forms.stage1 import DayForm
from campaign.models import Activity
from campaign.queries import governed
from campaign.steps import concerned
from campaign.views.activities import absent, activity_crumbs, changeable
from campaign.views.marks import member_actions
from campaign.views.places import Place, crumbs, find_place
from units.models import Member, Organization


def activity_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose branches; each gets its own record, with its whole roll or with attendance to be taken later."""
    record, place = changeable(request, pk)
    branches = _branches_below(record, place)
    copies = list(Activity.objects.filter(copied_from=record).select_related("organization"))
    has = {copy.organization_id for copy in copies}
    free = [branch for branch in branches if branch.pk not in has]
    chosen = {raw for raw in request.POST.getlist("branches") if raw.isdecimal()}
    if request.method == "POST":
        wanted = [branch for branch in free if str(branch.pk) in chosen]
        if not wanted:
            messages.error(request, _("Tick at least one branch."))
        elif _copy(request, record, wanted):
            return redirect("campaign:activity_copy", pk)
    context = {
        "activity": record,
        "organization": record.organization,
        "branches": free,
        "copies": copies,
        "untouched": sum(copy.version == 1 for copy in copies),
        "chosen": chosen if request.method == "POST" else {str(branch.pk) for branch in free},
        "crumbs": activity_crumbs(request, record, _("Record it for branches")),
    }
    return render(request, "campaign/activity/copy.html", context)


def _branches_below(record: Activity, place: Place) -> list[Organization]:
    """Branches under the organisation that go with the same participation, so that the stage is theirs too."""
    if place.participation is None:
        return []
    below = Organization.objects.active().branches().within(record.organization)
    return list(below.filter(governed(place.participation, "")).exclude(pk=record.organization_id).order_by("path"))


def _copy(request: HttpRequest, record: Activity, wanted: list[Organization]) -> bool:
    present: dict[int, list[int]] = {}
    if request.POST.get("who") == "roll":
        there = Member.objects.on_roll().filter(organization__in=wanted, lost_contact=False)
        for pk, branch in there.values_list("pk", "organization_id"):
            present.setdefault(branch, []).append(pk)
    try:
        made = actions.copy_activity(by=request.user, activity=record, branches=wanted, present=present)
    except actions.CopiedMeanwhile:
        messages.error(request, _("Somebody has recorded it for one of these branches meanwhile. Look again."))
        return False
    text = ngettext("Recorded for %(count)d branch.", "Recorded for %(count)d branches.", len(made))
    messages.success(request, text % {"count": len(made)})
    return True


@require_POST
def activity_copies_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the copies that no branch has changed since."""
    record, _place = changeable(request, pk)
    count = actions.take_back_copies(by=request.user, activity=record)
    text = ngettext("Took back the record of %(count)d branch.", "Took back the records of %(count)d branches.", count)
    messages.success(request, text % {"count": count})
    return redirect("campaign:activity_copy", pk)


def marks_bulk(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark whoever is missing in several branches at once, for one action of the members."""
    place = find_place(request, pk)
    if place.participation is None or not place.active or place.batch is None:
        return absent(request, place)
    if not place.may_record:
        raise PermissionDenied
    evidence = Evidence(place.participation, place.participation.current(), place.organization)
    listed = [action for action in member_actions(evidence) if action.evidence == "member_mark"]
    wanted = request.GET.get("action", "")
    action = next((a for a in listed if a.key == wanted), listed[0] if listed else None)
    rows = _missing(evidence, action) if action else []
    form = DayForm(request.POST if request.method == "POST" else None, batch=place.batch)
    chosen = set(request.POST.getlist("branches"))
    if request.method == "POST" and action is not None and form.is_valid():
        short = [pk for row in rows if str(row["organization"].pk) in chosen for pk in row["short"]]
        if not short:
            messages.error(request, _("Tick at least one branch in which somebody is missing."))
        else:
            return _mark(request, place, action, short, form.cleaned_data["done_on"])
    context = {
        "organization": place.organization,
        "listed": listed,
        "action": action,
        "rows": rows,
        "form": form,
        "chosen": chosen,
        "crumbs": crumbs(request.user, place.organization, _("Mark several branches")),
    }
    return render(request, "campaign/marks/bulk.html", context)


def _missing(evidence: Evidence, action: Any) -> list[dict[str, Any]]:
    times = evidence.times(action.key)
    tool = evidence.counted(action).members
    rows: dict[int, dict[str, Any]] = {}
    places = {branch.pk: branch for branch in evidence.organizations}
    for member in concerned(action, evidence):
        organization = places.get(member.organization_id)
        if organization is None:
            continue
        row = rows.setdefault(organization.pk, {"organization": organization, "need": 0, "short": []})
        row["need"] += 1
        if times.get(member.id, 0) < action.count and member.id not in tool:
            row["short"].append(member.id)
    return list(rows.values())


def _mark(request: HttpRequest, place: Place, action: Any, short: list[int], on: Any) -> HttpResponse:
    count = actions.mark_members(
        by=request.user,
        batch=place.batch,
        organization=place.organization,
        action=action.key,
        members=Member.objects.filter(pk__in=short),
        done_on=on,
        again=action.count > 1,
    )
    text = ngettext("Marked %(count)d member: %(action)s.", "Marked %(count)d members: %(action)s.", count)
    messages.success(request, text % {"count": count, "action": str(action.name)})
    return redirect(f"{reverse('campaign:marks_bulk', args=[place.organization.pk])}?action={action.key}")
