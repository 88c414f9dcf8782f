"""Reads of the rectification ledger: the list, items by state and age, and counts by organisation."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, Min, Q, QuerySet, When
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts import clock
from campaign.models import Batch, Participation, RectificationItem
from units.models import Organization

State = RectificationItem.State
AGES = (7, 15, 30)  # days: the bounds of the picture's bars
BAR = 300  # width of the longest bar


def items(user: Any, batch: Batch, organization: Organization | None = None) -> QuerySet[RectificationItem]:
    """The ledger of a batch in scope, of an organisation and all below it."""
    rows = RectificationItem.objects.visible_to(user).filter(batch=batch)
    if organization is not None:
        rows = rows.within(organization)
    return rows.select_related("organization", "responsible_member")


def urgent_first(rows: QuerySet[RectificationItem]) -> QuerySet[RectificationItem]:
    """What is unclosed before what is closed, the nearest deadline first."""
    closed = Case(When(state__in=[State.CLOSED, State.EXPLAINED], then=1), default=0)
    return rows.order_by(closed, F("deadline").asc(nulls_last=True), "pk")


def to_rectify_again(organization: Organization, batch: Batch | None) -> tuple[int, dt.date | None]:
    """How many items here and below are open again after the closing survey, and the nearest deadline (H-04)."""
    rows = RectificationItem.objects.within(organization).unclosed().filter(batch=batch, reopened=True)
    found = rows.aggregate(count=Count("pk"), first=Min("deadline"))
    return found["count"], found["first"]


@dataclass
class AgeRow:
    """Items registered so many days ago, by state."""

    label: str
    open: int = 0
    overdue: int = 0
    reported: int = 0
    closed: int = 0

    @property
    def parts(self) -> tuple[tuple[str, int], ...]:
        """(class of the fill, how many) in the order of the bar."""
        return ("overdue", self.overdue), ("open", self.open), ("reported", self.reported), ("closed", self.closed)

    @property
    def total(self) -> int:
        return sum(count for _css, count in self.parts)


def _band(days: int) -> int:
    return next((at for at, bound in enumerate(AGES) if days <= bound), len(AGES))


def of_age(rows: QuerySet[RectificationItem], band: int, today: dt.date) -> QuerySet[RectificationItem]:
    """The items of one row of `ages`, counted from 0."""

    def midnight(days: int) -> dt.datetime:
        return timezone.make_aware(dt.datetime.combine(today - dt.timedelta(days=days), dt.time()))

    if band < len(AGES):
        rows = rows.filter(registered_at__gte=midnight(AGES[band]))
    return rows.filter(registered_at__lt=midnight(AGES[band - 1])) if band else rows


def age_labels() -> list[str]:
    """What the rows of `ages` are called."""
    bounds = [_("Up to %(days)s days") % {"days": AGES[0]}]
    pairs = itertools.pairwise(AGES)
    bounds += [_("%(first)s to %(last)s days") % {"first": low + 1, "last": high} for low, high in pairs]
    return [*bounds, _("Over %(days)s days") % {"days": AGES[-1]}]


def ages(rows: Iterable[tuple[str, dt.datetime, dt.date | None]], today: dt.date) -> list[AgeRow]:
    """(state, registered at, deadline) of each item, gathered by age since registration."""
    found = [AgeRow(label) for label in age_labels()]
    for state, registered, deadline in rows:
        row = found[_band((today - timezone.localtime(registered).date()).days)]
        if state == State.OPEN and deadline is not None and deadline < today:
            row.overdue += 1
        elif state == State.OPEN:
            row.open += 1
        elif state == State.REPORTED:
            row.reported += 1
        else:
            row.closed += 1
    return found


def bar(row: AgeRow, most: int) -> SafeString:
    """A stacked bar as SVG with plain attributes; its figures stand in the table beside it."""
    x, shapes = 0.0, []
    for css, count in row.parts:
        width = BAR * count / max(most, 1)
        if count:
            shapes.append((f"{x:.1f}", f"{max(width - 1, 1):.1f}", css))
        x += width
    inner = format_html_join("", '<rect x="{}" width="{}" height="14" class="led-{}"/>', shapes)
    frame = '<svg class="led-bar" viewBox="0 0 {} 14" preserveAspectRatio="none" aria-hidden="true">{}</svg>'
    return format_html(frame, BAR, inner)


@dataclass
class Standing:
    """Counts of one organisation that leads a participation, its branches included; `open` without the overdue."""

    organization: Organization
    total: int = 0
    open: int = 0
    overdue: int = 0
    reported: int = 0
    closed: int = 0
    reopened: int = 0
    oldest: dt.date | None = None
    longest: int = 0


Standings = tuple[dict[str, Standing], Standing]


def standings(user: Any, batch: Batch) -> list[Standing]:
    """One row a unit in scope, those with most overdue items first, units without any item last. Three queries."""
    leading = list(
        Participation.objects.visible_to(user).filter(batch=batch).select_related("organization").order_by("pk")
    )
    found = {p.organization.path: Standing(p.organization) for p in leading}
    for row in counts_by_place(RectificationItem.objects.visible_to(user).filter(batch=batch)):
        standing = _leader(row["organization__path"], found)
        if standing is not None:
            _add(standing, row)
    return sorted(found.values(), key=lambda s: (-s.overdue, -s.open, -s.total, s.organization.path))


def standing_below(rows: QuerySet[RectificationItem], root: Organization, place: Callable[[str], str]) -> Standings:
    """Counts by `place(path)`, whatever lies below it, under that path; and of all together. One query."""
    found: dict[str, Standing] = {}
    total = Standing(root)
    for row in counts_by_place(rows):
        _add(found.setdefault(place(row["organization__path"]), Standing(root)), row)
        _add(total, row)
    return found, total


def counts_by_place(rows: QuerySet[RectificationItem]) -> QuerySet[RectificationItem, dict[str, Any]]:
    """Of each organisation with items the figures that a `Standing` adds up. One query."""
    today = clock.today()
    return (
        rows.order_by()
        .values("organization__path")
        .annotate(
            n=Count("pk"),
            n_open=Count("pk", filter=Q(state=State.OPEN)),
            n_overdue=Count("pk", filter=Q(state=State.OPEN, deadline__lt=today)),
            n_reported=Count("pk", filter=Q(state=State.REPORTED)),
            n_reopened=Count("pk", filter=Q(reopened=True)),
            oldest=Min("deadline", filter=Q(state=State.OPEN, deadline__lt=today)),
        )
    )


def _leader(path: str, found: dict[str, Standing]) -> Standing | None:
    steps = range(len(path), 0, -Organization.steplen)
    return next((found[path[:end]] for end in steps if path[:end] in found), None)


def _add(standing: Standing, row: dict[str, Any]) -> None:
    standing.total += row["n"]
    standing.open += row["n_open"] - row["n_overdue"]
    standing.overdue += row["n_overdue"]
    standing.reported += row["n_reported"]
    standing.reopened += row["n_reopened"]
    standing.closed += row["n"] - row["n_open"] - row["n_reported"]
    dates = [day for day in (standing.oldest, row["oldest"]) if day is not None]
    standing.oldest = min(dates, default=None)
    standing.longest = (clock.today() - standing.oldest).days if standing.oldest else 0
