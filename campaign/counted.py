"""Things that wait for a user and need no more than a count: all of them are read in one query.

A home page asks every source of the application what waits. A source that only counts rows registers here, and costs
the page nothing: its count and its first date become columns of one row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DateTimeField, F, QuerySet
from django.utils.dateparse import parse_date, parse_datetime

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


@dataclass(frozen=True)
class _Part:
    """One source's rows as SQL, with the column in which they are due."""

    source: Source
    sql: str
    params: Sequence[Any]
    due: Any

    def question(self, number: int) -> str:
        """Its number, how many rows there are, and the first date as a text: a union wants one type for all."""
        first = "CAST(MIN(_d) AS text)" if self.due is not None else "NULL"
        # The SQL inside is the compiler's own, with its parameters apart.
        return f"SELECT {number}, COUNT(DISTINCT _k), {first} FROM ({self.sql}) AS found"  # noqa: S608

    def first(self, text: str | None) -> dt.date | None:
        """The date as its column's own type; SQLite keeps moments without their zone."""
        if text is None or not isinstance(self.due.output_field, DateTimeField):
            return parse_date(text) if text else None
        moment = parse_datetime(text)
        return moment.replace(tzinfo=connection.timezone) if moment and moment.tzinfo is None else moment


@provider
def all_counted(user: Any) -> Iterator[Todo]:
    """One query for all sources together; none if no source has anything to look at.

    It is written by hand around what the query sets compile to. As annotations of one query set the question took the
    web process several times as long to put as the database takes to answer it, and every page puts it.
    """
    parts = [part for source in _sources if (part := _part(source, source.rows(user))) is not None]
    if not parts:
        return
    sql = " UNION ALL ".join(part.question(number) for number, part in enumerate(parts))
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for part in parts for value in part.params])
        found = sorted(cursor.fetchall())
    for part, (_number, count, first) in zip(parts, found, strict=True):
        if count:
            yield part.source.tell(user, count, part.first(first))


def _part(source: Source, rows: QuerySet[Any] | None) -> _Part | None:
    if rows is None:
        return None
    due = {"_d": F(source.due)} if source.due else {}
    query = rows.order_by().values(_k=F("pk"), **due).query
    try:
        sql, params = query.sql_with_params()
    except EmptyResultSet:  # a condition that nothing can meet
        return None
    return _Part(source, sql, params, query.annotations.get("_d"))
