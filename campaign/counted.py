"""Things that wait for a user and need no more than a count: all of them are read in one query.

A home page asks every source of the application what waits. A source that only counts rows registers here, and costs
the page nothing: its count and its first date become columns of one row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from campaign.todo import Todo, provider

Rows = Callable[[Any], "QuerySet[Any] | None"]
Tell = Callable[[Any, int, "dt.date | None"], Todo]


@dataclass(frozen=True)
class Source:
    """Which rows wait for the user (None: none can), by which column they are due, and how that is told."""

    rows: Rows
    due: str
    tell: Tell


_sources: list[Source] = []


def counted(rows: Rows, *, due: str = "") -> Callable[[Tell], Tell]:
    """Register a sentence for the to-do list: `tell(user, count, first due date)` is called if `rows(user)` has any.

    `rows` must do no query itself: it returns a query set, or None. `due` names a date column, or stays empty.
    """

    def register(tell: Tell) -> Tell:
        _sources.append(Source(rows, due, tell))
        return tell

    return register


@provider
def all_counted(user: Any) -> Iterator[Todo]:
    """One query for all sources together; none if no source has anything to look at."""
    asked = [(source, rows) for source in _sources if (rows := source.rows(user)) is not None]
    if not asked:
        return
    columns: dict[str, Any] = {}
    for number, (source, rows) in enumerate(asked):
        columns[f"n{number}"] = _count(rows)
        if source.due:
            columns[f"d{number}"] = Subquery(rows.order_by(F(source.due).asc(nulls_last=True)).values(source.due)[:1])
    found = User.objects.filter(pk=user.pk).annotate(**columns).values(*columns).get()
    for number, (source, _rows) in enumerate(asked):
        if found[f"n{number}"]:
            yield source.tell(user, found[f"n{number}"], found.get(f"d{number}"))


def _count(rows: QuerySet[Any]) -> Coalesce:
    """COUNT(DISTINCT id) of a query set as a scalar subquery; 0 where it is empty."""
    counted = (
        rows.order_by().annotate(_one=Value(1)).values("_one").annotate(_n=Count("pk", distinct=True)).values("_n")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
