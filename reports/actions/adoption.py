"""Entering that the superior office used a report, and taking it back (K-02, decision 19: points are computed)."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.models import User
from reports import weeks, words
from reports.actions.reports import rule_of
from reports.models import Report, UseAbove

USED_ABOVE = audit.action("report.used_above", _("Entered that the superior office used a report"))
NOT_USED_ABOVE = audit.action("report.not_used_above", _("Took back that the superior office used a report"))


class NotAccepted(Exception):
    """Only what was accepted was passed on."""


class AlreadyEntered(Exception):
    """It has been entered already: a report counts once."""


class NothingEntered(Exception):
    """There is no use to take back."""


class DayOutside(Exception):
    """The day lies before the report was sent, or is yet to come."""


@transaction.atomic
def mark_used_above(*, by: User, report: Report, used_on: dt.date, where: str) -> UseAbove:
    """Enter on which day and where the superior office used an accepted report; its author is told.

    Raises NotAccepted, DayOutside or AlreadyEntered (of two at once, the second).
    """
    if not Report.objects.select_for_update().filter(pk=report.pk, state=Report.State.ACCEPTED).exists():
        raise NotAccepted
    sent = report.first_submitted_at
    if used_on > clock.today() or (sent is not None and used_on < sent.astimezone(weeks.ZONE).date()):
        raise DayOutside
    try:
        with transaction.atomic():
            use = UseAbove.objects.create(
                report=report, used_on=used_on, where=where.strip(), entered_by=by, entered_at=clock.now()
            )
    except IntegrityError:
        raise AlreadyEntered from None
    data = {"used_on": used_on.isoformat(), "where": use.where}
    audit.record(USED_ABOVE, by=by, obj=report, organization=report.reporter.organization, data=data)
    notify.send(
        [report.author] if report.author and report.author != by else [],
        gettext_noop("The superior office used the %(report)s of %(unit)s for %(week)s: %(where)s"),
        params={**words.about(report.reporter, rule_of(report), report.week), "where": use.where},
        url=reverse("reports:report", args=[report.pk]),
    )
    return use


@transaction.atomic
def unmark_used_above(*, by: User, report: Report) -> None:
    """Take back what was entered in error. Raises NothingEntered."""
    rows = list(UseAbove.objects.select_for_update().filter(report=report))
    if not rows:
        raise NothingEntered
    data = {"used_on": rows[0].used_on.isoformat(), "where": rows[0].where}
    audit.record(NOT_USED_ABOVE, by=by, obj=report, organization=report.reporter.organization, data=data)
    rows[0].delete()
