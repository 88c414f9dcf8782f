"""What waits on the way up: the office's own report of the week, and reports of offices below (K-01)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts import clock
from accounts.messages import Message
from campaign.counted import counted
from campaign.models import Batch
from campaign.playbook import ReportRule
from campaign.queries import batch_for
from campaign.todo import Todo
from reports import chain_rules, weeks
from reports.models import UpwardReport
from reports.models.chain import offices_of

PAGE = "reports:upward"
DAY = dt.timedelta(days=1)


def _rule(user: Any) -> ReportRule | None:
    """The first report that the user's office owes, from the day before it is due."""
    batch = batch_for(user) if offices_of(user) else None
    if batch is None or not chain_rules.keeps(user, batch.campaign):
        return None
    asked = chain_rules.upward_rules(batch.campaign)
    due = weeks.regular_due(asked[0], weeks.week_of(clock.now())) if asked else None
    return asked[0] if due and clock.today() >= due.date() - DAY else None


def _unsent(user: Any) -> Any:
    rule = _rule(user)
    batch = batch_for(user) if rule else None
    if rule is None or batch is None:
        return None
    week = weeks.week_of(clock.now())
    sent = UpwardReport.objects.filter(batch=OuterRef("pk"), rule=rule.key, week=week).exclude(
        state__in=UpwardReport.OPEN
    )
    begun = Batch.objects.filter(pk=batch.pk, closed_on=None, starts_on__lte=week + 6 * DAY)
    return begun.exclude(Exists(sent))


@counted(_unsent)
def report_to_write(user: Any, _count: int, _due: dt.date | None) -> Todo:
    """This week's report to the superior has not been sent."""
    rule = _rule(user)
    due = weeks.regular_due(rule, weeks.week_of(clock.now())) if rule else None
    name = {"zh": rule.name.zh, "en": rule.name.en} if rule else ""
    return Todo(
        1,
        Message(gettext_noop("%(report)s to be sent"), {"report": name}),
        Message(gettext_noop("The week's figures and what the units wrote are there to be taken up")),
        reverse(PAGE),
        Message(gettext_noop("Write it")),
        due=due.date() if due else None,
        late=due is not None and weeks.is_late(clock.now(), due),
        menu="reports:weekly",
    )


def _to_answer(user: Any) -> Any:
    if not offices_of(user):
        return None
    return UpwardReport.objects.filter(chain_rules.decided_by(user), state=UpwardReport.State.SUBMITTED)


@counted(_to_answer)
def reports_to_answer(_user: Any, count: int, _due: dt.date | None) -> Todo:
    """Reports of offices below that wait for this one."""
    return Todo(
        count,
        Message(gettext_noop("Reports of offices below to accept")),
        None,
        reverse(PAGE),
        Message(gettext_noop("Read")),
        menu="reports:weekly",
    )
