"""Summary workbooks made every week: setting one up, making what is due, handing it over (K-12).

A workbook is made with the rights of whoever set the schedule, and handed to those who may have that organisation's
summaries. The notice leads to the file and does not carry it: figures of members and of confidential work leave the
application only by the reader's own right, which is asked again at each download, and is kept in the history.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.models import User
from accounts.templatetags import shell
from campaign.models import Batch
from jobs.actions import enqueue
from reports import schedule_rules as rules
from reports import weeks
from reports.models import SummaryEdition, SummarySchedule
from reports.queries import schedule as queries
from reports.words import both
from units import access
from units.models import Organization
from units.roles import Right

KEPT = audit.action("summary_schedule.kept", _("Had a summary workbook made every week"))
PAUSED = audit.action("summary_schedule.paused", _("Paused a weekly summary workbook"))
RESUMED = audit.action("summary_schedule.resumed", _("Resumed a weekly summary workbook"))
STOPPED = audit.action("summary_schedule.stopped", _("Stopped a weekly summary workbook"))
REMOVED = audit.action("summary_schedule.removed", _("Deleted a weekly summary workbook"))
MADE = audit.action("summary_edition.made", _("Had a weekly summary workbook made by the schedule"))
SENT = audit.action("summary_edition.sent", _("Handed over a weekly summary workbook"))
FETCHED = audit.action("summary_edition.fetched", _("Downloaded a weekly summary workbook"))

EDITION_JOB = "reports.summary_edition"
State = SummarySchedule.State


class NobodyReceives(Exception):
    """A workbook that nobody gets need not be made."""


class MayNotReceive(Exception):
    """These people may not have the organisation's summaries; carries them."""

    def __init__(self, people: Sequence[User]) -> None:
        super().__init__([person.pk for person in people])
        self.people = people


class ScheduleChanged(Exception):
    """Somebody else has changed, paused or deleted it meanwhile."""


@dataclass(frozen=True)
class Plan:
    """What is made, when, and for whom. `tables`: keys of reports.summary.build.SHEETS, none means all of them;
    `weekday` 0 is Monday; `hour` from 0 to 23, local time of the campaign."""

    tables: Sequence[str]
    period: str
    weekday: int
    hour: int
    recipients: Collection[User]

    def fields(self) -> dict[str, Any]:
        kept = {"period": self.period, "weekday": self.weekday, "hour": self.hour}
        return kept | {"tables": list(self.tables)}


# ---------------------------------------------------------------- setting up
@transaction.atomic
def add_schedule(*, by: User, batch: Batch, organization: Organization, plan: Plan) -> SummarySchedule:
    """Have a workbook made every week from the next such hour on. Raises NobodyReceives or MayNotReceive."""
    _check(organization, plan)
    made = SummarySchedule.objects.create(batch=batch, organization=organization, owner=by, **plan.fields())
    made.recipients.set(plan.recipients)
    _record(KEPT, by, made)
    return made


@transaction.atomic
def change_schedule(*, by: User, schedule: SummarySchedule, plan: Plan) -> SummarySchedule:
    """Change it; from now on it is made with the rights of `by`. What it had made stays.

    Raises NobodyReceives, MayNotReceive or ScheduleChanged.
    """
    _check(schedule.organization, plan)
    _swap(schedule, owner=by, done_until=clock.now(), **plan.fields())
    schedule.recipients.set(plan.recipients)
    _record(KEPT, by, schedule)
    return schedule


@transaction.atomic
def pause(*, by: User, schedule: SummarySchedule) -> None:
    """Make none until it is resumed. Raises ScheduleChanged."""
    _swap(schedule, expected=(State.ACTIVE,), state=State.PAUSED)
    _record(PAUSED, by, schedule)


@transaction.atomic
def resume(*, by: User, schedule: SummarySchedule) -> None:
    """Go on with the rights of `by`; what fell due meanwhile is not made up for. Raises ScheduleChanged."""
    _swap(schedule, expected=(State.PAUSED, State.STOPPED), state=State.ACTIVE, owner=by, done_until=clock.now())
    _record(RESUMED, by, schedule)


@transaction.atomic
def remove(*, by: User, schedule: SummarySchedule) -> None:
    """Delete it; the workbooks it had made stay with those who received them. Raises ScheduleChanged."""
    _record(REMOVED, by, schedule)
    if not SummarySchedule.objects.filter(pk=schedule.pk, version=schedule.version).delete()[0]:
        raise ScheduleChanged


def _check(organization: Organization, plan: Plan) -> None:
    if not plan.recipients:
        raise NobodyReceives
    allowed = set(queries.may_receive(organization).values_list("pk", flat=True))
    others = [person for person in plan.recipients if person.pk not in allowed]
    if others:
        raise MayNotReceive(others)


