"""Where liaison points stand: which leader has which, what each has done of its duties, who is still without (R)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from accounts import clock
from campaign.models import Activity, Batch, Campaign, Participation, StageProgress
from campaign.playbook import Playbook
from campaign.playbook.staffing import LiaisonPlan
from campaign.playbook.work import Item
from campaign.queries import batch_for
from supervision.models import LiaisonContact, LiaisonLeader, LiaisonPoint, LiaisonVisit
from units import access
from units.models import Organization
from units.roles import Right

LECTURE = LiaisonVisit.What.LECTURE  # the one duty that a visit does, and that is done once and for all


def month_start() -> dt.date:
    """Sources say “unasked” and give no interval; ours is: once in each calendar month."""
    return clock.today().replace(day=1)


@dataclass(frozen=True)
class Sign:
    """One duty of one point: how often, when last, and whether it is still to be done this month."""

    duty: Item
    times: int
    last: dt.date | None
    once: bool

    @property
    def done(self) -> bool:
        return self.last is not None and (self.once or self.last >= month_start())


def duties_of(book: Playbook) -> tuple[Item, ...]:
    return book.liaison.duties if book.liaison else ()


def signs_of(points: Sequence[LiaisonPoint], duties: Iterable[Item]) -> dict[int, list[Sign]]:
    """What each point did of its duties. Two queries for any number of points."""
    duties, none = list(duties), {point.pk: list[Sign]() for point in points}
    keys = [point.pk for point in points if point.organization_id]  # a member or household has no duties
    if not duties or not keys:
        return none
    found: dict[tuple[int, str], tuple[int, dt.date]] = {}
    rows = LiaisonContact.objects.filter(point__in=keys).order_by().values("point_id", "duty")
    for row in rows.annotate(n=Count("pk"), last=Max("held_on")):
        found[row["point_id"], row["duty"]] = (row["n"], row["last"])
    lectures = LiaisonVisit.objects.filter(point__in=keys, what=LECTURE).order_by().values("point_id")
    for row in lectures.annotate(n=Count("pk"), last=Max("held_on")):
        found[row["point_id"], LECTURE] = (row["n"], row["last"])
    return none | {
        key: [Sign(duty, *found.get((key, duty.key), (0, None)), duty.key == LECTURE) for duty in duties]
        for key in keys
    }


def with_duties_open(user: Any) -> QuerySet[LiaisonPoint] | None:
    """Points that the user answers for whose duties of this month are not all done.

    No query of its own: the batch of a user's pages is read once for every page.
    """
    batch = batch_for(user) if access.has_anywhere(user, Right.RECORD) else None
    duties = duties_of(batch.campaign.playbook) if batch else ()
    if batch is None or not duties:
        return None
    rows = LiaisonPoint.objects.visible_to(user, Right.RECORD).current()
    rows = rows.filter(batch=batch, what=LiaisonPoint.What.ORGANIZATION)
    open_ones = Q()
    for duty in duties:
        said = LiaisonContact.objects.filter(point=OuterRef("pk"), duty=duty.key, held_on__gte=month_start())
        taught = LiaisonVisit.objects.filter(point=OuterRef("pk"), what=LECTURE)
        open_ones |= ~Exists(taught if duty.key == LECTURE else said)
    return rows.filter(open_ones)


def never_visited(user: Any) -> QuerySet[LiaisonPoint] | None:
    """A leader's own points that he has not been to; no query by itself."""
    if not access.has_anywhere(user, Right.VIEW):
        return None
    own = LiaisonPoint.objects.current().filter(leader__user=user, batch__closed_on=None)
    return own.filter(~Exists(LiaisonVisit.objects.filter(point=OuterRef("pk"))))


# ---------------------------------------------------------------- rows of pages
@dataclass(frozen=True)
class Standing:
    """A point as its leader and its secretary want to see it at a glance."""

    point: LiaisonPoint
    participation: Participation | None
    progress: StageProgress | None
    last_visit: dt.date | None
    signs: list[Sign] = field(default_factory=list)

    @property
    def stage(self) -> Any:
        return self.progress.stage_of(self.point.batch).name if self.progress else ""

    @property
    def days_left(self) -> int | None:
        return self.progress.days_left(clock.today()) if self.progress else None


def listed(points: QuerySet[LiaisonPoint]) -> QuerySet[LiaisonPoint]:
    """With what each row shows."""
    related = ("leader", "batch__campaign__host", "organization")
    rows = points.select_related(*related).annotate(last_visit=Max("visits__held_on"))
    return rows.order_by("organization__path", "pk")


