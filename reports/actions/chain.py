"""The office's report to its superior, written from what came from below, and passing reports on (K-01, K-02)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.models import User
from campaign.models import Batch
from campaign.playbook import ReportRule
from reports import chain_rules, weeks, words
from reports.actions.reports import Incomplete, ReasonMissing, ReportChanged, WeekNotDue, rule_of
from reports.models import Forwarding, Report, UpwardPassage, UpwardReport, UseAbove
from reports.queries import chain as queries
from units import access
from units.roles import Right

OPENED = audit.action("upward.opened", _("Began a report to the superior office"))
SAVED = audit.action("upward.saved", _("Saved a draft of a report to the superior office"))
SUBMITTED = audit.action("upward.submitted", _("Sent a report to the superior office"))
WITHDRAWN = audit.action("upward.withdrawn", _("Took a report to the superior office back"))
RETURNED = audit.action("upward.returned", _("A report to the superior office was returned"))
ACCEPTED = audit.action("upward.accepted", _("A report to the superior office was accepted"))
FORWARDED = audit.action("report.forwarded", _("Passed a report on to the superior office"))
NOT_FORWARDED = audit.action("report.not_forwarded", _("Took back that a report was passed on"))

TAKEN_UP = gettext_noop("The %(report)s of %(unit)s for %(week)s was taken up in the report to the superior office.")

State = UpwardReport.State


class NotForwardable(Exception):
    """Only an accepted report is passed on."""


class AlreadyForwarded(Exception):
    """It has been passed on already: a report goes up once."""


class UsedAlready(Exception):
    """The superior office has used it: that it was passed on can no longer be taken back."""


@dataclass(frozen=True)
class Pick:
    """A field of a report below, and the field of the office's report it goes to."""

    report: int
    source_field: str
    field: str


def rule_behind(upward: UpwardReport) -> ReportRule:
    """The playbook's rule. LookupError if the playbook no longer has it."""
    rule = upward.batch.campaign.playbook.report(upward.rule)
    if rule is None:
        raise LookupError(upward.rule)
    return rule


# ---------------------------------------------------------------- writing
@transaction.atomic
def open_upward(*, by: User, batch: Batch, rule: ReportRule, week: dt.date) -> UpwardReport:
    """The office's report of a week, begun with the week's figures if there is none; two at once get the same.

    Raises WeekNotDue.
    """
    monday = weeks.monday(week)
    if not weeks.monday(batch.starts_on) <= monday <= weeks.week_of(clock.now()):
        raise WeekNotDue
    key = {"batch": batch, "rule": rule.key, "week": monday}
    there = UpwardReport.objects.filter(**key).first()
    if there is not None:
        return there
    first = {"due_at": weeks.regular_due(rule, monday), "author": by, "updated_at": clock.now()}
    first["contents"] = {rule.fields[0].key: queries.drafted(batch, monday)} if rule.fields else {}
    upward, created = UpwardReport.objects.get_or_create(**key, defaults=first)
    if created:
        _record(OPENED, by, upward)
    return upward


@transaction.atomic
def save(*, by: User, upward: UpwardReport, version: int, contents: Mapping[str, str]) -> UpwardReport:
    """Keep what is written; `version` is the one the person saw. Raises ReportChanged."""
    _swap(upward, version, UpwardReport.OPEN, contents=_kept(rule_behind(upward), contents), author=by)
    _record(SAVED, by, upward)
    return upward


@transaction.atomic
def take(
    *, by: User, upward: UpwardReport, version: int, contents: Mapping[str, str], picks: Sequence[Pick]
) -> UpwardReport:
    """Put passages of accepted reports below behind what is written, in the order given, each with its source.

    What is in already or cannot be found is passed over. Raises ReportChanged.
    """
    rule = rule_behind(upward)
    kept = _kept(rule, contents)
    there = {one.key: one for one in queries.offers(upward, rule)}
    at = upward.passages.aggregate(last=Max("position"))["last"] or 0
    rows = []
    for pick in picks:
        offer = there.pop(f"{pick.report}-{pick.source_field}", None)
        if offer is None or pick.field not in kept:
            continue
        at += 1
        one = offer.candidate
        text = "\n".join(f"{one.text}（{one.source}）".splitlines())
        kept[pick.field] = "\n".join(filter(None, [kept[pick.field], text]))
        rows.append(
            UpwardPassage(
                upward=upward,
                report=one.report,
                source_field=one.field,
                field=pick.field,
                text=text,
                source_name=one.source,
                position=at,
            )
        )
    _swap(upward, version, UpwardReport.OPEN, contents=kept, author=by)
    UpwardPassage.objects.bulk_create(rows)
    _record(SAVED, by, upward, taken=len(rows))
    return upward


