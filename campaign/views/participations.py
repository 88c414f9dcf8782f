"""Progress by unit: the stage picture, the list, and one unit's dates with what the office may do (A-10, A-11)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from accounts import clock
from campaign import actions, listing, rules
from campaign.forms.participations import ParticipationFilter
from campaign.forms.setup import BeginForm, RescheduleForm
from campaign.forms.within import asked_organization
from campaign.models import Batch, Participation
from campaign.playbook.work import PREP
from campaign.preparing import launch_of, readiness, readinesses
from campaign.queries import batch_for, extents, governed, stage_picture, under_review
from campaign.timeline import timeline
from campaign.unit_links import links
from campaign.views.places import crumbs
from units import access
from units.guards import need_somewhere
from units.models import Member, Organization
from units.roles import Right

PER_PAGE = 50


def participations(request: HttpRequest) -> HttpResponse:
    """All units in scope, with the stage picture above."""
    need_somewhere(request.user, Right.VIEW)
    batches = Batch.objects.visible_to(request.user).select_related("campaign__host").order_by("-starts_on", "-pk")
    batch = _chosen_batch(request, batches)
    may_set_up = access.has_anywhere(request.user, Right.SET_UP)
    if batch is None:
        return render(request, "campaign/participation/none.html", {"may_set_up": may_set_up})
    host = batch.campaign.host
    picture = stage_picture(request.user, batch, host)
    superiors = [row.organization for row in picture.rows if row.organization is not None]
    named = asked_organization(request.user, request.GET.get("within", ""))
    if named is not None and named not in superiors:
        superiors.append(named)
    asked = request.GET.copy()
    asked.setdefault("batch", str(batch.pk))
    filters = ParticipationFilter(asked, batch=batch, batches=batches, superiors=superiors)
    within = _within(superiors, filters.value("within"))
    rows = listing.ordered(
        listing.narrowed(listing.units(request.user, batch), filters, within, batch), request.GET.get("sort", "")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "picture": stage_picture(request.user, batch, within) if within and _deep(within, batch) else picture,
        "within": within,
        "form": filters,
        "page": page,
        "rows": _rows(batch, page.object_list),
        "head": _head(),
        "may_set_up": rules.can_set_up(request.user, host),
    }
    return render(request, "campaign/participation/list.html", context)


def _chosen_batch(request: HttpRequest, batches: QuerySet[Batch]) -> Batch | None:
    asked = request.GET.get("batch", "")
    found = batches.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 10 else None
    return found or batch_for(request.user) or batches.first()


def _within(superiors: list[Organization], chosen: str) -> Organization | None:
    return next((one for one in superiors if str(one.pk) == chosen), None)


def _deep(within: Organization, batch: Batch) -> bool:
    """Is there more than one unit below? Else the picture of the whole says more."""
    below = access.below(within.path, "organization")
    return Participation.objects.filter(below, batch=batch).exclude(organization=within).exists()


def _head() -> list[dict[str, str]]:
    return [
        {"label": _("Unit"), "sort": "name"},
        {"label": _("Leading organisation"), "sort": "organization", "css": "no-phone"},
        {"label": _("Superior"), "sort": "superior", "css": "no-phone"},
        {"label": _("Stage"), "sort": "stage"},
        {"label": _("Planned end"), "sort": "end"},
        {"label": _("Days"), "css": "num"},
        {"label": _("Branches"), "css": "num"},
        {"label": _("Members"), "css": "num"},
    ]


def _rows(batch: Batch, page: Any) -> list[dict[str, Any]]:
    """What the table shows of each unit on the page; extents come in a few queries for all."""
    listed = list(page)
    figures, waiting = extents(batch, listed), under_review(batch)
    ready = readinesses(listed, batch.campaign.playbook)
    names = {stage.key: stage.name for stage in batch.campaign.playbook.stages}
    today = clock.today()
    return [
        {
            "unit": one,
            "stage": names.get(one.stage),
            "review": one.pk in waiting,
            "left": (one.planned_end - today).days if one.planned_end else None,
            "extent": figures[one.pk],
            "ready": ready[one.pk] if one.state == Participation.State.PREPARING else None,
        }
        for one in listed
    ]


def participation_or_404(request: HttpRequest, pk: int) -> Participation:
    rows = Participation.objects.visible_to(request.user)
    related = rows.select_related("organization", "work_unit", "batch__campaign__host").prefetch_related("progress")
    return get_object_or_404(related, pk=pk)


def participation(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit: plan and reality, its branches, and for the office: begin, new dates, take out."""
    return _page(request, participation_or_404(request, pk))


