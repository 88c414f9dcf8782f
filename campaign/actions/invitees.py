"""Who was invited to an activity from outside, by name and for whom he stands (F-22)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from campaign.actions.activities import ActivityChanged
from campaign.models import Activity, Invitee

LISTED = audit.action("activity.invitees", _("Listed who was invited to an activity"))


@dataclass(frozen=True)
class Guest:
    """One invited by name; `stands_for` in words: masses, grass-roots representatives, non-party people."""

    name: str
    stands_for: str
    came: bool = True


@transaction.atomic
def list_invitees(*, by: User, activity: Activity, guests: Sequence[Guest], version: int) -> None:
    """Put the whole list in the place of what was there. Raises ActivityChanged if it was saved since `version`."""
    if not Activity.objects.filter(pk=activity.pk, version=version).update(version=F("version") + 1):
        raise ActivityChanged
    activity.invitees.all().delete()
    Invitee.objects.bulk_create(
        Invitee(activity=activity, name=one.name, stands_for=one.stands_for, came=one.came, recorded_by=by)
        for one in guests
    )
    told = {"invited": len(guests), "came": sum(one.came for one in guests)}
    audit.record(LISTED, by=by, obj=activity, organization=activity.organization, data=told)
