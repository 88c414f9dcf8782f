"""The register of standing rules: list, print, enter, change, remove (G-07)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from campaign import rules
from campaign.actions import standing_rules as actions
from campaign.forms.standing_rules import ReasonForm, RuleForm
from campaign.models import StandingRule
from campaign.queries import taking_part
from campaign.views.activities import absent
from campaign.views.places import crumbs, find_place
from units.models import Organization

PER_PAGE = 50


def rules_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What an organisation and those below it issued, revised and abolished."""
    place = find_place(request, pk)
    if place.batch is None:
        return absent(request, place)
    rows = StandingRule.objects.visible_to(request.user).within(place.organization).filter(batch=place.batch)
    context = {
        "place": place,
        "organization": place.organization,
        "page": Paginator(rows.select_related("organization"), PER_PAGE).get_page(request.GET.get("page")),
        "mechanisms": {item.key: str(item.name) for item in place.batch.campaign.playbook.items("long_term")},
        "crumbs": crumbs(request.user, place.organization, _("Standing rules")),
    }
    return render(request, "campaign/standing_rules/list.html", context)


def rule_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a rule."""
    place = find_place(request, pk)
    if not place.active and not place.consolidating:
        return absent(request, place)
    if not place.may_consolidate:
        raise PermissionDenied
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = RuleForm(*sent, batch=place.batch, initial={"dated": clock.today()})
    if form.is_bound and form.is_valid():
        given = {"batch": place.batch, "organization": place.organization, "file": form.cleaned_data["file"]}
        actions.enter_rule(by=request.user, data=form.record(), **given)
        messages.success(request, _("Entered the rule."))
        return redirect("campaign:standing_rules", pk)
    return _edit(request, place.organization, form)


def _edit(
    request: HttpRequest, organization: Organization, form: RuleForm, rule: StandingRule | None = None
) -> HttpResponse:
    listed = (_("Standing rules"), reverse("campaign:standing_rules", args=[organization.pk]))
    tail = rule.title if rule else _("Enter a rule")
    context: dict[str, Any] = {
        "organization": organization,
        "form": form,
        "rule": rule,
        "reason_form": ReasonForm(),
        "crumbs": crumbs(request.user, organization, listed, tail),
    }
    return render(request, "campaign/standing_rules/edit.html", context)


def _find(request: HttpRequest, pk: int) -> StandingRule:
    seen = StandingRule.objects.visible_to(request.user).select_related("organization", "batch__campaign")
    return get_object_or_404(seen, pk=pk)


def rule_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend an entry, or remove it with a reason."""
    rule = _find(request, pk)
    if not rules.can_consolidate(request.user, rule.organization, taking_part(rule.organization)):
        raise PermissionDenied
    if "remove" in request.POST:
        return _remove(request, rule)
    initial = {name: getattr(rule, name) for name in actions.RuleData.__dataclass_fields__}
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = RuleForm(*sent, batch=rule.batch, initial=initial)
    if form.is_bound and form.is_valid():
        actions.change_rule(by=request.user, rule=rule, data=form.record(), file=form.cleaned_data["file"])
        messages.success(request, _("The rule has been changed."))
        return redirect("campaign:standing_rules", rule.organization_id)
    return _edit(request, rule.organization, form, rule)


def _remove(request: HttpRequest, rule: StandingRule) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the rule is removed from the register."))
        return redirect("campaign:standing_rule_edit", rule.pk)
    actions.remove_rule(by=request.user, rule=rule, reason=form.cleaned_data["reason"])
    messages.success(request, _("Removed “%(title)s” from the register.") % {"title": rule.title})
    return redirect("campaign:standing_rules", rule.organization_id)


def rule_file(request: HttpRequest, pk: int) -> FileResponse:
    """Download the text of a rule."""
    rule = _find(request, pk)
    if not rule.file:
        raise Http404
    return FileResponse(rule.file.open("rb"), as_attachment=True, filename=rule.file_name)
