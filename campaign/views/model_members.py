"""The register of model members' deeds: list, print, enter, change, remove (C-14)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from campaign import rules
from campaign.actions import model_members as actions
from campaign.forms.model_members import TOLD, UNTOLD, DeedFilter, DeedForm
from campaign.forms.standing_rules import ReasonForm
from campaign.models import Activity, Batch, ModelDeed
from campaign.queries import taking_part
from campaign.views.activities import absent
from campaign.views.places import crumbs, find_place
from units.guards import need
from units.models import Member, Organization

PER_PAGE = 25
OFFERED = 200  # activities, the latest first: a deed is told when it is fresh


def deeds(request: HttpRequest, pk: int) -> HttpResponse:
    """The deeds of the members at and under an organisation."""
    place = find_place(request, pk)
    if place.batch is None:
        return absent(request, place)
    form = DeedFilter(request.GET)
    rows = ModelDeed.objects.visible_to(request.user).within(place.organization).filter(batch=place.batch)
    found = _narrowed(rows, form).select_related("organization", "member", "activity")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    told_at = Activity.objects.visible_to(request.user).filter(pk__in=[row.activity_id for row in page])
    context = {
        "place": place,
        "organization": place.organization,
        "filter_form": form,
        "page": page,
        "open_activities": set(told_at.values_list("pk", flat=True)),
        "may_enter": place.may_consolidate,
        "may_put_forward": place.may_consolidate and bool(place.batch.campaign.playbook.commendations),
        "crumbs": crumbs(request.user, place.organization, _("Model members")),
    }
    return render(request, "campaign/model_members/list.html", context)


def _narrowed(rows: QuerySet[ModelDeed], form: DeedFilter) -> QuerySet[ModelDeed]:
    if text := form.value("q").strip():
        rows = rows.filter(Q(member__name__icontains=text) | Q(title__icontains=text))
    if member := form.value("member"):
        rows = rows.filter(member=member)
    if form.value("told") == TOLD:
        return rows.exclude(told_on=None)
    return rows.filter(told_on=None) if form.value("told") == UNTOLD else rows


def deed_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a deed into the register."""
    place = find_place(request, pk)
    if not place.active and not place.consolidating:
        return absent(request, place)
    need(place.may_consolidate)
    initial = {"version": 0, "put_up_by": place.organization.name}
    form = DeedForm(request.POST or None, initial=initial, **_offered(request, place.organization, place.batch))
    if form.is_bound and form.is_valid():
        try:
            actions.enter_deed(by=request.user, batch=place.batch, data=form.record())
        except actions.DeedListed:
            form.add_error("title", _("A deed of this title stands here for this member already."))
        else:
            messages.success(request, _("Entered the deed into the register."))
            return redirect("campaign:model_deeds", pk)
    return _edit(request, place.organization, form)


def _offered(
    request: HttpRequest, organization: Organization, batch: Batch | None, row: ModelDeed | None = None
) -> dict[str, Any]:
    """The members and activities to choose from; what the entry names already is among them."""
    people = Member.objects.on_roll().within(organization)
    held = Activity.objects.visible_to(request.user).filter(batch=batch)
    above = [one.pk for one in organization.ancestors_and_self()]
    near = held.filter(organization__in=above) | held.within(organization)
    keys = list(near.values_list("pk", flat=True)[:OFFERED])
    if row is not None:
        people |= Member.objects.filter(pk=row.member_id)
        keys += [row.activity_id] if row.activity_id else []
    return {
        "people": people.select_related("organization").order_by("organization__path", "pk"),
        "activities": Activity.objects.filter(pk__in=keys),
        "several": not organization.is_branch,
    }


def _edit(
    request: HttpRequest, organization: Organization, form: DeedForm, row: ModelDeed | None = None
) -> HttpResponse:
    listed = (_("Model members"), reverse("campaign:model_deeds", args=[organization.pk]))
    context = {
        "organization": organization,
        "form": form,
        "row": row,
        "reason_form": ReasonForm(),
        "crumbs": crumbs(request.user, organization, listed, row.title if row else _("Enter a deed")),
    }
    return render(request, "campaign/model_members/edit.html", context)


def deed_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend a deed, say where it was told, or remove it with a reason."""
    seen = ModelDeed.objects.visible_to(request.user).select_related("organization", "batch__campaign", "member")
    row = get_object_or_404(seen, pk=pk)
    participation = taking_part(row.organization)
    need(participation is not None and participation.batch_id == row.batch_id)
    need(rules.can_consolidate(request.user, row.organization, participation))
    if "remove" in request.POST:
        return _remove(request, row)
    names = (*actions.DeedData.__dataclass_fields__, "version")
    initial = {name: getattr(row, name) for name in names}
    form = DeedForm(request.POST or None, initial=initial, **_offered(request, row.organization, row.batch, row))
    if form.is_bound and form.is_valid() and _changed(request, row, form):
        return redirect("campaign:model_deeds", row.organization_id)
    return _edit(request, row.organization, form, row)


def _changed(request: HttpRequest, row: ModelDeed, form: DeedForm) -> bool:
    try:
        actions.change_deed(by=request.user, row=row, data=form.record(), version=form.cleaned_data["version"])
    except actions.DeedListed:
        form.add_error("title", _("A deed of this title stands here for this member already."))
        return False
    except actions.DeedChanged:
        form.add_error(None, _("Somebody else has changed this deed meanwhile. Compare with theirs in another window."))
        return False
    messages.success(request, _("The deed has been changed."))
    return True


def _remove(request: HttpRequest, row: ModelDeed) -> HttpResponse:
    form, back = ReasonForm(request.POST), row.organization_id
    if not form.is_valid():
        messages.error(request, _("Say why the deed is removed from the register."))
        return redirect("campaign:model_deed_edit", row.pk)
    try:
        actions.remove_deed(by=request.user, row=row, reason=form.cleaned_data["reason"])
    except actions.DeedChanged:
        messages.warning(request, _("Somebody else has removed this deed already."))
    else:
        messages.success(request, _("Removed “%(title)s” from the register.") % {"title": row.title})
    return redirect("campaign:model_deeds", back)
