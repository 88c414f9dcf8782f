"""Bulk work of an organisation with many branches: one activity recorded for each of them (A-18)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit, clock
from accounts.models import User
from campaign.models import Activity, Attendance
from units.models import Organization

COPIED = audit.action("activity.copied", _("Recorded an activity for each branch"))
TAKEN_BACK = audit.action("activity.copies_removed", _("Took back the copies of an activity"))

_FIELDS = (
    "action",
    "title",
    "held_on",
    "starts_at",
    "place",
    "led_by",
    "hours",
    "concentrated",
    "points",
    "text",
)


class CopiedMeanwhile(Exception):
    """One of the branches has got its copy meanwhile."""


@transaction.atomic
def copy_activity(
    *, by: User, activity: Activity, branches: Iterable[Organization], present: Mapping[int, Iterable[int]]
) -> list[Activity]:
    """Record the activity once more in each branch; `present` gives member ids by branch id, none: taken later.

    Each copy names its source. All of them or none. Raises CopiedMeanwhile.
    """
    places = list(branches)
    shared = {name: getattr(activity, name) for name in _FIELDS}
    rows = [
        Activity(
            batch_id=activity.batch_id,
            organization=branch,
            stage=activity.stage,
            copied_from=activity,
            recorded_by=by,
            recorded_at=clock.now(),
            **shared,
        )
        for branch in places
    ]
    try:
        with transaction.atomic():
            made = Activity.objects.bulk_create(rows)
    except IntegrityError as error:
        raise CopiedMeanwhile from error
    Attendance.objects.bulk_create(
        [Attendance(activity=copy, member_id=pk) for copy in made for pk in present.get(copy.organization_id, ())],
        batch_size=500,
    )
    told = {"branches": [branch.name for branch in places], "activities": [copy.pk for copy in made]}
    audit.record(COPIED, by=by, obj=activity, organization=activity.organization, data=told)
    return made


@transaction.atomic
def take_back_copies(*, by: User, activity: Activity) -> int:
    """Delete the copies that nobody has touched since; returns how many. What a branch has changed is its own."""
    untouched = list(
        Activity.objects.select_for_update(of=("self",))
        .filter(copied_from=activity, version=1, files=None)
        .select_related("organization")
    )
    if not untouched:
        return 0
    told = {"branches": [copy.organization.name for copy in untouched], "title": activity.title}
    audit.record(TAKEN_BACK, by=by, obj=activity, organization=activity.organization, data=told)
    Activity.objects.filter(pk__in=[copy.pk for copy in untouched]).delete()
    return len(untouched)
