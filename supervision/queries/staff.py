"""Who is on duty, who is away, who has acknowledged the rules (S-01, S-02, S-04)."""

from __future__ import annotations

import calendar
import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max

from accounts import clock
from accounts.models import User
from campaign import holidays, workdays
from campaign.models import Batch, Campaign
from campaign.playbook import Playbook
from supervision import rota, staffing
from supervision.models import Acknowledgement, AttendanceSheet, DutyDay, Leave, StaffAttendance


def month_of(text: str) -> dt.date:
    """The first of the month that an address names as 2026-11; of this month where it names none."""
    try:
        return dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        return clock.today().replace(day=1)


def last_of(month: dt.date) -> dt.date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def next_month(month: dt.date) -> dt.date:
    return last_of(month) + dt.timedelta(days=1)


def month_before(month: dt.date) -> dt.date:
    return (month - dt.timedelta(days=1)).replace(day=1)


@dataclass
class Cell:
    """One day of a calendar."""

    day: dt.date
    within: bool
    workday: bool
    today: bool
    duties: list[DutyDay] = field(default_factory=list)
    away: list[Leave] = field(default_factory=list)


def calendar_of(campaign: Campaign, month: dt.date) -> list[list[Cell]]:
    """The weeks of a month, Monday first, with who is on duty and who is away. Four queries."""
    weeks = calendar.Calendar().monthdatescalendar(month.year, month.month)
    first, last = weeks[0][0], weeks[-1][-1]
    today, entered = clock.today(), holidays.entered(first, last)
    cells = {
        day: Cell(day, day.month == month.month, workdays.is_workday(day, entered), day == today)
        for day in rota.days_between(first, last)
    }
    for duty in DutyDay.objects.filter(campaign=campaign, day__range=(first, last)).select_related("user"):
        cells[duty.day].duties.append(duty)
    for leave in Leave.objects.filter(campaign=campaign).covering(first, last).defer("reason").select_related("user"):
        for day in rota.days_between(max(first, leave.from_date), min(last, leave.last_day)):
            cells[day].away.append(leave)
    return [[cells[day] for day in week] for week in weeks]


def away_days(campaign: Campaign, first: dt.date, last: dt.date) -> dict[int, set[dt.date]]:
    """On which of these days each person is on granted leave. One query."""
    found: dict[int, set[dt.date]] = {}
    for leave in Leave.objects.filter(campaign=campaign).covering(first, last).defer("reason"):
        days = rota.days_between(max(first, leave.from_date), min(last, leave.last_day))
        found.setdefault(leave.user_id, set()).update(days)
    return found


def last_on_duty(campaign: Campaign, before: dt.date) -> dict[int, dt.date]:
    """When each person was last on duty before that day. One query."""
    rows = DutyDay.objects.filter(campaign=campaign, day__lt=before).order_by().values_list("user")
    return dict(rows.annotate(latest=Max("day")).values_list("user", "latest"))


def on_duty(campaign: Campaign, day: dt.date) -> list[User]:
    """Whom one reaches on a day (K-10)."""
    rows = DutyDay.objects.filter(campaign=campaign, day=day).select_related("user")
    return [row.user for row in rows]


@dataclass(frozen=True)
class Line:
    """One person on the sheet of a day: what is saved, or what roster and leave say already."""

    person: staffing.Person
    state: str
    place: str
    proposed: bool = False


def attendance_of(campaign: Campaign, day: dt.date) -> tuple[AttendanceSheet, list[tuple[staffing.Team, list[Line]]]]:
    """The sheet of a day and its lines by team; leave and duty fill themselves in until it is saved."""
    sheet = AttendanceSheet.objects.filter(campaign=campaign, day=day).select_related("saved_by").first()
    saved = {row.user_id: row for row in sheet.rows.all()} if sheet else {}
    away = set(away_days(campaign, day, day))
    duty = {user.pk for user in on_duty(campaign, day)}
    teams = []
    for team, people in staffing.in_teams(staffing.staff_of(campaign)):
        lines = []
        for person in people:
            pk = person.user.pk
            row = saved.get(pk)
            if row is not None:
                lines.append(Line(person, row.state, row.place))
            else:
                state = StaffAttendance.State.LEAVE if pk in away else StaffAttendance.State.DUTY if pk in duty else ""
                lines.append(Line(person, state, "", proposed=bool(state)))
        teams.append((team, lines))
    return sheet or AttendanceSheet(campaign=campaign, day=day), teams


@dataclass(frozen=True)
class Figures:
    """On how many days of a month one of the staff was in each state, in the order of StaffAttendance.State."""

    person: staffing.Person
    counts: list[int]


def month_figures(campaign: Campaign, day: dt.date) -> list[Figures]:
    """Of the month of that day; four queries. People without any record stand there with nothing."""
    month = day.replace(day=1)
    rows = StaffAttendance.objects.filter(sheet__campaign=campaign, sheet__day__range=(month, last_of(month)))
    found = {
        (user, state): count
        for user, state, count in rows.order_by().values_list("user", "state").annotate(count=Count("pk"))
    }
    states = StaffAttendance.State.values
    people = staffing.staff_of(campaign)
    return [Figures(p, [found.get((p.user.pk, state), 0) for state in states]) for p in people]


# ---------------------------------------------------------------- discipline
def digest_of(playbook: Playbook) -> str:
    """Tells one wording of the rules from another; empty where the playbook has none."""
    rules = playbook.staffing.discipline
    text = "\n".join(f"{rule.key}\t{rule.name.zh}\t{rule.name.en}" for rule in rules)
    return hashlib.sha256(text.encode()).hexdigest() if rules else ""


def acknowledged_at(user: Any, batch: Batch) -> dt.datetime | None:
    """When the user acknowledged the rules as they stand now."""
    digest = digest_of(batch.campaign.playbook)
    row = Acknowledgement.objects.filter(batch=batch, user=user, digest=digest).first()
    return row.at if row else None


@dataclass(frozen=True)
class Acknowledged:
    """Whether one of the staff has acknowledged the rules as they stand; `before`: an earlier wording of them."""

    person: staffing.Person
    at: dt.datetime | None
    before: dt.datetime | None


def acknowledgements(batch: Batch) -> list[Acknowledged]:
    """All of the staff, those who have not first. Four queries."""
    digest = digest_of(batch.campaign.playbook)
    now: dict[int, dt.datetime] = {}
    before: dict[int, dt.datetime] = {}
    for row in Acknowledgement.objects.filter(batch=batch).order_by("at"):
        (now if row.digest == digest else before)[row.user_id] = row.at
    people = staffing.staff_of(batch.campaign)
    rows = [Acknowledged(p, now.get(p.user.pk), before.get(p.user.pk)) for p in people]
    return sorted(rows, key=lambda row: row.at is not None)


def unacknowledged(rows: Iterable[Acknowledged]) -> list[Acknowledged]:
    return [row for row in rows if row.at is None]
