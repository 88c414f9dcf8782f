"""Pairing: counts by unit, an organisation's pairs, a pair with its visits and help (R-04, R-05, E-29)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaign.models import Batch, Participation
from campaign.queries import batch_for
from campaign.shell import own_organization
from supervision import liaison_rules as rules
from supervision.actions import pairing as actions
from supervision.forms.pairing import EndPairForm, EntryForm, MemberPairForm, OrganizationPairForm
from supervision.models import Pairing, PairingEntry
from supervision.queries import pairing as queries
from supervision.views.doing import attempt
from supervision.views.liaison import PER_PAGE, SUGGESTED, tabs
from supervision.views.place import crumbs
from units import access
from units.guards import need, need_somewhere
from units.models import Member, Organization
from units.roles import Right

OWN_SHOWN = 50


def pairings(request: HttpRequest) -> HttpResponse:
    """Units in scope with their figures; a branch goes straight to its own page."""
    need_somewhere(request.user, Right.VIEW)
    batch = batch_for(request.user)
    units = Participation.objects.filter(access.scope(request.user, Right.VIEW), batch=batch)
    own = own_organization(request.user, Right.VIEW)
    if batch is not None and own is not None and not units.exists():
        return redirect("supervision:pairing_list", own.pk)
    rows = units.select_related("organization", "work_unit").order_by("organization__path")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    figures = queries.figures_of([row.organization.path for row in page])
    roots = access.roots(request.user, Right.VIEW)
    context = {
        "batch": batch,
        "book": batch.campaign.playbook.pairing if batch else None,
        "tabs": tabs("supervision:pairings"),
        "page": page,
        "rows": [{"unit": row, "figures": figures[row.organization.path]} for row in page],
        "totals": list(queries.figures_of(roots).values()) if batch else [],
    }
    return render(request, "supervision/liaison/pairings.html", context)


def _place(request: HttpRequest, pk: int) -> tuple[Organization, Batch]:
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    batch = batch_for(request.user)
    return organization, get_object_or_404(Batch, pk=batch.pk if batch else None)


def pairing_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Of a branch: its pairs by name, for who may see its members. Above it: counts, organisation by organisation."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    batch = batch_for(request.user)
    kinds = queries.kinds_of(batch.campaign.playbook) if batch else []
    named = rules.sees_names(request.user, organization)
    ended = request.GET.get("state") == "ended"
    own = Pairing.objects.visible_to(request.user).filter(organization=organization, to_date__isnull=not ended)
    pairs = (own if named else own.filter(member=None)).select_related("member").order_by("member__pinyin", "pk")
    below = organization.children.active().order_by("path")
    # A branch has pairs by the page; above it there are few, and the organisations below fill the pages.
    page = Paginator(pairs if organization.is_branch else below, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page) if organization.is_branch else list(pairs[:OWN_SHOWN])
    children = [] if organization.is_branch else list(page)
    names = {kind.key: kind.name for kind in kinds}
    figures = queries.figures_of([organization.path, *(child.path for child in children)])
    context = {
        "organization": organization,
        "book": batch.campaign.playbook.pairing if batch else None,
        "ended": ended,
        "figures": figures[organization.path],
        "kinds": queries.by_kind(organization.path, kinds),
        "page": page,
        "rows": [{"pair": row, "kind": names.get(row.kind, row.kind)} for row in shown],
        "children": [{"organization": child, "figures": figures[child.path]} for child in children],
        "may_pair": batch is not None and rules.can_pair(request.user, organization),
        "crumbs": _crumbs(organization),
    }
    return render(request, "supervision/liaison/pairing_list.html", context)


def _crumbs(organization: Organization, *last: tuple[str, str]) -> list[tuple[str, str]]:
    here = reverse("supervision:pairing_list", args=[organization.pk]) if last else ""
    return crumbs(organization, (_("Pairing"), here), *last)


def pairing_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Pair a member with a household, or (`?who=organization`) the organisation with another."""
    organization, batch = _place(request, pk)
    need(rules.can_pair(request.user, organization))
    of_members = organization.is_branch and request.GET.get("who") != "organization"
    form = _pair_form(request, organization, batch, of_members)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.pair(
                by=request.user, campaign=batch.campaign, organization=organization, data=form.data_of()
            )
        except actions.PairingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The pair is on record."))
            return redirect("supervision:pairing", made.pk)
    context = {
        "organization": organization,
        "form": form,
        "of_members": of_members,
        "book": batch.campaign.playbook.pairing,
        "organizations": [] if of_members else _partners(batch, organization)[:SUGGESTED],
        "crumbs": _crumbs(organization, (_("New pair"), "")),
    }
    return render(request, "supervision/liaison/pairing_new.html", context)


