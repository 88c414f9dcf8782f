"""Activities: the list, one of them, recording, changing, attendance, files."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts import clock
from campaign import actions, rules, study, uploads
from campaign.board import with_attendance
from campaign.forms.activities import (
    ActivityFilter,
    ActivityForm,
    AttendanceForm,
    DeleteForm,
    PeopleGroup,
    differences,
    initial_of,
    people_of,
)
from campaign.models import Activity, ActivityFile
from campaign.queries import taking_part
from campaign.views.places import Place, crumbs, find_place, tabs
from units.models import Organization

PER_PAGE = 25
SORTS = {"held_on", "-held_on", "title", "-title", "hours", "-hours", "present_count", "-present_count"}


def activities(request: HttpRequest, pk: int) -> HttpResponse:
    """What an organisation and those below it have recorded."""
    place = find_place(request, pk)
    if place.batch is None:
        return absent(request, place)
    form = ActivityFilter(request.GET, organization=place.organization, batch=place.batch)
    rows = Activity.objects.visible_to(request.user).within(place.organization).filter(batch=place.batch)
    sort = request.GET.get("sort", "")
    order = sort if sort in SORTS else "-held_on"
    rows = with_attendance(form.narrow(rows)).select_related("organization").order_by(order, "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "place": place,
        "organization": place.organization,
        "form": form,
        "page": page,
        "names": _action_names(place),
        "study": place.batch.campaign.playbook.study,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "action": request.GET.get("action", ""),
        "crumbs": crumbs(request.user, place.organization, _("Activities and study")),
        "tabs": tabs(place, "activities"),
        "default_sort": "-held_on",
    }
    return render(request, "campaign/activity/list.html", context)


def absent(request: HttpRequest, place: Place) -> HttpResponse:
    """For pages that need a participation: say why there is none, and what comes next."""
    context = {
        "place": place,
        "organization": place.organization,
        "participation": place.participation,
        "crumbs": crumbs(request.user, place.organization),
    }
    return render(request, "campaign/branch/absent.html", context)


def _action_names(place: Place) -> dict[str, str]:
    playbook = place.batch.campaign.playbook if place.batch else None
    return {action.key: str(action.name) for action in playbook.actions} if playbook else {}


# ---------------------------------------------------------------- recording
def activity_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record an activity with those present: the secretary's most frequent deed."""
    place = find_place(request, pk)
    if not place.active:
        return absent(request, place)
    if not place.may_record:
        raise PermissionDenied
    groups = people_of(place.organization)
    initial = {
        "action": request.GET.get("action", ""),
        "held_on": clock.today(),
        "present": _expected(place.organization, groups),
    }
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ActivityForm(*sent, initial=initial, organization=place.organization, participation=place.participation)
    if form.is_bound and form.is_valid():
        activity = actions.record_activity(
            by=request.user,
            organization=place.organization,
            batch=place.batch,
            stage=rules.phase_of(place.participation),
            data=form.record(),
            present=form.cleaned_data["present"],
            files=form.cleaned_data["files"],
        )
        _say_recorded(request, activity, len(form.cleaned_data["present"]))
        return redirect("campaign:activity", activity.pk)
    return render(request, "campaign/activity/new.html", _form_context(request, place, form, groups))


def _expected(organization: Organization, groups: list[PeopleGroup]) -> list[int]:
    """In a branch everybody is expected, so that one taps the absent; higher up those present are chosen."""
    if not organization.is_branch:
        return []
    return [member.pk for group in groups for member in group.members if not member.lost_contact]


def _form_context(
    request: HttpRequest, place: Place, form: ActivityForm, groups: list[PeopleGroup] | None = None
) -> dict[str, Any]:
    chosen = form["present"].value() if groups is not None else ()
    return {
        "place": place,
        "organization": place.organization,
        "form": form,
        "groups": groups,
        "present": {str(value) for value in chosen or ()},
        "files_again": form.is_bound and bool(request.FILES),
        "crumbs": crumbs(request.user, place.organization, _("Record an activity")),
    }


