"""The set-up of a campaign, step by step. Each step is saved when it is left, and can be gone back to (group A)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import clock
from campaign import actions, rules, wizard
from campaign.forms.setup import BatchForm, NamesForm, PlaybookForm, StartForm
from campaign.models import Batch, Campaign, Participation
from campaign.overview import overview
from campaign.playbook import Parameter, Playbook
from campaign.setup import batch_name, propose_names, propose_windows
from jobs.actions import enqueue
from units import access
from units.models import Organization
from units.roles import Right

INLINE_MOST = 200  # more units than this begin in a job

# What sets playbooks apart, in the order of the comparison.
COMPARED = (
    "stage_len", "study_hours", "study_days", "session_min", "coverages", "word_ordinary", "word_leader",
    "trans_when", "approval", "makeup_threshold", "bands", "yellow", "admonition", "weekly", "items", "close",
)  # fmt: skip


def hosts_of(user: Any) -> list[Organization]:
    """Organisations that can host a campaign which the user sets up: where he holds such a post."""
    found = {p.organization.pk: p.organization for p in access.posts_of(user) if Right.SET_UP in p.rights}
    return [one for one in found.values() if one.closed_on is None and not one.is_branch]


def _hosts_or_403(request: HttpRequest) -> list[Organization]:
    hosts = hosts_of(request.user)
    if not hosts:
        raise PermissionDenied
    return hosts


def campaign_or_404(request: HttpRequest, pk: int) -> Campaign:
    """A campaign in reach. Raises Http404, PermissionDenied."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("host"), pk=pk)
    if not rules.can_set_up(request.user, campaign.host):
        raise PermissionDenied
    return campaign


def batch_or_404(request: HttpRequest, pk: int) -> Batch:
    """An open batch of such a campaign. Raises Http404, PermissionDenied."""
    batch = get_object_or_404(Batch.objects.visible_to(request.user).select_related("campaign__host"), pk=pk)
    if not rules.can_set_up(request.user, batch.campaign.host):
        raise PermissionDenied
    return batch


def setup(request: HttpRequest) -> HttpResponse:
    """Where it starts: campaigns with their batches, and what to do next with each."""
    hosts = _hosts_or_403(request)
    reach = access.scope(request.user, Right.SET_UP, "host")
    campaigns = Campaign.objects.visible_to(request.user).filter(reach).select_related("host")
    begun = Count("participations", filter=~Q(participations__state=Participation.State.PREPARING))
    batches = Batch.objects.filter(campaign__in=campaigns).order_by("campaign", "number")
    by_campaign: dict[int, list[Batch]] = {}
    for batch in batches.annotate(units=Count("participations"), begun=begun):
        by_campaign.setdefault(batch.campaign_id, []).append(batch)
    rows = [{"campaign": campaign, "batches": by_campaign.get(campaign.pk, [])} for campaign in campaigns]
    empty_tree = not Organization.objects.filter(parent__in=hosts).exists()
    return render(request, "campaign/setup/index.html", {"rows": rows, "empty_tree": empty_tree})


