"""Before a unit begins: its checklist, its implementation plan, the training of its backbone (A-16, A-17, D-19)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaign import ground_rules, uploads
from campaign.actions import preparation as actions
from campaign.forms.groundwork import LEVEL_NAMES, PlanDecisionForm, PlanForm, TickForm, TrainingForm
from campaign.models import Participation, PreparationTick, Training, UnitPlan
from campaign.preparing import Readiness, launch_of, readiness
from campaign.views.participations import participation_or_404
from campaign.views.places import Place, crumbs, find_place
from campaign.views.taking import participation_of
from units.guards import need


def _place(request: HttpRequest, pk: int) -> Place:
    place = find_place(request, pk)
    participation_of(place)
    return place


def preparation(request: HttpRequest, pk: int) -> HttpResponse:
    """The checklist of the unit that an organisation belongs to."""
    return _page(request, _place(request, pk))


def _page(request: HttpRequest, place: Place, failed: tuple[str, TickForm] | None = None) -> HttpResponse:
    one = participation_of(place)
    ready = readiness(one)
    may = ground_rules.can_prepare(request.user, one)
    trainings = Training.objects.within(one.organization).filter(batch=one.batch).select_related("organization")
    context = {
        "organization": place.organization,
        "participation": one,
        "ready": ready,
        "lines": _lines(ready, may, failed),
        "launch": launch_of(one),
        "trainings": _trainings(trainings),
        "may_prepare": may,
        "may_train": ground_rules.can_record_training(request.user, place.organization),
        "crumbs": crumbs(request.user, place.organization, _("Preparation")),
    }
    return render(request, "campaign/preparation/detail.html", context, status=422 if failed else 200)


def _lines(ready: Readiness, may: bool, failed: tuple[str, TickForm] | None) -> list[dict[str, Any]]:
    rows = []
    for line in ready.lines:
        form: TickForm | None = None
        if may:
            said = {"done_on": line.tick.done_on, "note": line.tick.note} if line.tick else None
            form = TickForm(initial=said, prefix=line.item.key)
        if failed and failed[0] == line.item.key:
            form = failed[1]
        rows.append({"item": line.item, "tick": line.tick, "form": form, "open": bool(form and form.errors)})
    return rows


def _trainings(rows: Any) -> list[dict[str, Any]]:
    return [
        {
            "training": row,
            "level": LEVEL_NAMES.get(row.level, row.level),
            "trainees": [
                (post.label, row.trainees[post.value]) for post in Training.Post if post.value in row.trainees
            ],
        }
        for row in rows
    ]


@require_POST
def preparation_tick(request: HttpRequest, pk: int, item: str) -> HttpResponse:
    """Tick one item of the checklist, change its tick, or take it back."""
    place = _place(request, pk)
    one = participation_of(place)
    need(ground_rules.can_prepare(request.user, one))
    if item not in {line.item.key for line in readiness(one).lines}:
        raise Http404
    if "undo" in request.POST:
        actions.untick_preparation(by=request.user, participation=one, item=item)
        messages.success(request, _("The tick has been taken back."))
        return redirect("campaign:preparation", pk)
    form = TickForm(request.POST, request.FILES, prefix=item)
    if not form.is_valid():
        return _page(request, place, (item, form))
    try:
        actions.tick_preparation(by=request.user, participation=one, item=item, **form.cleaned_data)
    except actions.HasStarted:
        messages.warning(request, _("%(name)s has begun already.") % {"name": one.label})
    else:
        messages.success(request, _("The preparation has been ticked."))
    return redirect("campaign:preparation", pk)


def preparation_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper kept with a tick."""
    tick = get_object_or_404(PreparationTick.objects.visible_to(request.user).exclude(file=""), pk=pk)
    return uploads.send(tick.file, tick.file_name)


