"""Writing, sending, returning and accepting a report of a week, of a unit (K-01, K-02) or a group (K-04)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max, Min
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.models import User
from campaign.models import StageProgress
from campaign.playbook import ReportRule
from reports import weeks, words
from reports.models import Report, ReportException
from reports.queries.group_weekly import span_of_group
from reports.queries.reporters import reporters
from reports.queries.weekly import span_of
from reports.reporter import GroupReporter, Reporter, link
from supervision.actions import notes

OPENED = audit.action("report.opened", _("Began a report"))
SAVED = audit.action("report.saved", _("Saved a draft of a report"))
SUBMITTED = audit.action("report.submitted", _("Submitted a report"))
WITHDRAWN = audit.action("report.withdrawn", _("Took a report back"))
RETURNED = audit.action("report.returned", _("Returned a report"))
ACCEPTED = audit.action("report.accepted", _("Accepted a report"))

OPEN = (Report.State.DRAFT, Report.State.RETURNED)


class WeekNotDue(Exception):
    """No report of that week is owed: it is yet to come, or outside the reporter's time in the campaign."""


class AlreadyReported(Exception):
    """The report of that week has been sent, and the rule takes no second one. Carries the report."""

    def __init__(self, report: Report) -> None:
        super().__init__(report.pk)
        self.report = report


class ReportChanged(Exception):
    """Somebody else has saved, sent or decided meanwhile."""


class Incomplete(Exception):
    """Required fields are empty; carries their keys."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


class ReasonMissing(Exception):
    """A report is returned with a reason only."""


def rule_of(report: Report) -> ReportRule:
    """The playbook's rule behind a report. LookupError if the playbook no longer has it."""
    rule = report.reporter.batch.campaign.playbook.report(report.rule)
    if rule is None:
        raise LookupError(report.rule)
    return rule


def owes(reporter: Reporter, rule: ReportRule, week: dt.date) -> bool:
    """Does the unit or group owe the report of a week that has begun?"""
    return week <= weeks.week_of(clock.now()) and weeks.is_owed(rule, week, _span(reporter))


def _span(reporter: Reporter) -> weeks.Span:
    if isinstance(reporter, GroupReporter):
        return span_of_group(reporter)
    progress = StageProgress.objects.filter(participation=reporter)
    found: Any = reporter
    found.begun, found.ended = progress.aggregate(b=Min("started_on"), e=Max("ended_on")).values()
    return span_of(found)


def deadline(reporter: Reporter, rule: ReportRule, week: dt.date) -> tuple[dt.datetime, bool]:
    """The deadline that holds, and whether the reporter is excused (then it is the playbook's own)."""
    row = ReportException.objects.filter(**link(reporter), rule=rule.key, week=week).first()
    due = weeks.due_at(rule, week, {week: row.due_at} if row else None)
    return due or weeks.regular_due(rule, week), due is None


@transaction.atomic
def open_report(*, by: User, reporter: Reporter, rule: ReportRule, week: dt.date) -> Report:
    """The report of the week that can be written on, a new one if there is none.

    Two who begin at once get the same. Raises WeekNotDue or AlreadyReported.
    """
    if not owes(reporter, rule, week):
        raise WeekNotDue
    rows = list(Report.objects.filter(**link(reporter), rule=rule.key, week=week).order_by("sequence"))
    for row in rows:
        if row.state in OPEN:
            return row
    if len(rows) >= weeks.needed(rule) and not weeks.takes_more(rule):
        raise AlreadyReported(rows[-1])
    due, _excused = deadline(reporter, rule, week)
    report, created = Report.objects.get_or_create(
        **link(reporter),
        rule=rule.key,
        week=week,
        sequence=rows[-1].sequence + 1 if rows else 1,
        defaults={"due_at": due, "author": by, "updated_at": clock.now()},
    )
    if created:
        _record(OPENED, by, report)
    return report


def _record(action: str, by: User, report: Report, **data: Any) -> None:
    organization = report.reporter.organization
    known = {"rule": report.rule, "week": report.week.isoformat(), **data}
    audit.record(action, by=by, obj=report, organization=organization, data=known)


def _swap(report: Report, version: int, states: tuple[str, ...], **changes: Any) -> None:
    """Change a report if it is still as the person saw it; raises ReportChanged."""
    rows = Report.objects.filter(pk=report.pk, version=version, state__in=states)
    if not rows.update(version=version + 1, updated_at=clock.now(), **changes):
        raise ReportChanged
    report.refresh_from_db(fields=[*changes, "version", "updated_at"])


def _kept(rule: ReportRule, contents: Mapping[str, str]) -> dict[str, str]:
    """The rule's own fields, without what surrounds the text."""
    return {field.key: str(contents.get(field.key, "")).strip() for field in rule.fields}


