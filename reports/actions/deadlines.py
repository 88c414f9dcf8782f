"""Exceptions from a deadline, and reminding those who have not reported (decision 18, K-05)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, mailing, notify
from accounts.models import User
from campaign.models import Batch, Participation
from campaign.playbook import ReportRule
from reports import weeks as calendar
from reports import words
from reports.actions.reports import ReasonMissing
from reports.models import Report, ReportException, ReportReminder
from reports.queries.cells import Line
from reports.queries.group_weekly import group_boards
from reports.queries.reporters import reporters as people_of
from reports.queries.weekly import board, due_rules
from reports.reporter import (
    GROUP,
    Reporter,
    column,
    link,
    link_all,
    list_address,
    subject,
    within_batch,
    write_address,
)
from reports.weeks import Status

GRANTED = audit.action("report.exception_granted", _("Granted an exception from a report's deadline"))
REVOKED = audit.action("report.exception_revoked", _("Revoked an exception from a report's deadline"))
REMINDED = audit.action("report.reminded", _("Reminded a unit or group of its report"))
DAY = dt.timedelta(days=1)


@transaction.atomic
def grant_exception(
    *,
    by: User,
    reporters: Sequence[Reporter],
    rule: ReportRule,
    weeks: Sequence[dt.date],
    due_at: dt.datetime | None,
    reason: str,
) -> int:
    """Give units or groups another deadline for the reports of some weeks, or excuse them (`due_at=None`).

    Takes the place of an earlier exception. Returns how many reports. Raises ReasonMissing.
    """
    words_ = reason.strip()
    if not words_:
        raise ReasonMissing
    rows = [
        ReportException(
            **link(reporter),
            rule=rule.key,
            week=week,
            due_at=due_at,
            reason=words_,
            granted_by=by,
            granted_at=clock.now(),
        )
        for reporter in reporters
        for week in weeks
    ]
    if not rows:
        return 0
    ReportException.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=[column(reporters[0]), "rule", "week"],
        update_fields=["due_at", "reason", "granted_by", "granted_at"],
    )
    _reckon(reporters, rule, weeks)
    people = people_of(reporters)
    for reporter in reporters:
        data = {
            "rule": rule.key,
            "weeks": [week.isoformat() for week in weeks],
            "due_at": due_at.isoformat() if due_at else None,
            "reason": words_,
        }
        audit.record(GRANTED, by=by, obj=subject(reporter), organization=reporter.organization, data=data)
        _tell_granted(people[reporter.pk], reporter, rule, weeks, due_at, words_)
    return len(rows)


def _tell_granted(
    people: list[User],
    reporter: Reporter,
    rule: ReportRule,
    weeks: Sequence[dt.date],
    due_at: dt.datetime | None,
    reason: str,
) -> None:
    params = {
        "report": {"zh": rule.name.zh, "en": rule.name.en},
        "unit": reporter.label,
        "weeks": words.weeks_named(weeks, reporter),
        "reason": reason,
    }
    if due_at:
        text = gettext_noop("The %(report)s of %(unit)s for %(weeks)s is now due on %(due)s: %(reason)s")
        params["due"] = words.moment(due_at)
    else:
        text = gettext_noop("%(unit)s is excused from the %(report)s for %(weeks)s: %(reason)s")
    notify.send(people, text, params=params, url=list_address(reporter))


def _reckon(reporters: Sequence[Reporter], rule: ReportRule, weeks: Sequence[dt.date]) -> None:
    """Bring deadline and lateness of reports already there up to the exceptions that now hold."""
    key = f"{column(reporters[0])}_id"
    wanted = {**link_all(reporters), "rule": rule.key, "week__in": weeks}
    moved: dict[int, dict[dt.date, dt.datetime | None]] = defaultdict(dict)
    for pk, week, due in ReportException.objects.filter(**wanted).values_list(key, "week", "due_at"):
        moved[pk][week] = due
    rows = list(Report.objects.filter(**wanted))
    for row in rows:
        due = calendar.due_at(rule, row.week, moved.get(getattr(row, key)))
        row.due_at = due or calendar.regular_due(rule, row.week)
        first = row.first_submitted_at
        row.late = due is not None and first is not None and calendar.is_late(first, due)
    Report.objects.bulk_update(rows, ["due_at", "late"])


@transaction.atomic
def revoke_exception(*, by: User, exception: ReportException, rule: ReportRule) -> None:
    """Let the playbook's deadline hold again."""
    reporter, week = exception.reporter, exception.week
    data = {"rule": rule.key, "week": week.isoformat(), "reason": exception.reason}
    audit.record(REVOKED, by=by, obj=subject(reporter), organization=reporter.organization, data=data)
    exception.delete()
    _reckon([reporter], rule, [week])


@dataclass(frozen=True)
class Reminded:
    """What reminding came to: units or groups told, people told, those told today before, those with nobody to tell.

    `ways`: by which way the people hear of it.
    """

    units: int = 0
    people: int = 0
    again: int = 0
    nobody: tuple[str, ...] = ()
    ways: mailing.Ways = field(default_factory=mailing.Ways)


