"""Special arrangements of members: proposed by the organisation, decided above it, printable (A-14)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from campaign import ground_rules
from campaign.actions import arrangements as actions
from campaign.forms.groundwork import ProposalDecisionForm, ProposalForm
from campaign.models import Arrangement, ArrangementProposal
from campaign.rules import can_see_members
from campaign.views.places import Place, crumbs, find_place
from campaign.views.taking import batch_of
from units import access
from units.guards import need, need_somewhere
from units.models import Member
from units.roles import Right

PER_PAGE = 30


def arrangements(request: HttpRequest, pk: int) -> HttpResponse:
    """What an organisation and those below it have proposed, and what became of it."""
    place = find_place(request, pk)
    need(can_see_members(request.user, place.organization))
    below = access.below(place.organization.path, "organization")
    rows = ArrangementProposal.objects.visible_to(request.user).filter(below)
    context = {
        "organization": place.organization,
        "page": _page(request, rows),
        "may_propose": place.batch is not None and ground_rules.can_propose(request.user, place.organization),
        "crumbs": crumbs(request.user, place.organization, _("Special arrangements")),
    }
    return render(request, "campaign/arrangements/list.html", context)


def arrangements_waiting(request: HttpRequest) -> HttpResponse:
    """All proposals in scope, those that wait first: for whoever decides."""
    need_somewhere(request.user, Right.APPROVE, Right.LEAD)
    rows = ArrangementProposal.objects.visible_to(request.user)
    wait = rows.filter(state=ArrangementProposal.State.PROPOSED)
    shown = rows if request.GET.get("all") else wait
    context = {"page": _page(request, shown), "every": "all" in request.GET, "waiting": wait.count()}
    return render(request, "campaign/arrangements/list.html", context)


def _page(request: HttpRequest, rows: Any) -> Any:
    listed = rows.select_related("organization").annotate(people=Count("members")).order_by("-proposed_at", "-pk")
    return Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))


def arrangement_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose an arrangement for one or several members."""
    place = find_place(request, pk)
    need(ground_rules.can_propose(request.user, place.organization))
    batch_of(place)
    allowed = Member.objects.on_roll().within(place.organization).visible_to(request.user)
    form = ProposalForm(request.POST or None, allowed=allowed)
    if form.is_bound and form.is_valid():
        made = _propose(request, place, form)
        if made is not None:
            messages.success(request, _("The proposal has been put to the level above."))
            return redirect("campaign:arrangement", made.pk)
    held = Arrangement.objects.filter(batch=place.batch, member__in=allowed).values_list("member_id", flat=True)
    people = allowed.exclude(pk__in=held).select_related("organization")
    context = {
        "organization": place.organization,
        "form": form,
        "people": people.order_by("-retired", "organization__path", "pk"),
        "chosen": {str(value) for value in form["members"].value() or ()},
        "crumbs": crumbs(request.user, place.organization, _("Special arrangements")),
    }
    return render(request, "campaign/arrangements/new.html", context)


def _propose(request: HttpRequest, place: Place, form: ProposalForm) -> ArrangementProposal | None:
    try:
        return actions.propose_arrangement(
            by=request.user, batch=batch_of(place), organization=place.organization, **form.cleaned_data
        )
    except actions.ArrangedAlready as fault:
        text = _("These have an arrangement, or a proposal that waits: %(names)s. Leave them out.")
        form.add_error("members", text % {"names": pgettext("between names", ", ").join(fault.names)})
        return None


def _find(request: HttpRequest, pk: int) -> ArrangementProposal:
    rows = ArrangementProposal.objects.visible_to(request.user)
    related = rows.select_related("organization", "batch__campaign", "proposed_by", "decided_by")
    return get_object_or_404(related, pk=pk)


def arrangement(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper: whom it is about, why, how, and what was decided."""
    return _paper(request, _find(request, pk))


def _paper(request: HttpRequest, one: ArrangementProposal, form: ProposalDecisionForm | None = None) -> HttpResponse:
    may = ground_rules.can_decide_proposal(request.user, one)
    context = {
        "proposal": one,
        "organization": one.organization,
        "members": one.members.select_related("organization").order_by("organization__path", "pk"),
        "rule": one.batch.campaign.playbook.parameter("special_member_approval"),
        "form": (form or ProposalDecisionForm()) if may else None,
        "may_withdraw": ground_rules.can_withdraw_proposal(request.user, one),
        "crumbs": crumbs(request.user, one.organization, _("Special arrangements")),
    }
    return render(request, "campaign/arrangements/detail.html", context)


@require_POST
def arrangement_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Consent or refuse; the first decision stands."""
    one = _find(request, pk)
    waits = one.state == ArrangementProposal.State.PROPOSED
    above = any(access.has_above(request.user, right, one.organization) for right in (Right.LEAD, Right.APPROVE))
    need(above)
    form = ProposalDecisionForm(request.POST)
    if waits and not form.is_valid():
        return _paper(request, one, form)
    approve = "approve" in request.POST
    try:
        remark = request.POST.get("remark", "")[:300]
        actions.decide_arrangement(by=request.user, proposal=one, approve=approve, remark=remark)
    except actions.ProposalMoved:
        messages.warning(request, _("This proposal has been decided or withdrawn meanwhile."))
    else:
        messages.success(request, _("The arrangement is approved.") if approve else _("The arrangement is refused."))
    return redirect("campaign:arrangement", pk)


@require_POST
def arrangement_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back before it is decided."""
    one = _find(request, pk)
    need(ground_rules.can_propose(request.user, one.organization))
    try:
        actions.withdraw_arrangement(by=request.user, proposal=one)
    except actions.ProposalMoved:
        messages.warning(request, _("This proposal has been decided or withdrawn meanwhile."))
    else:
        messages.success(request, _("The proposal has been withdrawn."))
    return redirect("campaign:arrangement", pk)
