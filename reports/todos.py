"""What waits because of weekly reports: for those who write them, and for the office that reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.messages import Message
from campaign.models import Batch
from campaign.playbook import ReportRule
from campaign.queries import batch_for
from campaign.todo import Todo, provider
from reports import rules, weeks, words
from reports.models import Report
from reports.queries.group_weekly import group_boards, group_rules
from reports.queries.reporters import answering
from reports.queries.weekly import Cell, Line, boards, last_week, unit_rules, weeks_of
from reports.reporter import list_address, within_batch, write_address
from reports.weeks import Status
from supervision import membership
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
        title=Message(many if several else one, {"report": name, "unit": line.reporter.label}),
        detail=Message(detail, {"due": words.moment(cell.deadline)}),
        url=write_address(line.reporter, rule, cell.week),
        button=Message(gettext_noop("Write it")),
        due=cell.deadline.astimezone(weeks.ZONE).date(),
        late=cell.status is Status.MISSING,
        menu=MENU,
    )


def _overdue(owed: list[tuple[Line, Cell, ReportRule]]) -> Todo:
    line, cell, rule = owed[0]
    single = len(owed) == 1
    url = write_address(line.reporter, rule, cell.week)
    return Todo(
        count=len(owed),
        title=Message(gettext_noop("Reports of past weeks that have not been sent")),
        detail=Message(gettext_noop("The first was due %(due)s"), {"due": words.moment(cell.deadline)}),
        url=url if single else list_address(line.reporter),
        button=Message(gettext_noop("Write it") if single else gettext_noop("See which")),
        due=cell.deadline.astimezone(weeks.ZONE).date(),
        late=True,
        menu=MENU,
    )


def _returned(own: Q, listed: str) -> Iterator[Todo]:
    rows = list(
        Report.objects.filter(own, state=Report.State.RETURNED)
        .order_by("decided_at")
        .values_list("pk", "decided_at", "return_reason")
    )
    if rows:
        pk, since, reason = rows[0]
        yield Todo(
            count=len(rows),
            title=Message(gettext_noop("Returned reports to be mended")),
            detail=Message(gettext_noop("Reason: %(reason)s"), {"reason": reason[:60]}),
            url=reverse("reports:report_edit", args=[pk]) if len(rows) == 1 else reverse(listed),
            button=Message(gettext_noop("Mend it") if len(rows) == 1 else gettext_noop("See which")),
            due=since.astimezone(weeks.ZONE).date(),
            late=True,
            menu=MENU,
        )


def _to_write(user: Any, batch: Batch) -> Iterator[Todo]:
    units = answering(user, batch)
    if not units:
        return
    yield from _returned(Q(participation__in=units), "reports:mine")
    asked = unit_rules(batch)
    reach = access.scope(user, Right.REPORT)
    found = boards(batch, asked, weeks_of(batch), within=reach, reminders=False)
    own = {key: [line for line in lines if line.reporter.pk in units] for key, lines in found.items()}
    yield from _owed(batch, asked, own, len(units) > 1)


def _to_write_for_groups(user: Any, batch: Batch) -> Iterator[Todo]:
    """What one's supervision groups owe; a shortfall of weeks gone by is a figure where the rule is soft (K-05)."""
    asked = group_rules(batch)
    if not asked:
        return
    mine = membership.own_groups(user)
    yield from _returned(Q(group__in=mine), "reports:group_mine")
    found = group_boards(batch, asked, weeks_of(batch), within=Q(pk__in=mine), reminders=False)
    yield from _owed(batch, asked, found, any(len(lines) > 1 for lines in found.values()))


def _owed(batch: Batch, asked: list[ReportRule], found: dict[str, list[Line]], several: bool) -> Iterator[Todo]:
    """This week's reports one by one, those of past weeks together."""
    this = weeks_of(batch)[-1:]
    overdue: list[tuple[Line, Cell, ReportRule]] = []
    for rule in asked:
        for line in found[rule.key]:
            for cell in line.outstanding:
                if cell.state == Report.State.RETURNED:
                    continue
                if [cell.week] == this:
                    yield _due(line, cell, rule, several)
                elif not rule.soft:
                    overdue.append((line, cell, rule))
    if overdue:
        yield _overdue(sorted(overdue, key=lambda item: item[1].week))


def _to_decide(user: Any, batch: Batch) -> Iterator[Todo]:
    rows = list(
        Report.objects.filter(rules.rows_chased_by(user), within_batch(batch), state=Report.State.SUBMITTED)
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
    yield from _chasing(asked, found)
    hard = [rule for rule in group_rules(batch) if not rule.soft]
    if hard:
        weeks_gone = weeks_of(batch, 2)[:-1]
        yield from _chasing(
            hard, group_boards(batch, hard, weeks_gone, within=rules.groups_chased_by(user), reminders=False)
        )


def _chasing(asked: list[ReportRule], found: dict[str, list[Line]]) -> Iterator[Todo]:
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
                    {"units": [line.reporter.label for line in missing[:5]]},
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
    supervises = access.has_anywhere(user, Right.REVIEW)
    reads = access.has_anywhere(user, Right.ACCEPT_REPORT)
    batch = batch_for(user) if writes or supervises or reads else None
    if batch is None:
        return
    if writes:
        yield from _to_write(user, batch)
    if supervises:
        yield from _to_write_for_groups(user, batch)
    if reads:
        yield from _to_decide(user, batch)
        yield from _to_chase(user, batch)
