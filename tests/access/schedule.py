"""What weekly summary workbooks, and those they made, are to each person."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile

from accounts import clock
from reports.actions import schedule
from reports.models import SummaryEdition
from tests.access.entries import Matrix
from tests.access.people import (
    BRANCH,
    CHASERS,
    CHECKERS,
    EVERYONE,
    LEADER,
    SET_UP,
    SUPERVISOR,
    UNIT,
)

EXPORTERS = CHASERS | CHECKERS | LEADER | SUPERVISOR | UNIT | BRANCH


def declare(matrix: Matrix) -> None:
    """The lines of the matrix."""
    page, deed = matrix.page, matrix.deed
    page("reports:schedules()", ok=EXPORTERS, refused=EVERYONE)
    page("reports:schedule_new()", ok=SET_UP, refused=EVERYONE)
    page("reports:schedule_edit(pk)", ok=SET_UP, refused=EXPORTERS, of=lambda p: p.schedule)
    deed("reports:schedule_pause(pk)", ok=SET_UP, refused=EXPORTERS, of=lambda p: p.schedule)
    deed("reports:schedule_resume(pk)", ok=SET_UP, refused=EXPORTERS, of=lambda p: p.schedule)
    deed("reports:schedule_remove(pk)", ok=SET_UP, refused=EXPORTERS, of=lambda p: p.schedule)
    page("reports:edition(pk)", ok=EXPORTERS, of=lambda p: p.edition)


def furnish_schedule(w: Any, p: SimpleNamespace) -> None:
    """A workbook of the branch made every week, set by nobody of those who ask, with one that it had made."""
    plan = schedule.Plan(["ledger"], "week", 4, 18, [w.hand])
    p.schedule = schedule.add_schedule(by=w.hand, batch=w.batch, organization=p.branch, plan=plan)
    p.edition = SummaryEdition.objects.create(
        schedule=p.schedule,
        batch=w.batch,
        organization=p.branch,
        due_at=clock.now() - dt.timedelta(days=1),
        first=w.batch.starts_on,
        last=clock.today(),
        tables=["ledger"],
        file=ContentFile(b"workbook", "ledger.xlsx"),
        name="ledger.xlsx",
        made_at=clock.now(),
    )