# ---------------------------------------------------------------- the implementation plan
def unit_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the plan; under review and once it is agreed, read it."""
    one = participation_or_404(request, pk)
    plan = UnitPlan.objects.filter(participation=one).select_related("decided_by").first()
    form = _plan_form(request, one, plan)
    if request.method == "POST":
        need(form is not None)
        if form is not None and form.is_valid() and _save_plan(request, one, plan, form):
            return redirect("campaign:unit_plan", pk)
    return _plan_page(request, one, plan, form)


def _plan_form(request: HttpRequest, one: Participation, plan: UnitPlan | None) -> PlanForm | None:
    closed = plan is not None and plan.state in {UnitPlan.State.SUBMITTED, UnitPlan.State.AGREED}
    if closed or not ground_rules.can_prepare(request.user, one):
        return None
    said = {f"text_{key}": text for key, text in plan.contents.items()} if plan else {}
    initial = {"version": plan.version if plan else 0, **said}
    sent = request.POST if request.method == "POST" else None
    return PlanForm(sent, contents=readiness(one).rules.contents, initial=initial)


def _save_plan(request: HttpRequest, one: Participation, plan: UnitPlan | None, form: PlanForm) -> bool:
    """Save, and put it to the office if asked. False: somebody was faster; what was typed stays in the form."""
    version = form.cleaned_data["version"]
    try:
        plan = actions.write_plan(by=request.user, participation=one, contents=form.texts, version=version)
    except actions.PlanMoved:
        form.add_error(None, _("Somebody else has saved this plan meanwhile. Compare with theirs in another window."))
        return False
    if "submit" not in request.POST:
        messages.success(request, _("The draft has been saved."))
        return True
    try:
        actions.submit_plan(by=request.user, plan=plan, required=[item.key for item in form.contents])
    except actions.PlanIncomplete as fault:
        for key in fault.missing:
            form.add_error(f"text_{key}", _("This must be in the plan. The draft has been saved."))
        form.data = {**form.data.dict(), "version": plan.version}
        return False
    messages.success(request, _("The plan has been submitted to the office."))
    return True


def _plan_page(
    request: HttpRequest,
    one: Participation,
    plan: UnitPlan | None,
    form: PlanForm | None,
    decision: PlanDecisionForm | None = None,
) -> HttpResponse:
    rules = readiness(one).rules
    may_decide = plan is not None and ground_rules.can_decide_plan(request.user, plan)
    context = {
        "participation": one,
        "organization": one.organization,
        "plan": plan,
        "contents": [(item.name, (plan.contents if plan else {}).get(item.key, "")) for item in rules.contents],
        "form": form,
        "decision": (decision or PlanDecisionForm()) if may_decide else None,
        "crumbs": crumbs(request.user, one.organization, _("Implementation plan")),
    }
    return render(request, "campaign/preparation/plan.html", context)


@require_POST
def unit_plan_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The office agrees or returns it."""
    one = participation_or_404(request, pk)
    plan = get_object_or_404(UnitPlan.objects.select_related("participation__organization"), participation=one)
    need(ground_rules.can_decide_plan(request.user, plan) or plan.state != UnitPlan.State.SUBMITTED)
    form = PlanDecisionForm(request.POST)
    if not form.is_valid():
        return _plan_page(request, one, plan, None, form)
    agree = "agree" in request.POST
    try:
        actions.decide_plan(by=request.user, plan=plan, agree=agree, remark=form.cleaned_data["remark"])
    except actions.PlanMoved:
        messages.warning(request, _("Somebody else has decided on this plan meanwhile."))
    else:
        messages.success(request, _("The plan is agreed.") if agree else _("The plan has been returned."))
    return redirect("campaign:unit_plan", pk)


# ---------------------------------------------------------------- backbone training
def training_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a training of the backbone."""
    place = _place(request, pk)
    need(ground_rules.can_record_training(request.user, place.organization))
    form = TrainingForm(request.POST or None)
    if form.is_bound and form.is_valid():
        data = {key: form.cleaned_data[key] for key in ("title", "held_on", "level", "section", "place", "note")}
        batch, organization = place.batch, place.organization
        actions.record_training(by=request.user, batch=batch, organization=organization, trainees=form.trainees, **data)
        messages.success(request, _("The training has been recorded."))
        return redirect("campaign:preparation", pk)
    trail = crumbs(request.user, place.organization, _("Backbone training"))
    context = {"organization": place.organization, "form": form, "crumbs": trail}
    return render(request, "campaign/preparation/training.html", context)


@require_POST
def training_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a training entered by mistake."""
    training = get_object_or_404(Training.objects.visible_to(request.user).select_related("organization"), pk=pk)
    need(ground_rules.can_record_training(request.user, training.organization))
    actions.delete_training(by=request.user, training=training)
    messages.success(request, _("The training has been deleted. The history keeps what it said."))
    return redirect("campaign:preparation", training.organization_id)
