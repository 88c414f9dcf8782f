"""What the clock sets going, and the background work of this room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import structlog
from celery import shared_task
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from campaign.models import Batch
from jobs.registry import JobFailed, Run, job_kind
from reports import schedule_rules
from reports.actions import bulletins, deadlines, escalation, schedule
from reports.actions.summary import SUMMARY_JOB
from reports.documents.pdf import bulletin_pdf
from reports.documents.word import bulletin_docx
from reports.models import Bulletin, SummaryEdition
from reports.queries.bulletin import content_of
from reports.queries.summary import Scope
from reports.summary.build import build, chosen, file_name
from reports.words import both
from reports.workbooks.errors import WorkbookRefused
from units import access
from units.models import Organization
from units.roles import Right

log = structlog.get_logger(__name__)


@shared_task(ignore_result=True)
def remind_due_reports() -> int:
    """Every half hour: remind who has not reported a day before a deadline and at it; returns the units told."""
    units = deadlines.remind_due()
    if units:
        log.info("reports_reminded", units=units)
    return units


@shared_task(ignore_result=True)
def escalate_late_reports() -> int:
    """Every half hour: tell superiors of reports as many days late as the playbook says; returns how many reports."""
    late = escalation.escalate_late()
    if late:
        log.info("reports_escalated", reports=late)
    return late


@shared_task(ignore_result=True)
def draft_due_bulletins() -> int:
    """Every ten minutes: draft the bulletins whose hour has come, missed ones too; returns how many."""
    drafted = bulletins.draft_due()
    if drafted:
        log.info("bulletins_drafted", bulletins=drafted)
    return drafted


@shared_task(ignore_result=True)
def make_due_summaries() -> int:
    """Every ten minutes: have the weekly summary workbooks made whose hour has come; returns how many."""
    made = schedule.make_due()
    if made:
        log.info("summaries_made", workbooks=made)
    return made


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


@job_kind(SUMMARY_JOB, _("Summary workbook"))
def make_summary(run: Run) -> None:
    """Build the summary workbook of an organisation, while its owner may still export it."""
    batch = Batch.objects.select_related("campaign__host").get(pk=run.args["batch"])
    organization = Organization.objects.get(pk=run.args["organization"])
    if not access.has(run.owner, Right.EXPORT, organization):
        raise JobFailed(gettext_noop("You may no longer export %(name)s."), name=organization.name)
    first, last = (dt.date.fromisoformat(run.args[key]) for key in ("first", "last"))
    papers = access.has(run.owner, Right.PAPERS, organization)
    run.result(*_workbook(run, Scope(batch, organization, first, last), run.args.get("tables", ()), papers))


@job_kind(schedule.EDITION_JOB, _("Weekly summary workbook"))
def make_summary_edition(run: Run) -> None:
    """Build what a schedule asked for, while whoever set it may still have it, and hand it over."""
    rows = SummaryEdition.objects.select_related("batch__campaign__host", "organization", "schedule", "job")
    edition = rows.get(pk=run.args["edition"])
    organization = edition.organization
    run.lead_to(reverse("reports:edition", args=[edition.pk]))
    if edition.file:
        return
    lost = edition.papers and not access.has(run.owner, Right.PAPERS, organization)
    if lost or not schedule_rules.can_schedule(run.owner, organization):
        if edition.schedule is not None:
            schedule.stop(schedule=edition.schedule)
        raise JobFailed(gettext_noop("You may no longer export %(name)s."), name=organization.name)
    scope = Scope(edition.batch, organization, edition.first, edition.last)
    name, data = _workbook(run, scope, edition.tables, edition.papers)
    schedule.hand_over(edition=edition, name=name, data=data)


def _workbook(run: Run, scope: Scope, wanted: Sequence[str], papers: bool) -> tuple[str, bytes]:
    """Name and bytes of a workbook, in the name of the job's owner. `wanted`: keys of tables, none means all."""

    def progress(done: int, total: int, sheet: str) -> None:
        text = gettext_noop("Sheet %(sheet)s") if sheet else gettext_noop("Reading the records")
        run.progress(done, total, text, **({"sheet": sheet} if sheet else {}))

    owner = run.owner
    tables = chosen(wanted, papers=papers)
    who = {"preparer": str(owner or ""), "phone": owner.phone_hint if owner else ""}
    try:
        data = build(scope, **who, progress=progress, tables=tables, papers=papers)
    except WorkbookRefused as refused:
        raise JobFailed(gettext_noop("No workbook was made. %(reason)s"), reason=both(refused.__str__))
    run.progress(len(tables), len(tables), gettext_noop("The workbook is ready; its totals agree with the database."))
    return file_name(scope, tables if wanted else ()), data
