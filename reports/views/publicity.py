"""Publicity: the overview of units, an organisation's records, one record (L-01..L-11)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from campaign import uploads
from campaign.models import Batch, Participation, StageProgress
from campaign.queries import batch_for, taking_part
from campaign.shell import own_organization
from reports import publicity_rules as rules
from reports.actions import publicity as actions
from reports.models import PublicityFile, PublicityRecord
from reports.publicity_forms import PublicityForm, RecordsFilter, TakeBackForm, UnitsFilter
from reports.queries import publicity as queries
from supervision.views.place import crumbs
from units import access
from units.guards import need, need_somewhere
from units.models import Organization
from units.roles import Right

PER_PAGE = 25
Kind, Direction = PublicityRecord.Kind, PublicityRecord.Direction


# ---------------------------------------------------------------- the office's view of all
def publicity(request: HttpRequest) -> HttpResponse:
    """Units in scope with their figures and the totals; a branch goes straight to its own page."""
    need_somewhere(request.user, Right.VIEW)
    batch = batch_for(request.user)
    units = Participation.objects.filter(access.scope(request.user, Right.VIEW), batch=batch)
    own = own_organization(request.user, Right.VIEW)
    if batch is not None and own is not None and not units.exists():
        return redirect("reports:publicity_list", own.pk)
    form = UnitsFilter(request.GET, batch=batch)
    stage = form.told("stage")
    rows = PublicityRecord.objects.visible_to(request.user).filter(batch=batch)
    rows = rows.filter(stage=stage) if stage else rows
    page = Paginator(_units(units, rows, form, batch), PER_PAGE).get_page(request.GET.get("page"))
    figures = queries.by_unit(rows, list(page))
    host = batch.campaign.host if batch else None
    context = {
        "batch": batch,
        "form": form,
        "page": page,
        "rows": [{"unit": unit, "figures": figures[unit.pk]} for unit in page],
        "asked": queries.asked(batch.campaign.playbook) if batch else {},
        "office": host if host is not None and access.has(request.user, Right.VIEW, host) else None,
        **_totals(queries.figures_of(rows), batch),
    }
    return render(request, "reports/publicity/overview.html", context)


def _units(
    units: QuerySet[Participation], rows: QuerySet[PublicityRecord], form: UnitsFilter, batch: Batch | None
) -> QuerySet[Participation]:
    if (state := form.told("state")) and batch is not None:
        units = queries.units_lacking(units, rows, state, batch.campaign.playbook, form.told("stage"))
    if q := form.told("q"):
        units = units.filter(Q(organization__name__icontains=q) | Q(work_unit__name__icontains=q))
    return units.select_related("organization", "work_unit").order_by("organization__path", "pk")


def _totals(figures: queries.Figures, batch: Batch | None) -> dict[str, Any]:
    """Figures with the names that their parts bear."""
    stages = batch.campaign.playbook.stages if batch else ()
    media = PublicityRecord.Medium
    by_medium = sorted(figures.by_medium.items(), key=lambda item: -item[1])
    return {
        "figures": figures,
        "stages": [{"key": stage.key, "name": stage.name, "n": figures.by_stage.get(stage.key, 0)} for stage in stages],
        "directions": [
            {"key": one.value, "name": one.label, "n": figures.by_direction.get(one.value, 0)} for one in Direction
        ],
        "media": [{"name": media(key).label, "n": n} for key, n in by_medium],
    }


# ---------------------------------------------------------------- one organisation
def _place(request: HttpRequest, pk: int) -> tuple[Organization, Participation | None, Batch]:
    """The organisation, the unit that covers it, and the batch that its publicity belongs to."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    participation = taking_part(organization)
    batch = participation.batch if participation else batch_for(request.user)
    if batch is None:
        raise Http404
    return organization, participation, batch


def publicity_list(request: HttpRequest, pk: int) -> HttpResponse:
    """What an organisation and those below it made public, against what is asked of it."""
    organization, participation, batch = _place(request, pk)
    here = PublicityRecord.objects.visible_to(request.user).filter(batch=batch)
    here = here.filter(organization=organization) if rules.of_office(organization, batch) else here.within(organization)
    form = RecordsFilter(request.GET, batch=batch)
    rows = here
    for name in ("kind", "direction", "stage"):
        rows = rows.filter(**{name: form.told(name)}) if form.told(name) else rows
    rows = rows.filter(title__icontains=form.told("q")) if form.told("q") else rows
    figures = queries.figures_of(here)
    leads = participation is not None and participation.organization_id == organization.pk
    context = {
        "organization": organization,
        "batch": batch,
        "form": form,
        "page": Paginator(queries.listed(rows), PER_PAGE).get_page(request.GET.get("page")),
        "needs": queries.needs_of(batch, figures, _reached(participation)) if leads else [],
        "covering": participation,
        "leads": leads,
        "may_record": rules.can_record(request.user, organization, batch, participation),
        "crumbs": _crumbs(organization),
        **_totals(figures, batch),
    }
    return render(request, "reports/publicity/list.html", context)


