"""Step 4 of the set-up: which organisations take part in a batch (docs/adr/0005, A-06, A-12)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign import actions, wizard
from campaign.entering import Group, Ticked, changes, find_organizations, groups_of, members_of, tick
from campaign.models import Batch
from campaign.setup import units_without_organization
from campaign.views.setup import batch_or_404
from units import access
from units.models import Organization


def setup_units(request: HttpRequest, pk: int) -> HttpResponse:
    """Ticks by superior; saving enters who is ticked and takes out who is not."""
    batch = batch_or_404(request, pk)
    posted = request.POST if request.method == "POST" else None
    within = _within(request, batch)
    ticked = _ticked(posted) if posted else None
    found = _found(request, batch, posted)
    if ticked is not None:
        alone = {found[0].pk} if len(found) == 1 else set()
        ticked = Ticked(ticked.taken | alone, ticked.unstaged, ticked.added | {one.pk for one in found})
    groups = groups_of(batch, added=ticked.added if ticked else (), within=within)
    tick(groups, ticked, posted.get("choose", "") if posted else "")
    if posted is not None and "save" in posted and _save(request, batch, groups):
        return redirect("supervision:setup_groups", batch.pk)
    rows = [row for group in groups for row in group.rows]
    context = {
        "batch": batch,
        "campaign": batch.campaign,
        "groups": groups,
        "within": within,
        "superiors": [group.superior for group in groups_of(batch)] if within else [g.superior for g in groups],
        "ticked": sum(row.checked for row in rows),
        "members": members_of(groups),
        "without": units_without_organization() if access.reaches_root(request.user, "set_up") else [],
        "nested": posted.get("nested", "") if posted and not found else "",
        "steps": wizard.steps(wizard.UNITS, batch.campaign, batch),
    }
    return render(request, "campaign/setup/units.html", context)


def _within(request: HttpRequest, batch: Batch) -> Organization | None:
    """The part of the tree that is chosen, if it lies under the host."""
    chosen = request.POST.get("within") or request.GET.get("within") or ""
    if not chosen.isdecimal():
        return None
    return get_object_or_404(Organization.objects.within(batch.campaign.host), pk=int(chosen))


def _ticked(posted: QueryDict) -> Ticked:
    def numbers(key: str) -> set[int]:
        return {int(value) for value in posted.getlist(key) if value.isdecimal()}

    taken = {number for key in posted if key.startswith("take-") for number in numbers(key)}
    return Ticked(frozenset(taken), frozenset(numbers("unstaged")), frozenset(numbers("added")))


def _found(request: HttpRequest, batch: Batch, posted: QueryDict | None) -> list[Organization]:
    """What the search for a further organisation found."""
    if posted is None or "find" not in posted:
        return []
    text = posted.get("nested", "")
    found = find_organizations(batch.campaign.host, text)
    if not found:
        messages.error(request, _("No organisation under the host is called “%(text)s”.") % {"text": text})
    elif len(found) > 1:
        messages.info(request, _("Several organisations match; tick the one that is meant."))
    return found


def _save(request: HttpRequest, batch: Batch, groups: list[Group]) -> bool:
    enter, leave = changes(groups)
    if not enter and not batch.participations.exclude(pk__in=[one.pk for one in leave]).exists():
        messages.error(request, _("Nobody would take part. Tick at least one organisation."))
        return False
    try:
        actions.change_entries(by=request.user, batch=batch, enter=enter, leave=leave)
    except actions.TakesPartElsewhere as refusal:
        names = {"name": refusal.organization.name, "batch": refusal.batch.name}
        messages.error(request, _("%(name)s takes part in %(batch)s already. Nothing has been saved.") % names)
        return False
    except actions.AlreadyStarted:
        messages.error(request, _("A unit that was to be left out has begun meanwhile. Nothing has been saved."))
        return False
    count = batch.participations.count()
    text = ngettext("%(count)d unit takes part.", "%(count)d units take part.", count)
    messages.success(request, text % {"count": count})
    return True
