"""Attendance: who was there, who made it up later, who is absent (decision 7); by tapping, by list, by Excel."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from accounts import clock
from campaign import actions, sheets
from campaign.attendance_sheets import attendance_sheet, read_attendance
from campaign.forms.activities import AttendanceForm, PeopleGroup, people_of
from campaign.models import Activity
from campaign.views.activities import activity_crumbs, changeable, expected, sent_version

Saved = dict[int, tuple[bool, dt.date | None]]


def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Three states for each member; if somebody else saved meanwhile, what was chosen stays beside what is saved."""
    record, place = changeable(request, pk)
    groups = people_of(record.organization, also=_saved(record))
    form = AttendanceForm(request.POST, groups, record.held_on) if request.method == "POST" else None
    if form is not None:
        if not form.is_valid():
            raise BadRequest("attendance")
        if _save(request, record, form):
            return redirect("campaign:activity", record.pk)
        typed = _with_days(form.sent, form.days)
        return _page(
            request,
            record,
            place,
            groups,
            typed=typed,
            changed=not form.faults,
            day_faults=form.faults,
            status=422 if form.faults else 409,
        )
    last = last_list(record) if request.GET.get("copy") else None
    if last is not None:
        there = set(last.attendances.values_list("member_id", flat=True))
        states = {str(m.pk): "present" if m.pk in there else "absent" for g in groups for m in g.members}
        return _page(request, record, place, groups, typed=_with_days(states, {}), taken_from=last)
    return _page(request, record, place, groups)


def _page(
    request: HttpRequest,
    record: Activity,
    place: Any,
    groups: list[PeopleGroup],
    *,
    typed: dict[str, tuple[str, str]] | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    rows = _rows(groups, _saved(record), expected(record.organization, groups), typed, compare=more.get("changed"))
    context = {
        "activity": record,
        "organization": record.organization,
        "place": place,
        "rows": rows,
        "last": last_list(record),
        "today": clock.today().isoformat(),
        "crumbs": activity_crumbs(request, record, _("Attendance")),
        **more,
    }
    return render(request, "campaign/activity/attendance.html", context, status=status)


def last_list(record: Activity) -> Activity | None:
    """The organisation's last activity before this one whose attendance was taken: its list can be taken over."""
    earlier = Activity.objects.filter(
        organization=record.organization, batch=record.batch_id, held_on__lte=record.held_on, attendances__isnull=False
    )
    return earlier.exclude(pk=record.pk).order_by("-held_on", "-pk").first()


def attendance_workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the roll as a workbook. POST: read it filled in; what it says stands on the page to be saved."""
    record, place = changeable(request, pk)
    saved = _saved(record)
    groups = people_of(record.organization, also=saved)
    if request.method != "POST":
        likely = {} if saved else dict.fromkeys(expected(record.organization, groups), "present")
        states = likely | {pk: "made_up" if late else "present" for pk, (late, _on) in saved.items()}
        content = attendance_sheet(record, groups, states, {pk: on for pk, (_late, on) in saved.items()})
        response = HttpResponse(content, content_type=sheets.CONTENT_TYPE)
        name = _("%(title)s attendance.xlsx") % {"title": record.title}
        response.headers["Content-Disposition"] = str(content_disposition_header(True, name))
        return response
    file = request.FILES.get("file")
    if file is None:
        return _page(request, record, place, groups, unreadable=_("Choose the workbook first."), status=422)
    try:
        states_read, days, read = read_attendance(file, record, groups)
    except sheets.SheetUnreadable as error:
        return _page(request, record, place, groups, unreadable=str(error), status=422)
    if read.faults:
        return _page(request, record, place, groups, faults=read.faults, status=422)
    return _page(request, record, place, groups, typed=_with_days(states_read, days), from_sheet=len(states_read))


def _with_days(states: dict[str, str], days: dict[str, str]) -> dict[str, tuple[str, str]]:
    return {pk: (state, days.get(pk, "")) for pk, state in states.items()}


def _saved(record: Activity) -> Saved:
    """Member id to whether it was made up later, and when."""
    rows = record.attendances.values_list("member_id", "made_up", "made_up_on")
    return {pk: (late, on) for pk, late, on in rows}


def _save(request: HttpRequest, record: Activity, form: AttendanceForm) -> bool:
    """False if a day cannot be, or somebody else has saved the activity meanwhile."""
    chosen = {state: form.chosen(state) for state in form.STATES}
    days = form.made_up_on()
    if form.faults:
        return False
    try:
        actions.set_attendance(
            by=request.user,
            activity=record,
            present=chosen["present"],
            made_up=chosen["made_up"],
            made_up_on=days,
            version=sent_version(request),
        )
    except actions.ActivityChanged:
        record.refresh_from_db()
        return False
    text = _("Attendance saved: %(present)d present, %(made_up)d made up later, %(absent)d absent.")
    messages.success(request, text % {state: len(ids) for state, ids in chosen.items()})
    return True


def _rows(
    groups: list[PeopleGroup],
    saved: Saved,
    expected: list[int],
    typed: dict[str, tuple[str, str]] | None,
    compare: Any = False,
) -> list[dict[str, Any]]:
    """The state of each member: what was typed, else saved; at first the expected ones are proposed as present.

    `other` is what somebody else has saved meanwhile, where it differs from what was typed.
    """
    likely = set() if saved else set(expected)

    def row(member: Any) -> dict[str, Any]:
        pk = member.pk
        late, on = saved.get(pk, (False, None))
        kept = ("made_up" if late else "present") if pk in saved else "absent"
        kept_on = on.isoformat() if on else ""
        if typed is None:
            return {"member": member, "state": "present" if pk in likely else kept, "on": kept_on, "other": ""}
        mine, mine_on = typed.get(str(pk), (kept, kept_on))
        other = kept if compare and kept != mine else ""
        return {"member": member, "state": mine, "on": mine_on, "other": other}

    return [{"organization": g.organization, "members": [row(member) for member in g.members]} for g in groups]