def setup_playbook(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Step 1: one of the shipped playbooks, or one's own file; every fault of the file is shown."""
    campaign = campaign_or_404(request, pk) if pk else None
    _hosts_or_403(request)
    present = campaign.playbook if campaign else None
    form = PlaybookForm(request.POST or None, request.FILES or None, present=present)
    if request.method == "POST" and form.is_valid() and form.playbook is not None:
        if campaign is None:
            wizard.keep_playbook(request.session, form.playbook, shipped=form.shipped)
            return redirect("campaign:setup_names")
        if form.kept or _replace(request, campaign, form.playbook):
            return redirect("campaign:setup_names", campaign.pk)
    books = [present, *form.playbooks] if present else list(form.playbooks)
    context = {
        "form": form,
        "campaign": campaign,
        "books": books,
        "compared": _compared(books),
        "steps": wizard.steps(wizard.PLAYBOOK, campaign, _last_batch(campaign)),
        "chosen": form["choice"].value() or _first_choice(request, campaign),
    }
    return render(request, "campaign/setup/playbook.html", context)


def _first_choice(request: HttpRequest, campaign: Campaign | None) -> str:
    if campaign is not None:
        return "keep"
    kept = wizard.kept_playbook(request.session)
    return kept.key if kept else ""


def _replace(request: HttpRequest, campaign: Campaign, playbook: Playbook) -> bool:
    """Take another playbook for a campaign that has not begun; says so when it has."""
    windows = {batch.pk: propose_windows(playbook, batch.starts_on) for batch in campaign.batches.all()}
    try:
        actions.replace_playbook(by=request.user, campaign=campaign, playbook=playbook, windows=windows)
    except actions.HasBegun:
        text = _("A unit has begun under the present playbook, so it stays. Nothing has been changed.")
        messages.error(request, text)
        return False
    messages.success(request, _("The campaign now follows “%(name)s”.") % {"name": playbook.name})
    return True


def _compared(books: list[Playbook]) -> list[tuple[Parameter, list[Parameter]]]:
    """Key figures side by side: the parameter, and each playbook's answer."""
    return [(books[0].parameter(key), [book.parameter(key) for book in books]) for key in COMPARED]


def _last_batch(campaign: Campaign | None) -> Batch | None:
    return campaign.batches.select_related("campaign").last() if campaign else None


def setup_names(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Step 2: what campaign and office are called. Saving it creates the campaign with its playbook's snapshot."""
    campaign = campaign_or_404(request, pk) if pk else None
    hosts = [campaign.host] if campaign else _hosts_or_403(request)
    playbook = campaign.playbook if campaign else wizard.kept_playbook(request.session)
    if playbook is None:
        messages.warning(request, _("Choose the playbook first."))
        return redirect("campaign:setup_playbook")
    initial = {} if campaign else propose_names(playbook)
    form = NamesForm(request.POST or None, instance=campaign, hosts=hosts, initial=initial)
    if request.method == "POST" and form.is_valid():
        return _save_names(request, form, playbook, campaign)
    batch = _last_batch(campaign)
    context = {"form": form, "playbook": playbook, "steps": wizard.steps(wizard.NAMES, campaign, batch)}
    return render(request, "campaign/setup/names.html", context)


def _save_names(request: HttpRequest, form: NamesForm, playbook: Playbook, campaign: Campaign | None) -> HttpResponse:
    if campaign is not None:
        stored = Campaign.objects.get(pk=campaign.pk)
        actions.change_campaign(by=request.user, campaign=stored, names=form.names)
    else:
        host = form.cleaned_data["host"]
        campaign = actions.create_campaign(by=request.user, host=host, playbook=playbook, **form.names)
        request.session.pop(wizard.SESSION_KEY, None)
    batch = _last_batch(campaign)
    if batch is not None:
        return redirect("campaign:setup_batch_edit", batch.pk)
    return redirect("campaign:setup_batch", campaign.pk)


def setup_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 3 for a new batch: number and name from the playbook, stages one after another from today."""
    campaign = campaign_or_404(request, pk)
    number = (campaign.batches.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    planned = propose_windows(campaign.playbook, clock.today())
    initial = {
        "number": number,
        "name": batch_name(campaign.playbook, number),
        "ends_on": planned[-1].ends_on,
    }
    form = BatchForm(request.POST or None, campaign=campaign, planned=planned, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        batch = actions.add_batch(
            by=request.user,
            campaign=campaign,
            number=data["number"],
            name=data["name"],
            windows=form.windows,
            ends_on=data["ends_on"],
        )
        return redirect("campaign:setup_units", batch.pk)
    return _batch_page(request, form, campaign)


def setup_batch_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 3 again: as long as no unit has begun."""
    batch = batch_or_404(request, pk)
    planned = [actions.StageWindow(row.stage, row.starts_on, row.ends_on) for row in batch.stages.all()]
    initial = {"number": batch.number, "name": batch.name, "ends_on": batch.ends_on}
    form = BatchForm(request.POST or None, campaign=batch.campaign, batch=batch, planned=planned, initial=initial)
    begun = batch.participations.exclude(state=Participation.State.PREPARING).exists()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.change_batch(
                by=request.user,
                batch=batch,
                number=data["number"],
                name=data["name"],
                windows=form.windows,
                ends_on=data["ends_on"],
            )
        except actions.HasBegun:
            form.add_error(None, _("A unit has begun. Change the dates of single units from their own pages."))
        else:
            return redirect("campaign:setup_units", batch.pk)
    return _batch_page(request, form, batch.campaign, batch, begun=begun)


def _batch_page(
    request: HttpRequest, form: BatchForm, campaign: Campaign, batch: Batch | None = None, *, begun: bool = False
) -> HttpResponse:
    playbook = campaign.playbook
    lengths = {stage.key: stage for stage in playbook.stages}
    rows = [{**row, "stage": lengths[key]} for row, (key, _name) in zip(form.rows, form.stages, strict=True)]
    context = {
        "form": form,
        "rows": rows,
        "campaign": campaign,
        "batch": batch,
        "begun": begun,
        "schedule": playbook.schedule,
        "steps": wizard.steps(wizard.BATCH, campaign, batch),
    }
    return render(request, "campaign/setup/batch.html", context)


def setup_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 6: what was set up, what is still missing, and the beginning."""
    batch = batch_or_404(request, pk)
    form = StartForm(request.POST or None, batch=batch)
    seen = overview(batch)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["how"] == StartForm.NOW:
            return _begin_all(request, batch, form)
        messages.success(request, _("Everything is prepared. Begin each unit from its own page when it is ready."))
        return redirect("campaign:participations")
    context = {
        "form": form,
        "batch": batch,
        "campaign": batch.campaign,
        "overview": seen,
        "stages": [(row, batch.campaign.playbook.stage(row.stage)) for row in batch.stages.all()],
        "steps": wizard.steps(wizard.START, batch.campaign, batch),
    }
    return render(request, "campaign/setup/start.html", context)


def _begin_all(request: HttpRequest, batch: Batch, form: StartForm) -> HttpResponse:
    on = form.cleaned_data["on"]
    if len(actions.waiting_to_begin(batch)) > INLINE_MOST:
        with transaction.atomic():
            args = {"batch": batch.pk, "on": on.isoformat()}
            job = enqueue("campaign.begin_batch", by=request.user, args=args)
        return redirect("jobs:detail", job.pk)
    count = actions.begin_all(by=request.user, batch=batch, on=on)
    text = ngettext("%(count)d unit has begun.", "%(count)d units have begun.", count)
    messages.success(request, text % {"count": count})
    return redirect("campaign:participations")
