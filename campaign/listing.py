"""The list of units with their stage, filtered and sorted in the database."""

from __future__ import annotations

from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts import clock
from campaign.forms.participations import AFTER, AHEAD, UNSTAGED, YES
from campaign.models import Batch, Participation, StageProgress
from campaign.queries import under_review
from units import access
from units.models import Organization

SORTS = {
    "name": ("name",),
    "organization": ("organization__name",),
    "superior": ("organization__parent__name", "organization__path"),
    "stage": ("position", "organization__path"),
    "end": ("planned_end", "organization__path"),
}


def units(user: Any, batch: Batch) -> QuerySet[Participation]:
    """Units of a batch in scope, each with position, key and planned end of its present stage."""
    return (
        Participation.objects.visible_to(user)
        .filter(batch=batch)
        .select_related("organization__parent", "work_unit")
        .annotate(now=FilteredRelation("progress", condition=Q(progress__state=StageProgress.State.CURRENT)))
        .annotate(
            position=F("now__position"),
            stage=F("now__stage"),
            planned_end=F("now__planned_end"),
            name=Coalesce("work_unit__name", "organization__name"),
        )
    )


def narrowed(
    rows: QuerySet[Participation], filters: Any, within: Organization | None, batch: Batch
) -> QuerySet[Participation]:
    """Keep what the filter form asks for."""
    if within is not None:
        rows = rows.filter(access.below(within.path, "organization"))
    if filters.value("late"):
        rows = rows.filter(planned_end__lt=clock.today())
    if review := filters.value("review"):
        waiting = Q(pk__in=list(under_review(batch)), position__isnull=False)  # as the picture counts them
        rows = rows.filter(waiting if review == YES else ~waiting)
    if text := filters.value("q").strip():
        rows = rows.filter(
            Q(organization__name__icontains=text)
            | Q(work_unit__name__icontains=text)
            | Q(organization__initials__startswith=text.lower())
            | Q(organization__code__iexact=text)
        )
    return _in_stage(rows, filters.value("stage"))


def _in_stage(rows: QuerySet[Participation], stage: str) -> QuerySet[Participation]:
    preparing = Q(state=Participation.State.PREPARING)
    if stage == AHEAD:
        return rows.filter(preparing, staged=True)  # one without stages stands under that, begun or not
    if stage == AFTER:
        return rows.filter(staged=True, position=None).exclude(preparing)
    if stage == UNSTAGED:
        return rows.filter(staged=False)
    return rows.filter(stage=stage) if stage else rows


def ordered(rows: QuerySet[Participation], sort: str) -> QuerySet[Participation]:
    """By a heading of the table, what is empty last; else in tree order."""
    fields = SORTS.get(sort.lstrip("-"))
    if fields is None:
        return rows.order_by("organization__path")
    first = F(fields[0]).desc(nulls_last=True) if sort.startswith("-") else F(fields[0]).asc(nulls_last=True)
    return rows.order_by(first, *fields[1:], "pk")
