"""How issues of the bulletin are counted: within the year, supplements apart, and through the campaign (K-07)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, QuerySet
from django.db.models.functions import Coalesce

from campaign.models import Campaign
from reports.models import Bulletin

SUPPLEMENT = Bulletin.Kind.SUPPLEMENT


@dataclass(frozen=True)
class Numbers:
    """What an issue gets: its number within the year, and its place among all issues (none for a supplement)."""

    year: int
    number: int
    total: int | None


def next_numbers(campaign: Campaign, kind: str, on: dt.date) -> Numbers:
    """The numbers of the next issue of a kind on a day. Whoever gives them out holds the campaign's row locked."""
    issued = Bulletin.objects.filter(campaign=campaign, number__isnull=False)
    of_year = issued.filter(issued_on__year=on.year)
    if kind == SUPPLEMENT:
        return Numbers(on.year, _last(of_year.filter(kind=SUPPLEMENT), "number") + 1, None)
    series = issued.exclude(kind=SUPPLEMENT)
    # An issue from before the total was kept had a number counted through the campaign.
    total = _last(series, Coalesce("total", "number")) + 1
    return Numbers(on.year, _last(of_year.exclude(kind=SUPPLEMENT), "number") + 1, total)


def _last(rows: QuerySet[Bulletin], what: Any) -> int:
    return int(rows.aggregate(last=Max(what))["last"] or 0)


def weekly(rows: QuerySet[Bulletin]) -> QuerySet[Bulletin]:
    """The issues that come out week by week: no supplement, no special issue, no correction."""
    return rows.filter(kind=Bulletin.Kind.REGULAR, corrects=None)
