"""Attendance: who was there, who made it up later, who is absent (decision 7)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from campaign import actions
from campaign.forms.activities import AttendanceForm, PeopleGroup, people_of
from campaign.models import Activity
from campaign.views.activities import activity_crumbs, changeable, expected, sent_version


def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Three states for each member; if somebody else saved meanwhile, what was chosen stays beside what is saved."""
    record, place = changeable(request, pk)
    groups = people_of(record.organization, also=_saved(record))
    form = AttendanceForm(request.POST, groups) if request.method == "POST" else None
    if form is not None:
        if not form.is_valid():
            raise BadRequest("attendance")
        if _save(request, record, form):
            return redirect("campaign:activity", record.pk)
    context = {
        "activity": record,
        "organization": record.organization,
        "place": place,
        "rows": _rows(groups, _saved(record), expected(record.organization, groups), form.sent if form else None),
        "changed": form is not None,
        "crumbs": activity_crumbs(request, record, _("Attendance")),
    }
    return render(request, "campaign/activity/attendance.html", context, status=409 if form else 200)


def _saved(record: Activity) -> dict[int, bool]:
    """Member id to whether it was made up later."""
    return dict(record.attendances.values_list("member_id", "made_up"))


def _save(request: HttpRequest, record: Activity, form: AttendanceForm) -> bool:
    """False if somebody else has saved the activity meanwhile."""
    chosen = {state: form.chosen(state) for state in form.STATES}
    try:
        actions.set_attendance(
            by=request.user,
            activity=record,
            present=chosen["present"],
            made_up=chosen["made_up"],
            version=sent_version(request),
        )
    except actions.ActivityChanged:
        record.refresh_from_db()
        return False
    text = _("Attendance saved: %(present)d present, %(made_up)d made up later, %(absent)d absent.")
    messages.success(request, text % {state: len(ids) for state, ids in chosen.items()})
    return True


def _rows(
    groups: list[PeopleGroup], saved: dict[int, bool], expected: list[int], typed: dict[str, str] | None
) -> list[dict[str, Any]]:
    """The state of each member: what was typed, else saved; at first the expected ones are proposed as present.

    `other` is what somebody else has saved meanwhile, where it differs from what was typed.
    """
    likely = set() if saved else set(expected)

    def row(member: Any) -> dict[str, Any]:
        pk = member.pk
        kept = ("made_up" if saved[pk] else "present") if pk in saved else "absent"
        if typed is None:
            return {"member": member, "state": "present" if pk in likely else kept, "other": ""}
        mine = typed.get(str(pk), kept)
        return {"member": member, "state": mine, "other": kept if kept != mine else ""}

    return [{"organization": g.organization, "members": [row(member) for member in g.members]} for g in groups]