def _reached(participation: Participation | None) -> list[str]:
    """Keys of the stages that the unit has begun."""
    ahead = StageProgress.State.AHEAD
    return [one.stage for one in participation.progress.all() if one.state != ahead] if participation else []


def _crumbs(organization: Organization, *last: tuple[str, str]) -> list[tuple[str, str]]:
    here = reverse("reports:publicity_list", args=[organization.pk]) if last else ""
    return crumbs(organization, (_("Publicity"), here), *last)


def publicity_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write one down; `?kind=` chooses what is asked."""
    organization, participation, batch = _place(request, pk)
    need(rules.can_record(request.user, organization, batch, participation))
    asked_kind = request.GET.get("kind", "")
    kind = asked_kind if asked_kind in Kind.values else Kind.BANNER.value
    form = PublicityForm(request.POST or None, request.FILES or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        office = rules.of_office(organization, batch)
        try:
            made = actions.record_publicity(
                by=request.user,
                organization=organization,
                batch=batch,
                stage="" if office else rules.stage_now(participation),
                kind=kind,
                data=form.data_of(),
                files=form.cleaned_data["files"],
            )
        except actions.IssueRecorded:
            form.refuse_issue()
        else:
            messages.success(request, _("“%(title)s” is on record.") % {"title": made.title})
            return redirect("reports:publicity_list", pk)
    here = reverse("reports:publicity_new", args=[pk])
    context = {
        "organization": organization,
        "form": form,
        "kind": Kind(kind),
        "tabs": [{"label": one.label, "url": f"{here}?kind={one}", "current": one == kind} for one in Kind],
        "crumbs": _crumbs(organization, (_("Record publicity"), "")),
    }
    return render(request, "reports/publicity/new.html", context, status=422 if form.errors else 200)


# ---------------------------------------------------------------- one record
def _record(request: HttpRequest, pk: int) -> PublicityRecord:
    rows = PublicityRecord.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("organization", "batch__campaign__host", "recorded_by"), pk=pk)


def publicity_record(request: HttpRequest, pk: int) -> HttpResponse:
    """One record with its photographs."""
    record = _record(request, pk)
    stages = {stage.key: stage for stage in record.batch.campaign.playbook.stages}
    context = {
        "record": record,
        "stage": stages.get(record.stage),
        "files": uploads.listed(record.files.all()),
        "may_change": rules.can_change(request.user, record),
        "crumbs": _crumbs(record.organization, (record.title, "")),
    }
    return render(request, "reports/publicity/detail.html", context)


def publicity_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend a record, while its stage lasts."""
    record = _record(request, pk)
    need(rules.can_change(request.user, record))
    names = [*actions.PublicityData.__dataclass_fields__, "version"]
    initial = {name: getattr(record, name) for name in names}
    form = PublicityForm(request.POST or None, request.FILES or None, kind=record.kind, known=True, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_publicity(
                by=request.user,
                record=record,
                version=form.cleaned_data["version"],
                data=form.data_of(),
                files=form.cleaned_data["files"],
            )
        except actions.IssueRecorded:
            form.refuse_issue()
        except actions.PublicityChanged:
            form.add_error(None, _("Somebody else has changed this record meanwhile. Open it again and compare."))
        else:
            messages.success(request, _("The record has been changed."))
            return redirect("reports:publicity_record", pk)
    listed = (record.title, reverse("reports:publicity_record", args=[pk]))
    context = {"record": record, "form": form, "crumbs": _crumbs(record.organization, listed, (_("Change"), ""))}
    return render(request, "reports/publicity/edit.html", context, status=422 if form.errors else 200)


def publicity_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a record entered by mistake."""
    record = _record(request, pk)
    need(rules.can_change(request.user, record))
    form = TakeBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.take_back(by=request.user, record=record, reason=form.cleaned_data["reason"])
        except actions.PublicityChanged:
            messages.warning(request, _("Somebody else has taken it back meanwhile."))
        else:
            messages.success(request, _("The record has been taken back; the history keeps it."))
        return redirect("reports:publicity_list", record.organization_id)
    listed = (record.title, reverse("reports:publicity_record", args=[pk]))
    context = {"record": record, "form": form, "crumbs": _crumbs(record.organization, listed, (_("Take back"), ""))}
    return render(request, "reports/publicity/remove.html", context, status=422 if form.errors else 200)


def publicity_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A photograph opens in the browser; anything else is downloaded."""
    seen = PublicityRecord.objects.visible_to(request.user)
    file = get_object_or_404(PublicityFile.objects.filter(record__in=seen), pk=pk)
    return uploads.send(file.file, file.name)
