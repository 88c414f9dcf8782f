"""Assigning groups in bulk while a batch is set up (D-09): one transaction, one message to each person."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.models import User
from campaign.models import Batch
from supervision.actions.groups import ASSIGNED_TO, _give_posts, create_group, unassign
from supervision.models import Assignment, SupervisionGroup
from supervision.spreading import spread
from units.models import Organization


@transaction.atomic
def arrange(*, by: User, batch: Batch, wanted: Mapping[Organization, SupervisionGroup | None]) -> int:
    """Give each organisation the group named, or none; what stays as it was is not touched. Returns the changes.

    Assignments at an organisation above are left alone: they cover it all the same; so are those of groups that
    organisations below the host send.
    """
    present: dict[int, list[Assignment]] = {}
    rows = Assignment.objects.current().filter(
        group__campaign=batch.campaign_id, group__owner=None, organization__in=list(wanted)
    )
    for row in rows.select_for_update(of=("self",)).select_related("group", "organization"):
        present.setdefault(row.organization_id, []).append(row)
    changed, fresh = 0, dict[SupervisionGroup, list[Organization]]()
    for organization, group in wanted.items():
        held = present.get(organization.pk, [])
        for row in held:
            if group is None or row.group_id != group.pk:
                unassign(by=by, assignment=row)
                changed += 1
        if group is not None and all(row.group_id != group.pk for row in held):
            fresh.setdefault(group, []).append(organization)
            changed += 1
    for group, organizations in fresh.items():
        _assign(by, group, organizations)
    return changed


def _assign(by: User, group: SupervisionGroup, organizations: list[Organization]) -> None:
    users = [member.user for member in group.members.current().select_related("user")]
    for organization in organizations:
        assignment = Assignment.objects.create(group=group, organization=organization, from_date=clock.today())
        _give_posts(assignment, users)
        audit.record(ASSIGNED_TO, by=by, obj=group, organization=organization)
    notify.send(
        [user for user in users if user.pk != by.pk],
        gettext_noop("%(group)s now covers %(names)s and others (%(count)s in all).")
        if len(organizations) > 1
        else gettext_noop("%(group)s now covers %(name)s."),
        params={
            "group": group.name,
            "name": organizations[0].name,
            "names": [organization.name for organization in organizations[:3]],
            "count": len(organizations),
        },
        url=reverse("supervision:group", args=[group.pk]),
    )


@transaction.atomic
def spread_over(*, by: User, batch: Batch, units: list[Organization], new_groups: list[str]) -> int:
    """Set up the groups named and spread organisations, in tree order, evenly over all groups. Raises GroupRefused.

    Returns how many organisations got a group.
    """
    for name in new_groups:
        create_group(by=by, campaign=batch.campaign, name=name)
    groups = list(batch.campaign.groups.filter(kind=SupervisionGroup.Kind.SUPERVISION, owner=None).order_by("pk"))
    loads = [group.assignments.current().count() for group in groups]
    wanted = {
        organization: group for group, share in zip(groups, spread(units, loads), strict=True) for organization in share
    }
    return arrange(by=by, batch=batch, wanted=wanted)
