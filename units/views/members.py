"""The roll: list, one member, editing, transfer, leaving and returning, and the full numbers by right."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import clock
from units import access, actions, rules
from units.forms.filters import MemberFilter
from units.forms.members import LeaveForm, MemberForm, NewMemberForm, TransferForm
from units.guards import need, need_somewhere
from units.models import Member, Organization
from units.refusals import DuplicateMember, UnitsRefusal, WrongDate
from units.roles import Right
from units.roster.vocabulary import EDUCATIONS
from units.views.shared import crumbs, page_of, refuse, tabs

_EDUCATION_NAMES = dict(EDUCATIONS.choices)
_SEALED = ("id_number", "phone", "landline", "address")


def members(request: HttpRequest) -> HttpResponse:
    """The roll in scope, searched, filtered and sorted in the database. Opens no sealed column."""
    user = request.user
    own = Member.objects.filter(user=user).only("pk").first()
    if own and not access.has_anywhere(user, Right.VIEW_MEMBERS):
        return redirect("units:member", pk=own.pk)
    need_somewhere(user, Right.VIEW_MEMBERS)
    organizations = Organization.objects.visible_to(user, Right.VIEW_MEMBERS)
    form = MemberFilter(request.GET or None, organizations=organizations)
    visible = Member.objects.visible_to(user).select_related("organization", "work_unit").defer(*_SEALED)
    rows = form.ordered(form.narrow(visible) if form.is_bound else visible.on_roll(), request.GET.get("sort", ""))
    context = {
        "form": form,
        "page": page_of(request, rows),
        "tabs": tabs("members"),
        "head": _head(),
        "edits": access.has_anywhere(user, Right.EDIT_ROSTER),
    }
    return render(request, "units/member/list.html", context)


def _head() -> list[dict[str, Any]]:
    return [
        {"label": _("Name"), "sort": "name"},
        {"label": _("Branch"), "sort": "organization"},
        {"label": _("Sex"), "css": "no-phone"},
        {"label": _("Date of birth"), "sort": "birth_date", "css": "no-phone"},
        {"label": _("Category"), "css": "no-phone"},
        {"label": _("Post level"), "css": "no-phone"},
        {"label": _("Schooling"), "css": "no-phone"},
        {"label": _("Joined the party"), "sort": "joined_on", "css": "no-phone"},
        {"label": _("Situation")},
    ]


def _get(request: HttpRequest, pk: int, right: Right = Right.VIEW_MEMBERS) -> Member:
    visible = Member.objects.visible_to(request.user, right).select_related("organization", "work_unit", "user")
    return get_object_or_404(visible, pk=pk)


@never_cache
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """One member, masked."""
    return _show(request, _get(request, pk))


def _show(request: HttpRequest, found: Member, full: actions.Revealed | None = None) -> HttpResponse:
    user = request.user
    seen = access.has(user, Right.VIEW_MEMBERS, found.organization)
    context = {
        "member": found,
        "full": full,
        "education": _EDUCATION_NAMES.get(found.education, found.education),
        "age": found.age_on(clock.today()),
        "crumbs": crumbs(user, found.organization, found.name) if seen else [],
        "moves": found.moves.select_related("from_organization", "to_organization", "by"),
        "can": {
            "reveal": rules.can_reveal(user, found),
            "edit": rules.can_edit_member(user, found),
            "transfer": rules.can_transfer(user, found),
            "return": rules.can_return(user, found),
        },
    }
    return render(request, "units/member/detail.html", context)


@never_cache
@require_POST
def member_reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """The member's page with the numbers in full: only in this answer, and audited."""
    found = _get(request, pk)
    need(rules.can_reveal(request.user, found))
    return _show(request, found, actions.reveal_member(by=request.user, member=found))


