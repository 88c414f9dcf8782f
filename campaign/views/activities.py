"""Activities: the list, one of them, recording, changing, attendance, files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts import clock
from campaign import actions, holidays, rules, study, uploads, workdays
from campaign.board import with_attendance
from campaign.forms.activities import (
    ActivityFilter,
    ActivityForm,
    DeleteForm,
    PeopleGroup,
    differences,
    initial_of,
    people_of,
)
from campaign.holds import Held, hold_on
from campaign.models import Activity, ActivityFile
from campaign.playbook.work import AFTER
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
    if not place.active and not place.consolidating:
        return absent(request, place)
    if not place.may_consolidate:
        raise PermissionDenied
    groups = people_of(place.organization)
    initial = {
        "action": request.GET.get("action", ""),
        "held_on": clock.today(),
        "present": expected(place.organization, groups),
    }
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ActivityForm(*sent, initial=initial, organization=place.organization, participation=place.participation)
    if form.is_bound and form.is_valid():
        activity = _record(request.user, place, form)
        _say_recorded(request, activity, len(form.cleaned_data["present"]))
        return redirect("campaign:activity", activity.pk)
    return render(request, "campaign/activity/new.html", _form_context(request, place, form, groups))


def _record(user: Any, place: Place, form: ActivityForm) -> Activity:
    return actions.record_activity(
        by=user,
        organization=place.organization,
        batch=place.batch,
        stage=AFTER if place.consolidating else rules.phase_of(place.participation),
        after_closing=place.consolidating,
        data=form.record(),
        present=form.cleaned_data["present"],
        files=form.cleaned_data["files"],
    )


def expected(organization: Organization, groups: list[PeopleGroup]) -> list[int]:
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
    day = activity.held_on
    entered = holidays.entered(day, day) if activity.concentrated else workdays.NOTHING
    found: list[Any] = study.remarks(
        activity.batch.campaign.playbook,
        held_on=activity.held_on,
        starts_at=activity.starts_at,
        hours=activity.hours,
        concentrated=activity.concentrated,
        entered=entered,
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


def changeable(request: HttpRequest, pk: int) -> tuple[Activity, Place]:
    activity, place = _find(request, pk)
    if not place.may_record:
        hold = hold_on(activity, place.participation)
        raise Held(hold) if hold else PermissionDenied
    return activity, place


def activity_crumbs(request: HttpRequest, activity: Activity, *tail: str) -> list[tuple[str, str]]:
    listed = (_("Activities and study"), reverse("campaign:activities", args=[activity.organization_id]))
    own = (activity.title, reverse("campaign:activity", args=[activity.pk]))
    return crumbs(request.user, activity.organization, listed, own, *tail)


def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """What was done, who was there, and what does not count."""
    record, place = _find(request, pk)
    action = record.batch.campaign.playbook.action(record.action)
    context = {
        "activity": record,
        "organization": record.organization,
        "place": place,
        "action": action,
        "points": [(field, field.key in record.points) for field in action.fields] if action else [],
        "files": uploads.listed(record.files.all()),
        "invitees": list(record.invitees.all()),
        "warnings": _warnings(record, place),
        "held": hold_on(record, place.participation),
        "locked": not place.may_record and not rules.is_open(record, place.participation),
        "crumbs": activity_crumbs(request, record),
    }
    return render(request, "campaign/activity/detail.html", context | _who_was_there(request, record))


def _who_was_there(request: HttpRequest, record: Activity) -> dict[str, Any]:
    """Present, made up later, and in a branch the absent; the names for who may see members."""
    found = record.attendances.select_related("member__organization")
    rows = list(found.order_by("member__organization__path", "member_id"))
    names = rules.can_see_members(request.user, record.organization)
    there = {row.member_id for row in rows}
    groups = people_of(record.organization) if names and rows and record.organization.is_branch else []
    return {
        "present": [row for row in rows if not row.made_up],
        "made_up": [row for row in rows if row.made_up],
        "absent": [member for group in groups for member in group.members if member.pk not in there],
        "may_see_names": names,
    }


def activity_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a record. If somebody saved it meanwhile, both versions are shown and nothing is overwritten unseen."""
    record, place = changeable(request, pk)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ActivityForm(
        *sent,
        initial=initial_of(record),
        organization=record.organization,
        participation=place.participation,
        activity=record,
    )
    complete = form.is_bound and form.is_valid()
    if complete and _save_change(request, record, form):
        messages.success(request, _("The record has been changed."))
        return redirect("campaign:activity", record.pk)
    conflict = differences(form, record) if complete else None
    context = _form_context(request, place, form)
    context |= {"activity": record, "conflict": conflict, "version": _seen_version(request, record, conflict)}
    context["crumbs"] = activity_crumbs(request, record, _("Change"))
    return render(request, "campaign/activity/edit.html", context, status=409 if conflict is not None else 200)


def _save_change(request: HttpRequest, record: Activity, form: ActivityForm) -> bool:
    """False if somebody else has saved it meanwhile; `record` then holds what is saved now."""
    data, files = form.record(), form.cleaned_data["files"]
    try:
        actions.change_activity(by=request.user, activity=record, version=sent_version(request), data=data, files=files)
    except actions.ActivityChanged:
        record.refresh_from_db()
        return False
    return True


def sent_version(request: HttpRequest) -> int:
    """The version that the page showed. Raises BadRequest: the page always sends one."""
    raw = request.POST.get("version", "")
    if not raw.isdecimal() or len(raw) > 9:
        raise BadRequest("version")
    return int(raw)


def _seen_version(request: HttpRequest, record: Activity, conflict: Any) -> int:
    """After a conflict the person has seen the present version; after a plain mistake still the first one."""
    if request.method == "POST" and conflict is None:
        return sent_version(request)
    return record.version


def activity_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then delete; the history keeps what it said."""
    record, _place = changeable(request, pk)
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
        "crumbs": activity_crumbs(request, record, _("Delete")),
    }
    return render(request, "campaign/activity/delete.html", context)


# ---------------------------------------------------------------- files
def activity_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A photograph opens in the browser; anything else is downloaded."""
    seen = Activity.objects.visible_to(request.user)
    file = get_object_or_404(ActivityFile.objects.filter(activity__in=seen), pk=pk)
    return uploads.send(file.file, file.name)


@require_POST
def activity_file_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file away again."""
    seen = Activity.objects.visible_to(request.user)
    file = get_object_or_404(ActivityFile.objects.filter(activity__in=seen).select_related("activity"), pk=pk)
    record, _place = changeable(request, file.activity_id)
    actions.remove_file(by=request.user, file=file)
    messages.success(request, _("Removed the file “%(name)s”.") % {"name": file.name})
    return redirect("campaign:activity", record.pk)