def _page(request: HttpRequest, one: Participation, **forms: Any) -> HttpResponse:
    user, playbook = request.user, one.batch.campaign.playbook
    current = one.current()
    can = {
        "begin": rules.can_begin(user, one),
        "reschedule": rules.can_reschedule(user, one),
        "leave": rules.can_leave(user, one),
    }
    below = Organization.objects.visible_to(user).within(one.organization).active()
    context = {
        "participation": one,
        "current": current,
        "current_name": playbook.stage(current.stage).name if current else "",
        "days": current.days_left(clock.today()) if current else None,
        "timeline": timeline(one.progress.all(), playbook, clock.today()),
        "extent": extents(one.batch, [one])[one.pk],
        "review": one.pk in under_review(one.batch),
        "nested": _nested(user, one),
        "branches": below.branches()[:PER_PAGE],
        "joined": _changes(one),
        "preparations": playbook.actions_for(PREP),
        "ready": readiness(one),
        "launch": launch_of(one),
        "can": can,
        "links": links(user, one),
        "begin_form": forms.get("begin") or BeginForm(participation=one),
        "dates_form": forms.get("dates") or RescheduleForm(participation=one),
        "crumbs": crumbs(user, one.organization),
    }
    return render(request, "campaign/participation/detail.html", context)


def _nested(user: Any, one: Participation) -> QuerySet[Participation]:
    """Units under this one that apply for themselves."""
    seen = Participation.objects.visible_to(user).filter(access.below(one.organization.path, "organization"))
    return seen.filter(batch=one.batch).exclude(pk=one.pk).select_related("organization", "work_unit")


def _changes(one: Participation) -> dict[str, int] | None:
    """The frozen roll of the present stage, and who joined or left since (decision 16)."""
    current = one.current()
    if current is None:
        return None
    here = Member.objects.on_roll().filter(governed(one, "organization"))
    return {
        "roll": current.roll.count(),
        "left": current.roll.exclude(member__left_on=None).count(),
        "joined": here.exclude(roll_entries__progress=current).count(),
    }


@require_POST
def participation_begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the first stage of one unit (A-10)."""
    one = participation_or_404(request, pk)
    if not rules.can_set_up(request.user, one.organization):
        raise PermissionDenied
    form = BeginForm(request.POST, participation=one)
    if not form.is_valid():
        return _page(request, one, begin=form)
    data = form.cleaned_data
    try:
        actions.begin(by=request.user, participation=one, on=data["on"], shift=data.get("shift", False))
    except actions.StageMoved:
        messages.warning(request, _("%(name)s has begun already.") % {"name": one.label})
    except actions.NotPrepared as fault:
        text = _("%(name)s is not prepared yet. Still open: %(items)s")
        messages.error(request, text % {"name": one.label, "items": pgettext("between names", ", ").join(fault.names)})
    else:
        messages.success(request, _("%(name)s has begun.") % {"name": one.label})
    return redirect("campaign:participation", pk)


@require_POST
def participation_dates(request: HttpRequest, pk: int) -> HttpResponse:
    """New planned dates with a reason; no stage moves by it (A-11)."""
    one = participation_or_404(request, pk)
    if not rules.can_reschedule(request.user, one):
        raise PermissionDenied
    form = RescheduleForm(request.POST, participation=one)
    if not form.is_valid():
        return _page(request, one, dates=form)
    reason = form.cleaned_data["reason"]
    actions.reschedule(by=request.user, participation=one, windows=form.windows, reason=reason)
    messages.success(request, _("The planned dates of %(name)s have been changed.") % {"name": one.label})
    return redirect("campaign:participation", pk)


@require_POST
def participation_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a unit out of the batch before it begins."""
    one = participation_or_404(request, pk)
    if not rules.can_set_up(request.user, one.organization):
        raise PermissionDenied
    try:
        actions.change_entries(by=request.user, batch=one.batch, leave=[one])
    except actions.AlreadyStarted:
        messages.error(request, _("%(name)s has begun, so it stays in the batch.") % {"name": one.label})
        return redirect("campaign:participation", pk)
    messages.success(
        request, _("%(name)s no longer takes part in %(batch)s.") % {"name": one.label, "batch": one.batch}
    )
    return redirect("campaign:participations")
