"""The presets of for whom an issue of the bulletin is printed: 报, 送, 发 and the copies."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaign.models import Campaign
from campaign.queries import batch_for
from reports import bulletin_rules as rules
from reports.actions import distribution as actions
from reports.bulletin_forms import DistributionListForm
from reports.distribution import WAYS
from reports.models import DistributionList


def _campaign(request: HttpRequest) -> Campaign:
    batch = batch_for(request.user)
    if batch is None:
        raise Http404
    if not rules.can_keep_lists(request.user, batch.campaign):
        raise PermissionDenied
    return batch.campaign


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [
        (_("Bulletins"), reverse("reports:bulletins")),
        (_("Distribution lists"), reverse("reports:distribution_lists")),
        *more,
    ]


def lists(request: HttpRequest) -> HttpResponse:
    """The lists of the campaign; few by nature."""
    rows = DistributionList.objects.visible_to(request.user).filter(campaign=_campaign(request))
    return render(request, "reports/distribution/list.html", {"lists": rows, "crumbs": _crumbs()[:-1]})


def list_new(request: HttpRequest) -> HttpResponse:
    """Add a list; it begins with the addressees of the playbook."""
    campaign = _campaign(request)
    form = DistributionListForm(request.POST or None, initial={"version": 1, **_of_playbook(campaign)})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_list(by=request.user, campaign=campaign, fields=form.cleaned_data)
            return _kept(request, made)
        except actions.NameTaken:
            _taken(form)
    heading = _("Add a distribution list")
    return render(request, "reports/distribution/edit.html", _page(form, heading))


def list_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a list; what was printed with it stays."""
    found = _get(request, pk)
    initial = {name: getattr(found, name) for name in ("name", "version", *WAYS)}
    form = DistributionListForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            return _kept(
                request, actions.change_list(by=request.user, found=found, version=data["version"], fields=data)
            )
        except actions.NameTaken:
            _taken(form)
        except actions.ListChanged:
            _changed(form, found)
    return render(request, "reports/distribution/edit.html", _page(form, _("Change the distribution list"), found))


@require_POST
def list_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a list; what was printed with it stays."""
    found = _get(request, pk)
    actions.remove_list(by=request.user, found=found)
    messages.success(request, _("The distribution list %(name)s is removed.") % {"name": found.name})
    return redirect("reports:distribution_lists")


def _get(request: HttpRequest, pk: int) -> DistributionList:
    rows = DistributionList.objects.visible_to(request.user).select_related("campaign__host")
    return get_object_or_404(rows, pk=pk)


def _page(form: forms.Form, heading: str, found: DistributionList | None = None) -> dict[str, Any]:
    return {"form": form, "heading": heading, "found": found, "crumbs": _crumbs((heading, ""))}


def _of_playbook(campaign: Campaign) -> dict[str, str]:
    rule = campaign.playbook.bulletin
    texts = (rule.report_to, rule.send_to, rule.distribute_to) if rule else ()
    return {way: "\n".join(text.zh.split("，")) for way, text in zip(WAYS, texts, strict=False) if text}


def _kept(request: HttpRequest, found: DistributionList) -> HttpResponse:
    said = {"name": found.name, "copies": found.copies or 0}
    messages.success(request, _("The distribution list %(name)s is kept: %(copies)d copies.") % said)
    return redirect("reports:distribution_lists")


def _taken(form: forms.Form) -> None:
    form.add_error("name", _("There is a list of this name already. Choose another name."))


def _changed(form: forms.Form, found: DistributionList) -> None:
    """What was typed stays; sending it again overwrites."""
    found.refresh_from_db()
    form.data = form.data.copy()
    form.data["version"] = found.version
    text = _(
        "Somebody else has changed this list meanwhile. What you typed is still here; save it again if it is to stand."
    )
    form.add_error(None, text)
