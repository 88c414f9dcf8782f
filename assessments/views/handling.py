"""One-to-one help, registration and handling, and the oath (P-01..P-10, G-08)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import clock
from assessments import confidential
from assessments.actions import handling as actions
from assessments.forms.appraisals import ReasonForm
from assessments.forms.handling import (
    AbsenceForm,
    CaseForm,
    HelpForm,
    HelpResultForm,
    OpenHandlingForm,
    ProposalForm,
)
from assessments.judging import Judged, oath_actions, oath_takers, of_members
from assessments.models import Handling, Help, OathAbsence
from assessments.outcomes import outcome_of
from assessments.views.appraisals import appraisals, members_here
from assessments.views.places import member_for_papers, place_for_counts
from campaign.models import Activity
from campaign.views.places import crumbs
from units.models import Member, Organization

PER_PAGE = 50
SEALED = ("application_text", "problems", "attitude", "conduct", "returned_reason")


def _way(request: HttpRequest, organization: Organization, last: str) -> list[tuple[str, str]]:
    hub = reverse("assessments:appraisals", args=[organization.pk])
    return crumbs(request.user, organization, (_("Members' appraisal"), hub), last)


# ---------------------------------------------------------------- help
def help_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Name a helper for a member of one's branch."""
    member, batch = member_for_papers(request, pk)
    record = of_members(batch, [pk]).get(pk) or Judged()
    cause = Help.Cause.TEST if record.failing and not record.unqualified else Help.Cause.UNQUALIFIED
    form = HelpForm(
        request.POST or None,
        member=member,
        initial={"begun_on": clock.today(), "cause": cause if record.needs_help else Help.Cause.DUTIES},
    )
    if request.method == "POST" and form.is_valid():
        try:
            given = actions.give_help(by=request.user, batch=batch, member=member, **form.cleaned_data)
        except actions.HelpOpen:
            form.add_error(None, _("%(name)s is being helped already. End that help first.") % {"name": member.name})
        else:
            messages.success(
                request, _("%(helper)s helps %(name)s.") % {"helper": given.who_helps, "name": member.name}
            )
            return redirect("assessments:help", pk=given.pk)
    context = {"form": form, "member": member, "crumbs": _way(request, member.organization, member.name)}
    return render(request, "assessments/handling/help_new.html", context)


@never_cache
def help_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Help given to a member; the branch ends it with a result."""
    rows = Help.objects.visible_to(request.user).select_related("member", "organization", "helper")
    found = get_object_or_404(rows, pk=pk)
    if not confidential.can_read(request.user, found):
        raise PermissionDenied
    may = confidential.can_appraise(request.user, found.member) and found.state == Help.State.OPEN
    form = HelpResultForm(request.POST or None, initial={"on": clock.today()}) if may else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid() and _end(request, found, form.cleaned_data):
            return redirect("assessments:help", pk=pk)
    else:
        actions.note_reading_help(by=request.user, help_given=found)
    context = {"help": found, "form": form, "crumbs": _way(request, found.organization, found.member.name)}
    return render(request, "assessments/handling/help.html", context)


def _end(request: HttpRequest, found: Help, data: dict[str, Any]) -> bool:
    improved = data["improved"] == "yes"
    try:
        actions.end_help(by=request.user, help_given=found, improved=improved, result=data["result"], on=data["on"])
        messages.success(request, _("The help for %(name)s has ended.") % {"name": found.member.name})
    except actions.HelpMoved:
        messages.error(request, _("Somebody else has ended this help meanwhile."))
    return True


# ---------------------------------------------------------------- handling
@never_cache
def handlings(request: HttpRequest, pk: int) -> HttpResponse:
    """The cases of one's branch; above it the figures and what waits for consent (P-12)."""
    place = place_for_counts(request, pk)
    if not confidential.sees_names(request.user, place.organization) or place.batch is None or not place.active:
        return appraisals(request, pk)
    rows = Handling.objects.filter(batch=place.batch, organization=place.organization).defer(*SEALED)
    page = Paginator(rows.select_related("member"), PER_PAGE).get_page(request.GET.get("page"))
    people = members_here(place)
    found = of_members(place.batch, [member.pk for member in people])
    playbook = place.batch.campaign.playbook
    context = {
        "organization": place.organization,
        "page": page,
        "rows": [{"case": case, "outcome": outcome_of(playbook, case.outcome)} for case in page],
        "today": clock.today(),
        "due": [m for m in people if m.pk in found and found[m.pk].unqualified and not found[m.pk].case],
        "crumbs": _way(request, place.organization, _("Registration and handling")),
    }
    return render(request, "assessments/handling/list.html", context)


