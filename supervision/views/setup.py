"""Step 5 of the set-up: supervision groups, who is in them, and which units each covers (D-09)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaign import wizard
from campaign.models import Batch, Participation
from campaign.setup import numeral
from supervision import rules
from supervision.actions import GroupRefused, add_member, create_group
from supervision.actions.setup import arrange, spread_over
from supervision.forms import GroupForm, GroupMemberForm
from supervision.models import Assignment, SupervisionGroup
from units.models import Organization

MOST_GROUPS = 30
UNITS_A_GROUP = 10


class SpreadForm(forms.Form):
    """Over how many groups the units without one are spread."""

    groups = forms.IntegerField(label=gettext_lazy("Number of groups"), min_value=1, max_value=MOST_GROUPS)


class PersonForm(GroupMemberForm):
    """A person for one of the groups."""

    group = forms.ModelChoiceField(label=gettext_lazy("Supervision group"), queryset=SupervisionGroup.objects.none())

    def __init__(self, groups: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups
        self.fields["group"].empty_label = None
        self.order_fields(["group", "who", "head"])


class NamedGroupForm(GroupForm):
    """A further group."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the group")


@dataclass(frozen=True)
class Row:
    """A unit: the group assigned to its leading organisation, and those that cover it from above.

    `superior`: under which it is listed; one that stands under another unit is listed with it.
    """

    unit: Participation
    superior: Organization | None
    group: int | None
    above: list[str]


def setup_groups(request: HttpRequest, pk: int) -> HttpResponse:
    """Groups, people, and the table of who covers whom; one form at a time is sent."""
    batch = get_object_or_404(Batch.objects.visible_to(request.user).select_related("campaign__host"), pk=pk)
    if not rules.can_manage_groups(request.user, batch.campaign):
        raise PermissionDenied
    groups = SupervisionGroup.objects.filter(campaign=batch.campaign, owner=None)
    rows = _rows(batch)
    sent = request.POST if request.method == "POST" else {}
    number = {"groups": len(groups) or _guess(rows)}
    bound: dict[str, forms.BaseForm] = {
        "spread": SpreadForm(request.POST if "spread" in sent else None, initial=number),
        "person": PersonForm(groups, request.POST if "person" in sent else None),
        "group": NamedGroupForm(request.POST if "group_new" in sent else None),
    }
    done = _handle(request, batch, rows, bound) if sent else False
    if done:
        return redirect("supervision:setup_groups", pk) if "next" not in sent else redirect("campaign:setup_start", pk)
    context = {
        "batch": batch,
        "campaign": batch.campaign,
        "groups": _cards(groups, rows),
        "rows": rows,
        "uncovered": [row for row in rows if row.group is None and not row.above],
        "forms": bound,
        "steps": wizard.steps(wizard.GROUPS, batch.campaign, batch),
    }
    return render(request, "supervision/setup/groups.html", context)


def _guess(rows: list[Row]) -> int:
    """A group for about ten units, as a first figure to be changed."""
    return max(1, round(len(rows) / UNITS_A_GROUP))


def _rows(batch: Batch) -> list[Row]:
    """Two queries."""
    units = batch.participations.select_related("organization__parent", "work_unit").order_by("organization__path")
    assignments = list(
        Assignment.objects.current()
        .filter(group__campaign=batch.campaign_id, group__owner=None)
        .select_related("group", "organization")
        .order_by("pk")
    )
    own = {row.organization_id: row.group_id for row in assignments}
    rows: list[Row] = []
    for unit in units:
        path = unit.organization.path
        over = [row for row in rows if path.startswith(row.unit.organization.path)]
        above = [
            one.group.name
            for one in assignments
            if one.organization_id != unit.organization_id and path.startswith(one.organization.path)
        ]
        superior = over[0].superior if over else unit.organization.parent
        rows.append(Row(unit, superior, own.get(unit.organization_id), above))
    return rows


def _cards(groups: Any, rows: list[Row]) -> list[dict[str, Any]]:
    found = []
    for group in groups.prefetch_related("members__user"):
        people = [member for member in group.members.all() if member.to_date is None]
        found.append({"group": group, "people": people, "units": sum(row.group == group.pk for row in rows)})
    return found


def _handle(request: HttpRequest, batch: Batch, rows: list[Row], bound: dict[str, Any]) -> bool:
    """Carry out the form that was sent; False shows the page again with what is wrong."""
    try:
        if "spread" in request.POST:
            return _spread(request, batch, rows, bound["spread"])
        if "person" in request.POST:
            return _add_person(request, bound["person"])
        if "group_new" in request.POST:
            return _add_group(request, batch, bound["group"])
    except GroupRefused as refusal:
        messages.error(request, str(refusal))
        return False
    return _save_table(request, batch, rows)


def _spread(request: HttpRequest, batch: Batch, rows: list[Row], form: SpreadForm) -> bool:
    if not form.is_valid():
        return False
    own = batch.campaign.groups.filter(owner=None)
    names = set(own.values_list("name", flat=True))
    missing = form.cleaned_data["groups"] - own.filter(kind="supervision").count()
    fresh: list[str] = []
    number = 1
    while len(fresh) < missing:
        name = _("Supervision group %(number)s") % {"number": numeral(number)}
        fresh += [name] if name not in names else []
        number += 1
    units = [row.unit.organization for row in rows if row.group is None and not row.above]
    count = spread_over(by=request.user, batch=batch, units=units, new_groups=fresh)
    text = ngettext("%(count)d unit now has a group.", "%(count)d units now have a group.", count)
    messages.success(request, text % {"count": count})
    return True


def _add_person(request: HttpRequest, form: PersonForm) -> bool:
    if not form.is_valid():
        return False
    data = form.cleaned_data
    add_member(by=request.user, group=data["group"], user=data["who"], head=data["head"])
    messages.success(request, _("%(name)s is now in %(group)s.") % {"name": data["who"], "group": data["group"].name})
    return True


def _add_group(request: HttpRequest, batch: Batch, form: GroupForm) -> bool:
    if not form.is_valid():
        return False
    create_group(by=request.user, campaign=batch.campaign, **form.cleaned_data)
    return True


def _save_table(request: HttpRequest, batch: Batch, rows: list[Row]) -> bool:
    """What stands in the table, unit by unit; fields that are missing or forged change nothing."""
    groups = {str(group.pk): group for group in batch.campaign.groups.filter(owner=None)}
    wanted: dict[Organization, SupervisionGroup | None] = {}
    for row in rows:
        chosen = request.POST.get(f"unit-{row.unit.pk}")
        if chosen == "" or chosen in groups:
            wanted[row.unit.organization] = groups.get(chosen)
    count = arrange(by=request.user, batch=batch, wanted=wanted)
    if count:
        text = ngettext("%(count)d assignment has been changed.", "%(count)d assignments have been changed.", count)
        messages.success(request, text % {"count": count})
    return True
