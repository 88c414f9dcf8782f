"""Yellow cards by unit, one card from proposal to acknowledgement, and the admonition of a unit's team."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import clock
from campaign.forms.within import add_within
from campaign.queries import batch_for
from supervision import card_rules, chain
from supervision.actions import cards as actions
from supervision.actions.admonitions import hold_admonition
from supervision.forms.cards import AdmonitionForm, CardFilter, DropForm, IssueForm, RevokeForm
from supervision.models import Admonition, MakeUpOrder, Transition, YellowCard
from supervision.queries import cards as queries
from supervision.views.doing import attempt
from supervision.views.place import crumbs
from units.guards import need, need_somewhere
from units.roles import Right

PER_PAGE = 25


def card_list(request: HttpRequest) -> HttpResponse:
    """Units with cards, those where something waits first; where the playbook knows no card the page says so."""
    need_somewhere(request.user, Right.VIEW)
    batch = batch_for(request.user)
    form = CardFilter(request.GET)
    below = add_within(form, request.user)
    rows = queries.by_unit(request.user, batch, form.value("state"), form.value("q"), below) if batch else []
    context = {
        "batch": batch,
        "sanctions": batch.campaign.playbook.sanctions if batch else None,
        "form": form,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "filtered": form.changed_data,
    }
    return render(request, "supervision/card/list.html", context)


def _card(request: HttpRequest, pk: int) -> YellowCard:
    rows = YellowCard.objects.visible_to(request.user).select_related(
        "organization",
        "batch__campaign__host",
        "participation__organization",
        "participation__work_unit",
        "participation__batch__campaign__host",
        "proposed_by",
        "issued_by",
        "acknowledged_by",
        "revoked_by",
        "transition",
        "makeup",
    )
    return get_object_or_404(rows, pk=pk)


def _page(request: HttpRequest, card: YellowCard, status: int = 200, **bound: Any) -> HttpResponse:
    """The page of one card; `issue_form` or `revoke_form` come back when they have faults."""
    user, playbook = request.user, card.batch.campaign.playbook
    proposed, issued = card.state == card.State.PROPOSED, card.state == card.State.ISSUED
    may_issue = card_rules.can_issue(user, card)
    usual = {"number": queries.next_number(card.batch, clock.today().year), "issued_on": clock.today()}
    revoke: Callable[[], Any] = DropForm if proposed else RevokeForm
    context = {
        "card": card,
        "stage": chain.name_at(playbook, card.stage),
        "units": list(card.work_units.all()),
        "admonition_rule": playbook.sanctions.admonition,
        "admonitions": Admonition.objects.visible_to(user).filter(cards=card),
        "issue_form": (bound.get("issue_form") or IssueForm(initial=usual)) if may_issue and proposed else None,
        "revoke_form": (bound.get("revoke_form") or revoke()) if may_issue and (proposed or issued) else None,
        "may_acknowledge": issued and card.acknowledged_at is None and card_rules.can_acknowledge(user, card),
        "sees_transition": Transition.objects.visible_to(user).filter(pk=card.transition_id).exists(),
        "sees_makeup": MakeUpOrder.objects.visible_to(user).filter(pk=card.makeup_id).exists(),
        "office": card.batch.campaign.office_name,
        "crumbs": crumbs(card.organization, (_("Yellow card"), "")),
    }
    return render(request, "supervision/card/detail.html", context, status=status)


def card(request: HttpRequest, pk: int) -> HttpResponse:
    """One card: what happened, by which rule, the notice, and what became of it."""
    return _page(request, _card(request, pk))


@require_POST
def card_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue a proposed card with its number and date."""
    found = _card(request, pk)
    need(card_rules.can_issue(request.user, found))
    form = IssueForm(request.POST)
    done = _("The card is issued; the organisation has been told.")
    if form.is_valid() and attempt(request, actions.issue_card, done, form, card=found, **form.cleaned_data):
        return redirect("supervision:card", pk)
    return _page(request, found, 422, issue_form=form)


@require_POST
def card_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke a card, or drop one that is only proposed."""
    found = _card(request, pk)
    need(card_rules.can_issue(request.user, found))
    form = (DropForm if found.state == found.State.PROPOSED else RevokeForm)(request.POST)
    done = _("The card counts no more. The reason stays on record.")
    if form.is_valid() and attempt(
        request, actions.revoke_card, done, form, card=found, reason=form.cleaned_data["reason"]
    ):
        return redirect("supervision:card", pk)
    return _page(request, found, 422, revoke_form=form)


@require_POST
def card_acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """The secretary has the notice."""
    found = _card(request, pk)
    need(card_rules.can_acknowledge(request.user, found))
    attempt(request, actions.acknowledge_card, _("The office sees that you have the notice."), card=found)
    return redirect("supervision:card", pk)


def admonition(request: HttpRequest, pk: int) -> HttpResponse:
    """The admonition of a unit's team: why, and its record once it is held."""
    rows = Admonition.objects.visible_to(request.user).select_related(
        "work_unit",
        "batch__campaign__host",
        "participation__organization",
        "participation__work_unit",
        "recorded_by",
    )
    found = get_object_or_404(rows, pk=pk)
    may_hold = found.state == found.State.OPEN and card_rules.can_hold(request.user, found)
    form = _admonition_form(request, found) if may_hold else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        done = _("The admonition is on record; the unit's secretary has been told.")
        if form.is_valid() and attempt(request, hold_admonition, done, form, admonition=found, talk=form.talk()):
            return redirect("supervision:admonition", pk)
    context = {
        "admonition": found,
        "cards": found.cards.select_related("organization").order_by("issued_at", "pk"),
        "team": list(found.team.all()),
        "form": form,
        "crumbs": crumbs(
            found.participation.organization,
            (_("Cards and admonitions"), reverse("supervision:cards")),
            (_("Collective admonition"), ""),
        ),
    }
    return render(request, "supervision/card/admonition.html", context, status=422 if form and form.errors else 200)


def _admonition_form(request: HttpRequest, found: Admonition) -> AdmonitionForm:
    team = queries.leadership_team(request.user, found)
    present = {f"member_{member.pk}": AdmonitionForm.PRESENT for member in team}
    return AdmonitionForm(team, request.POST or None, initial={"held_on": clock.today(), **present})
