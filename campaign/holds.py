"""Records that are held: what somebody else's decision rests on cannot be changed under his hands.

A higher room says which records of a participation are held now, since when and why (`@holds`): supervision, while an
application is under review. Everything that changes or takes away a record asks here first. What is recorded after the
hold began may be added and mended freely; nobody's decision rests on it yet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied

from accounts.messages import Message
from campaign.models import Activity, Batch, Participation
from units.models import Organization


@dataclass(frozen=True)
class Hold:
    """What was recorded until `since` stays as it is; `reason` says why, and what lifts the hold."""

    since: dt.datetime
    reason: Message


class Held(PermissionDenied):
    """The record is held; the page that refuses it says the reason."""

    def __init__(self, hold: Hold) -> None:
        super().__init__(str(hold.reason))
        self.reason = hold.reason


Holder = Callable[[Participation], "Hold | None"]
_holders: list[Holder] = []


def holds(function: Holder) -> Holder:
    """Register who may hold the records of a participation. At most one query."""
    _holders.append(function)
    return function


def hold_of(participation: Participation | None) -> Hold | None:
    """The first hold on a participation's records, if there is one."""
    if participation is None:
        return None
    return next((hold for function in _holders if (hold := function(participation)) is not None), None)


def hold_on(activity: Activity, participation: Participation | None) -> Hold | None:
    """The hold that keeps this activity as it is: only what was recorded before it began is held."""
    if activity.after_closing:
        return None
    hold = hold_of(participation)
    return hold if hold is not None and activity.recorded_at <= hold.since else None


def covering(batch: Batch, organization: Organization) -> Participation | None:
    """The participation of the batch that an organisation's records belong to: the nearest above or at it."""
    found = Participation.objects.filter(batch=batch).at_or_above(organization).select_related("organization")
    return max(found, key=lambda row: len(row.organization.path), default=None)


def refuse_if_held(activity: Activity) -> None:
    """Raises Held where the activity may not be changed now."""
    hold = hold_on(activity, covering(activity.batch, activity.organization))
    if hold is not None:
        raise Held(hold)


def refuse_held_since(batch: Batch, organization: Organization, recorded_at: dt.datetime | None) -> None:
    """Raises Held where a record of the organisation, made at that moment, may not be changed now."""
    hold = hold_of(covering(batch, organization)) if recorded_at is not None else None
    if hold is not None and recorded_at is not None and recorded_at <= hold.since:
        raise Held(hold)
