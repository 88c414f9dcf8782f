"""Visits: the list, one of them, planning, changing, calling off, writing down."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.templatetags.shell import day
from campaign import uploads
from campaign.models import Participation
from campaign.queries import batch_for
from supervision import visiting
from supervision.actions import Refused
from supervision.actions import visits as actions
from supervision.forms.visits import CallOffForm, ChangeForm, HeldForm, LogForm, PlanForm, VisitFilter
from supervision.models import SupervisionGroup, SupervisionOpinion, Visit, VisitFile
from supervision.queries.visits import visits_listed
from supervision.views.doing import attempt
from supervision.views.place import crumbs, participation_or_404, participations
from units import access
from units.guards import need_somewhere
from units.roles import Right

PER_PAGE = 25
FIRST = 60  # units that the list offers for a plan; more are reached from their own pages
PLAN = ("way", "planned_on", "purpose", "goers")


def visit_list(request: HttpRequest) -> HttpResponse:
    """Visits in scope: what is planned first, then what was made."""
    need_somewhere(request.user, Right.VIEW)
    form = VisitFilter(request.GET, groups=groups_seen(request.user))
    rows = visits_listed(form.apply(Visit.objects.visible_to(request.user)))
    context = {
        "form": form,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "filtered": form.changed_data,
        **beside(request, form, "visits"),
    }
    return render(request, "supervision/visit/list.html", context)


def groups_seen(user: Any) -> Any:
    """The groups that have a name in the lists: those of the campaigns in scope."""
    return SupervisionGroup.objects.visible_to(user)


def beside(request: HttpRequest, form: Any, current: str) -> dict[str, Any]:
    """The two lists beside each other, and where a visit or an opinion can be begun."""
    unit = form.value("unit")
    query = f"?unit={unit}" if unit else ""
    chosen = participations(request.user).filter(pk=unit).first() if unit else None
    tabs = [
        {"label": _("Visits"), "url": reverse("supervision:visits") + query, "current": current == "visits"},
        {
            "label": _("Supervision opinions"),
            "url": reverse("supervision:opinions") + query,
            "current": current == "opinions",
        },
    ]
    return {"tabs": tabs, "unit": chosen, "startable": _startable(request.user, chosen)}


def _startable(user: Any, chosen: Participation | None) -> list[Participation]:
    """The unit that the page is about, or those that the user's group can visit; the office goes by the unit."""
    if chosen is not None:
        return [chosen] if visiting.can_begin(user, chosen) else []
    batch = batch_for(user)
    if batch is None or not access.has_anywhere(user, Right.REVIEW):
        return []
    rows = Participation.objects.visible_to(user).filter(visiting.guided(user), batch=batch)
    return list(rows.select_related("organization", "work_unit").order_by("organization__path")[:FIRST])


# ---------------------------------------------------------------- one visit
def _visit(request: HttpRequest, pk: int, *, to_keep: bool = False) -> Visit:
    rows = Visit.objects.visible_to(request.user).select_related(
        "organization",
        "participation__organization",
        "participation__work_unit",
        "participation__batch__campaign__host",
        "group",
        "planned_by",
        "logged_by",
    )
    visit = get_object_or_404(rows, pk=pk)
    if to_keep and not visiting.can_keep(request.user, visit):
        raise PermissionDenied
    return visit


def _crumbs(visit: Visit, *last: tuple[str, str]) -> list[tuple[str, str]]:
    line = [(_("Visits and opinions"), reverse("supervision:visits"))]
    if last:
        line.append((day(visit.day), reverse("supervision:visit", args=[visit.pk])))
    return crumbs(visit.organization, *line, *last)


