"""Supervision groups: who covers whom, gaps and overlaps, members and assignments (D-09, D-10)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from campaign.models import Participation
from campaign.queries import batch_for
from supervision import actions, queries, rules
from supervision.forms import AssignForm, GroupForm, GroupMemberForm
from supervision.models import Assignment, GroupMember, SupervisionGroup
from units.guards import need_somewhere
from units.models import Organization
from units.roles import Right

GAPS_SHOWN = 100


def group_list(request: HttpRequest) -> HttpResponse:
    """All groups of the campaign, and which leading organisations have none or several."""
    batch = batch_for(request.user)
    if batch is None:
        return render(request, "supervision/group/list.html", {"batch": None})
    groups = (
        SupervisionGroup.objects.visible_to(request.user)
        .filter(campaign=batch.campaign_id)
        .prefetch_related("members__user", "assignments__organization")
    )
    coverage = queries.coverage_of(batch, request.user)
    context = {
        "batch": batch,
        "groups": groups,
        "rows": [_row(group) for group in groups],
        "coverage": coverage,
        "gaps": coverage.gaps[:GAPS_SHOWN],
        "gaps_more": max(0, len(coverage.gaps) - GAPS_SHOWN),
        "can_manage": rules.can_manage_groups(request.user, batch.campaign),
    }
    return render(request, "supervision/group/list.html", context)


def _row(group: SupervisionGroup) -> dict[str, Any]:
    """Who is in a group and whom it covers today, from what has been prefetched."""
    return {
        "group": group,
        "people": [
            _("%(name)s (head)") % {"name": member.user} if member.head else str(member.user)
            for member in group.members.all()
            if member.to_date is None
        ],
        "covered": [row.organization.name for row in group.assignments.all() if row.to_date is None],
    }


def _group(request: HttpRequest, pk: int, *, to_manage: bool = False) -> SupervisionGroup:
    group = get_object_or_404(SupervisionGroup.objects.visible_to(request.user).select_related("campaign__host"), pk=pk)
    if to_manage and not rules.can_manage_groups(request.user, group.campaign):
        raise PermissionDenied
    return group


def group_new(request: HttpRequest) -> HttpResponse:
    """Set up a group in the campaign that the user's pages are about."""
    batch = batch_for(request.user)
    if batch is None:
        raise Http404
    if not rules.can_manage_groups(request.user, batch.campaign):
        raise PermissionDenied
    form = GroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            group = actions.create_group(by=request.user, campaign=batch.campaign, **form.cleaned_data)
            return redirect("supervision:group", pk=group.pk)
        except actions.GroupRefused as refusal:
            form.add_error("name", str(refusal))
    return render(request, "supervision/group/new.html", {"form": form, "batch": batch})


def group_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Members and assignments; a post adds a member."""
    group = _group(request, pk, to_manage=request.method == "POST")
    form = GroupMemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = form.cleaned_data
            actions.add_member(by=request.user, group=group, user=added["who"], head=added["head"])
            messages.success(request, _("%(name)s is now in this group.") % {"name": added["who"]})
            return redirect("supervision:group", pk=pk)
        except actions.GroupRefused as refusal:
            form.add_error("who", str(refusal))
    context = {"group": group, "form": form, **_about(request, group)}
    return render(request, "supervision/group/detail.html", context, status=422 if form.errors else 200)


def _about(request: HttpRequest, group: SupervisionGroup) -> dict[str, Any]:
    """Who is and was in the group, whom it covers, and whom it could cover."""
    covered = group.assignments.current().select_related("organization")
    batch = batch_for(request.user)
    free = (
        Participation.objects.visible_to(request.user).filter(batch=batch).select_related("organization", "work_unit")
    )
    return {
        "members": group.members.current().select_related("user"),
        "former": [row.user for row in group.members.exclude(to_date=None).select_related("user")],
        "assignments": covered,
        "free": free.exclude(organization__in=covered.values("organization")) if batch else [],
        "can_manage": rules.can_manage_groups(request.user, group.campaign),
    }


@require_POST
def assign(request: HttpRequest) -> HttpResponse:
    """Put a group in charge of the ticked organisations."""
    need_somewhere(request.user, Right.SET_UP)
    groups = SupervisionGroup.objects.visible_to(request.user).select_related("campaign__host")
    form = AssignForm(groups, Organization.objects.visible_to(request.user), request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(errors))
        return redirect("supervision:groups")
    group = form.cleaned_data["group"]
    if not rules.can_manage_groups(request.user, group.campaign):
        raise PermissionDenied
    _assign_all(request, group, form.cleaned_data["organizations"])
    return redirect("supervision:group", pk=group.pk)


def _assign_all(request: HttpRequest, group: SupervisionGroup, organizations: Iterable[Organization]) -> None:
    """Assign one after another and say how many; one that is covered already does not hold up the others."""
    done = 0
    for organization in organizations:
        try:
            actions.assign(by=request.user, group=group, organization=organization)
            done += 1
        except actions.GroupRefused as refusal:
            messages.error(request, str(refusal))
    if done:
        sentence = ngettext(
            "%(group)s now covers %(count)s more organisation.",
            "%(group)s now covers %(count)s more organisations.",
            done,
        )
        messages.success(request, sentence % {"group": group.name, "count": done})


@require_POST
def member_end(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """Take a person out of the group."""
    group = _group(request, pk, to_manage=True)
    row = get_object_or_404(GroupMember.objects.select_related("user", "group__campaign__host"), group=group, pk=member)
    try:
        actions.end_member(by=request.user, member=row)
        messages.success(request, _("%(name)s has left this group.") % {"name": row.user})
    except actions.GroupRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("supervision:group", pk=pk)


@require_POST
def unassign(request: HttpRequest, pk: int, assignment: int) -> HttpResponse:
    """End the group's charge of an organisation."""
    group = _group(request, pk, to_manage=True)
    row = get_object_or_404(Assignment.objects.select_related("organization", "group"), group=group, pk=assignment)
    try:
        actions.unassign(by=request.user, assignment=row)
        names = {"group": group.name, "name": row.organization.name}
        messages.success(request, _("%(group)s no longer covers %(name)s.") % names)
    except actions.GroupRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("supervision:group", pk=pk)
