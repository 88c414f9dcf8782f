"""Who answers for the campaign in a unit (D-17), and whom to turn to from below (D-22)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaign.models import Participation
from campaign.queries import batch_for, taking_part
from supervision import body_rules
from supervision.actions import bodies as actions
from supervision.forms.bodies import DutyHolderForm
from supervision.models import DutyHolder
from supervision.models.bodies import reach_up
from supervision.queries.bodies import mechanism
from supervision.queries.lines import lines_of
from supervision.views.place import crumbs, participation_or_404
from units.models import Organization


def duty_holders(request: HttpRequest, pk: int) -> HttpResponse:
    """Principal, deputy in charge and team of a unit; a post names one (D-17)."""
    participation = participation_or_404(request.user, pk)
    may = body_rules.can_name_holders(request.user, participation)
    if request.method == "POST" and not may:
        raise PermissionDenied
    form = DutyHolderForm(request.POST or None) if may else None
    if request.method == "POST" and form is not None and form.is_valid():
        actions.name_holder(by=request.user, participation=participation, **form.cleaned_data)
        messages.success(request, _("%(name)s has been named.") % {"name": form.cleaned_data["name"]})
        return redirect("supervision:duty_holders", pk)
    rows = list(participation.duty_holders.all())
    order = list(DutyHolder.Duty)
    playbook = participation.batch.campaign.playbook
    context = {
        "participation": participation,
        "form": form,
        "may": may,
        "holders": sorted(
            (row for row in rows if row.to_date is None), key=lambda row: order.index(DutyHolder.Duty(row.duty))
        ),
        "former": [row for row in rows if row.to_date is not None],
        "statements": mechanism(playbook),
        "crumbs": crumbs(participation.organization, (_("Who answers for the campaign"), "")),
    }
    return render(request, "supervision/body/holders.html", context, status=422 if form and form.errors else 200)


@require_POST
def duty_holder_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a duty."""
    seen = Participation.objects.visible_to(request.user)
    rows = DutyHolder.objects.filter(participation__in=seen)
    holder = get_object_or_404(rows.select_related("participation__organization", "participation__batch"), pk=pk)
    if not body_rules.can_name_holders(request.user, holder.participation):
        raise PermissionDenied
    try:
        actions.end_holder(by=request.user, holder=holder)
        messages.success(request, _("%(name)s no longer answers for this.") % {"name": holder.name})
    except actions.BodyRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("supervision:duty_holders", holder.participation_id)


def in_charge(request: HttpRequest, pk: int) -> HttpResponse:
    """The way up from an organisation: names, posts and telephones of whom to turn to."""
    organization = get_object_or_404(Organization.objects.filter(reach_up(request.user, "")), pk=pk)
    participation = taking_part(organization)
    batch = participation.batch if participation else batch_for(request.user)
    context = {
        "organization": organization,
        "participation": participation,
        "batch": batch,
        "levels": lines_of(batch.campaign, organization) if batch else [],
        "may_keep": body_rules.can_keep_bodies(request.user, organization),
        "crumbs": crumbs(organization, (_("Who is in charge here"), "")),
    }
    return render(request, "supervision/body/in_charge.html", context)
