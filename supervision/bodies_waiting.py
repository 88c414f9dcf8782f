"""What waits for the office in staffing: units without a group, people not in place. Counted with all other sources."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts import clock
from accounts.messages import Message
from accounts.models import User
from campaign.counted import counted
from campaign.models import Participation
from campaign.todo import Todo
from supervision.models import Assignment, BodyMember, GroupMember
from supervision.queries.coverage import uncovered_units
from units import access
from units.roles import Right


def _units(user: User) -> QuerySet[Participation] | None:
    """Units of the campaigns one sets up, once groups are at work there at all."""
    if not access.has_anywhere(user, Right.SET_UP):
        return None
    at_work = Assignment.objects.current().filter(group__campaign=OuterRef("batch__campaign"), group__owner=None)
    open_ones = Participation.objects.filter(
        access.scope(user, Right.SET_UP, "batch__campaign__host"), Exists(at_work), batch__closed_on=None
    )
    return uncovered_units(open_ones.exclude(state=Participation.State.CLOSED))


@counted(_units)
def units_without_group(user: User, count: int, due: dt.date | None) -> Todo:
    return Todo(
        count,
        Message(gettext_noop("Give a supervision group to units that have none")),
        Message(gettext_noop("Nobody gives the supervision group's word on their applications.")),
        reverse("supervision:group_map") + "?state=gap",
        Message(gettext_noop("Assign")),
        menu="supervision:groups",
    )


def _in_bodies(user: User) -> QuerySet[BodyMember] | None:
    """People named to bodies where one sets up, who are not in place yet."""
    if not access.has_anywhere(user, Right.SET_UP):
        return None
    mine = access.scope(user, Right.SET_UP, "body__organization")
    return BodyMember.objects.current().filter(mine, body__dissolved_on=None, in_place_on=None)


def _in_groups(user: User) -> QuerySet[GroupMember] | None:
    """People of the host's groups where one sets up, who are not in place yet."""
    if not access.has_anywhere(user, Right.SET_UP):
        return None
    mine = access.scope(user, Right.SET_UP, "group__campaign__host")
    return GroupMember.objects.current().filter(mine, group__owner=None, in_place_on=None)


def _see(title: str, count: int, due: dt.date | None) -> Todo:
    return Todo(
        count,
        Message(title),
        Message(gettext_noop("Enter since when they are, or ask their units.")),
        reverse("supervision:staffing") + "?state=waiting",
        Message(gettext_noop("See who")),
        due=due,
        late=due is not None and due < clock.today(),
        menu="supervision:bodies",
    )


@counted(_in_bodies, due="expected_on")
def awaited_in_bodies(user: User, count: int, due: dt.date | None) -> Todo:
    return _see(gettext_noop("People named to bodies are not in place yet"), count, due)


@counted(_in_groups, due="expected_on")
def awaited_in_groups(user: User, count: int, due: dt.date | None) -> Todo:
    return _see(gettext_noop("People named to supervision groups are not in place yet"), count, due)
