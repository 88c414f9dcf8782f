"""What the clock sets going, and the background work of this room."""

from __future__ import annotations

import structlog
from celery import shared_task
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from jobs.registry import Run, job_kind
from reports.actions import bulletins, deadlines
from reports.documents.pdf import bulletin_pdf
from reports.documents.word import bulletin_docx
from reports.models import Bulletin
from reports.queries.bulletin import content_of
from reports.words import both

log = structlog.get_logger(__name__)


@shared_task(ignore_result=True)
def remind_due_reports() -> int:
    """Every half hour: remind who has not reported a day before a deadline and at it; returns the units told."""
    units = deadlines.remind_due()
    if units:
        log.info("reports_reminded", units=units)
    return units


@shared_task(ignore_result=True)
def draft_due_bulletins() -> int:
    """Every ten minutes: draft the bulletins whose hour has come, missed ones too; returns how many."""
    drafted = bulletins.draft_due()
    if drafted:
        log.info("bulletins_drafted", bulletins=drafted)
    return drafted


@job_kind(bulletins.FILES_JOB, _("Files of the bulletin"))
def make_bulletin_files(run: Run) -> None:
    """Set an issue as .docx and .pdf, both from the content frozen when it was issued."""
    bulletin = Bulletin.objects.select_related("campaign").get(pk=run.args["bulletin"])
    content = content_of(bulletin)
    run.progress(0, 2, gettext_noop("Setting the Word file"))
    docx = bulletin_docx(content)
    run.progress(1, 2, gettext_noop("Setting the PDF"))
    pdf = bulletin_pdf(content)
    bulletins.keep_files(bulletin=bulletin, docx=docx, pdf=pdf.data)
    notes = both(lambda: " ".join(map(str, pdf.notes)))
    run.progress(2, 2, gettext_noop("Both files are ready. %(notes)s"), notes=notes)
    run.lead_to(reverse("reports:bulletin", args=[bulletin.pk]))
