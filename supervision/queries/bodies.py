"""Who works for the campaign, from where, and who is still awaited (D-18); what the bodies have done (D-15, D-20)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Length, NullIf, Substr

from campaign.models import Batch, Participation
from campaign.playbook import NamedList, Playbook
from supervision.models import (
    Body,
    BodyMeeting,
    BodyMember,
    DutyHolder,
    GroupMember,
    ResponsibilityLetter,
)
from supervision.models.bodies import reach_up
from units import access
from units.models import Organization
from units.roles import Right

COLUMNS = (
    "kind", "where", "at", "person", "role", "title", "seconded_from", "expected_on", "in_place_on", "from_date",
)  # fmt: skip
# What a playbook may say of responsibility, by the keys of its statements (D-12..D-17).
MECHANISM = ("responsibility", "leaders", "secretary_duties", "five_in_one", "systems", "in_place")


def mechanism(playbook: Playbook) -> list[NamedList]:
    """What the playbook says of who answers for what, in its own words."""
    return [statement for statement in playbook.statements if statement.key in MECHANISM]


def staff(batch: Batch, user: Any, *, waiting: bool = False, unit: str = "") -> QuerySet[Any]:
    """Everybody in a body or a group today whom the user's scope and the levels above hold: one row each, as a dict.

    `waiting`: only those not in place yet; `unit`: only those seconded from there. One query however it is sliced.
    """
    bodies, groups = _staff(batch, user)
    if waiting:
        bodies, groups = bodies.filter(in_place_on=None), groups.filter(in_place_on=None)
    if unit:
        bodies, groups = bodies.filter(seconded_from=unit), groups.filter(seconded_from=unit)
    from_bodies = bodies.order_by().annotate(
        kind=Value("body", CharField()), where=F("body__name"), at=F("body_id"), person=F("name")
    )
    from_groups = groups.order_by().annotate(
        kind=Value("group", CharField()),
        where=F("group__name"),
        at=F("group_id"),
        person=Coalesce(NullIf("user__name", Value("")), "user__username"),
        role=Case(When(head=True, then=Value("head")), default=Value("member"), output_field=CharField()),
    )
    told = (from_bodies.values_list(*COLUMNS), from_groups.values_list(*COLUMNS))
    return told[0].union(told[1], all=True).order_by("kind", "at", "person")


def _staff(batch: Batch, user: Any) -> tuple[QuerySet[BodyMember], QuerySet[GroupMember]]:
    bodies = BodyMember.objects.current().filter(
        reach_up(user, "body__organization"), body__campaign=batch.campaign_id, body__dissolved_on=None
    )
    groups = GroupMember.objects.current().filter(group__campaign=batch.campaign_id)
    seen = reach_up(user, "group__owner")
    return bodies, groups.filter(Q(group__owner=None) | seen)


@dataclass(frozen=True)
class StaffFigures:
    """How many there are, how many are awaited, and from which units they come (the most first)."""

    total: int
    waiting: int
    units: list[tuple[str, int]]

    @property
    def in_place(self) -> int:
        return self.total - self.waiting


def staff_figures(batch: Batch, user: Any) -> StaffFigures:
    """Four queries."""
    total = waiting = 0
    units: Counter[str] = Counter()
    for rows in _staff(batch, user):
        found = rows.aggregate(n=Count("pk"), waiting=Count("pk", filter=Q(in_place_on=None)))
        total, waiting = total + found["n"], waiting + found["waiting"]
        named = rows.order_by().exclude(seconded_from="").values_list("seconded_from").annotate(n=Count("pk"))
        units.update(dict(named))
    return StaffFigures(total, waiting, units.most_common())


@dataclass(frozen=True)
class UnitBodies:
    """What a unit has set up to run the campaign; None where it has not."""

    unit: Participation
    leading_group: Body | None
    office: Body | None
    principal: DutyHolder | None
    deputy: DutyHolder | None


def units_with_bodies(batch: Batch, user: Any, state: str = "", word: str = "") -> QuerySet[Participation]:
    """The units in the user's scope; `state` "short": only those without a leading group or an office (D-01, D-02)."""
    rows = Participation.objects.filter(access.scope(user, Right.VIEW), batch=batch)
    if word:
        rows = rows.filter(Q(organization__name__icontains=word) | Q(work_unit__name__icontains=word))
    if state == "short":
        standing = Body.objects.standing().filter(campaign=batch.campaign_id)
        led = standing.filter(kind=Body.Kind.LEADING_GROUP).values("organization")
        run = standing.filter(kind=Body.Kind.OFFICE).values("organization")
        rows = rows.exclude(Q(organization__in=led) & Q(organization__in=run))
    return rows.select_related("organization", "work_unit").order_by("organization__path")


