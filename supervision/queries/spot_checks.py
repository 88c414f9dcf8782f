"""What the pages of spot checks show: figures of a check, and its draw repeated from the record."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from supervision import drawing
from supervision.models import SpotCheck, SpotResult

Result = SpotResult.Result


def with_figures(rows: QuerySet[SpotCheck]) -> QuerySet[SpotCheck]:
    """Each check with how many were drawn, how many have a result, and which."""
    figures = {key: Count("results", filter=Q(results__result=key)) for key in Result.values}
    return rows.annotate(
        drawn_count=Count("results"), recorded=Count("results", filter=~Q(results__result="")), **figures
    )


@dataclass(frozen=True)
class Lot:
    """One organisation of the population, its place in the order of the draw, and whether it was drawn."""

    place: int
    key: int
    code: str
    name: str
    rank: str
    drawn: bool


@dataclass(frozen=True)
class Repeated:
    """The draw done again from the record alone. `same`: it gives those who are on record as drawn."""

    lots: list[Lot]
    same: bool


def repeat(check: SpotCheck) -> Repeated:
    """All who could be drawn in the order of the lots; nothing is read but the record. One query for the results."""
    known = {key: (code, name) for key, code, name in check.population}
    order = drawing.draw(known, check.seed, len(known))
    drawn = list(check.results.order_by("position").values_list("organization_id", flat=True))
    lots = [
        Lot(place, key, *known[key], drawing.rank(check.seed, key), place <= len(drawn))
        for place, key in enumerate(order, start=1)
    ]
    return Repeated(lots, order[: len(drawn)] == drawn)
