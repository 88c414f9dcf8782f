"""The commendation lists: putting forward, deciding, printing (Q-01..Q-04)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.actions import commendations as actions
from assessments.commendations import deeds_of, flagged, merits_of, warned
from assessments.forms.commendations import ProposalForm, VerdictForm
from assessments.models import Commendation
from campaign.models import Batch, ModelDeed
from campaign.queries import batch_for
from units import access
from units.guards import need_somewhere
from units.models import Organization
from units.roles import Right

PER_PAGE = 50


def can_propose(user: Any, organization: Organization) -> bool:
    """Its own secretary or one above puts forward."""
    return access.has(user, Right.RECORD, organization) or access.has(user, Right.APPROVE, organization)


def can_decide(user: Any, row: Commendation) -> bool:
    """The office above the organisation decides."""
    return access.has_above(user, Right.APPROVE, row.organization)


def commendation_list(request: HttpRequest) -> HttpResponse:
    """All proposals in scope by list, with warnings beside the names; and the form to put forward."""
    need_somewhere(request.user, Right.VIEW)
    batch = batch_for(request.user)
    lists = batch.campaign.playbook.commendations if batch else ()
    own = Organization.objects.visible_to(request.user, Right.RECORD) | Organization.objects.visible_to(
        request.user, Right.APPROVE
    )
    begun = _from_deed(request, batch)
    form = ProposalForm(batch, own.order_by("path"), request.POST or None, initial=begun) if batch and lists else None
    if request.method == "POST":
        if form is None or not own.exists():
            raise PermissionDenied
        if form.is_valid() and _proposed(request, batch, form):
            return redirect("assessments:commendations")
    rows = Commendation.objects.visible_to(request.user).filter(batch=batch)
    page = Paginator(rows.select_related("organization", "member"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "may_write": batch is not None and access.has(request.user, Right.EDIT_BULLETIN, batch.campaign.host),
        "commended": rows.filter(state=Commendation.State.APPROVED).count(),
        "lists": lists,
        "form": form if own.exists() else None,
        "page": page,
        "rows": _rows(request.user, list(page), lists, warned(batch) if batch else frozenset()),
    }
    return render(
        request, "assessments/commendation/list.html", context, status=422 if request.method == "POST" else 200
    )


def _from_deed(request: HttpRequest, batch: Batch | None) -> dict[str, Any]:
    """What a proposal begins with that comes from the register of model members: ?deed= (C-14)."""
    asked = request.GET.get("deed", "")
    if batch is None or not asked.isdecimal() or len(asked) > 11:
        return {}
    seen = ModelDeed.objects.visible_to(request.user).filter(batch=batch).select_related("member")
    deed = get_object_or_404(seen, pk=int(asked))
    others = seen.filter(member=deed.member_id).exclude(pk=deed.pk)
    listed = next((one.key for one in batch.campaign.playbook.commendations if one.subject == "member"), "")
    return {
        "listed": listed,
        "organization": deed.member.organization_id,
        "member": deed.member.name,
        "merits": merits_of([deed, *others]),
    }


def _rows(user: Any, page: list[Commendation], lists: Any, warnings: frozenset[str]) -> list[dict[str, Any]]:
    names = {one.key: one.name for one in lists}
    deeds = deeds_of(user, page)
    return [
        {
            "row": row,
            "list": names.get(row.list_key, row.list_key),
            "deeds": deeds.get(row.member_id or 0, []),
            "warned": flagged(row.organization.path, warnings),
            "may_decide": row.state == Commendation.State.PROPOSED and can_decide(user, row),
            "may_take_back": row.state == Commendation.State.PROPOSED and can_propose(user, row.organization),
        }
        for row in page
    ]


def _proposed(request: HttpRequest, batch: Any, form: ProposalForm) -> bool:
    data = form.cleaned_data
    member = data.get("found")
    try:
        actions.propose(
            by=request.user,
            batch=batch,
            listed=form.lists[data["listed"]],
            organization=member.organization if member else data["organization"],
            member=member,
            merits=data["merits"],
        )
    except actions.OnTheList:
        form.add_error(None, _("This name is on the list already."))
        return False
    except actions.TooEarly as early:
        form.add_error(None, str(early.message))
        return False
    messages.success(request, _("Put forward; the campaign office decides."))
    return True


@require_POST
def commendation_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Commend or not."""
    row = get_object_or_404(
        Commendation.objects.visible_to(request.user).select_related("organization", "member", "batch", "proposed_by"),
        pk=pk,
    )
    if not can_decide(request.user, row):
        raise PermissionDenied
    form = VerdictForm(request.POST, warned=flagged(row.organization.path, warned(row.batch)))
    if not form.is_valid():
        messages.error(request, " ".join(str(fault) for faults in form.errors.values() for fault in faults))
        return redirect("assessments:commendations")
    try:
        actions.decide(
            by=request.user, row=row, approve=form.cleaned_data["approve"], reason=form.cleaned_data["reason"]
        )
        messages.success(request, _("Decided; who put it forward has been told."))
    except actions.Decided:
        messages.error(request, _("Somebody else has decided on it meanwhile."))
    return redirect("assessments:commendations")


@require_POST
def commendation_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a proposal back before it is decided."""
    row = get_object_or_404(Commendation.objects.visible_to(request.user).select_related("organization"), pk=pk)
    if not can_propose(request.user, row.organization):
        raise PermissionDenied
    try:
        actions.take_back(by=request.user, row=row)
        messages.success(request, _("Taken back."))
    except actions.Decided:
        messages.error(request, _("Somebody else has decided on it meanwhile."))
    return redirect("assessments:commendations")
