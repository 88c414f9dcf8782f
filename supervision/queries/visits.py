"""Visits as lists want them, and when a unit was visited last and will be next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, F, QuerySet, Value, When

from supervision.models import Visit

_NAMED = ("organization", "participation__organization", "participation__work_unit", "group")


def visits_listed(rows: QuerySet[Visit]) -> QuerySet[Visit]:
    """What is planned first, the nearest day on top; then what was made or called off, the latest on top."""
    planned = Case(When(state=Visit.State.PLANNED, then=F("planned_on")), default=Value(None))
    return (
        rows.select_related(*_NAMED)
        .annotate(coming=planned)
        .order_by(F("coming").asc(nulls_last=True), F("held_on").desc(nulls_last=True), "-planned_on", "-pk")
    )


def last_visits(participations: Iterable[int]) -> dict[int, Visit]:
    """The visit made last to each of these participations. One query."""
    rows = Visit.objects.done().filter(participation__in=list(participations)).order_by("held_on", "pk")
    return {visit.participation_id: visit for visit in rows.defer("findings", "problems", "suggestions")}


def next_visits(participations: Iterable[int]) -> dict[int, Visit]:
    """The visit planned next, or still to be written down, of each. One query."""
    rows = Visit.objects.planned().filter(participation__in=list(participations)).order_by("-planned_on", "-pk")
    return {visit.participation_id: visit for visit in rows}


def to_log(rows: QuerySet[Visit], day: Any) -> QuerySet[Visit]:
    """Planned for this day or before, and not written down."""
    return rows.filter(state=Visit.State.PLANNED, planned_on__lte=day)