def visit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One visit: the plan, what was seen, its photographs, the opinions made from it."""
    return _page(request, _visit(request, pk))


def _page(request: HttpRequest, visit: Visit, status: int = 200, **bound: Any) -> HttpResponse:
    may = visiting.can_keep(request.user, visit)
    planned = visit.state == Visit.State.PLANNED
    opinions = SupervisionOpinion.objects.visible_to(request.user).filter(visit=visit)
    context = {
        "visit": visit,
        "files": uploads.listed(visit.files.all()),
        "opinions": opinions.prefetch_related("points"),
        "may_change": may and planned,
        "may_log": may and visit.state != Visit.State.CALLED_OFF,
        "may_go_on": visiting.can_begin(request.user, visit.participation) and may,
        "call_off_form": (bound.get("call_off_form") or CallOffForm()) if may and planned else None,
        "crumbs": _crumbs(visit),
    }
    return render(request, "supervision/visit/detail.html", context, status=status)


# ---------------------------------------------------------------- plan, write down
def _place(request: HttpRequest, pk: int) -> Participation:
    participation = participation_or_404(request.user, pk)
    if not visiting.can_begin(request.user, participation):
        raise PermissionDenied
    return participation


def _begun(request: HttpRequest, participation: Participation) -> dict[str, Any]:
    """What the form begins with: the user himself, and what an earlier visit (?like=) was for."""
    known: dict[str, Any] = {"goers": str(request.user)} if access.has_anywhere(request.user, Right.REVIEW) else {}
    key = request.GET.get("like", "")
    if key.isdecimal() and len(key) < 10:
        before = Visit.objects.visible_to(request.user).filter(participation=participation, pk=key).first()
        if before is not None:
            known |= {name: getattr(before, name) for name in ("way", "purpose", "goers", "from_body")}
            known |= {"organization": before.organization_id, "group": before.group_id}
    return {name: value for name, value in known.items() if value}


def visit_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a visit to a unit or an organisation in it."""
    participation = _place(request, pk)
    form = PlanForm(request.user, participation, request.POST or None, initial=_begun(request, participation))
    if request.method == "POST" and form.is_valid():
        given = {"by": request.user, "participation": participation, "sender": form.sender}
        try:
            visit = actions.plan_visit(**given, plan=form.plan())
            messages.success(request, _("The visit is planned; the secretaries there have been told."))
            return redirect("supervision:visit", pk=visit.pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {
        "participation": participation,
        "principle": visiting.principle(participation),
        "form": form,
        "crumbs": crumbs(participation.organization, (_("Plan a visit"), "")),
    }
    return render(request, "supervision/visit/new.html", context)


def visit_held(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a visit that was in no plan."""
    participation = _place(request, pk)
    initial = {"held_on": clock.today(), **_begun(request, participation)}
    form = HeldForm(request.user, participation, request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = {"by": request.user, "participation": participation, "sender": form.sender}
        try:
            visit = actions.record_visit(**given, plan=form.plan(), log=form.log(), files=form.cleaned_data["files"])
            messages.success(request, _("The visit is written down; the secretaries there have been told."))
            return redirect("supervision:visit", pk=visit.pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {
        "participation": participation,
        "principle": visiting.principle(participation),
        "form": form,
        "files_again": form.is_bound and bool(request.FILES),
        "crumbs": crumbs(participation.organization, (_("Write down a visit"), "")),
    }
    return render(request, "supervision/visit/held.html", context)


def visit_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another day, purpose or company of a planned visit."""
    visit = _visit(request, pk, to_keep=True)
    if visit.state != Visit.State.PLANNED:
        messages.warning(request, _("Only a planned visit can be changed."))
        return redirect("supervision:visit", pk=pk)
    initial = {name: getattr(visit, name) for name in (*PLAN, "version")}
    form = ChangeForm(visit, request.user, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        visit.version = form.cleaned_data["version"]
        done = _("The plan of the visit has been changed.")
        if attempt(request, actions.change_visit, done, form, visit=visit, plan=form.plan()):
            return redirect("supervision:visit", pk=pk)
    context = {"visit": visit, "form": form, "crumbs": _crumbs(visit, (_("Change the plan"), ""))}
    return render(request, "supervision/visit/edit.html", context)


def visit_log(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what was seen, or correct it; photographs are added to those kept."""
    visit = _visit(request, pk, to_keep=True)
    if visit.state == Visit.State.CALLED_OFF:
        messages.warning(request, _("This visit was called off."))
        return redirect("supervision:visit", pk=pk)
    initial = {name: getattr(visit, name) for name in actions.VisitLog.__dataclass_fields__}
    initial |= {"held_on": visit.held_on or min(visit.planned_on, clock.today()), "version": visit.version}
    form = LogForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        visit.version = data["version"]
        done = _("The visit is written down.")
        if attempt(request, actions.log_visit, done, form, visit=visit, log=form.log(), files=data["files"]):
            return redirect("supervision:visit", pk=pk)
    context = {
        "visit": visit,
        "principle": visiting.principle(visit.participation),
        "form": form,
        "files_again": form.is_bound and bool(request.FILES),
        "crumbs": _crumbs(visit, (_("Write down the visit"), "")),
    }
    return render(request, "supervision/visit/log.html", context)


@require_POST
def visit_call_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a planned visit out of the plan, with a reason."""
    visit = _visit(request, pk, to_keep=True)
    form = CallOffForm(request.POST)
    if form.is_valid():
        done = _("The visit is called off; the secretaries there have been told.")
        attempt(request, actions.call_off, done, visit=visit, reason=form.cleaned_data["reason"])
        return redirect("supervision:visit", pk=pk)
    return _page(request, visit, 422, call_off_form=form)


# ---------------------------------------------------------------- files
def visit_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A photograph opens in the browser; anything else is downloaded."""
    seen = Visit.objects.visible_to(request.user)
    file = get_object_or_404(VisitFile.objects.filter(visit__in=seen), pk=pk)
    return uploads.send(file.file, file.name)
