"""Background work of this room: checking and writing a roster workbook, and exporting one."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillReading

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from jobs.registry import JobFailed, Run, job_kind
from units.actions.uploads import apply_upload, check_upload
from units.models import Organization, RosterImport
from units.refusals import UnitsRefusal
from units.roster.records import RosterReading

_BEAT = 2.0  # seconds between two signs of life while a workbook is being read


def _reading(run: Run, step: int, steps: int) -> Callable[[Callable[[], RosterReading]], RosterReading]:
    """Reads in another thread, so that this one can say that the work goes on."""

    def wait(read: Callable[[], RosterReading]) -> RosterReading:
        started = time.monotonic()
        with ThreadPoolExecutor(max_workers=1) as pool:
            outcome = pool.submit(read)
            while True:
                seconds = int(time.monotonic() - started)
                run.progress(step, steps, gettext_noop("Reading the workbook, %(seconds)s s"), seconds=seconds)
                try:
                    reading = outcome.result(timeout=_BEAT)
                except StillReading:
                    continue
                break
        rows = sum(sheet.rows for sheet in reading.sheets)
        run.progress(step + 1, steps, gettext_noop("Comparing %(rows)s rows with the system"), rows=rows)
        return reading

    return wait


def _upload(run: Run) -> RosterImport:
    upload = RosterImport.objects.select_related("organization", "job").filter(pk=run.args["import"]).first()
    if upload is None or upload.state == RosterImport.State.DISCARDED:
        raise JobFailed(gettext_noop("The workbook was discarded meanwhile."))
    return upload


@job_kind("roster.check", _("Check a roster"))
def check_roster(run: Run) -> None:
    """Read an uploaded workbook and keep the preview."""
    upload = _upload(run)
    check_upload(by=run.owner, upload=upload, waiting=_reading(run, 0, 3))
    run.progress(3, 3, gettext_noop("Checked; nothing has been written yet"))
    run.lead_to(reverse("units:roster_preview", args=[upload.pk]))


@job_kind("roster.apply", _("Write a roster"))
def apply_roster(run: Run) -> None:
    """Write a confirmed workbook in one transaction."""
    upload = _upload(run)
    run.lead_to(reverse("units:roster_preview", args=[upload.pk]))
    try:
        apply_upload(by=run.owner, upload=upload, waiting=_reading(run, 0, 3))
    except UnitsRefusal as refusal:
        raise JobFailed(refusal.message.id, **refusal.message.params) from refusal
    run.progress(3, 3, gettext_noop("Written"))


@job_kind("roster.export", _("Export a roster"))
def export_roster(run: Run) -> None:
    """The roster of an organisation and all below it as a workbook that re-imports unchanged."""
    from units.exporting import export_workbook

    organization = Organization.objects.filter(pk=run.args["organization"]).first()
    if organization is None or run.owner is None:
        raise JobFailed(gettext_noop("The organisation does not exist any more."))
    try:
        name, data = export_workbook(by=run.owner, organization=organization, progress=run.progress)
    except UnitsRefusal as refusal:
        raise JobFailed(refusal.message.id, **refusal.message.params) from refusal
    run.result(name, data)
