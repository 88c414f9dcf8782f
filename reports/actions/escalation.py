"""Telling the superior organisation of reports that are days late, once for each deadline (K-05).

What was told is noted, so that a repeated run tells nobody twice and a missed run is caught up by the next.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
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
from campaign.rectification import superiors
from reports import weeks as calendar
from reports.models import ReportReminder
from reports.queries.weekly import board, unit_rules, weeks_of
from reports.weeks import Status

ESCALATED = audit.action("report.escalated", _("Told the superior organisation of a late report"))
SUPERIOR = ReportReminder.Kind.SUPERIOR


@dataclass(frozen=True)
class Late:
    """The report of a week that a unit has not sent, so many days after its deadline."""

    unit: Participation
    week: dt.date
    due_on: dt.date


def escalate_late() -> int:
    """Tell the superiors of units whose reports are so late; returns how many reports were told of.

    Only of units that are under way, in open batches, and of reports that are due in earnest (not “in principle”).
    """
    batches = Batch.objects.filter(closed_on=None, starts_on__lte=clock.today()).select_related("campaign")
    return sum(_escalate(batch, rule) for batch in batches for rule in unit_rules(batch) if not rule.soft)


def late_reports(batch: Batch, rule: ReportRule) -> list[Late]:
    """What is late for as many days as the playbook says, told or not."""
    limit = clock.now() - dt.timedelta(days=rule.escalation_days)
    return [
        Late(line.reporter, cell.week, cell.due.astimezone(calendar.ZONE).date())
        for line in board(batch, rule, weeks_of(batch), within=Q(state=Participation.State.ACTIVE))
        for cell in line.cells
        if cell.status is Status.MISSING and cell.due is not None and calendar.is_late(limit, cell.due)
    ]


def _escalate(batch: Batch, rule: ReportRule) -> int:
    """One line in the inbox for each superior, naming all the units below it."""
    told = set(
        ReportReminder.objects.filter(participation__batch=batch, rule=rule.key, kind=SUPERIOR).values_list(
            "participation", "week", "on"
        )
    )
    below: dict[int | None, list[Late]] = defaultdict(list)
    for late in late_reports(batch, rule):
        if (late.unit.pk, late.week, late.due_on) not in told:
            below[late.unit.organization.parent_id].append(late)
    return sum(_tell(rule, found) for found in below.values())


@transaction.atomic
def _tell(rule: ReportRule, found: Sequence[Late]) -> int:
    """Tell one superior. Where nobody above has an account nothing is noted: the next run tries again."""
    people = superiors(found[0].unit.organization)
    new = [late for late in found if _claim(rule, late)] if people else []
    if new:
        _notify(people, rule, new)
    return len(new)


def _claim(rule: ReportRule, late: Late) -> bool:
    """Note that it is told; False if another run has just done so."""
    key = {"participation": late.unit, "rule": rule.key, "week": late.week, "kind": SUPERIOR, "on": late.due_on}
    _row, created = ReportReminder.objects.get_or_create(**key, defaults={"by": None, "at": clock.now()})
    if created:
        data = {"rule": rule.key, "week": late.week.isoformat(), "due_on": late.due_on.isoformat()}
        audit.record(ESCALATED, by=None, obj=late.unit, organization=late.unit.organization, data=data)
    return created


def _notify(people: list[User], rule: ReportRule, new: Sequence[Late]) -> None:
    params = {
        "report": {"zh": rule.name.zh, "en": rule.name.en},
        "days": rule.escalation_days,
        "n": len(new),
        "units": list(dict.fromkeys(late.unit.label for late in new)),
    }
    text = gettext_noop("%(report)s: %(n)s not sent, %(days)s days or more after the deadline: %(units)s")
    notify.send(people, text, params=params, url=f"{reverse('reports:weekly')}?rule={rule.key}")
