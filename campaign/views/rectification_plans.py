"""Rectification plans: who has one, writing, public notice, adoption by meeting, superior or public commitment."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import clock
from accounts.templatetags.shell import day
from campaign import ledger, rectification
from campaign.actions import rectification_plans as actions
from campaign.forms.rectification_plans import CommitForm, MeetingForm, PlanForm, RemarkForm, ReturnForm
from campaign.models import Batch, Participation, RectificationPlan
from campaign.queries import taking_part
from campaign.views.activities import absent
from campaign.views.places import Place, crumbs, find_place
from units import access
from units.models import Member, Organization
from units.roles import Right

PER_PAGE = 50
Owner, State = RectificationPlan.Owner, RectificationPlan.State


def plans(request: HttpRequest, pk: int) -> HttpResponse:
    """Whose plan stands where, by kind of owner; the meeting's adoption of many members' plans at once."""
    place = find_place(request, pk)
    if place.participation is None or place.batch is None:
        return absent(request, place)
    owners = _owners(place)
    owner = request.GET.get("owner", "") if request.GET.get("owner") in dict(owners) else owners[0][0]
    names = access.has(request.user, Right.VIEW_MEMBERS, place.organization)
    if owner == Owner.MEMBER and not names:
        raise PermissionDenied
    ready = _ready(request, place)
    form = MeetingForm(request.POST or None, plans=ready, initial={"on": clock.today()})
    if request.method == "POST":
        if not place.may_record:
            raise PermissionDenied
        if _adopt(request, form):
            return redirect(f"{reverse('campaign:plans', args=[pk])}?owner=member")
    rows = _people(place) if owner == Owner.MEMBER else _organizations(place, owner)
    context = {
        "place": place,
        "organization": place.organization,
        "owner": owner,
        "rule": rectification.plan_rule(place.batch.campaign.playbook, owner),
        "tabs": _tabs(place, owners, owner),
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "form": form,
        "chosen": {str(value) for value in form["plans"].value() or ()},
        "ready": {plan.pk for plan in ready},
        "adopting": owner == Owner.MEMBER and place.may_record and place.organization.is_branch and bool(ready),
        "crumbs": crumbs(request.user, place.organization, _("Rectification plans")),
    }
    return render(request, "campaign/rectification/plans.html", context)


def _owners(place: Place) -> list[tuple[str, Any]]:
    """The kinds of plan that the playbook asks for; all three where it is silent. A branch below has members' only."""
    asked = [rule.owner for rule in place.batch.campaign.playbook.plans] if place.batch else []
    return [(key, label) for key, label in Owner.choices if not asked or key in asked]


def _tabs(place: Place, owners: list[tuple[str, Any]], current: str) -> list[dict[str, Any]]:
    base = reverse("campaign:plans", args=[place.organization.pk])
    return [{"label": label, "url": f"{base}?owner={key}", "current": key == current} for key, label in owners]


def _ready(request: HttpRequest, place: Place) -> Any:
    """Members' plans of this branch that are on public notice."""
    here = RectificationPlan.objects.visible_to(request.user)
    return (
        here.filter(batch=place.batch, organization=place.organization, owner=Owner.MEMBER, state=State.NOTICE)
        .select_related("notice", "member", "organization")
        .order_by("member__name")
    )


def _adopt(request: HttpRequest, form: MeetingForm) -> bool:
    if not form.is_valid():
        return False
    try:
        count = actions.adopt_by_meeting(by=request.user, **form.cleaned_data)
    except actions.NoticeRuns as runs:
        text = _("The public notice of one of the plans runs until %(day)s; the meeting can adopt it after that.")
        form.add_error("on", text % {"day": day(runs.until)})
    except actions.NotAMajority:
        form.add_error("votes", _("A plan is adopted by more than half of those present."))
    except actions.PlanMoved:
        form.add_error(None, _("Somebody else has changed one of the plans meanwhile. Look again, then save."))
    else:
        text = ngettext("Recorded the adoption of %(count)d plan.", "Recorded the adoption of %(count)d plans.", count)
        messages.success(request, text % {"count": count})
        return True
    return False


def _people(place: Place) -> Any:
    """(owner's name, organisation, plan or none) of each member, without a plan first."""
    members = Member.objects.on_roll().within(place.organization).select_related("organization")
    found = RectificationPlan.objects.filter(
        access.below(place.organization.path, "organization"), batch=place.batch, owner=Owner.MEMBER
    ).select_related("notice")
    held = {plan.member_id: plan for plan in found}
    rows = [
        {"name": m.name, "member": m, "organization": m.organization, "plan": held.get(m.pk)}
        for m in members.order_by("organization__path", "name", "pk")
    ]
    return sorted(rows, key=lambda row: _progress(row["plan"]))


