"""Entering the days off and worked weekends of a year (E-05). What was recorded before stays as it was judged then."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit, clock
from accounts.models import User
from campaign.models import CalendarDay, CalendarYear
from units import access
from units.roles import Right

ENTERED = audit.action("calendar.entered", _("Entered days of the working calendar"))
REMOVED = audit.action("calendar.removed", _("Removed days of the working calendar"))
CONFIRMED = audit.action("calendar.confirmed", _("Confirmed a year of the working calendar"))
REOPENED = audit.action("calendar.reopened", _("Made a year of the working calendar provisional again"))

LONGEST = 31  # days that one entry may span


class SpanWrong(Exception):
    """The last day lies before the first, or the span is longer than any holiday."""


class NothingThere(Exception):
    """Somebody else has removed it already."""


@transaction.atomic
def enter_days(*, by: User, first: dt.date, last: dt.date, kind: str, name: str) -> int:
    """Enter days off or worked days, in place of what was entered for them. Returns how many. Raises SpanWrong."""
    length = (last - first).days + 1
    if not 1 <= length <= LONGEST:
        raise SpanWrong
    now = clock.now()
    rows = [
        CalendarDay(
            day=first + dt.timedelta(days=n),
            kind=CalendarDay.Kind(kind),
            name=name.strip(),
            entered_by=by,
            entered_at=now,
        )
        for n in range(length)
    ]
    CalendarDay.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["kind", "name", "entered_by", "entered_at"],
    )
    _record(ENTERED, by, first=first.isoformat(), last=last.isoformat(), kind=kind, name=name.strip())
    return length


@transaction.atomic
def remove_days(*, by: User, first: dt.date, last: dt.date) -> int:
    """Take entries back; the notices or the week hold again. Returns how many. Raises NothingThere."""
    deleted, _rows = CalendarDay.objects.filter(day__range=(first, last)).delete()
    if not deleted:
        raise NothingThere
    _record(REMOVED, by, first=first.isoformat(), last=last.isoformat(), days=deleted)
    return deleted


@transaction.atomic
def confirm_year(*, by: User, year: int, document: str) -> CalendarYear:
    """Say that a year's notice is entered in full, under the name of the notice; nothing rests on a guess any more."""
    values = {"document": document.strip(), "confirmed_by": by, "confirmed_at": clock.now()}
    row, _created = CalendarYear.objects.update_or_create(year=year, defaults=values)
    _record(CONFIRMED, by, year=year, document=row.document)
    return row


@transaction.atomic
def reopen_year(*, by: User, year: int) -> None:
    """It was not the whole notice: the year is provisional again. Raises NothingThere."""
    deleted, _rows = CalendarYear.objects.filter(year=year).delete()
    if not deleted:
        raise NothingThere
    _record(REOPENED, by, year=year)


def _record(action: str, by: User, **data: Any) -> None:
    """In the history of the organisation whose office did it: the calendar itself belongs to all."""
    posts = [post for post in access.posts_of(by) if Right.SET_UP in post.rights]
    audit.record(action, by=by, organization=posts[0].organization if posts else None, data=data)
