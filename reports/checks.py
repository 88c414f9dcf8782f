"""The line of the weekly reports in a gate (K-01, K-02, K-05)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts import clock
from accounts.messages import Message
from campaign.evidence import Evidence
from campaign.findings import Finding, both, check, names
from campaign.playbook import Check, ReportRule
from reports import weeks as calendar
from reports.models import Report, ReportException
from reports.weeks import Span, Status

OWED = {Status.ON_TIME, Status.LATE, Status.MISSING}


def _statuses(evidence: Evidence, rule: ReportRule) -> dict[dt.date, Status]:
    """What each week of the stage up to today says."""
    span = Span(evidence.progress.started_on, evidence.progress.ended_on)
    if span.begun is None:
        return {}
    rows = Report.objects.filter(participation=evidence.participation, rule=rule.key)
    sent: dict[dt.date, list[dt.datetime]] = defaultdict(list)
    for week, moment in rows.submitted().values_list("week", "first_submitted_at"):
        sent[week].append(moment)
    granted = ReportException.objects.filter(participation=evidence.participation, rule=rule.key)
    exceptions = dict(granted.values_list("week", "due_at"))
    return {
        week: calendar.status_of(
            owed=calendar.is_owed(rule, week, span),
            due=calendar.due_at(rule, week, exceptions),
            sent=sent[week],
            need=calendar.needed(rule),
            now=clock.now(),
        )
        for week in calendar.weeks_between(span.begun, span.ended or evidence.today)
    }


@check("weekly_reports")
def weekly_reports(evidence: Evidence, check_rule: Check) -> Iterator[Finding]:
    """Every report that was due in the stage has been sent, late or not; in principle, so usually soft (K-05)."""
    if not evidence.whole:
        return  # the leading organisation reports, not its branches
    for rule in evidence.playbook.reports:
        if rule.reporter != "unit":
            continue
        found = _statuses(evidence, rule)
        owed = [week for week, status in found.items() if status in OWED]
        lacking = [week for week in owed if found[week] is Status.MISSING]
        shown, count = names(f"{week:%Y-%m-%d}" for week in lacking)
        yield Finding(
            check=check_rule.check,
            key=f"reports:{rule.key}",
            title=Message(gettext_noop("%(name)s"), {"name": both(rule.name)}),
            required=Message(gettext_noop("every week of the stage: %(need)s"), {"need": len(owed)}),
            measured=Message(
                gettext_noop("%(have)s of %(need)s weeks"), {"have": len(owed) - len(lacking), "need": len(owed)}
            ),
            passed=not lacking,
            soft=check_rule.soft,
            overridable=check_rule.override,
            remark=Message(gettext_noop("Weeks are named by their Monday.")) if lacking else None,
            missing=shown,
            missing_count=count,
            link=reverse("reports:mine"),
            link_label=Message(gettext_noop("Write the report")),
        )