def _organizations(place: Place, owner: str) -> Any:
    """Those that owe the plan: the leading organisation for the unit; all but branches below another for the rest."""
    found = RectificationPlan.objects.filter(
        access.below(place.organization.path, "organization"), batch=place.batch, owner=owner
    ).select_related("notice")
    held = {plan.organization_id: plan for plan in found}
    below = Organization.objects.active().within(place.organization)
    leading = set(Participation.objects.filter(batch=place.batch).values_list("organization_id", flat=True))
    owing = [
        one
        for one in below
        if one.pk in held or one.pk in leading or (owner == Owner.ORGANIZATION and not one.is_branch and place.leads)
    ]
    rows = [{"name": o.name, "organization": o, "plan": held.get(o.pk)} for o in owing]
    return sorted(rows, key=lambda row: _progress(row["plan"]))


def _progress(plan: RectificationPlan | None) -> int:
    order = {State.DRAFT.value: 1, State.NOTICE.value: 2, State.ADOPTED.value: 3}
    return order[plan.state] if plan else 0


# ---------------------------------------------------------------- writing
def plan_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a plan of the organisation or the unit, or (?member=…) on behalf of a member."""
    place = find_place(request, pk)
    if not place.active:
        return absent(request, place)
    if not place.may_record:
        raise PermissionDenied
    asked = request.GET.get("member", "")
    member = None
    if asked:
        key = int(asked) if asked.isdecimal() and len(asked) < 10 else 0
        member = get_object_or_404(Member.objects.on_roll().filter(organization=place.organization), pk=key)
    owner = Owner.MEMBER.value if member else request.GET.get("owner", Owner.ORGANIZATION.value)
    if owner not in Owner.values or (owner == Owner.MEMBER and member is None):
        raise Http404
    return _write(request, place.batch, owner, place.organization, member)


def my_plan(request: HttpRequest) -> HttpResponse:
    """A member's own plan: read it, or write it (O-01)."""
    member = getattr(request.user, "member", None)
    if member is None:
        raise PermissionDenied
    participation = taking_part(member.organization)
    if participation is None or participation.state != Participation.State.ACTIVE:
        return render(request, "campaign/rectification/no_plan.html", {"member": member})
    plan = RectificationPlan.objects.filter(batch=participation.batch, member=member).first()
    if plan is not None:
        return redirect("campaign:rectification_plan", plan.pk)
    return _write(request, participation.batch, Owner.MEMBER.value, member.organization, member)


def _write(
    request: HttpRequest, batch: Batch | None, owner: str, organization: Organization, member: Member | None
) -> HttpResponse:
    """The empty form; a plan that exists already is opened instead."""
    if batch is None:
        raise Http404
    unsaved = RectificationPlan(batch=batch, owner=owner, organization=organization, member=member)
    held = RectificationPlan.objects.filter(batch=batch, owner=owner, member=member)
    there = held.first() if member else held.filter(organization=organization).first()
    if there is not None:
        return redirect("campaign:rectification_plan", there.pk)
    form = PlanForm(request.POST or None, items=_hung(request, unsaved))
    if form.is_bound and form.is_valid():
        try:
            plan = actions.write_plan(
                by=request.user,
                batch=batch,
                owner=owner,
                organization=organization,
                member=member,
                **{"items": (), **form.cleaned_data},
            )
        except actions.PlanMoved:
            form.add_error(None, _("Somebody else has written this plan meanwhile. Open it from the list."))
        else:
            messages.success(request, _("Saved the plan. Put it on public notice when it is ready."))
            return redirect("campaign:rectification_plan", plan.pk)
    context = {"form": form, "plan": unsaved, "organization": organization, "crumbs": _crumbs(request, unsaved)}
    return render(request, "campaign/rectification/plan_edit.html", context)


def _hung(request: HttpRequest, plan: RectificationPlan) -> Any:
    """The items that may be hung up: those of the organisation, or for which the member is responsible."""
    if plan.owner == Owner.MEMBER:
        rows = ledger.items(request.user, plan.batch).filter(responsible_member=plan.member)
    else:
        rows = ledger.items(request.user, plan.batch, plan.organization)
    return rows if rows.exists() else None


def _crumbs(request: HttpRequest, plan: RectificationPlan) -> list[tuple[str, str]]:
    seen = access.has(request.user, Right.VIEW, plan.organization)
    url = f"{reverse('campaign:plans', args=[plan.organization_id])}?owner={plan.owner}" if seen else ""
    return crumbs(request.user, plan.organization, (_("Rectification plans"), url), str(plan))


def _find(request: HttpRequest, pk: int) -> RectificationPlan:
    seen = RectificationPlan.objects.visible_to(request.user).select_related(
        "organization", "member", "notice", "batch__campaign__host", "adopted_by", "written_by"
    )
    return get_object_or_404(seen, pk=pk)


def plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a plan; one that was shown keeps its old wording and needs a new notice."""
    plan = _find(request, pk)
    if not rectification.can_write_plan(request.user, plan):
        raise PermissionDenied
    initial = {"contents": plan.contents, "measures": plan.measures, "items": list(plan.items.all())}
    form = PlanForm(request.POST or None, items=_hung(request, plan), initial=initial)
    if form.is_bound and form.is_valid():
        plan.version = _version(request)
        try:
            given = {"items": plan.items.all(), **form.cleaned_data}
            actions.change_plan(by=request.user, plan=plan, **given)
        except actions.PlanMoved:
            form.add_error(None, _("Somebody else has changed this plan meanwhile. Look at it, then save again."))
            plan.refresh_from_db()
        else:
            messages.success(request, _("The plan has been changed."))
            return redirect("campaign:rectification_plan", plan.pk)
    context = {"form": form, "plan": plan, "organization": plan.organization, "crumbs": _crumbs(request, plan)}
    return render(request, "campaign/rectification/plan_edit.html", context)


def _version(request: HttpRequest) -> int:
    raw = request.POST.get("version", "")
    if not raw.isdecimal() or len(raw) > 9:
        raise BadRequest("version")
    return int(raw)


# ---------------------------------------------------------------- one plan
def _runs(plan: RectificationPlan) -> bool:
    return plan.notice is None or not plan.notice.has_run_out(clock.today())


def plan_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A plan with its notice, opinions and versions; POST carries a deed: show, remark, agree, return or commit."""
    plan = _find(request, pk)
    forms: dict[str, Any] = {
        "remark_form": RemarkForm(),
        "return_form": ReturnForm(),
        "commit_form": CommitForm(initial={"on": clock.today()}),
    }
    if request.method == "POST":
        plan.version = _version(request)
        bound = _do(request, plan)
        if bound is None:
            return redirect("campaign:rectification_plan", plan.pk)
        forms |= bound
    user, shown = request.user, plan.state == State.NOTICE
    may_record = access.has(user, Right.RECORD, plan.organization)
    context = {
        "plan": plan,
        "organization": plan.organization,
        "rule": rectification.plan_rule(plan.batch.campaign.playbook, plan.owner),
        "run_out": not _runs(plan),
        "remarks": plan.remarks.select_related("by"),
        "versions": plan.versions.all(),
        "items": plan.items.select_related("organization", "responsible_member"),
        "may_write": rectification.can_write_plan(user, plan),
        "may_show": plan.needs_notice and rectification.can_write_plan(user, plan),
        "may_remark": shown and may_record,
        "may_agree": shown and plan.owner == Owner.ORGANIZATION and rectification.can_agree(user, plan),
        "may_commit": shown and plan.owner == Owner.UNIT and may_record and not _runs(plan),
        "crumbs": _crumbs(request, plan),
    }
    return render(request, "campaign/rectification/plan.html", context | forms)


def _do(request: HttpRequest, plan: RectificationPlan) -> dict[str, Any] | None:
    deeds = {"show": _show, "remark": _remark, "agree": _agree, "return": _return, "commit": _commit}
    deed = request.POST.get("deed", "")
    if deed not in deeds:
        raise BadRequest("deed")
    try:
        return deeds[deed](request, plan)
    except actions.PlanMoved:
        messages.error(request, _("Somebody else has changed this plan meanwhile. Look at it, then decide again."))
    except actions.NoticeRuns as runs:
        text = _("The public notice runs until %(day)s; the plan can be adopted after that day.")
        messages.error(request, text % {"day": day(runs.until)})
    return None


def _show(request: HttpRequest, plan: RectificationPlan) -> None:
    if not rectification.can_write_plan(request.user, plan):
        raise PermissionDenied
    actions.show_plan(by=request.user, plan=plan)
    until = plan.notice.ends_on if plan.notice else clock.today()
    messages.success(request, _("The plan is on public notice until %(day)s.") % {"day": day(until)})


def _remark(request: HttpRequest, plan: RectificationPlan) -> dict[str, Any] | None:
    if not access.has(request.user, Right.RECORD, plan.organization):
        raise PermissionDenied
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return {"remark_form": form}
    actions.remark_on_plan(by=request.user, plan=plan, **form.cleaned_data)
    messages.success(request, _("Noted the opinion."))
    return None


def _need_superior(request: HttpRequest, plan: RectificationPlan) -> None:
    if plan.owner != Owner.ORGANIZATION or not rectification.can_agree(request.user, plan):
        raise PermissionDenied


def _agree(request: HttpRequest, plan: RectificationPlan) -> None:
    _need_superior(request, plan)
    actions.agree_to_plan(by=request.user, plan=plan)
    messages.success(request, _("Agreed to the plan."))


def _return(request: HttpRequest, plan: RectificationPlan) -> dict[str, Any] | None:
    _need_superior(request, plan)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return {"return_form": form}
    actions.return_plan(by=request.user, plan=plan, reason=form.cleaned_data["reason"])
    messages.success(request, _("Returned the plan with your reason."))
    return None


def _commit(request: HttpRequest, plan: RectificationPlan) -> dict[str, Any] | None:
    if plan.owner != Owner.UNIT or not access.has(request.user, Right.RECORD, plan.organization):
        raise PermissionDenied
    form = CommitForm(request.POST)
    if not form.is_valid():
        return {"commit_form": form}
    try:
        actions.commit_publicly(by=request.user, plan=plan, **form.cleaned_data)
    except actions.NoticeRuns as runs:
        text = _("The public notice runs until %(day)s; the plan can be adopted after that day.")
        form.add_error("on", text % {"day": day(runs.until)})
        return {"commit_form": form}
    messages.success(request, _("Recorded the public commitment."))
    return None