def _say_recorded(request: HttpRequest, activity: Activity, present: int) -> None:
    text = ngettext(
        "Recorded “%(title)s”, %(count)d member present.", "Recorded “%(title)s”, %(count)d members present.", present
    )
    messages.success(request, text % {"title": activity.title, "count": present})


def _warnings(activity: Activity, place: Place) -> list[Any]:
    """What to know about a record: it stands on its page, which is also what saving it leads to."""
    found: list[Any] = study.remarks(
        activity.batch.campaign.playbook,
        held_on=activity.held_on,
        starts_at=activity.starts_at,
        hours=activity.hours,
        concentrated=activity.concentrated,
    )
    current = place.participation.current() if place.participation else None
    begun = current.started_on if current and current.stage == activity.stage else None
    if begun and activity.held_on < begun:
        found.append(_("It was held before this stage began. It counts; the supervision group sees the date."))
    return found


# ---------------------------------------------------------------- one activity
def _find(request: HttpRequest, pk: int) -> tuple[Activity, Place]:
    seen = Activity.objects.visible_to(request.user).select_related(
        "organization", "batch__campaign__host", "recorded_by"
    )
    activity = get_object_or_404(seen, pk=pk)
    participation = taking_part(activity.organization)
    may = rules.can_change(request.user, activity, participation) if participation else False
    return activity, Place(activity.organization, participation, activity.batch, may)


def _changeable(request: HttpRequest, pk: int) -> tuple[Activity, Place]:
    activity, place = _find(request, pk)
    if not place.may_record:
        raise PermissionDenied
    return activity, place


def _activity_crumbs(request: HttpRequest, activity: Activity, *tail: str) -> list[tuple[str, str]]:
    listed = (_("Activities and study"), reverse("campaign:activities", args=[activity.organization_id]))
    own = (activity.title, reverse("campaign:activity", args=[activity.pk]))
    return crumbs(request.user, activity.organization, listed, own, *tail)


def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """What was done, who was there, and what does not count."""
    record, place = _find(request, pk)
    action = record.batch.campaign.playbook.action(record.action)
    attendances = list(
        record.attendances.select_related("member__organization").order_by("member__organization__path", "member_id")
    )
    names = rules.can_see_members(request.user, record.organization)
    there = {row.member_id for row in attendances}
    groups = people_of(record.organization) if names and record.organization.is_branch else []
    files = [{"file": file, "image": PurePath(file.file.name).suffix in uploads.IMAGES} for file in record.files.all()]
    context = {
        "activity": record,
        "organization": record.organization,
        "place": place,
        "action": action,
        "points": [(field, field.key in record.points) for field in action.fields] if action else [],
        "present": [row for row in attendances if not row.made_up],
        "made_up": [row for row in attendances if row.made_up],
        "absent": [m for group in groups for m in group.members if m.pk not in there] if attendances else [],
        "may_see_names": names,
        "files": files,
        "warnings": _warnings(record, place),
        "locked": not place.may_record and not rules.is_open(record, place.participation),
        "crumbs": _activity_crumbs(request, record),
    }
    return render(request, "campaign/activity/detail.html", context)


