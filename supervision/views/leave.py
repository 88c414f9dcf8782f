"""Leave: the list and calendar, asking, deciding, coming back (S-02)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from campaign.models import Batch
from supervision import staffing
from supervision.actions import leave as actions
from supervision.actions.staff import StaffRefused
from supervision.forms.staff import BackForm, LeaveAnswerForm, LeaveForm
from supervision.models import Leave
from supervision.models.leave import LeaveQuerySet
from supervision.queries import leave as queries
from supervision.queries import staff as calendars
from supervision.views.staff_place import staff_page, tabs
from units import access
from units.guards import need
from units.roles import Right

PER_PAGE = 25
DECIDING = (Right.APPROVE, Right.LEAD, Right.REVIEW)


@staff_page
def leaves(request: HttpRequest, batch: Batch) -> HttpResponse:
    """Who is away in a month, and all that was asked; no reasons here."""
    month = calendars.month_of(request.GET.get("month", ""))
    state = request.GET.get("state", "")
    rows = _rows(request, batch, state).select_related("user", "group", "stand_in", "decided_by")
    context = {
        "batch": batch,
        "tabs": tabs(request, batch),
        "month": month,
        "before": calendars.month_before(month),
        "after": calendars.next_month(month),
        "weeks": calendars.calendar_of(batch.campaign, month),
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "states": [("", _("All")), ("mine", _("Waiting for me")), *Leave.State.choices],
        "state": state,
        "rule": batch.campaign.playbook.staffing,
        "is_staff": staffing.is_staff(request.user),
    }
    return render(request, "supervision/leave/list.html", context)


def _rows(request: HttpRequest, batch: Batch, state: str) -> LeaveQuerySet:
    """The leaves of one state, or those that wait for the user; without their reasons."""
    seen = Leave.objects.visible_to(request.user).filter(campaign=batch.campaign).defer("reason")
    if state == "mine":
        return seen.asked().decidable_by(request.user)
    return seen.filter(state=state) if state in Leave.State.values else seen


@staff_page
def leave_new(request: HttpRequest, batch: Batch) -> HttpResponse:
    """Ask for leave."""
    teams = staffing.teams_of(request.user, batch.campaign)
    need(bool(teams))
    others = [p for p in staffing.staff_of(batch.campaign) if p.user != request.user]
    form = LeaveForm(teams, others, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            leave = actions.ask_leave(by=request.user, campaign=batch.campaign, **form.cleaned_data)
        except StaffRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your request for leave is on its way."))
            return redirect("supervision:leave", pk=leave.pk)
    context = {"form": form, "batch": batch, "rule": batch.campaign.playbook.staffing}
    context["crumbs"] = [(_("Leave"), reverse("supervision:leaves")), (_("Ask for leave"), "")]
    return render(request, "supervision/leave/new.html", context, status=422 if form.errors else 200)


@staff_page
def leave(request: HttpRequest, batch: Batch, pk: int) -> HttpResponse:
    """One leave; the reason for him who asks and those who decide. A post carries out one deed."""
    related = ("user", "group", "campaign__host", "stand_in", "decided_by")
    row = get_object_or_404(Leave.objects.visible_to(request.user).select_related(*related), pk=pk)
    bound: dict[str, Any] = {}
    if request.method == "POST":
        done = _do(request, row, request.POST.get("deed", ""))
        if done is None:
            return redirect("supervision:leave", pk=pk)
        bound = done
    return _page(request, row, bound)


def _page(request: HttpRequest, row: Leave, bound: dict[str, Any]) -> HttpResponse:
    user = request.user
    asked, granted = row.state == Leave.State.ASKED, row.state == Leave.State.GRANTED
    may_decide = asked and Leave.objects.decidable_by(user).filter(pk=row.pk).exists()
    own = row.user_id == user.pk
    begun = row.from_date <= clock.today()
    context = {
        "leave": row,
        "own": own,
        "may_read": queries.may_read_reason(user, row),
        "answer_form": bound.get("answer_form") or (LeaveAnswerForm() if may_decide else None),
        "back_form": bound.get("back_form")
        or (BackForm(initial={"returned_on": clock.today()}) if _ends(user, row) else None),
        "may_withdraw": own and (asked or (granted and not begun)),
        "deciders": queries.deciders(row) if asked else [],
        "duties": queries.duties_in(row) if granted or asked else [],
        "keeps": staffing.keeps(user, row.campaign),
        "decides_things": _decides(row) if own and (asked or granted) else False,
        "crumbs": [(_("Leave"), reverse("supervision:leaves")), (str(row.user), "")],
    }
    return render(request, "supervision/leave/detail.html", context, status=422 if bound else 200)


def _back_form() -> BackForm:
    return BackForm(initial={"returned_on": clock.today()})


def _decides(row: Leave) -> bool:
    """Does the person decide for others, so that a deputy is wanted?"""
    return any(access.has_anywhere(row.user, right) for right in DECIDING)


def _ends(user: Any, row: Leave) -> bool:
    """May the user note the return: the person himself, or the office."""
    began = row.state == Leave.State.GRANTED and row.from_date <= clock.today()
    return began and (row.user_id == user.pk or staffing.keeps(user, row.campaign))


def _do(request: HttpRequest, row: Leave, deed: str) -> dict[str, Any] | None:
    """Carry out one deed; the bound form if it needs mending."""
    deeds = {"grant": _answer, "refuse": _answer, "withdraw": _withdraw, "back": _back}
    if deed not in deeds:
        raise BadRequest("deed")
    try:
        return deeds[deed](request, row, deed)
    except actions.LeaveMoved:
        messages.warning(request, _("This leave has been answered, taken back or ended meanwhile."))
    except actions.NotYoursToGrant as error:
        raise PermissionDenied from error
    return None


def _answer(request: HttpRequest, row: Leave, deed: str) -> dict[str, Any] | None:
    if not Leave.objects.decidable_by(request.user).filter(pk=row.pk).exists():
        raise PermissionDenied
    form = LeaveAnswerForm(request.POST, refusing=deed == "refuse")
    if not form.is_valid():
        return {"answer_form": form}
    grant = deed == "grant"
    actions.decide_leave(by=request.user, leave=row, grant=grant, answer=form.cleaned_data["answer"])
    told = {"name": row.user}
    if grant:
        messages.success(request, _("The leave is granted, and %(name)s is told.") % told)
    else:
        messages.success(request, _("The leave is refused, and %(name)s is told why.") % told)
    return None


def _withdraw(request: HttpRequest, row: Leave, deed: str) -> None:
    if row.user_id != request.user.pk:
        raise PermissionDenied
    actions.withdraw_leave(by=request.user, leave=row)
    messages.success(request, _("The leave is taken back."))


def _back(request: HttpRequest, row: Leave, deed: str) -> dict[str, Any] | None:
    need(row.user_id == request.user.pk or staffing.keeps(request.user, row.campaign))
    form = BackForm(request.POST)
    if not form.is_valid():
        return {"back_form": form}
    try:
        actions.report_back(by=request.user, leave=row, returned_on=form.cleaned_data["returned_on"])
    except StaffRefused as refusal:
        form.add_error("returned_on", str(refusal))
        return {"back_form": form}
    messages.success(request, _("The return is noted."))
    return None