def _partners(batch: Batch, organization: Organization) -> Any:
    """Any organisation of the campaign's tree: who exists is no secret to who pairs up."""
    return Organization.objects.within(batch.campaign.host).active().exclude(pk=organization.pk)


def _pair_form(request: HttpRequest, organization: Organization, batch: Batch, of_members: bool) -> Any:
    kinds = queries.kinds_of(batch.campaign.playbook, "member" if of_members else "organization")
    if of_members:
        here = Member.objects.visible_to(request.user).on_roll().filter(organization=organization)
        return MemberPairForm(request.POST or None, kinds=kinds, members=queries.members_by_need(here))
    return OrganizationPairForm(request.POST or None, kinds=kinds, organizations=_partners(batch, organization))


def _pairing(request: HttpRequest, pk: int) -> Pairing:
    seen = Pairing.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("organization", "member", "campaign", "paired_by"), pk=pk)


def pairing(request: HttpRequest, pk: int) -> HttpResponse:
    """One pair: visits and help, and the form to write down another."""
    found = _pairing(request, pk)
    may_note = rules.can_note_help(request.user, found)
    form = EntryForm(request.POST or None) if may_note else None
    if request.method == "POST":
        need(form is not None)
        if form is not None and form.is_valid():
            return _note(request, found, form)
    names = {kind.key: kind.name for kind in queries.kinds_of(found.campaign.playbook)}
    entries = found.entries.select_related("recorded_by")
    context = {
        "pair": found,
        "kind": names.get(found.kind, found.kind),
        "form": form,
        "page": Paginator(entries, PER_PAGE).get_page(request.GET.get("page")),
        "crumbs": _crumbs(found.organization, (found.label, "")),
    }
    return render(request, "supervision/liaison/pairing.html", context)


def _note(request: HttpRequest, found: Pairing, form: EntryForm) -> HttpResponse:
    attempt(request, actions.note_help, _("It is on record."), pairing=found, data=form.data_of())
    return redirect("supervision:pairing", found.pk)


def pairing_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a pair with a reason."""
    found = _pairing(request, pk)
    need(rules.can_note_help(request.user, found))
    form = EndPairForm(request.POST or None)
    done = _("The pairing has ended.")
    if form.is_valid() and attempt(request, actions.end_pairing, done, form, pairing=found, **form.cleaned_data):
        return redirect("supervision:pairing_list", found.organization_id)
    context = {"pair": found, "form": form, "crumbs": _crumbs(found.organization, (found.label, ""))}
    return render(request, "supervision/liaison/pairing_end.html", context)


@require_POST
def entry_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a record entered by mistake."""
    seen = Pairing.objects.visible_to(request.user)
    rows = PairingEntry.objects.filter(pairing__in=seen).select_related("pairing__organization")
    entry = get_object_or_404(rows, pk=pk)
    need(rules.can_note_help(request.user, entry.pairing))
    attempt(request, actions.remove_entry, _("The record has been taken back; the history keeps it."), entry=entry)
    return redirect("supervision:pairing", entry.pairing_id)
