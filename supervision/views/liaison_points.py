"""One liaison point: its duties, the leader's visits, what it told whom, whether it is a model (R-02, R-06, R-07)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaign import uploads
from supervision import liaison_rules as rules
from supervision.actions import liaison as actions
from supervision.forms.liaison import ContactForm, LeaderVisitForm, MarkModelForm, TakeBackForm
from supervision.models import LiaisonContact, LiaisonFile, LiaisonPoint, LiaisonVisit
from supervision.queries import liaison as queries
from supervision.views.doing import attempt
from supervision.views.liaison import PER_PAGE, point_or_404
from supervision.views.place import crumbs
from units import access
from units.guards import need
from units.roles import Right

CONTACTS_SHOWN = 20


def point(request: HttpRequest, pk: int) -> HttpResponse:
    """All about one point."""
    return _page(request, point_or_404(request, pk))


def _page(
    request: HttpRequest, point: LiaisonPoint, *, contact: forms.Form | None = None, model: forms.Form | None = None
) -> HttpResponse:
    book = point.batch.campaign.playbook
    duties = [duty for duty in queries.duties_of(book) if duty.key != queries.LECTURE]
    may_note = rules.can_note(request.user, point)
    may_set_up = rules.can_set_up(request.user, point.batch.campaign)
    listed = queries.listed(LiaisonPoint.objects.filter(pk=point.pk))
    visits = point.visits.select_related("recorded_by", "activity").prefetch_related("files")
    names = {duty.key: duty.name for duty in queries.duties_of(book)}
    contacts = point.contacts.select_related("recorded_by")[:CONTACTS_SHOWN]
    to_mark = may_set_up and point.to_date is None and point.organization is not None
    context = {
        "point": point,
        "book": book.liaison,
        "may_open": point.organization is not None and access.has(request.user, Right.VIEW, point.organization),
        "standing": queries.standings(list(listed))[0],
        "page": Paginator(visits, PER_PAGE).get_page(request.GET.get("page")),
        "contacts": [{"row": row, "duty": names.get(row.duty, row.duty)} for row in contacts],
        "may_note": may_note,
        "may_end": may_set_up and point.to_date is None,
        "contact_form": contact or (ContactForm(duties=duties) if may_note and duties else None),
        "model_form": model or (_model_form(point) if to_mark else None),
        "crumbs": _crumbs(point),
    }
    return render(request, "supervision/liaison/detail.html", context)


def _crumbs(point: LiaisonPoint, *last: tuple[str, str]) -> list[tuple[str, str]]:
    listed = (_("Liaison points"), reverse("supervision:liaison"))
    here = (point.leader.name, reverse("supervision:liaison_point", args=[point.pk]) if last else "")
    if point.organization is None:
        return [listed, here, *last]
    return crumbs(point.organization, listed, here, *last)


def _model_form(point: LiaisonPoint, data: Any = None) -> forms.Form:
    return TakeBackForm(data) if point.model_since else MarkModelForm(data)


@require_POST
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that the point did one of its duties."""
    point = point_or_404(request, pk)
    need(rules.can_note(request.user, point))
    duties = [duty for duty in queries.duties_of(point.batch.campaign.playbook) if duty.key != queries.LECTURE]
    form = ContactForm(request.POST, duties=duties)
    if form.is_valid():
        attempt(request, actions.note_contact, _("The contact is on record."), point=point, **form.cleaned_data)
        return redirect("supervision:liaison_point", pk)
    return _page(request, point, contact=form)


@require_POST
def model(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the point a model, or take that back."""
    point = point_or_404(request, pk)
    need(rules.can_set_up(request.user, point.batch.campaign) and point.organization is not None)
    form = _model_form(point, request.POST)
    if not form.is_valid():
        return _page(request, point, model=form)
    if point.model_since:
        action, done = actions.take_model_back, _("The point is no longer a model.")
    else:
        action, done = actions.make_model, _("The point is a model now.")
    attempt(request, action, done, point=point, **form.cleaned_data)
    return redirect("supervision:liaison_point", pk)


def visit_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a visit of the leader."""
    point = point_or_404(request, pk)
    need(rules.can_note(request.user, point))
    activities = queries.activities_with(point)
    form = LeaderVisitForm(request.POST or None, request.FILES or None, activities=activities)
    if request.method == "POST" and form.is_valid():
        given = {"point": point, "data": form.data_of(), "files": form.cleaned_data["files"]}
        if attempt(request, actions.note_visit, _("The visit is on record."), form, **given):
            return redirect("supervision:liaison_point", pk)
    context = {"form": form, "point": point, "crumbs": _crumbs(point, (_("Record a visit"), ""))}
    return render(request, "supervision/liaison/visit.html", context)


@require_POST
def visit_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a visit entered by mistake."""
    return _take_back(request, LiaisonVisit, pk)


@require_POST
def contact_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a contact entered by mistake."""
    return _take_back(request, LiaisonContact, pk)


def _take_back(request: HttpRequest, model: type[LiaisonVisit] | type[LiaisonContact], pk: int) -> HttpResponse:
    seen = LiaisonPoint.objects.visible_to(request.user)
    related = ("point__leader__user", "point__batch__campaign__host", "point__organization")
    rows: Any = model._default_manager.filter(point__in=seen).select_related(*related)
    record = get_object_or_404(rows, pk=pk)
    need(rules.can_note(request.user, record.point))
    attempt(request, actions.take_back, _("The record has been taken back; the history keeps it."), record=record)
    return redirect("supervision:liaison_point", record.point_id)


def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """A photograph opens in the browser; anything else is downloaded."""
    seen = LiaisonPoint.objects.visible_to(request.user)
    file = get_object_or_404(LiaisonFile.objects.filter(visit__point__in=seen), pk=pk)
    return uploads.send(file.file, file.name)
