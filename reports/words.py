"""Moments and weeks as parameters of stored sentences: each reader sees them in his own language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.messages import in_both_languages as both
from accounts.templatetags import shell
from campaign.playbook import ReportRule
from reports import weeks
from reports.reporter import Reporter

# Sentences that are written no more but stand in people's inboxes: they must stay in the catalogue.
OF_OLD = (gettext_noop("Your report is printed in issue %(number)s of %(bulletin)s."),)


def moment(value: dt.datetime) -> dict[str, str]:
    return both(lambda: shell.when(value))


def week_name(week: dt.date, reporter: Reporter) -> str:
    """Week 11, in the reader's language."""
    return _("week %(number)d") % {"number": weeks.number_of(week, reporter.batch.starts_on)}


def weeks_named(found: Iterable[dt.date], reporter: Reporter) -> list[dict[str, str]]:
    return [both(lambda week=week: week_name(week, reporter)) for week in sorted(found)]  # type: ignore[misc]


def about(reporter: Reporter, rule: ReportRule, week: dt.date) -> dict[str, Any]:
    """What a notification about one report names."""
    return {
        "report": {"zh": rule.name.zh, "en": rule.name.en},
        "unit": reporter.label,
        "week": both(lambda: week_name(week, reporter)),
    }