Target = tuple[Reporter, dt.date]


@transaction.atomic
def remind(
    *,
    by: User | None,
    rule: ReportRule,
    targets: Iterable[Target],
    kind: str = ReportReminder.Kind.OFFICE,
    on: dt.date | None = None,
) -> Reminded:
    """Remind those who write of what has not come, each report once a day (once a deadline by the clock).

    One line in the inbox for each unit or group, naming all its weeks. `targets` are of one kind, as the rule is.
    """
    day = on or clock.today()
    wanted: dict[int, tuple[Reporter, list[dt.date]]] = {}
    for reporter, week in targets:
        wanted.setdefault(reporter.pk, (reporter, []))[1].append(week)
    everyone = [reporter for reporter, _weeks in wanted.values()]
    told, people = _told(everyone, rule, kind, day), people_of(everyone)
    done, everybody, again, nobody = 0, set(), 0, []
    for reporter, found in wanted.values():
        new = [week for week in found if (reporter.pk, week) not in told]
        if not people[reporter.pk]:
            nobody.append(reporter.label)
        elif not (new and _claim(by, reporter, rule, new, kind, day)):
            again += 1
        else:
            done += 1
            everybody |= {person.pk for person in people[reporter.pk]}
            _tell_reminded(people[reporter.pk], reporter, rule, new, kind)
    return Reminded(done, len(everybody), again, tuple(nobody), mailing.ways_of(everybody))


def _told(reporters: list[Reporter], rule: ReportRule, kind: str, day: dt.date) -> set[tuple[int, dt.date]]:
    if not reporters:
        return set()
    rows = ReportReminder.objects.filter(**link_all(reporters), rule=rule.key, kind=kind, on=day)
    return set(rows.values_list(f"{column(reporters[0])}_id", "week"))


def _claim(
    by: User | None, reporter: Reporter, rule: ReportRule, weeks: list[dt.date], kind: str, day: dt.date
) -> bool:
    """Note the reminders; False if somebody else has just sent all of them."""
    made = [
        ReportReminder.objects.get_or_create(
            **link(reporter),
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
        audit.record(REMINDED, by=by, obj=subject(reporter), organization=reporter.organization, data=data)
    return any(made)


TEXTS = {
    ReportReminder.Kind.OFFICE: gettext_noop("The office is waiting for the %(report)s of %(unit)s for %(weeks)s."),
    ReportReminder.Kind.DAY_BEFORE: gettext_noop("The %(report)s of %(unit)s for %(weeks)s is due within a day."),
    ReportReminder.Kind.DEADLINE: gettext_noop(
        "The %(report)s of %(unit)s for %(weeks)s did not come by its deadline. Send it all the same, as late."
    ),
}


def _tell_reminded(people: list[User], reporter: Reporter, rule: ReportRule, weeks: list[dt.date], kind: str) -> None:
    params = {
        "report": {"zh": rule.name.zh, "en": rule.name.en},
        "unit": reporter.label,
        "weeks": words.weeks_named(weeks, reporter),
    }
    url = write_address(reporter, rule, max(weeks))
    notify.send(people, TEXTS[ReportReminder.Kind(kind)], params=params, url=url, kind=notify.REMINDER)


def remind_due() -> int:
    """Remind whose deadline is within a day, or passed within the last day. Idempotent; returns those told."""
    batches = Batch.objects.filter(closed_on=None, starts_on__lte=clock.today()).select_related("campaign")
    return sum(_remind_due(batch, rule) for batch in batches for rule in due_rules(batch))


def _near_weeks(batch: Batch, rule: ReportRule) -> list[dt.date]:
    """The weeks in which a deadline can be within a day of now."""
    now = clock.now()
    near = {calendar.week_of(now - DAY), calendar.week_of(now), calendar.week_of(now + DAY)}
    moved = ReportException.objects.filter(
        within_batch(batch), due_at__gte=now - DAY, due_at__lte=now + DAY, rule=rule.key
    )
    return sorted(near | set(moved.values_list("week", flat=True).distinct()))


def _lines(batch: Batch, rule: ReportRule) -> list[Line]:
    weeks = _near_weeks(batch, rule)
    if rule.reporter == GROUP:
        return group_boards(batch, [rule], weeks)[rule.key]
    return board(batch, rule, weeks, within=Q(state=Participation.State.ACTIVE))


def _remind_due(batch: Batch, rule: ReportRule) -> int:
    now = clock.now()
    due: dict[tuple[str, dt.date], list[Target]] = defaultdict(list)
    for line in _lines(batch, rule):
        for cell in line.cells:
            if cell.due is None:
                continue
            day = cell.due.astimezone(calendar.ZONE).date()
            if cell.status is Status.WAITING and cell.due - now <= DAY:
                due[ReportReminder.Kind.DAY_BEFORE, day].append((line.reporter, cell.week))
            elif cell.status is Status.MISSING and now - cell.due <= DAY:
                due[ReportReminder.Kind.DEADLINE, day].append((line.reporter, cell.week))
    return sum(
        remind(by=None, rule=rule, targets=targets, kind=kind, on=day).units for (kind, day), targets in due.items()
    )