def _swap(schedule: SummarySchedule, *, expected: Collection[str] = tuple(State), **changes: Any) -> None:
    """Change it if it still is as it was read. Raises ScheduleChanged."""
    changes["version"] = schedule.version + 1
    rows = SummarySchedule.objects.filter(pk=schedule.pk, version=schedule.version, state__in=expected)
    if not rows.update(**changes):
        raise ScheduleChanged
    for name, value in changes.items():
        setattr(schedule, name, value)


# ---------------------------------------------------------------- making
def make_due() -> int:
    """Have every workbook made whose hour has come; returns how many. Repeated, it makes none."""
    now, made = clock.now(), 0
    running = SummarySchedule.objects.running().select_related("batch__campaign", "organization", "owner")
    for schedule in running:
        moment = queries.last_due(schedule, now)
        if moment is not None:
            made += make_edition(schedule=schedule, due_at=moment) is not None
    return made


@transaction.atomic
def make_edition(*, schedule: SummarySchedule, due_at: dt.datetime) -> SummaryEdition | None:
    """Have the workbook of one due moment made: None if somebody else does it, or nobody may have it made any more."""
    owed = SummarySchedule.objects.filter(pk=schedule.pk, state=State.ACTIVE, done_until=schedule.done_until)
    if not owed.update(done_until=due_at):
        return None
    if schedule.owner is None or not rules.can_schedule(schedule.owner, schedule.organization):
        stop(schedule=schedule)
        return None
    first, last = queries.days_of(schedule, due_at.astimezone(weeks.ZONE).date())
    recipients = list(queries.with_posts(schedule.recipients.all()))
    edition = SummaryEdition.objects.create(
        schedule=schedule,
        batch=schedule.batch,
        organization=schedule.organization,
        due_at=due_at,
        first=first,
        last=last,
        tables=schedule.tables,
        papers=queries.confidential(schedule, recipients),
    )
    edition.job = enqueue(EDITION_JOB, by=schedule.owner, args={"edition": edition.pk})
    edition.save(update_fields=["job"])
    _record(MADE, None, schedule, edition=edition.pk, first=first.isoformat(), last=last.isoformat())
    return edition


@transaction.atomic
def stop(*, schedule: SummarySchedule) -> None:
    """Stop one whose owner may have it made no longer, and tell the office, once."""
    if not SummarySchedule.objects.filter(pk=schedule.pk, state=State.ACTIVE).update(state=State.STOPPED):
        return
    _record(STOPPED, None, schedule)
    notify.send(
        access.holders(Right.SET_UP, schedule.organization),
        gettext_noop(
            "The weekly summary workbook of %(organization)s is made no longer: %(name)s, who set it, may not have it "
            "made any more. Take it over or delete it."
        ),
        params={"organization": str(schedule.organization), "name": str(schedule.owner or "–")},
        url=reverse("reports:schedules"),
    )


@transaction.atomic
def hand_over(*, edition: SummaryEdition, name: str, data: bytes) -> None:
    """Keep the file, once, and tell those who receive it and still may; the owner hears from the job itself."""
    edition.file.save(name, ContentFile(data), save=False)
    waiting = SummaryEdition.objects.filter(pk=edition.pk, file="")
    if not waiting.update(file=edition.file.name, name=name, made_at=clock.now()):
        edition.file.storage.delete(edition.file.name)
        return
    told = [person for person in receivers(edition) if edition.job is None or person.pk != edition.job.owner_id]
    audit.record(
        SENT,
        by=None,
        obj=edition,
        organization=edition.organization,
        data={"to": [person.pk for person in told], "papers": edition.papers},
    )
    notify.send(
        told,
        gettext_noop("The weekly summary workbook of %(organization)s is ready: %(first)s to %(last)s."),
        params={
            "organization": str(edition.organization),
            "first": both(lambda: shell.day(edition.first)),
            "last": both(lambda: shell.day(edition.last)),
        },
        url=reverse("reports:edition", args=[edition.pk]),
    )


def receivers(edition: SummaryEdition) -> list[User]:
    """Those of the schedule who may have this workbook today."""
    if edition.schedule is None:
        return []
    needed = [Right.EXPORT, Right.PAPERS] if edition.papers else [Right.EXPORT]
    people = queries.with_posts(edition.schedule.recipients.filter(is_active=True))
    return [one for one in people if all(access.has(one, right, edition.organization) for right in needed)]


@transaction.atomic
def fetched(*, by: User, edition: SummaryEdition) -> None:
    """Keep in the history that somebody downloaded it: an export like any other."""
    data = {"first": edition.first.isoformat(), "last": edition.last.isoformat(), "papers": edition.papers}
    audit.record(FETCHED, by=by, obj=edition, organization=edition.organization, data=data)


def _record(action: str, by: User | None, schedule: SummarySchedule, **more: Any) -> None:
    data = {"tables": schedule.tables, "period": schedule.period, "owner": schedule.owner_id, **more}
    audit.record(action, by=by, obj=schedule, organization=schedule.organization, data=data)