def standings(points: Sequence[LiaisonPoint]) -> list[Standing]:
    """Stage, last visit and duties of points from listed(). Four queries for any number."""
    covering = _covering(points)
    signs: dict[int, list[Sign]] = {}
    by_campaign: dict[int, list[LiaisonPoint]] = defaultdict(list)
    for point in points:
        by_campaign[point.batch.campaign_id].append(point)
    for several in by_campaign.values():
        signs |= signs_of(several, duties_of(several[0].batch.campaign.playbook))
    rows = []
    for point in points:
        participation = covering.get(point.pk)
        progress = participation.current() if participation else None
        rows.append(Standing(point, participation, progress, point.last_visit, signs[point.pk]))  # type: ignore[attr-defined]
    return rows


def _covering(points: Sequence[LiaisonPoint]) -> dict[int, Participation]:
    """Point id to the participation that covers its organisation in its batch: the nearest at or above it."""
    placed = [point for point in points if point.organization]
    steps = {
        point.organization.path[:end]
        for point in placed
        if point.organization
        for end in range(Organization.steplen, len(point.organization.path) + 1, Organization.steplen)
    }
    rows = Participation.objects.filter(
        batch__in={point.batch_id for point in placed}, organization__path__in=steps
    ).select_related("organization", "work_unit")
    found = {(row.batch_id, row.organization.path): row for row in rows.prefetch_related("progress")}
    covering = {}
    for point in placed:
        path = point.organization.path if point.organization else ""
        for end in range(len(path), 0, -Organization.steplen):
            if row := found.get((point.batch_id, path[:end])):
                covering[point.pk] = row
                break
    return covering


@dataclass(frozen=True)
class Column:
    """A batch of the map: as it was set up, or only as the plan of liaison points names it."""

    number: int
    batch: Batch | None
    plan: LiaisonPlan | None


@dataclass(frozen=True)
class Cell:
    column: Column
    points: list[LiaisonPoint]

    @property
    def lacking(self) -> bool:
        """The batch is under way and the leader has no point of its own kind in it."""
        batch = self.column.batch
        under_way = batch is not None and batch.closed_on is None
        return under_way and not any(point.kind == LiaisonPoint.Kind.POINT for point in self.points)


def columns_of(campaign: Campaign) -> list[Column]:
    """Batches set up, and those that the plan names (decision 14); in their order. One query."""
    plans = {plan.batch: plan for plan in (campaign.playbook.liaison.plan if campaign.playbook.liaison else ())}
    batches = {batch.number: batch for batch in campaign.batches.all()}
    return [Column(n, batches.get(n), plans.get(n)) for n in sorted({*plans, *batches})]


def map_rows(leaders: Sequence[LiaisonLeader], columns: Sequence[Column]) -> list[dict[str, Any]]:
    """Leaders with their points batch by batch. One query."""
    found: dict[tuple[int, int], list[LiaisonPoint]] = defaultdict(list)
    current = LiaisonPoint.objects.current().filter(leader__in=leaders).select_related("organization")
    for point in current.order_by("-kind", "pk"):
        found[point.leader_id, point.batch_id].append(point)
    return [
        {
            "leader": leader,
            "cells": [Cell(column, found[leader.pk, column.batch.pk] if column.batch else []) for column in columns],
        }
        for leader in leaders
    ]


def shared(campaign: Campaign) -> list[dict[str, Any]]:
    """Organisations that are the point of more than one leader in one batch: worth a look, not forbidden."""
    rows = LiaisonPoint.objects.current().points().filter(batch__campaign=campaign, batch__closed_on=None)
    names = ("batch__name", "organization_id", "organization__name")
    return list(rows.order_by().values(*names).annotate(n=Count("pk")).filter(n__gt=1).order_by("organization__name"))


def lacking(campaign: Campaign) -> int:
    """How many leaders have no point in the open batches, counted once a batch. One query for each open batch."""
    leaders = campaign.liaison_leaders.in_office()
    held = LiaisonPoint.objects.current().points().filter(leader=OuterRef("pk"))
    batches = campaign.batches.filter(closed_on=None)
    return sum(leaders.filter(~Exists(held.filter(batch=batch))).count() for batch in batches)


def activities_with(point: LiaisonPoint) -> QuerySet[Activity] | None:
    """Activities of the point that the leader led and no visit names yet: to be linked, not typed again."""
    if point.organization is None:
        return None
    linked = LiaisonVisit.objects.filter(point=point, activity__isnull=False).values("activity")
    rows = Activity.objects.within(point.organization).filter(batch=point.batch_id, held_on__gte=point.from_date)
    return rows.filter(led_by__contains=point.leader.name).exclude(pk__in=linked).order_by("-held_on", "-pk")
