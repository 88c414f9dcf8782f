"""Having a summary workbook made: an export like any other, so it is asked for by right and audited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from campaign.models import Batch
from jobs.actions import enqueue
from jobs.models import Job
from units.models import Organization

STARTED = audit.action("summary.started", _("Had a summary workbook made"))
SUMMARY_JOB = "reports.summary"


class PeriodUpsideDown(Exception):
    """The period ends before it begins."""


@transaction.atomic
def start_summary(
    *,
    by: User,
    batch: Batch,
    organization: Organization,
    first: dt.date,
    last: dt.date,
    tables: Sequence[str] = (),
) -> Job:
    """Start the work on the summary of an organisation's part of a batch (K-12). Raises PeriodUpsideDown.

    `tables`: keys of the tables wanted (reports.summary.build.SHEETS); none means all.
    """
    if last < first:
        raise PeriodUpsideDown
    args = {
        "batch": batch.pk,
        "organization": organization.pk,
        "first": first.isoformat(),
        "last": last.isoformat(),
        "tables": list(tables),
    }
    audit.record(STARTED, by=by, obj=organization, organization=organization, data=args)
    return enqueue(SUMMARY_JOB, by=by, args=args)
