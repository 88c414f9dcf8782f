"""The office's document register: looking up, registering, passing on, dealing with, archiving (K-13, D-04, D-05)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign import uploads
from campaign.models import Campaign
from campaign.queries import batch_for
from reports import register_rules as rules
from reports.actions import register as actions
from reports.models import RegisterEntry, RegisterFile
from reports.queries import register as queries
from reports.register_forms import (
    ArchiveForm,
    ConfirmForm,
    EntryForm,
    FinishForm,
    PassForm,
    RegisterFilter,
    VoidForm,
)
from units.guards import need

PER_PAGE = 25
Deed = Callable[[HttpRequest, RegisterEntry, Any], str]


def _campaign(request: HttpRequest) -> Campaign | None:
    batch = batch_for(request.user)
    return batch.campaign if batch else None


# ---------------------------------------------------------------- the list
def register(request: HttpRequest) -> HttpResponse:
    """All documents for the office; for others those that they deal with or that were passed to them."""
    campaign = _campaign(request)
    seen = RegisterEntry.objects.visible_to(request.user)
    years = list(seen.order_by("-year").values_list("year", flat=True).distinct())
    form = RegisterFilter(request.GET, years=years)
    words = (form.told("q") or "").split()
    rows = _filtered(queries.with_words(seen, words), form, request.user)
    page = Paginator(queries.listed(rows), PER_PAGE).get_page(request.GET.get("page"))
    excerpts = queries.excerpts(list(page), words)
    context = {
        "form": form,
        "page": page,
        "rows": [{"entry": entry, "excerpt": excerpts.get(entry.pk, "")} for entry in page],
        "counts": queries.counts(seen),
        "may_enter": campaign is not None and rules.keeps_register(request.user, campaign),
    }
    return render(request, "reports/register/list.html", context)


def _filtered(rows: QuerySet[RegisterEntry], form: RegisterFilter, user: Any) -> QuerySet[RegisterEntry]:
    for name in ("kind", "year"):
        if form.told(name):
            rows = rows.filter(**{name: form.told(name)})
    return queries.in_state(rows, form.told("state") or "", user)


# ---------------------------------------------------------------- entering and changing
def register_new(request: HttpRequest) -> HttpResponse:
    """Register a document; the system gives the number."""
    campaign = _campaign(request)
    if campaign is None:
        raise Http404
    need(rules.keeps_register(request.user, campaign))
    initial = {"kind": request.GET.get("kind", "")}
    staff = rules.staff_of(campaign.host)
    form = EntryForm(request.POST or None, request.FILES or None, staff=staff, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            entry = actions.enter(
                by=request.user, campaign=campaign, kind=given["kind"], data=form.data_of(), files=given["files"]
            )
        except actions.RegisterRefused as refusal:
            form.add_error("files", str(refusal))
        else:
            messages.success(request, _("Registered as %(number)s.") % {"number": entry.label})
            return redirect("reports:register_entry", entry.pk)
    context = {"form": form, "crumbs": [_listed(), (_("Register a document"), "")]}
    return render(request, "reports/register/new.html", context, status=422 if form.errors else 200)


def _listed() -> tuple[str, str]:
    return _("Document register"), reverse("reports:register")


def _entry(request: HttpRequest, pk: int) -> RegisterEntry:
    rows = RegisterEntry.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("campaign__host", "handler", "registered_by"), pk=pk)


def register_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend an open entry, add files."""
    entry = _entry(request, pk)
    need(rules.can_change(request.user, entry))
    names = [*actions.EntryData.__dataclass_fields__, "version"]
    initial = {name: getattr(entry, name) for name in names}
    staff = rules.staff_of(entry.campaign.host, also=entry.handler_id)
    form = EntryForm(request.POST or None, request.FILES or None, staff=staff, known=True, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.change(
                by=request.user, entry=entry, version=given["version"], data=form.data_of(), files=given["files"]
            )
        except actions.RegisterRefused as refusal:
            form.add_error("secrecy", str(refusal))
        except actions.EntryChanged:
            form.add_error(None, _("Somebody else has changed this entry meanwhile. Open it again and compare."))
        else:
            messages.success(request, _("The entry has been changed."))
            return redirect("reports:register_entry", pk)
    here = (entry.label, reverse("reports:register_entry", args=[pk]))
    context = {"entry": entry, "form": form, "crumbs": [_listed(), here, (_("Change"), "")]}
    return render(request, "reports/register/edit.html", context, status=422 if form.errors else 200)


# ---------------------------------------------------------------- one document and what is done with it
def register_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One document; a post carries out one deed."""
    entry = _entry(request, pk)
    offered = _forms(request, entry)
    if request.method == "POST":
        deed = request.POST.get("deed", "")
        if deed not in DEEDS:
            raise BadRequest(deed)
        need(deed in offered)
        form = offered[deed]
        if form.is_valid():
            try:
                messages.success(request, DEEDS[deed](request, entry, form))
            except actions.EntryChanged:
                messages.warning(request, _("Somebody else has moved this document on meanwhile. See where it stands."))
            except actions.RegisterRefused as refusal:
                form.add_error(None, str(refusal))
            if not form.errors:
                return redirect("reports:register_entry", pk)
    passes = list(entry.passes.select_related("reader", "passed_by"))
    context = {
        "entry": entry,
        "forms": offered,
        "passes": passes,
        "n_read": sum(1 for one in passes if one.confirmed_at is not None),
        "files": uploads.listed(entry.files.defer("text")),
        "may_change": rules.can_change(request.user, entry),
        "crumbs": [_listed(), (entry.label, "")],
    }
    failed = any(form.errors for form in offered.values())
    return render(request, "reports/register/detail.html", context, status=422 if failed else 200)


def _forms(request: HttpRequest, entry: RegisterEntry) -> dict[str, forms.Form]:
    """The deeds that are open to the user now, each with its form; the one that was sent holds what was typed."""
    user, sent = request.user, request.POST.get("deed")

    def given(deed: str) -> Any:
        return request.POST if sent == deed else None

    found: dict[str, forms.Form] = {}
    if queries.to_read(user).filter(entry=entry).exists():
        found["confirm"] = ConfirmForm(given("confirm"))
    if rules.can_work(user, entry):
        host = entry.campaign.host
        staff = rules.staff_of(host).exclude(register_passes__entry=entry)
        found["pass"] = PassForm(given("pass"), staff=staff, below=rules.readers_within(host))
        found["finish"] = FinishForm(given("finish"))
    if rules.can_archive(user, entry):
        found["archive"] = ArchiveForm(given("archive"))
    if rules.can_change(user, entry):
        found["void"] = VoidForm(given("void"))
    return found


def _confirm(request: HttpRequest, entry: RegisterEntry, form: ConfirmForm) -> str:
    actions.confirm(by=request.user, entry=entry, **form.cleaned_data)
    return _("It is noted that you have read the document.")


def _pass(request: HttpRequest, entry: RegisterEntry, form: PassForm) -> str:
    n = actions.pass_on(by=request.user, entry=entry, readers=form.people(), note=form.cleaned_data["note"])
    text = ngettext("Passed to %(n)s person, who is told.", "Passed to %(n)s people, who are told.", n)
    return text % {"n": n}


def _finish(request: HttpRequest, entry: RegisterEntry, form: FinishForm) -> str:
    actions.finish(by=request.user, entry=entry, **form.cleaned_data)
    return _("The document has been dealt with.")


def _archive(request: HttpRequest, entry: RegisterEntry, form: ArchiveForm) -> str:
    actions.archive(by=request.user, entry=entry, **form.cleaned_data)
    return _("The document is in the archive.")


def _void(request: HttpRequest, entry: RegisterEntry, form: VoidForm) -> str:
    actions.declare_void(by=request.user, entry=entry, **form.cleaned_data)
    return _("The entry is void; its number stays.")


DEEDS: dict[str, Deed] = {
    "confirm": _confirm,
    "pass": _pass,
    "finish": _finish,
    "archive": _archive,
    "void": _void,
}


def register_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A photograph opens in the browser; anything else is downloaded."""
    seen = RegisterEntry.objects.visible_to(request.user)
    file = get_object_or_404(RegisterFile.objects.defer("text").filter(entry__in=seen), pk=pk)
    return uploads.send(file.file, file.name)