@transaction.atomic
def save_draft(*, by: User, report: Report, version: int, contents: Mapping[str, str], unasked: bool = False) -> Report:
    """Keep what is written so far; `version` is the one the person saw. Raises ReportChanged.

    `unasked`: saved by the page while somebody types, and recorded once for each who writes.
    """
    kept, same_hand = _kept(rule_of(report), contents), report.author_id == by.pk
    _swap(report, version, OPEN, contents=kept, author=by)
    if not (unasked and same_hand):
        _record(SAVED, by, report, characters=sum(map(len, kept.values())))
    return report


def sent_already(
    *, by: User, reporter: Reporter, rule: ReportRule, week: dt.date, contents: Mapping[str, str]
) -> Report | None:
    """The same text by the same person, sent and not decided on yet: over a bad line one sends twice."""
    kept = _kept(rule, contents)
    rows = Report.objects.filter(**link(reporter), rule=rule.key, week=week, author=by, state=Report.State.SUBMITTED)
    return next((row for row in rows if row.contents == kept), None)


@transaction.atomic
def submit(*, by: User, report: Report, version: int, contents: Mapping[str, str]) -> Report:
    """Send a report. Late is accepted and marked; when it was sent first decides (decision 18).

    Raises Incomplete or ReportChanged.
    """
    rule = rule_of(report)
    kept = _kept(rule, contents)
    empty = [field.key for field in rule.fields if field.required and not kept[field.key]]
    if empty:
        raise Incomplete(empty)
    now, again = clock.now(), report.state == Report.State.RETURNED
    due, excused = deadline(report.reporter, rule, report.week)
    first = report.first_submitted_at or now
    _swap(
        report,
        version,
        OPEN,
        state=Report.State.SUBMITTED,
        contents=kept,
        author=by,
        first_submitted_at=first,
        submitted_at=now,
        due_at=due,
        late=not excused and weeks.is_late(first, due),
    )
    _record(SUBMITTED, by, report, late=report.late, again=again)
    _settle_notes(report)
    if again and report.decided_by is not None:
        text = gettext_noop("%(unit)s has sent the %(report)s of %(week)s again.")
        _tell([report.decided_by], text, report, rule)
    return report


@transaction.atomic
def withdraw(*, by: User, report: Report, version: int) -> Report:
    """Take back a report that nobody has decided on. It counts as not sent until it is sent again.

    Raises ReportChanged.
    """
    _swap(
        report,
        version,
        (Report.State.SUBMITTED,),
        state=Report.State.DRAFT,
        first_submitted_at=None,
        submitted_at=None,
        late=False,
    )
    _record(WITHDRAWN, by, report)
    _settle_notes(report)
    return report


@transaction.atomic
def return_report(*, by: User, report: Report, version: int, reason: str) -> Report:
    """Send a report back with a reason; sent again, it is as punctual as it was the first time.

    Raises ReasonMissing or ReportChanged.
    """
    words_ = reason.strip()
    if not words_:
        raise ReasonMissing
    _decide(by, report, version, Report.State.RETURNED, words_)
    _record(RETURNED, by, report, reason=words_)
    text = gettext_noop("The %(report)s of %(unit)s for %(week)s was returned: %(reason)s")
    _tell(_writers(report), text, report, rule_of(report), kind=notify.RETURN, reason=words_)
    return report


@transaction.atomic
def accept_report(*, by: User, report: Report, version: int) -> Report:
    """Accept a report: it can go into the bulletin. Raises ReportChanged."""
    _decide(by, report, version, Report.State.ACCEPTED, "")
    _record(ACCEPTED, by, report)
    text = gettext_noop("The %(report)s of %(unit)s for %(week)s was accepted.")
    _tell([report.author] if report.author else [], text, report, rule_of(report))
    return report


def _settle_notes(report: Report) -> None:
    """What a group's notes say is told as soon as it stands in a report that was sent; taken back, it is not."""
    reporter = report.reporter
    if not isinstance(reporter, GroupReporter):
        return
    since = report.week - weeks.WEEK
    sent = Report.objects.filter(group=reporter.group, week__gte=since, week__lte=report.week + weeks.WEEK)
    told = [str(text) for row in sent.exclude(state=Report.State.DRAFT) for text in row.contents.values()]
    notes.mark_told(group=reporter.group, since=since, until=report.week, texts=told)


def _decide(by: User, report: Report, version: int, state: str, reason: str) -> None:
    _swap(
        report,
        version,
        (Report.State.SUBMITTED,),
        state=state,
        decided_by=by,
        decided_at=clock.now(),
        return_reason=reason,
    )


def _writers(report: Report) -> list[User]:
    """Who wrote it and who answers for it."""
    people = reporters([report.reporter])[report.reporter.pk]
    return [*people, report.author] if report.author else people


def _tell(
    people: list[User], text: str, report: Report, rule: ReportRule, *, kind: str = notify.NEWS, **more: Any
) -> None:
    params = {**words.about(report.reporter, rule, report.week), **more}
    notify.send(people, text, params=params, url=reverse("reports:report", args=[report.pk]), kind=kind)
