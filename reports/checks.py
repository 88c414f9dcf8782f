"""The line of the weekly reports in a gate (K-01, K-05)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_noop

from accounts import clock
from accounts.messages import Message
from campaign.evidence import Evidence
from campaign.findings import Finding, both, check, names
from campaign.playbook import Check, ReportRule
from reports.models import Report, ReportException

END_OF_DAY = dt.time(23, 59, 59)
LOCAL = ZoneInfo(settings.TIME_ZONE)


def _weeks_past(evidence: Evidence, rule: ReportRule) -> list[dt.date]:
    """Mondays of the stage's weeks whose deadline has passed."""
    begun = evidence.progress.started_on
    if begun is None:
        return []
    now = clock.now()
    weekday = 6 if rule.weekday is None else rule.weekday
    week = begun - dt.timedelta(days=begun.weekday())
    found = []
    while True:
        due = dt.datetime.combine(week + dt.timedelta(days=weekday), rule.time or END_OF_DAY, tzinfo=LOCAL)
        if due >= now:
            return found
        if due.date() >= begun:
            found.append(week)
        week += dt.timedelta(days=7)


@check("weekly_reports")
def weekly_reports(evidence: Evidence, check_rule: Check) -> Iterator[Finding]:
    """Every report that was due in the stage has been sent; in principle, so usually a soft rule (K-05)."""
    for rule in evidence.playbook.reports:
        if rule.reporter != "unit":
            continue
        due = set(_weeks_past(evidence, rule))
        rows = Report.objects.filter(participation=evidence.participation, rule=rule.key, week__in=due)
        sent = set(rows.submitted().values_list("week", flat=True))
        excused = set(
            ReportException.objects.filter(
                participation=evidence.participation, rule=rule.key, week__in=due, due_at=None
            ).values_list("week", flat=True)
        )
        owed = sorted(due - excused)
        lacking = [week for week in owed if week not in sent]
        shown, count = names(f"{week:%m-%d}" for week in lacking)
        yield Finding(
            check=check_rule.check,
            key=f"reports:{rule.key}",
            title=Message(gettext_noop("%(name)s"), {"name": both(rule.name)}),
            required=Message(gettext_noop("%(need)s reports"), {"need": len(owed)}),
            measured=Message(
                gettext_noop("%(have)s of %(need)s reports"), {"have": len(owed) - len(lacking), "need": len(owed)}
            ),
            passed=not lacking,
            soft=check_rule.soft,
            overridable=check_rule.override,
            remark=Message(gettext_noop("Weeks from the dates named")) if lacking else None,
            missing=shown,
            missing_count=count,
            link="/reports/mine/",
            link_label=Message(gettext_noop("Write the report")),
        )
