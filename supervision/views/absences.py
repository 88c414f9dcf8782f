"""Trips and party-school courses of principals: recorded by the unit, seen above (S-06, S-07)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts import clock
from campaign.models import Batch, Participation
from campaign.queries import batch_for
from supervision.actions import absences as actions
from supervision.forms.staff import AbsenceForm
from supervision.models import DutyHolder, PrincipalAbsence
from supervision.views.place import crumbs, participation_or_404
from units import access
from units.guards import need, need_somewhere
from units.roles import Right

PER_PAGE = 25


def _has_rule(batch: Batch) -> bool:
    rule = batch.campaign.playbook.staffing
    return bool(rule.travel or rule.party_school)


def _may_record(user: Any, participation: Participation) -> bool:
    """The unit's own secretary or leader in charge, while the batch is open and the playbook has such a rule."""
    open_still = participation.batch.closed_on is None and _has_rule(participation.batch)
    return open_still and access.has(user, Right.RECORD, participation.organization)


def _exceptions(batch: Batch) -> dict[str, str]:
    return {item.key: str(item.name) for item in batch.campaign.playbook.staffing.travel_exceptions}


def absences(request: HttpRequest) -> HttpResponse:
    """All in scope, with figures: the office sees who is away, and which absences go against the rule."""
    need_somewhere(request.user, Right.VIEW)
    batch = batch_for(request.user)
    if batch is None:
        raise Http404
    rows = PrincipalAbsence.objects.visible_to(request.user).filter(participation__batch=batch)
    kinds = {"now": Q(from_date__lte=clock.today(), to_date__gte=clock.today()), "against": Q(exception="")}
    show = request.GET.get("show", "")
    shown = rows.standing().filter(kinds[show]) if show in kinds else rows
    shown = shown.select_related("participation__organization", "participation__work_unit", "recorded_by")
    counts = {name: Count("pk", filter=kind) for name, kind in kinds.items()}
    context = {
        "batch": batch,
        "rule": batch.campaign.playbook.staffing,
        "has_rule": _has_rule(batch),
        "figures": rows.standing().aggregate(all=Count("pk"), **counts),
        "page": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "exceptions": _exceptions(batch),
        "show": show,
        "own": _own(request.user, batch),
        **_reminding(request.user, batch),
    }
    return render(request, "supervision/absence/list.html", context)


def _may_remind(user: Any, batch: Batch) -> bool:
    return access.has(user, Right.SET_UP, batch.campaign.host) and _has_rule(batch)


def _reminding(user: Any, batch: Batch) -> dict[str, Any]:
    """Whether the user may remind the units, how many they are, and whether it was done today."""
    if not _may_remind(user, batch):
        return {"may_remind": False}
    units = Participation.objects.filter(batch=batch).count()
    return {"may_remind": True, "reminded": actions.reminded_today(batch), "units": units}


def _own(user: Any, batch: Batch) -> Participation | None:
    """The unit for which the user records."""
    places = [post.organization_id for post in access.posts_of(user) if Right.RECORD in post.rights]
    if not places or not _has_rule(batch):
        return None
    return Participation.objects.filter(batch=batch, organization__in=places).first()


def unit_absences(request: HttpRequest, pk: int) -> HttpResponse:
    """Those of one unit, and the form to record one."""
    participation = participation_or_404(request.user, pk)
    need(access.has(request.user, Right.VIEW, participation.organization))  # a branch does not watch its principals
    form = AbsenceForm(participation.batch, request.POST or None, initial=_principal(participation))
    may_record = _may_record(request.user, participation)
    if request.method == "POST":
        need(may_record)
        if form.is_valid():
            return _recorded(request, participation, form)
    rows = PrincipalAbsence.objects.visible_to(request.user).filter(participation=participation)
    context = {
        "participation": participation,
        "rule": participation.batch.campaign.playbook.staffing,
        "has_rule": _has_rule(participation.batch),
        "form": form if may_record else None,
        "page": Paginator(rows.select_related("recorded_by"), PER_PAGE).get_page(request.GET.get("page")),
        "exceptions": _exceptions(participation.batch),
        "may_record": may_record,
        "crumbs": crumbs(participation.organization, (_("Absences of principals"), "")),
    }
    return render(request, "supervision/absence/unit.html", context, status=422 if form.errors else 200)


def _recorded(request: HttpRequest, participation: Participation, form: AbsenceForm) -> HttpResponse:
    absence = actions.record_absence(by=request.user, participation=participation, data=form.data_given())
    messages.success(request, _("The absence is on record."))
    if absence.against_rule:
        messages.warning(request, _("In principle no trips: those above you are told, and read your reason."))
    return redirect("supervision:unit_absences", participation.pk)


def _principal(participation: Participation) -> dict[str, str]:
    """Who is entered as principal of the unit."""
    rows = DutyHolder.objects.current().filter(participation=participation, duty=DutyHolder.Duty.PRINCIPAL)
    holder = rows.first()
    return {"person": holder.name, "position": holder.post} if holder else {}


@require_POST
def absence_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The principal stays after all."""
    rows = PrincipalAbsence.objects.visible_to(request.user).select_related("participation__organization")
    absence = get_object_or_404(rows.select_related("participation__batch__campaign"), pk=pk)
    need(_may_record(request.user, absence.participation))
    try:
        actions.withdraw_absence(by=request.user, absence=absence)
        messages.success(request, _("The absence is taken back; the record remains."))
    except actions.AbsenceWithdrawn:
        messages.warning(request, _("It has been taken back meanwhile."))
    return redirect("supervision:unit_absences", absence.participation_id)


@require_POST
def absences_remind(request: HttpRequest) -> HttpResponse:
    """Tell the secretaries of all units of the rule, once a day."""
    batch = batch_for(request.user)
    if batch is None:
        raise Http404
    need(_may_remind(request.user, batch))
    try:
        units = actions.remind_units(by=request.user, batch=batch)
    except actions.RemindedToday:
        messages.warning(request, _("The units have been reminded today."))
    else:
        text = ngettext("%(count)d unit is reminded of the rule.", "%(count)d units are reminded of the rule.", units)
        messages.success(request, text % {"count": units})
    return redirect(reverse("supervision:absences"))