@transaction.atomic
def drop(
    *, by: User, upward: UpwardReport, version: int, contents: Mapping[str, str], passage: UpwardPassage
) -> UpwardReport:
    """Take a passage out: its record, and its words where they stand in the text as they came. Raises ReportChanged."""
    kept = _kept(rule_behind(upward), contents)
    lines = kept.get(passage.field, "").replace(passage.text, "").splitlines()
    kept[passage.field] = "\n".join(line for line in lines if line.strip())
    _swap(upward, version, UpwardReport.OPEN, contents=kept, author=by)
    UpwardPassage.objects.filter(pk=passage.pk, upward=upward).delete()
    _record(SAVED, by, upward, left_out=passage.source_name)
    return upward


def _kept(rule: ReportRule, contents: Mapping[str, str]) -> dict[str, str]:
    lines = {field.key: str(contents.get(field.key, "")) for field in rule.fields}
    return {key: "\n".join(text.strip().splitlines()) for key, text in lines.items()}


# ---------------------------------------------------------------- sending and answering
@transaction.atomic
def submit(*, by: User, upward: UpwardReport, version: int, contents: Mapping[str, str]) -> UpwardReport:
    """Send it up with the figures as they stand now; the authors of what it takes up are told once.

    Raises Incomplete (with the keys of empty fields) or ReportChanged.
    """
    rule = rule_behind(upward)
    kept = _kept(rule, contents)
    empty = [field.key for field in rule.fields if field.required and not kept[field.key]]
    if empty:
        raise Incomplete(empty)
    now = clock.now()
    first = upward.first_submitted_at or now
    _swap(
        upward,
        version,
        UpwardReport.OPEN,
        state=State.SUBMITTED,
        contents=kept,
        figures=queries.gathered(upward.batch, upward.week),
        author=by,
        first_submitted_at=first,
        submitted_at=now,
        late=weeks.is_late(first, upward.due_at),
        decided_by=None,
        decided_at=None,
        answer_entered=False,
    )
    _record(SUBMITTED, by, upward, late=upward.late)
    text = gettext_noop("%(office)s has sent its %(report)s for %(week)s.")
    notify.send(chain_rules.superiors_here(upward.host), text, url=_url(upward), params=_about(upward))
    _tell_sources(upward, by)
    return upward


def _tell_sources(upward: UpwardReport, by: User) -> None:
    """Each author of a report below, once, however often the report is sent."""
    fresh = upward.passages.filter(told_at=None).select_related("report__author", "report__participation")
    for report in {one.report_id: one.report for one in fresh}.values():
        text = gettext_noop(
            "The %(report)s of %(unit)s for %(week)s was taken up in the report to the superior office."
        )
        _tell_author(report, text, but=by)
    fresh.update(told_at=clock.now())


@transaction.atomic
def withdraw(*, by: User, upward: UpwardReport, version: int) -> UpwardReport:
    """Take back what the superior has not answered; it counts as not sent. Raises ReportChanged."""
    gone = {"first_submitted_at": None, "submitted_at": None, "late": False, "figures": {}}
    _swap(upward, version, (State.SUBMITTED,), state=State.DRAFT, **gone)
    _record(WITHDRAWN, by, upward)
    return upward


@transaction.atomic
def return_upward(*, by: User, upward: UpwardReport, version: int, reason: str, entered: bool = False) -> UpwardReport:
    """The superior sends it back with a reason; `entered`: the office writes down what it was told.

    Raises ReasonMissing or ReportChanged.
    """
    told = reason.strip()
    if not told:
        raise ReasonMissing
    _answer(by, upward, version, State.RETURNED, told, entered)
    _record(RETURNED, by, upward, reason=told, entered=entered)
    text = gettext_noop("The superior office returned the %(report)s for %(week)s: %(reason)s")
    params = {**_about(upward), "reason": told}
    people = [one for one in _office(upward) if one != by]
    notify.send(people, text, url=_url(upward), params=params, kind=notify.RETURN)
    return upward


