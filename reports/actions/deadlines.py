"""Exceptions from a deadline, and reminding those who have not reported (decision 18, K-05)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.models import User
from campaign.models import Batch, Participation
from campaign.playbook import ReportRule
from reports import weeks as calendar
from reports import words
from reports.actions.reports import ReasonMissing
from reports.models import Report, ReportException, ReportReminder
from reports.queries.reporters import reporters
from reports.queries.weekly import board, unit_rules
from reports.weeks import Status

GRANTED = audit.action("report.exception_granted", _("Granted an exception from a report's deadline"))
REVOKED = audit.action("report.exception_revoked", _("Revoked an exception from a report's deadline"))
REMINDED = audit.action("report.reminded", _("Reminded a unit of its report"))
DAY = dt.timedelta(days=1)


@transaction.atomic
def grant_exception(
    *,
    by: User,
    participations: Sequence[Participation],
    rule: ReportRule,
    weeks: Sequence[dt.date],
    due_at: dt.datetime | None,
    reason: str,
) -> int:
    """Give units another deadline for the reports of some weeks, or excuse them (`due_at=None`).

    Takes the place of an earlier exception. Returns how many units and weeks. Raises ReasonMissing.
    """
    words_ = reason.strip()
    if not words_:
        raise ReasonMissing
    rows = [
        ReportException(
            participation=unit,
            rule=rule.key,
            week=week,
            due_at=due_at,
            reason=words_,
            granted_by=by,
            granted_at=clock.now(),
        )
        for unit in participations
        for week in weeks
    ]
    ReportException.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["participation", "rule", "week"],
        update_fields=["due_at", "reason", "granted_by", "granted_at"],
    )
    _reckon(participations, rule, weeks)
    people = reporters(participations)
    for unit in participations:
        data = {
            "rule": rule.key,
            "weeks": [week.isoformat() for week in weeks],
            "due_at": due_at.isoformat() if due_at else None,
            "reason": words_,
        }
        audit.record(GRANTED, by=by, obj=unit, organization=unit.organization, data=data)
        _tell_granted(people[unit.pk], unit, rule, weeks, due_at, words_)
    return len(rows)


def _tell_granted(
    people: list[User],
    unit: Participation,
    rule: ReportRule,
    weeks: Sequence[dt.date],
    due_at: dt.datetime | None,
    reason: str,
) -> None:
    params = {
        "report": {"zh": rule.name.zh, "en": rule.name.en},
        "unit": unit.label,
        "weeks": words.weeks_named(weeks, unit),
        "reason": reason,
    }
    if due_at:
        text = gettext_noop("The %(report)s of %(unit)s for %(weeks)s is now due on %(due)s: %(reason)s")
        params["due"] = words.moment(due_at)
    else:
        text = gettext_noop("%(unit)s is excused from the %(report)s for %(weeks)s: %(reason)s")
    notify.send(people, text, params=params, url=reverse("reports:mine"))


def _reckon(units: Sequence[Participation], rule: ReportRule, weeks: Sequence[dt.date]) -> None:
    """Bring deadline and lateness of reports already there up to the exceptions that now hold."""
    ids = [unit.pk for unit in units]
    moved: dict[int, dict[dt.date, dt.datetime | None]] = defaultdict(dict)
    exceptions = ReportException.objects.filter(participation__in=ids, rule=rule.key, week__in=weeks)
    for unit, week, due in exceptions.values_list("participation_id", "week", "due_at"):
        moved[unit][week] = due
    rows = list(Report.objects.filter(participation__in=ids, rule=rule.key, week__in=weeks))
    for row in rows:
        due = calendar.due_at(rule, row.week, moved.get(row.participation_id))
        row.due_at = due or calendar.regular_due(rule, row.week)
        first = row.first_submitted_at
        row.late = due is not None and first is not None and calendar.is_late(first, due)
    Report.objects.bulk_update(rows, ["due_at", "late"])


@transaction.atomic
def revoke_exception(*, by: User, exception: ReportException, rule: ReportRule) -> None:
    """Let the playbook's deadline hold again."""
    unit = exception.participation
    data = {"rule": rule.key, "week": exception.week.isoformat(), "reason": exception.reason}
    audit.record(REVOKED, by=by, obj=unit, organization=unit.organization, data=data)
    week = exception.week
    exception.delete()
    _reckon([unit], rule, [week])


@dataclass(frozen=True)
class Reminded:
    """What reminding came to: units told, people told, units told today already, units with nobody to tell."""

    units: int = 0
    people: int = 0
    again: int = 0
    nobody: tuple[str, ...] = ()


Target = tuple[Participation, dt.date]