def member_new(request: HttpRequest) -> HttpResponse:
    """Put a new member on the roll of the branch named by ?organization=."""
    need_somewhere(request.user, Right.VIEW_MEMBERS)
    need(access.has_anywhere(request.user, Right.EDIT_ROSTER))
    branches = Organization.objects.visible_to(request.user, Right.EDIT_ROSTER).branches().active()
    chosen = request.GET.get("organization", "")
    if not chosen.isdigit():
        return render(request, "units/member/choose_branch.html", {"page": _branches(request, branches)})
    branch = get_object_or_404(branches, pk=chosen)
    form = NewMemberForm(request.POST or None, organization=branch, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        values = form.values()
        on = values.pop("on")
        try:
            added = actions.create_member(by=request.user, organization=branch, values=values, on=on)
        except UnitsRefusal as refusal:
            refuse(form, refusal, "id_number" if isinstance(refusal, DuplicateMember) else "on")
        else:
            messages.success(request, _("%(name)s is on the roll.") % {"name": added.name})
            return redirect("units:member", pk=added.pk)
    context = {"form": form, "branch": branch, "crumbs": crumbs(request.user, branch, _("Add a member"))}
    return render(request, "units/member/new.html", context)


def _branches(request: HttpRequest, branches: Any) -> Any:
    from units import queries

    return page_of(request, queries.organizations_matching(branches, request.GET.get("q", "")))


def member_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a member's data; the page carries no full number."""
    found = _get(request, pk)
    need(rules.can_edit_member(request.user, found))
    form = MemberForm(request.POST or None, member=found, organization=found.organization)
    seen = parse_datetime(request.POST.get("seen", "")) if request.method == "POST" else found.updated_at
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.change_member(by=request.user, member=found, values=form.values(), seen=seen)
        except UnitsRefusal as refusal:
            refuse(form, refusal, "id_number" if isinstance(refusal, DuplicateMember) else None)
        else:
            said = _("%(name)s has been changed.") if changed else _("Nothing differed; nothing was changed.")
            messages.success(request, said % {"name": form.cleaned_data["name"]})
            return redirect("units:member", pk=pk)
    context = {"form": form, "member": found, "seen": found.updated_at.isoformat()}
    context["crumbs"] = crumbs(request.user, found.organization, found.name)
    return render(request, "units/member/edit.html", context)


def _targets(user: Any, member: Member) -> Any:
    branches = Organization.objects.visible_to(user, Right.EDIT_ROSTER).branches().active()
    return branches if member.left_on else branches.exclude(pk=member.organization_id)


def member_transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """Transfer to another branch, or put back on a roll."""
    found = _get(request, pk)
    need(rules.can_transfer(request.user, found) or rules.can_return(request.user, found))
    branches = _targets(request.user, found)
    initial = {"on": clock.today(), "to": found.organization.name if found.left_on else ""}
    form = TransferForm(request.POST or None, branches=branches, initial=initial)
    if request.method == "POST" and form.is_valid():
        move = actions.return_member if found.left_on else actions.transfer_member
        try:
            move(by=request.user, member=found, **form.cleaned_data)
        except UnitsRefusal as refusal:
            refuse(form, refusal, "on" if isinstance(refusal, WrongDate) else "to")
        else:
            told = {"name": found.name, "branch": form.cleaned_data["to"].name}
            messages.success(request, _("%(name)s is now on the roll of %(branch)s.") % told)
            return redirect("units:member", pk=pk)
    context = {"form": form, "member": found, "branches": branches}
    context["crumbs"] = crumbs(request.user, found.organization, found.name)
    return render(request, "units/member/transfer.html", context)


def member_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a member off the roll."""
    found = _get(request, pk)
    need(rules.can_edit_member(request.user, found))
    if found.left_on is not None:
        raise Http404
    form = LeaveForm(request.POST or None, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.leave_member(by=request.user, member=found, **form.cleaned_data)
        except UnitsRefusal as refusal:
            refuse(form, refusal, "on" if isinstance(refusal, WrongDate) else None)
        else:
            messages.success(request, _("%(name)s has been taken off the roll.") % {"name": found.name})
            return redirect("units:member", pk=pk)
    context = {"form": form, "member": found, "crumbs": crumbs(request.user, found.organization, found.name)}
    return render(request, "units/member/leave.html", context)