def unit_bodies(batch: Batch, units: list[Participation]) -> list[UnitBodies]:
    """One page of units with their bodies and duty holders. Two queries."""
    bodies = {
        (row.organization_id, row.kind): row
        for row in Body.objects.standing().filter(
            campaign=batch.campaign_id, organization__in=[unit.organization_id for unit in units]
        )
    }
    holders = {
        (row.participation_id, row.duty): row for row in DutyHolder.objects.current().filter(participation__in=units)
    }
    return [
        UnitBodies(
            unit,
            bodies.get((unit.organization_id, Body.Kind.LEADING_GROUP)),
            bodies.get((unit.organization_id, Body.Kind.OFFICE)),
            holders.get((unit.pk, DutyHolder.Duty.PRINCIPAL)),
            holders.get((unit.pk, DutyHolder.Duty.DEPUTY)),
        )
        for unit in units
    ]


def meetings_in(
    user: Any,
    batch: Batch,
    *,
    kind: str = "",
    first: dt.date | None = None,
    last: dt.date | None = None,
    place: str = "",
) -> QuerySet[BodyMeeting]:
    """Meetings on record in the user's scope, the latest first."""
    rows = BodyMeeting.objects.visible_to(user).filter(campaign=batch.campaign_id)
    if kind:
        rows = rows.filter(kind=kind)
    if first:
        rows = rows.filter(held_on__gte=first)
    if last:
        rows = rows.filter(held_on__lte=last)
    if place:
        rows = rows.filter(organization__name__icontains=place)
    return rows.select_related("organization")


def meeting_counts(rows: QuerySet[BodyMeeting]) -> list[tuple[str, int]]:
    """How many of each kind, in the order of the kinds. One query."""
    found = dict(rows.order_by().values_list("kind").annotate(n=Count("pk")))
    return [(str(kind.label), found[kind.value]) for kind in BodyMeeting.Kind if found.get(kind.value)]


@dataclass(frozen=True)
class Signed:
    """How many of a level have signed, and how many there are."""

    level: str
    label: Any
    done: int
    all: int

    @property
    def missing(self) -> int:
        return self.all - self.done


def awaited(batch: Batch, user: Any, kind: str, level: str) -> QuerySet[Any]:
    """Units, branches or leaders in scope whose letter or commitment is not on record yet (D-15)."""
    letters = ResponsibilityLetter.objects.filter(campaign=batch.campaign_id, kind=kind, level=level)
    rows = _bound(batch, user, level)
    if level == ResponsibilityLetter.Level.LEADER:
        return rows.exclude(pk__in=letters.filter(holder__isnull=False).values("holder"))
    return rows.exclude(pk__in=letters.values("organization"))


def _bound(batch: Batch, user: Any, level: str) -> QuerySet[Any]:
    """All of whom a letter is expected: units that take part, their branches, leaders named in them."""
    units = Participation.objects.filter(access.scope(user, Right.VIEW), batch=batch)
    if level == ResponsibilityLetter.Level.UNIT:
        return Organization.objects.filter(pk__in=units.values("organization"))
    if level == ResponsibilityLetter.Level.LEADER:
        rows = DutyHolder.objects.current().filter(participation__in=units)
        return rows.select_related("participation__organization", "participation__work_unit")
    over = units.filter(organization__path=Substr(OuterRef("path"), 1, Length("organization__path")))
    return Organization.objects.active().branches().filter(Exists(over))


def signed_figures(batch: Batch, user: Any, kind: str) -> list[Signed]:
    """Of units, branches and leaders: how many have signed."""
    found = []
    for level in ResponsibilityLetter.Level:
        every = _bound(batch, user, level).count()
        found.append(Signed(level.value, level.label, every - awaited(batch, user, kind, level).count(), every))
    return found