@transaction.atomic
def remind(
    *,
    by: User | None,
    rule: ReportRule,
    targets: Iterable[Target],
    kind: str = ReportReminder.Kind.OFFICE,
    on: dt.date | None = None,
) -> Reminded:
    """Remind the reporters of units of what has not come, each report once a day (once a deadline by the clock).

    One line in the inbox for each unit, naming all its weeks.
    """
    day = on or clock.today()
    wanted: dict[int, tuple[Participation, list[dt.date]]] = {}
    for unit, week in targets:
        wanted.setdefault(unit.pk, (unit, []))[1].append(week)
    rows = ReportReminder.objects.filter(participation__in=wanted, rule=rule.key, kind=kind, on=day)
    told = set(rows.values_list("participation_id", "week"))
    people = reporters(unit for unit, _weeks in wanted.values())
    units, everybody, again, nobody = 0, set(), 0, []
    for unit, found in wanted.values():
        new = [week for week in found if (unit.pk, week) not in told]
        if not people[unit.pk]:
            nobody.append(unit.label)
        elif not (new and _claim(by, unit, rule, new, kind, day)):
            again += 1
        else:
            units += 1
            everybody |= {person.pk for person in people[unit.pk]}
            _tell_reminded(people[unit.pk], unit, rule, new, kind)
    return Reminded(units, len(everybody), again, tuple(nobody))


def _claim(
    by: User | None, unit: Participation, rule: ReportRule, weeks: list[dt.date], kind: str, day: dt.date
) -> bool:
    """Note the reminders; False if somebody else has just sent all of them."""
    made = [
        ReportReminder.objects.get_or_create(
            participation=unit,
            rule=rule.key,
            week=week,
            kind=kind,
            on=day,
            defaults={"by": by, "at": clock.now()},
        )[1]
        for week in weeks
    ]
    if any(made):
        data = {"rule": rule.key, "weeks": [week.isoformat() for week in weeks], "kind": str(kind)}
        audit.record(REMINDED, by=by, obj=unit, organization=unit.organization, data=data)
    return any(made)


TEXTS = {
    ReportReminder.Kind.OFFICE: gettext_noop("The office is waiting for the %(report)s of %(unit)s for %(weeks)s."),
    ReportReminder.Kind.DAY_BEFORE: gettext_noop("The %(report)s of %(unit)s for %(weeks)s is due within a day."),
    ReportReminder.Kind.DEADLINE: gettext_noop(
        "The %(report)s of %(unit)s for %(weeks)s did not come by its deadline. Send it all the same, as late."
    ),
}


def _tell_reminded(people: list[User], unit: Participation, rule: ReportRule, weeks: list[dt.date], kind: str) -> None:
    params = {
        "report": {"zh": rule.name.zh, "en": rule.name.en},
        "unit": unit.label,
        "weeks": words.weeks_named(weeks, unit),
    }
    url = reverse("reports:report_new", args=[unit.pk, rule.key, max(weeks).isoformat()])
    notify.send(people, TEXTS[ReportReminder.Kind(kind)], params=params, url=url)


def remind_due() -> int:
    """Remind whose deadline is within a day, or passed within the last day. Idempotent; returns the units told."""
    batches = Batch.objects.filter(closed_on=None, starts_on__lte=clock.today()).select_related("campaign")
    return sum(_remind_due(batch, rule) for batch in batches for rule in unit_rules(batch))


def _near_weeks(batch: Batch, rule: ReportRule) -> list[dt.date]:
    """The weeks in which a deadline can be within a day of now."""
    now = clock.now()
    near = {calendar.week_of(now - DAY), calendar.week_of(now), calendar.week_of(now + DAY)}
    moved = ReportException.objects.filter(
        Q(due_at__gte=now - DAY, due_at__lte=now + DAY), rule=rule.key, participation__batch=batch
    )
    return sorted(near | set(moved.values_list("week", flat=True).distinct()))


def _remind_due(batch: Batch, rule: ReportRule) -> int:
    now = clock.now()
    due: dict[tuple[str, dt.date], list[Target]] = defaultdict(list)
    for line in board(batch, rule, _near_weeks(batch, rule), within=Q(state=Participation.State.ACTIVE)):
        for cell in line.cells:
            if cell.due is None:
                continue
            day = cell.due.astimezone(calendar.ZONE).date()
            if cell.status is Status.WAITING and cell.due - now <= DAY:
                due[ReportReminder.Kind.DAY_BEFORE, day].append((line.participation, cell.week))
            elif cell.status is Status.MISSING and now - cell.due <= DAY:
                due[ReportReminder.Kind.DEADLINE, day].append((line.participation, cell.week))
    return sum(
        remind(by=None, rule=rule, targets=targets, kind=kind, on=day).units for (kind, day), targets in due.items()
    )
