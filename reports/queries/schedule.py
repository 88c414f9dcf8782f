"""When a weekly summary workbook is due, over which days, who may get it (K-12)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet

from accounts import clock
from accounts.models import User
from campaign.models import Batch
from campaign.workdays import is_workday
from reports import weeks
from reports.models import SummarySchedule
from reports.queries.weekly import unit_rules
from reports.summary.build import SHEETS, Table, chosen
from units import access
from units.models import Organization, Post
from units.roles import Right

FRIDAY, FIVE = 4, dt.time(17)
LOOK = 8  # weeks: no holiday is as long
PERIOD = SummarySchedule.Period
CONFIDENTIAL = frozenset(table.key for table in SHEETS if table.papers)


# ---------------------------------------------------------------- when
def usual_moment(batch: Batch) -> tuple[int, int]:
    """Weekday and hour that are proposed: the full hour after the units' weekly report is due, else Friday 18:00."""
    rule = next(iter(unit_rules(batch)), None)
    day = rule.weekday if rule is not None and rule.weekday is not None else FRIDAY
    due = rule.time if rule is not None and rule.time else FIVE
    return day, min(23, due.hour + 1)


def _moment(schedule: SummarySchedule, week: dt.date) -> dt.datetime:
    day = week + dt.timedelta(days=schedule.weekday)
    return dt.datetime.combine(day, dt.time(schedule.hour), tzinfo=weeks.ZONE)


def works(week: dt.date) -> bool:
    """Is there a working day in the week? In the week of the Spring Festival there may be none."""
    return any(is_workday(week + dt.timedelta(days=n)) for n in range(7))


def _moments(schedule: SummarySchedule, start: dt.date, step: dt.timedelta) -> Iterable[dt.datetime]:
    found = (start + n * step for n in range(LOOK))
    return (_moment(schedule, week) for week in found if works(week))


def last_due(schedule: SummarySchedule, now: dt.datetime) -> dt.datetime | None:
    """The latest moment that is still owed; weeks without a working day have none.

    However long the beat was away, that is one: the workbook tells how things stand, and a later one says more.
    """
    past = _moments(schedule, weeks.week_of(now), -weeks.WEEK)
    latest = next((moment for moment in past if moment <= now), None)
    return latest if latest is not None and latest > schedule.done_until else None


def next_due(schedule: SummarySchedule, now: dt.datetime) -> dt.datetime | None:
    """When it is made next; a moment that is owed comes first."""
    coming = _moments(schedule, weeks.week_of(now), weeks.WEEK)
    return last_due(schedule, now) or next((moment for moment in coming if moment > now), None)


def days_of(schedule: SummarySchedule, last: dt.date) -> tuple[dt.date, dt.date]:
    """The days that a workbook due on `last` covers.

    From the day of the weekly reports on, the week that ends is the one of that day; before it, the whole week
    before. A stage counts from the day on which the plan of the batch begins it.
    """
    batch = schedule.batch
    first = batch.starts_on
    if schedule.period == PERIOD.WEEK:
        monday = weeks.monday(last)
        before = last.weekday() < usual_moment(batch)[0]
        first, last = (monday - weeks.WEEK, monday - dt.timedelta(days=1)) if before else (monday, last)
        first = max(first, min(batch.starts_on, last))
    elif schedule.period == PERIOD.STAGE:
        begun = batch.stages.filter(starts_on__lte=last).order_by("-position").first()
        first = begun.starts_on if begun else first
    return first, last


# ---------------------------------------------------------------- what and for whom
def tables_of(schedule: SummarySchedule, *, papers: bool = True) -> tuple[Table, ...]:
    return chosen(schedule.tables, papers=papers)


def confidential(schedule: SummarySchedule, recipients: Iterable[User]) -> bool:
    """Are confidential tables in it? Only where whoever set it, and all who receive it, may count papers."""
    if schedule.tables and not CONFIDENTIAL & set(schedule.tables):
        return False
    people = [schedule.owner, *recipients]
    return all(person and access.has(person, Right.PAPERS, schedule.organization) for person in people)


def may_receive(organization: Organization) -> QuerySet[User]:
    """Colleagues who may have the organisation's summaries: whom one can choose."""
    return access.holders(Right.EXPORT, organization).order_by("name", "pk")


def with_posts(users: QuerySet[User]) -> QuerySet[User]:
    """The users with the posts they hold today, so that asking for their rights costs no query each."""
    held = Post.objects.current(clock.today()).select_related("organization").order_by("pk")
    return users.prefetch_related(Prefetch("posts", queryset=held, to_attr="_posts"))


def for_list(user: Any) -> QuerySet[SummarySchedule]:
    """The schedules one may know of, with all that a line of the list says."""
    people = with_posts(User.objects.order_by("name", "pk"))
    rows = SummarySchedule.objects.visible_to(user).filter(batch__closed_on=None)
    rows = rows.select_related("batch__campaign", "organization", "owner")
    return rows.prefetch_related(Prefetch("recipients", queryset=people))