def handling_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the procedure for a member of one's branch."""
    member, batch = member_for_papers(request, pk)
    form = OpenHandlingForm(request.POST or None, initial={"cause": request.GET.get("cause", "")})
    if request.method == "POST" and form.is_valid():
        try:
            case = actions.open_handling(by=request.user, batch=batch, member=member, **form.cleaned_data)
            return redirect("assessments:handling", pk=case.pk)
        except actions.HelpFirst:
            form.add_error("cause", _("Education comes first: give the member a helper and record the result."))
        except actions.HandlingOpen:
            form.add_error(None, _("A case of %(name)s is open already.") % {"name": member.name})
    context = {"form": form, "member": member, "crumbs": _way(request, member.organization, member.name)}
    return render(request, "assessments/handling/new.html", context)


def _case(request: HttpRequest, pk: int) -> Handling:
    rows = Handling.objects.visible_to(request.user).select_related(
        "member__user", "organization", "batch__campaign", "opened_by", "proposed_by", "decided_by"
    )
    found = get_object_or_404(rows, pk=pk)
    if not confidential.can_read_handling(request.user, found):
        raise PermissionDenied
    return found


@never_cache
def handling(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: the criteria, the proposal, the consent, the date."""
    found = _case(request, pk)
    if request.method == "GET":
        actions.note_reading_handling(by=request.user, handling=found)
        return _show(request, found)
    if not confidential.can_work_on(request.user, found):
        raise PermissionDenied
    done = {"save": _write, "propose": _propose, "drop": _drop, "mended": _follow, "not_mended": _follow}
    step = next((name for name in done if name in request.POST), None)
    if step is None:
        return redirect("assessments:handling", pk=pk)
    try:
        return done[step](request, found)
    except actions.HandlingMoved:
        messages.error(request, _("Somebody else has moved this case meanwhile."))
        return redirect("assessments:handling", pk=pk)


def _show(request: HttpRequest, found: Handling, **forms: Any) -> HttpResponse:
    state = Handling.State
    works = confidential.can_work_on(request.user, found)
    open_ = works and found.state == state.OPEN
    initial = {name: getattr(found, name) for name in CaseForm.base_fields}
    context = {
        "case": found,
        "outcome": outcome_of(found.batch.campaign.playbook, found.outcome),
        "works": works,
        "case_form": forms.get("case_form") or (CaseForm(initial=initial) if open_ else None),
        "proposal": forms.get("proposal")
        or (ProposalForm(batch=found.batch, initial={"meeting_on": clock.today()}) if open_ else None),
        "drop_form": ReasonForm() if open_ else None,
        "may_follow_up": works and found.waits_for_its_date,
        "may_consent": confidential.can_consent(request.user, found),
        "return_form": forms.get("return_form") or ReasonForm(),
        "overdue": found.overdue(clock.today()),
        "crumbs": _way(request, found.organization, found.member.name),
    }
    return render(request, "assessments/handling/detail.html", context)


def _write(request: HttpRequest, found: Handling) -> HttpResponse:
    form = CaseForm(request.POST)
    if not form.is_valid():
        return _show(request, found, case_form=form)
    actions.change_handling(by=request.user, handling=found, case=form.case())
    messages.success(request, _("The case of %(name)s is saved.") % {"name": found.member.name})
    return redirect("assessments:handling", pk=found.pk)


def _propose(request: HttpRequest, found: Handling) -> HttpResponse:
    form = ProposalForm(request.POST, batch=found.batch)
    if not form.is_valid():
        return _show(request, found, proposal=form)
    try:
        actions.propose_outcome(by=request.user, handling=found, **form.cleaned_data)
    except actions.CaseIncomplete as incomplete:
        lacking = CaseForm().show_missing(incomplete.missing)
        form.add_error(None, _("Write down and save first: %(fields)s.") % {"fields": "、".join(lacking)})
        return _show(request, found, proposal=form)
    messages.success(request, _("The superior organisation has been asked for its consent."))
    return redirect("assessments:handling", pk=found.pk)


def _drop(request: HttpRequest, found: Handling) -> HttpResponse:
    form = ReasonForm(request.POST)
    if form.is_valid():
        actions.drop_handling(by=request.user, handling=found, reason=form.cleaned_data["reason"])
        messages.success(request, _("The case of %(name)s is dropped.") % {"name": found.member.name})
    else:
        messages.error(request, _("Say why the case is dropped."))
    return redirect("assessments:handling", pk=found.pk)


def _follow(request: HttpRequest, found: Handling) -> HttpResponse:
    following = actions.follow_up(by=request.user, handling=found, mended="mended" in request.POST)
    if following is None:
        messages.success(request, _("It is on record that %(name)s has mended.") % {"name": found.member.name})
        return redirect("assessments:handling", pk=found.pk)
    messages.success(request, _("A new case of %(name)s has been opened.") % {"name": found.member.name})
    return redirect("assessments:handling", pk=following.pk)


@require_POST
def handling_consent(request: HttpRequest, pk: int) -> HttpResponse:
    """The superior agrees, or sends the case back with a reason."""
    found = _case(request, pk)
    if not confidential.can_consent(request.user, found):
        raise PermissionDenied
    form = ReasonForm(request.POST) if "return" in request.POST else None
    if form is not None and not form.is_valid():
        return _show(request, found, return_form=form)
    try:
        if form is None:
            actions.agree_to_handling(by=request.user, handling=found)
            messages.success(request, _("You have agreed to the handling of %(name)s.") % {"name": found.member.name})
        else:
            actions.return_handling(by=request.user, handling=found, reason=form.cleaned_data["reason"])
            messages.success(request, _("The case has been sent back to the branch."))
    except actions.HandlingMoved:
        messages.error(request, _("Somebody else has decided on this case meanwhile."))
    return redirect("assessments:appraisals", pk=found.organization_id)


# ---------------------------------------------------------------- the oath
def oath(request: HttpRequest, pk: int) -> HttpResponse:
    """Who took the oath, who did not and why; attendance itself is taken at the activity (G-08)."""
    place = place_for_counts(request, pk)
    if not confidential.sees_names(request.user, place.organization) or place.batch is None or not place.active:
        return appraisals(request, pk)
    batch, people = place.batch, members_here(place)
    keys = oath_actions(batch.campaign.playbook)
    took = oath_takers(batch, [member.pk for member in people])
    found = of_members(batch, [member.pk for member in people])
    rows = [{"member": m, "took": m.pk in took, "r": found.get(m.pk) or Judged()} for m in people]
    context = {
        "organization": place.organization,
        "rows": sorted(rows, key=lambda row: row["took"]),
        "took": len(took),
        "total": len(rows),
        "ceremonies": Activity.objects.filter(batch=batch, organization=place.organization, action__in=keys),
        "action": keys[0] if keys else "",
        "rule": batch.campaign.playbook.handling.oath_refusal,
        "crumbs": _way(request, place.organization, _("Oath")),
    }
    return render(request, "assessments/handling/oath.html", context)


def oath_absence(request: HttpRequest, pk: int) -> HttpResponse:
    """Record why a member was not at the oath; a refusal opens the procedure where the playbook says so (P-08)."""
    member, batch = member_for_papers(request, pk)
    form = AbsenceForm(request.POST or None, initial={"on": clock.today(), "kind": OathAbsence.Kind.ABSENT})
    if request.method == "POST" and form.is_valid():
        try:
            _kept, case = actions.record_oath_absence(by=request.user, batch=batch, member=member, **form.cleaned_data)
        except actions.OathRecorded:
            form.add_error(None, _("It is on record already why %(name)s was not there.") % {"name": member.name})
        else:
            return _after_absence(request, member, case)
    context = {"form": form, "member": member, "crumbs": _way(request, member.organization, member.name)}
    return render(request, "assessments/handling/oath_absence.html", context)


def _after_absence(request: HttpRequest, member: Member, case: Handling | None) -> HttpResponse:
    if case is not None:
        messages.success(request, _("Recorded, and the case of %(name)s is open.") % {"name": member.name})
        return redirect("assessments:handling", pk=case.pk)
    messages.success(request, _("Recorded why %(name)s was not there.") % {"name": member.name})
    return redirect("assessments:oath", pk=member.organization_id)
