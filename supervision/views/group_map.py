"""The map of who covers whom, and what changes of a group and its people (D-09, D-10, D-18, M-01, M-11)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.models import Batch
from supervision import actions, body_rules
from supervision.body_filters import MapFilter
from supervision.forms.groups import GroupEditForm, GroupMemberEditForm
from supervision.models import GroupMember, SupervisionGroup
from supervision.queries import coverage
from supervision.views.bodies import open_batch
from supervision.views.doing import attempt
from units.models import Organization

PER_PAGE = 50


def senders_for(user: Any, batch: Batch) -> list[Organization]:
    """Those whose groups the user may look at as a map: the host, those he acts for, and who has sent some."""
    own = body_rules.own_senders(user, batch.campaign)
    sent = Organization.objects.visible_to(user).filter(groups_sent__campaign=batch.campaign_id).distinct()
    found = {one.pk: one for one in [*own, batch.campaign.host, *sent]}
    return list(found.values())


def group_map(request: HttpRequest) -> HttpResponse:
    """Organisations and the groups that cover them, gaps and overlaps, by sender; gaps are assigned from here."""
    batch = open_batch(request)
    context = _map(request, batch) if batch is not None else {"batch": None}
    return render(request, "supervision/group/map.html", context)


def _map(request: HttpRequest, batch: Batch) -> dict[str, Any]:
    senders = senders_for(request.user, batch)
    sender = next((one for one in senders if str(one.pk) == request.GET.get("sender")), senders[0])
    figures = coverage.figures_of(batch, sender)
    groups = [row.group for row in figures]
    form = MapFilter(request.GET or None, senders=senders, groups=groups)
    every = coverage.to_cover(batch, sender).visible_to(request.user)
    counted = coverage.with_groups(every, batch, sender)
    rows = _filtered(counted, form, batch, sender)
    page = Paginator(rows.select_related("parent"), PER_PAGE).get_page(request.GET.get("page"))
    return {
        "batch": batch,
        "sender": sender,
        "senders": senders,
        "form": form,
        "page": page,
        "rows": coverage.map_rows(page.object_list, batch, sender),
        "figures": figures,
        "scales": _scales(figures),
        "groups": groups,
        "can_manage": body_rules.can_send_groups(request.user, batch.campaign, sender),
        "totals": counted.aggregate(
            all=Count("pk"), gaps=Count("pk", filter=Q(groups_n=0)), overlaps=Count("pk", filter=Q(groups_n__gt=1))
        ),
    }


def _filtered(
    rows: QuerySet[Organization], form: MapFilter, batch: Batch, sender: Organization
) -> QuerySet[Organization]:
    state, group, word = form.told("state"), form.told("group"), form.told("q")
    if state == "gap":
        rows = rows.filter(groups_n=0)
    elif state == "overlap":
        rows = rows.filter(groups_n__gt=1)
    if group:
        rows = rows.filter(coverage.covered_by(int(group)))
    if word:
        units = batch.participations.filter(work_unit__name__icontains=word).values("organization")
        rows = rows.filter(Q(name__icontains=word) | Q(pk__in=units))
    return rows.order_by("path")


def _scales(figures: list[coverage.GroupFigures]) -> dict[str, int]:
    """The longest bar of each kind; at least 1."""
    return {name: max([1, *(getattr(row, name) for row in figures)]) for name in ("units", "branches", "members")}


# ---------------------------------------------------------------- a group and its people
def _group(request: HttpRequest, pk: int) -> SupervisionGroup:
    rows = SupervisionGroup.objects.visible_to(request.user).select_related("campaign__host", "owner")
    group = get_object_or_404(rows, pk=pk)
    if not body_rules.can_manage_group(request.user, group):
        raise PermissionDenied
    return group


def group_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, telephone, and the group whose sub-group it is."""
    group = _group(request, pk)
    form = GroupEditForm(request.POST or None, instance=group)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_group(by=request.user, group=group, **form.cleaned_data)
            return redirect("supervision:group", pk)
        except actions.GroupRefused as refusal:
            form.add_error("name", str(refusal))
    return render(request, "supervision/group/edit.html", {"group": group, "form": form})


def group_member_edit(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """Who heads, where somebody comes from, since when in place."""
    group = _group(request, pk)
    rows = GroupMember.objects.select_related("user", "group__campaign__host", "group__owner")
    row = get_object_or_404(rows, group=group, pk=member)
    names = ("head", "title", "seconded_from", "expected_on", "in_place_on", "note")
    form = GroupMemberEditForm(request.POST or None, initial={name: getattr(row, name) for name in names})
    if request.method == "POST" and form.is_valid():
        done = _("Saved what is known of %(name)s.") % {"name": row.user}
        given = {"member": row, "head": form.cleaned_data["head"], "seconded": form.seconded()}
        if attempt(request, actions.change_group_member, done, form, **given):
            return redirect("supervision:group", pk)
    crumbs = [(group.name, reverse("supervision:group", args=[pk])), (str(row.user), "")]
    context = {"group": group, "member": row, "form": form, "crumbs": crumbs}
    return render(request, "supervision/group/member.html", context)