def activity_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a record. If somebody saved it meanwhile, both versions are shown and nothing is overwritten unseen."""
    record, place = _changeable(request, pk)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ActivityForm(
        *sent,
        initial=initial_of(record),
        organization=record.organization,
        participation=place.participation,
        activity=record,
    )
    conflict: list[dict[str, Any]] | None = None
    if form.is_bound and form.is_valid():
        try:
            actions.change_activity(
                by=request.user,
                activity=record,
                version=_version(request),
                data=form.record(),
                files=form.cleaned_data["files"],
            )
        except actions.ActivityChanged:
            record.refresh_from_db()
            conflict = differences(form, record)
        else:
            messages.success(request, _("The record has been changed."))
            return redirect("campaign:activity", record.pk)
    context = _form_context(request, place, form)
    context |= {"activity": record, "conflict": conflict, "version": _seen_version(request, record, conflict)}
    context["crumbs"] = _activity_crumbs(request, record, _("Change"))
    return render(request, "campaign/activity/edit.html", context, status=409 if conflict is not None else 200)


def _version(request: HttpRequest) -> int:
    """The version that the page showed. Raises BadRequest: the page always sends one."""
    raw = request.POST.get("version", "")
    if not raw.isdigit() or len(raw) > 9:
        raise BadRequest("version")
    return int(raw)


def _seen_version(request: HttpRequest, record: Activity, conflict: Any) -> int:
    """After a conflict the person has seen the present version; after a plain mistake still the first one."""
    if request.method == "POST" and conflict is None:
        return _version(request)
    return record.version


def activity_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then delete; the history keeps what it said."""
    record, _place = _changeable(request, pk)
    form = DeleteForm(request.POST or None)
    if form.is_bound and form.is_valid():
        title, organization = record.title, record.organization_id
        actions.delete_activity(by=request.user, activity=record, reason=form.cleaned_data["reason"])
        messages.success(request, _("Deleted “%(title)s”. The history keeps what it said.") % {"title": title})
        return redirect("campaign:activities", organization)
    context = {
        "activity": record,
        "organization": record.organization,
        "form": form,
        "count": record.attendances.count(),
        "crumbs": _activity_crumbs(request, record, _("Delete")),
    }
    return render(request, "campaign/activity/delete.html", context)


# ---------------------------------------------------------------- attendance and files
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was there, who made it up later, who is absent (decision 7)."""
    record, place = _changeable(request, pk)
    saved = dict(record.attendances.values_list("member_id", "made_up"))
    groups = people_of(record.organization, also=saved)
    typed: dict[str, str] | None = None
    if request.method == "POST":
        form = AttendanceForm(request.POST, groups)
        if not form.is_valid():
            raise BadRequest("attendance")
        try:
            actions.set_attendance(
                by=request.user,
                activity=record,
                present=form.chosen("present"),
                made_up=form.chosen("made_up"),
                version=_version(request),
            )
        except actions.ActivityChanged:
            typed = form.sent
            record.refresh_from_db()
            saved = dict(record.attendances.values_list("member_id", "made_up"))
        else:
            _say_attendance(request, form)
            return redirect("campaign:activity", record.pk)
    context = {
        "activity": record,
        "organization": record.organization,
        "place": place,
        "rows": _attendance_rows(groups, saved, _expected(record.organization, groups), typed),
        "changed": typed is not None,
        "crumbs": _activity_crumbs(request, record, _("Attendance")),
    }
    return render(request, "campaign/activity/attendance.html", context, status=200 if typed is None else 409)


def _say_attendance(request: HttpRequest, form: AttendanceForm) -> None:
    text = _("Attendance saved: %(present)d present, %(made_up)d made up later, %(absent)d absent.")
    messages.success(request, text % {state: len(form.chosen(state)) for state in form.STATES})


def _attendance_rows(
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


def activity_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A photograph opens in the browser; anything else is downloaded."""
    seen = Activity.objects.visible_to(request.user)
    file = get_object_or_404(ActivityFile.objects.filter(activity__in=seen), pk=pk)
    kind = uploads.IMAGES.get(PurePath(file.file.name).suffix, "application/octet-stream")
    return FileResponse(
        file.file.open("rb"),
        as_attachment=kind not in uploads.SHOWN,
        filename=file.name,
        content_type=kind,
    )


@require_POST
def activity_file_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file away again."""
    seen = Activity.objects.visible_to(request.user)
    file = get_object_or_404(ActivityFile.objects.filter(activity__in=seen).select_related("activity"), pk=pk)
    record, _place = _changeable(request, file.activity_id)
    actions.remove_file(by=request.user, file=file)
    messages.success(request, _("Removed the file “%(name)s”.") % {"name": file.name})
    return redirect("campaign:activity", record.pk)
