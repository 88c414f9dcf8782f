"""Summary workbooks made every week: which there are, one set up or changed, what they made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.models import User
from campaign.models import Batch
from campaign.queries import batch_for
from reports import schedule_rules as rules
from reports.actions import schedule as actions
from reports.models import SummaryEdition, SummarySchedule
from reports.queries import schedule as queries
from reports.schedule_forms import ScheduleForm, WhoseForm
from units import access
from units.models import Organization
from units.roles import Right


@dataclass(frozen=True)
class Line:
    """One schedule as the list shows it."""

    schedule: SummarySchedule
    weekday: Any
    tables: list[Any]
    entitled: list[User]
    others: list[User]
    last: SummaryEdition | None
    next: dt.datetime | None
    may_change: bool


def schedules(request: HttpRequest) -> HttpResponse:
    """The schedules of organisations whose summaries one may have, each with its latest workbook."""
    if not access.has_anywhere(request.user, Right.EXPORT):
        raise PermissionDenied
    page = Paginator(queries.for_list(request.user), 15).get_page(request.GET.get("page"))
    page.object_list = _lines(request, page)
    batch = batch_for(request.user)
    may_add = batch is not None and rules.can_schedule_anywhere(request.user)
    context = {"page": page, "may_add": may_add, "batch": batch, "crumbs": _crumbs()[:1]}
    return render(request, "reports/schedule/list.html", context)


def _lines(request: HttpRequest, page: Page) -> list[Line]:
    shown: list[SummarySchedule] = list(page.object_list)
    made = SummaryEdition.objects.visible_to(request.user).exclude(file="").filter(schedule__in=shown)
    latest = {edition.schedule_id: edition for edition in made.order_by("due_at", "pk")}
    now, lines = clock.now(), []
    for one in shown:
        entitled, others = [], []
        for person in one.recipients.all():
            (entitled if access.has(person, Right.EXPORT, one.organization) else others).append(person)
        lines.append(
            Line(
                schedule=one,
                weekday=WEEKDAYS[one.weekday],
                tables=[table.label for table in queries.tables_of(one)] if one.tables else [],
                entitled=entitled,
                others=others,
                last=latest.get(one.pk),
                next=queries.next_due(one, now) if one.state == SummarySchedule.State.ACTIVE else None,
                may_change=rules.can_change(request.user, one),
            )
        )
    return lines


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [
        (_("Summary workbooks"), reverse("reports:summary")),
        (_("Made every week"), reverse("reports:schedules")),
        *more,
    ]


# ---------------------------------------------------------------- setting up
def _choosable(user: Any) -> QuerySet[Organization]:
    """Organisations for which one may set a schedule: above branch level, as for a single workbook."""
    rows = Organization.objects.visible_to(user, Right.SET_UP) & Organization.objects.visible_to(user, Right.EXPORT)
    return rows.active().exclude(kind=Organization.Kind.BRANCH).order_by("path")


def schedule_new(request: HttpRequest) -> HttpResponse:
    """Set one up for the organisation that is chosen first."""
    if not rules.can_schedule_anywhere(request.user):
        raise PermissionDenied
    batch, organization = batch_for(request.user), _organization(request)
    if batch is None or organization is None:
        raise Http404
    form = ScheduleForm(request.POST or None, organization=organization, batch=batch, by=request.user)

    def keep() -> SummarySchedule:
        return actions.add_schedule(by=request.user, batch=batch, organization=organization, plan=form.plan())

    return _kept(request, form, keep) or _edit_page(request, form, organization, batch)


def _organization(request: HttpRequest) -> Organization | None:
    wanted = request.GET.get("organization", "")
    rows = _choosable(request.user)
    if not wanted:
        return rows.first()
    if not (wanted.isdigit() and len(wanted) < 19):
        raise Http404
    found = get_object_or_404(Organization.objects.visible_to(request.user), pk=int(wanted))
    if not rules.can_schedule(request.user, found):
        raise PermissionDenied
    return found


def schedule_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one; it is made with the rights of whoever changed it last."""
    found = _get(request, pk)
    form = ScheduleForm(
        request.POST or None, organization=found.organization, batch=found.batch, by=request.user, schedule=found
    )

    def keep() -> SummarySchedule:
        found.version = form.cleaned_data["version"] or 0
        return actions.change_schedule(by=request.user, schedule=found, plan=form.plan())

    return _kept(request, form, keep) or _edit_page(request, form, found.organization, found.batch, found)


def _kept(request: HttpRequest, form: ScheduleForm, keep: Callable[[], SummarySchedule]) -> HttpResponse | None:
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        made = keep()
    except actions.ScheduleChanged:
        form.add_error(None, _("Somebody else has changed this meanwhile. Open it again from the list."))
        return None
    messages.success(request, _("The workbook of %(name)s is made every week.") % {"name": made.organization})
    return redirect("reports:schedules")


def _edit_page(
    request: HttpRequest, form: ScheduleForm, organization: Organization, batch: Batch, found: Any = None
) -> HttpResponse:
    heading = _("Change the weekly workbook") if found else _("Have a workbook made every week")
    context = {
        "form": form,
        "heading": heading,
        "organization": organization,
        "batch": batch,
        "found": found,
        "whose": None if found else WhoseForm(organizations=_choosable(request.user), organization=organization),
        "crumbs": _crumbs((heading, "")),
    }
    return render(request, "reports/schedule/edit.html", context)


# ---------------------------------------------------------------- pausing and the files
def _get(request: HttpRequest, pk: int) -> SummarySchedule:
    rows = SummarySchedule.objects.visible_to(request.user)
    found = get_object_or_404(rows.select_related("organization", "batch__campaign", "owner"), pk=pk)
    if not rules.can_change(request.user, found):
        raise PermissionDenied
    return found


def _deed(request: HttpRequest, pk: int, act: Callable[..., None], said: str) -> HttpResponse:
    found = _get(request, pk)
    try:
        act(by=request.user, schedule=found)
    except actions.ScheduleChanged:
        messages.error(request, _("Somebody else has changed this meanwhile. See how it stands now."))
    else:
        messages.success(request, said % {"name": found.organization})
    return redirect("reports:schedules")


@require_POST
def schedule_pause(request: HttpRequest, pk: int) -> HttpResponse:
    return _deed(request, pk, actions.pause, _("The weekly workbook of %(name)s is paused."))


@require_POST
def schedule_resume(request: HttpRequest, pk: int) -> HttpResponse:
    return _deed(request, pk, actions.resume, _("The weekly workbook of %(name)s is made again, with your rights."))


@require_POST
def schedule_remove(request: HttpRequest, pk: int) -> HttpResponse:
    said = _("The weekly workbook of %(name)s is deleted; those it had made stay with their receivers.")
    return _deed(request, pk, actions.remove, said)


def edition(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of one, for who may have that organisation's summaries; each download is kept in the history."""
    found = get_object_or_404(SummaryEdition.objects.visible_to(request.user).select_related("organization"), pk=pk)
    if not found.file:
        raise Http404
    actions.fetched(by=request.user, edition=found)
    return FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name)
