"""What waits because of weekly reports: for those who write them, and for the office that reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.messages import Message
from campaign.models import Batch
from campaign.playbook import ReportRule
from campaign.queries import batch_for
from campaign.todo import Todo, provider
from reports import rules, weeks, words
from reports.models import Report
from reports.queries.reporters import answering
from reports.queries.weekly import Cell, Line, boards, last_week, unit_rules, weeks_of
from reports.weeks import Status
from units import access
from units.roles import Right

MENU = "reports:weekly"


def _due(line: Line, cell: Cell, rule: ReportRule, several: bool) -> Todo:
    name = {"zh": rule.name.zh, "en": rule.name.en}
    one, many = gettext_noop("%(report)s for this week"), gettext_noop("%(report)s of %(unit)s for this week")
    started = cell.report is not None
    detail = gettext_noop("Due %(due)s; a draft is saved") if started else gettext_noop("Due %(due)s")
    return Todo(
        count=cell.need - cell.sent,
        title=Message(many if several else one, {"report": name, "unit": line.participation.label}),
        detail=Message(detail, {"due": words.moment(cell.deadline)}),
        url=reverse("reports:report_new", args=[line.participation.pk, rule.key, cell.week.isoformat()]),
        button=Message(gettext_noop("Write it")),
        due=cell.deadline.astimezone(weeks.ZONE).date(),
        late=cell.status is Status.MISSING,
        menu=MENU,
    )


def _overdue(owed: list[tuple[Line, Cell, ReportRule]]) -> Todo:
    line, cell, rule = owed[0]
    single = len(owed) == 1
    url = reverse("reports:report_new", args=[line.participation.pk, rule.key, cell.week.isoformat()])
    return Todo(
        count=len(owed),
        title=Message(gettext_noop("Reports of past weeks that have not been sent")),
        detail=Message(gettext_noop("The first was due %(due)s"), {"due": words.moment(cell.deadline)}),
        url=url if single else reverse("reports:mine"),
        button=Message(gettext_noop("Write it") if single else gettext_noop("See which")),
        due=cell.deadline.astimezone(weeks.ZONE).date(),
        late=True,
        menu=MENU,
    )


def _returned(units: list[int]) -> Iterator[Todo]:
    rows = list(
        Report.objects.filter(participation__in=units, state=Report.State.RETURNED)
        .order_by("decided_at")
        .values_list("pk", "decided_at", "return_reason")
    )
    if rows:
        pk, since, reason = rows[0]
        yield Todo(
            count=len(rows),
            title=Message(gettext_noop("Returned reports to be mended")),
            detail=Message(gettext_noop("Reason: %(reason)s"), {"reason": reason[:60]}),
            url=reverse("reports:report_edit", args=[pk]) if len(rows) == 1 else reverse("reports:mine"),
            button=Message(gettext_noop("Mend it") if len(rows) == 1 else gettext_noop("See which")),
            due=since.astimezone(weeks.ZONE).date(),
            late=True,
            menu=MENU,
        )


def _to_write(user: Any, batch: Batch) -> Iterator[Todo]:
    units = answering(user, batch)
    if not units:
        return
    yield from _returned(units)
    asked = unit_rules(batch)
    this = weeks_of(batch)[-1:]
    reach = access.scope(user, Right.REPORT)
    found = boards(batch, asked, weeks_of(batch), within=reach, reminders=False)
    overdue: list[tuple[Line, Cell, ReportRule]] = []
    for rule in asked:
        for line in found[rule.key]:
            if line.participation.pk not in units:
                continue
            for cell in line.outstanding:
                if cell.state == Report.State.RETURNED:
                    continue
                if [cell.week] == this:
                    yield _due(line, cell, rule, len(units) > 1)
                elif not rule.soft:
                    overdue.append((line, cell, rule))
    if overdue:
        yield _overdue(sorted(overdue, key=lambda item: item[1].week))


def _to_decide(user: Any, batch: Batch) -> Iterator[Todo]:
    rows = list(
        Report.objects.filter(
            rules.chased_by(user, "participation__organization"),
            participation__batch=batch,
            state=Report.State.SUBMITTED,
        )
        .exclude(author=user)
        .order_by("submitted_at", "pk")
        .values_list("pk", "submitted_at")
    )
    if rows:
        yield Todo(
            count=len(rows),
            title=Message(gettext_noop("Weekly reports to read and accept")),
            detail=Message(gettext_noop("The first came %(when)s"), {"when": words.moment(rows[0][1])}),
            url=reverse("reports:report", args=[rows[0][0]]),
            button=Message(gettext_noop("Read them")),
            due=rows[0][1].astimezone(weeks.ZONE).date(),
            menu=MENU,
        )


def _to_chase(user: Any, batch: Batch) -> Iterator[Todo]:
    """Reports of last week that never came; a soft rule's shortfall is a figure, not work (K-05)."""
    asked = [rule for rule in unit_rules(batch) if not rule.soft]
    found = last_week(user, batch, asked, within=rules.chased_by(user), among=lambda unit: rules.can_chase(user, unit))
    for rule in asked:
        missing = [line for line in found[rule.key] if any(cell.status is Status.MISSING for cell in line.cells)]
        if missing:
            yield Todo(
                count=len(missing),
                title=Message(
                    gettext_noop("%(report)s of last week: units that have not sent it"),
                    {"report": {"zh": rule.name.zh, "en": rule.name.en}},
                ),
                detail=Message(
                    gettext_noop("Missing: %(units)s"),
                    {"units": [line.participation.label for line in missing[:5]]},
                ),
                url=f"{reverse('reports:weekly')}?rule={rule.key}&gaps=on",
                button=Message(gettext_noop("Remind them")),
                due=missing[0].cells[-1].deadline.astimezone(weeks.ZONE).date(),
                late=True,
            )


@provider
def weekly_reports(user: Any) -> Iterable[Todo]:
    """Due this week, overdue and returned for the writers; to accept and to chase for the office."""
    writes = access.has_anywhere(user, Right.REPORT)
    reads = access.has_anywhere(user, Right.ACCEPT_REPORT)
    batch = batch_for(user) if writes or reads else None
    if batch is None:
        return
    if writes:
        yield from _to_write(user, batch)
    if reads:
        yield from _to_decide(user, batch)
        yield from _to_chase(user, batch)
