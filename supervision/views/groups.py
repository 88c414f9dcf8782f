"""Supervision groups: who covers whom, gaps and overlaps, members and assignments (D-09, D-10)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts import clock
from campaign.models import Batch
from campaign.queries import batch_for
from supervision import actions, body_rules, membership, queries
from supervision.forms import AssignForm
from supervision.forms.groups import SentGroupForm, SentMemberForm
from supervision.models import Assignment, GroupMember, SupervisionGroup
from supervision.queries import coverage
from supervision.views.doing import attempt
from units.guards import need_somewhere
from units.models import Organization
from units.roles import Right

GAPS_SHOWN = 100
PER_PAGE = 50


def group_list(request: HttpRequest) -> HttpResponse:
    """All groups of the campaign, and which leading organisations have none or several."""
    batch = batch_for(request.user)
    if batch is None:
        return render(request, "supervision/group/list.html", {"batch": None})
    groups = (
        SupervisionGroup.objects.visible_to(request.user)
        .filter(campaign=batch.campaign_id)
        .select_related("owner", "parent")
        .prefetch_related("members__user", "assignments__organization")
    )
    covered = queries.coverage_of(batch, request.user)
    of_host_first = groups.order_by(F("owner").asc(nulls_first=True), "pk")
    page = Paginator(of_host_first, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "page": page,
        "rows": [_row(group) for group in page],
        "coverage": covered,
        "gaps": covered.gaps[:GAPS_SHOWN],
        "gaps_more": max(0, len(covered.gaps) - GAPS_SHOWN),
        "can_manage": body_rules.can_send_groups(request.user, batch.campaign, batch.campaign.host),
        "may_send": bool(body_rules.own_senders(request.user, batch.campaign)),
        "own": SupervisionGroup.objects.filter(campaign=batch.campaign_id, owner=None),
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
    rows = SupervisionGroup.objects.visible_to(request.user).select_related("campaign__host", "owner", "parent")
    group = get_object_or_404(rows, pk=pk)
    if to_manage and not body_rules.can_manage_group(request.user, group):
        raise PermissionDenied
    return group


def group_new(request: HttpRequest) -> HttpResponse:
    """Set up a group of the host, or of the organisation for which the user acts."""
    batch = batch_for(request.user)
    if batch is None:
        raise Http404
    senders = body_rules.own_senders(request.user, batch.campaign)
    if not senders:
        raise PermissionDenied
    form = SentGroupForm(request.POST or None, campaign=batch.campaign, senders=senders)
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
    form = SentMemberForm(request.POST or None, initial={"in_place_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            added = form.cleaned_data
            seconded = form.seconded()
            actions.add_member(by=request.user, group=group, user=added["who"], head=added["head"], seconded=seconded)
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
    can_manage = body_rules.can_manage_group(request.user, group)
    return {
        "members": group.members.current().select_related("user"),
        "former": [row.user for row in group.members.exclude(to_date=None).select_related("user")],
        "assignments": covered,
        "subgroups": group.subgroups.all(),
        "free": _free(request, group, batch) if batch and can_manage else [],
        "can_manage": can_manage,
        "is_member": membership.is_member(request.user, group),
        "reads_notes": membership.is_member(request.user, group) or membership.watches(request.user, group),
    }


def _free(request: HttpRequest, group: SupervisionGroup, batch: Batch) -> list[coverage.MapRow]:
    """What the group could cover besides, as far as the page lists it; the map has all of it."""
    rows = coverage.to_cover(batch, group.sender).visible_to(request.user)
    free = rows.exclude(pk__in=group.assignments.current().values("organization"))
    return coverage.map_rows(free.order_by("path")[:GAPS_SHOWN], batch, group.sender)


@require_POST
def assign(request: HttpRequest) -> HttpResponse:
    """Put a group in charge of the ticked organisations."""
    need_somewhere(request.user, Right.VIEW)
    if not body_rules.may_send_somewhere(request.user):
        raise PermissionDenied
    groups = SupervisionGroup.objects.visible_to(request.user).select_related("campaign__host", "owner")
    form = AssignForm(groups, Organization.objects.visible_to(request.user), request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(errors))
        return redirect("supervision:group_map" if "map" in request.POST else "supervision:groups")
    group = form.cleaned_data["group"]
    if not body_rules.can_manage_group(request.user, group):
        raise PermissionDenied
    _assign_all(request, group, form.cleaned_data["organizations"])
    if "map" in request.POST:
        return redirect(f"{reverse('supervision:group_map')}?sender={group.sender.pk}")
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
    people = GroupMember.objects.select_related("user", "group__campaign__host", "group__owner")
    row = get_object_or_404(people, group=group, pk=member)
    attempt(request, actions.end_member, _("%(name)s has left this group.") % {"name": row.user}, member=row)
    return redirect("supervision:group", pk=pk)


@require_POST
def unassign(request: HttpRequest, pk: int, assignment: int) -> HttpResponse:
    """End the group's charge of an organisation."""
    group = _group(request, pk, to_manage=True)
    row = get_object_or_404(
        Assignment.objects.select_related("organization", "group__owner", "group__campaign__host"),
        group=group,
        pk=assignment,
    )
    done = _("%(group)s no longer covers %(name)s.") % {"group": group.name, "name": row.organization.name}
    attempt(request, actions.unassign, done, assignment=row)
    return redirect("supervision:group", pk=pk)