@transaction.atomic
def accept_upward(*, by: User, upward: UpwardReport, version: int, entered: bool = False) -> UpwardReport:
    """The superior accepts it; the office and the authors of what it takes up are told. Raises ReportChanged."""
    _answer(by, upward, version, State.ACCEPTED, "", entered)
    _record(ACCEPTED, by, upward, entered=entered)
    text = gettext_noop("The superior office accepted the %(report)s for %(week)s.")
    notify.send([one for one in _office(upward) if one != by], text, url=_url(upward), params=_about(upward))
    sources = Report.objects.filter(passages__upward=upward).select_related("author", "participation").distinct()
    for report in sources:
        told = gettext_noop("The superior office accepted the report in which the %(report)s of %(unit)s was taken up.")
        _tell_author(report, told, but=by)
    return upward


def _answer(by: User, upward: UpwardReport, version: int, state: str, reason: str, entered: bool) -> None:
    _swap(
        upward,
        version,
        (State.SUBMITTED,),
        state=state,
        decided_by=by,
        decided_at=clock.now(),
        return_reason=reason,
        answer_entered=entered,
    )


def _swap(upward: UpwardReport, version: int, states: Iterable[str], **changes: Any) -> None:
    """Change it if it is still as the person saw it; raises ReportChanged."""
    rows = UpwardReport.objects.filter(pk=upward.pk, version=version, state__in=states)
    if not rows.update(version=version + 1, updated_at=clock.now(), **changes):
        raise ReportChanged
    upward.refresh_from_db(fields=[*changes, "version", "updated_at"])


def _office(upward: UpwardReport) -> list[User]:
    """The author and whoever else works in the office that reports."""
    people = list(access.holders(Right.ACCEPT_REPORT, upward.host).filter(posts__organization=upward.host).distinct())
    return [*people, upward.author] if upward.author else people


def _url(upward: UpwardReport) -> str:
    return reverse("reports:upward_report", args=[upward.pk])


def _about(upward: UpwardReport) -> dict[str, Any]:
    rule, number = rule_behind(upward), weeks.number_of(upward.week, upward.batch.starts_on)
    return {
        "report": {"zh": rule.name.zh, "en": rule.name.en},
        "office": upward.batch.campaign.office_short_name,
        "week": words.both(lambda: _now("week %(number)d") % {"number": number}),
    }


def _record(action: str, by: User, upward: UpwardReport, **data: Any) -> None:
    known = {"rule": upward.rule, "week": upward.week.isoformat(), **data}
    audit.record(action, by=by, obj=upward, organization=upward.host, data=known)


def _tell_author(report: Report, text: str, *, but: User, **more: Any) -> None:
    """The author, at the page of his own report: he need not see what else was taken."""
    params = {**words.about(report.reporter, rule_of(report), report.week), **more}
    people = [report.author] if report.author and report.author != but else []
    notify.send(people, text, url=reverse("reports:report", args=[report.pk]), params=params)


# ---------------------------------------------------------------- passing a report on as it is
@transaction.atomic
def forward(*, by: User, report: Report, to: str) -> Forwarding:
    """Enter that an accepted report was passed on to the superior office; its author is told.

    What the superior makes of it is entered with reports.actions.adoption.mark_used_above. Raises NotForwardable or
    AlreadyForwarded (of two at once, the second).
    """
    if not Report.objects.select_for_update().filter(pk=report.pk, state=Report.State.ACCEPTED).exists():
        raise NotForwardable
    try:
        with transaction.atomic():
            made = Forwarding.objects.create(report=report, to=to.strip(), by=by, at=clock.now())
    except IntegrityError:
        raise AlreadyForwarded from None
    audit.record(FORWARDED, by=by, obj=report, organization=report.reporter.organization, data={"to": made.to})
    text = gettext_noop("The %(report)s of %(unit)s for %(week)s was passed on to %(office)s.")
    _tell_author(report, text, but=by, office=made.to)
    return made


@transaction.atomic
def take_back(*, by: User, report: Report) -> None:
    """It was entered in error that the report was passed on. Raises NotForwardable (it was not) or UsedAlready."""
    Report.objects.select_for_update().get(pk=report.pk)
    if UseAbove.objects.filter(report=report).exists():
        raise UsedAlready
    deleted, _rows = Forwarding.objects.filter(report=report).delete()
    if not deleted:
        raise NotForwardable
    audit.record(NOT_FORWARDED, by=by, obj=report, organization=report.reporter.organization)
