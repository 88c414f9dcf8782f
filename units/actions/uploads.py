"""A roster workbook that was uploaded: checked, confirmed, written, or discarded. One step a state, by swap."""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock
from accounts.models import User
from jobs.actions import enqueue
from jobs.models import Job
from jobs.registry import JobTakenOver
from units.actions.roster import ImportOutcome, Leaving, compare, write_plan
from units.importing.plan import Plan
from units.importing.report import report_of
from units.importing.stored import known_names
from units.models import Organization, RosterImport
from units.refusals import ImportRefused
from units.roster.records import RosterReading, RosterUnreadable
from units.roster.sandbox import read_in_subprocess, write_marked_workbook

log = structlog.get_logger(__name__)

UPLOADED = audit.action("roster.uploaded", _("Uploaded a roster"))
DISCARDED = audit.action("roster.discarded", _("Discarded an uploaded roster"))
DOWNLOADED = audit.action("roster.marked_downloaded", _("Downloaded a roster with its faults marked"))

_S = RosterImport.State
_OPEN = (_S.UPLOADED, _S.UNREADABLE, _S.PREVIEWED)
# How a long reading keeps in touch: called with a function, returns its result.
Waiting = Callable[[Callable[[], RosterReading]], RosterReading]


def _at_once(function: Callable[[], RosterReading]) -> RosterReading:
    return function()


@transaction.atomic
def upload_roster(*, by: User, file: UploadedFile, organization: Organization | None) -> RosterImport:
    """Take in a workbook and have it checked. What the same person uploaded before for the same place is discarded."""
    for earlier in RosterImport.objects.filter(uploaded_by=by, organization=organization, state__in=_OPEN):
        discard_upload(by=by, upload=earlier)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    upload = RosterImport(
        organization=organization,
        file_name=Path(file.name or "").name[:200],
        file_digest=digest.hexdigest(),
        uploaded_by=by,
    )
    upload.file.save(f"{upload.file_digest[:16]}.xlsx", file, save=False)
    upload.save()
    audit.record(UPLOADED, by=by, obj=upload, organization=organization, data={"file": upload.file_name})
    _attach(upload, enqueue("roster.check", by=by, args={"import": upload.pk}))
    return upload


def _attach(upload: RosterImport, job: Job) -> None:
    RosterImport.objects.filter(pk=upload.pk).update(job=job)
    upload.job = job


def check_upload(*, by: User | None, upload: RosterImport, waiting: Waiting = _at_once) -> None:
    """Read the workbook and keep what it would do as the preview. Done once; a second call changes nothing.

    `by` is whose language the marked copy is written in.
    """
    if upload.state != _S.UPLOADED:
        return
    try:
        reading = _read(upload, waiting)
    except RosterUnreadable as refusal:
        report = {"code": refusal.code, "params": refusal.params}
        RosterImport.objects.filter(pk=upload.pk, state=_S.UPLOADED).update(state=_S.UNREADABLE, report=report)
        return
    with transaction.atomic():
        plan, _stored = compare(reading, upload.organization, clock.today())
    report = report_of(plan)
    marked = _marked(by, upload, plan, report)
    kept = RosterImport.objects.filter(pk=upload.pk, state=_S.UPLOADED).update(
        state=_S.PREVIEWED, report=report, marked=marked
    )
    if not kept and marked:
        upload.marked.storage.delete(marked)


def _read(upload: RosterImport, waiting: Waiting) -> RosterReading:
    known = known_names(upload.organization)
    with _as_path(upload) as path:
        return waiting(lambda: read_in_subprocess(path, today=clock.today(), known=known))


@contextmanager
def _as_path(upload: RosterImport) -> Iterator[Path]:
    """The workbook as a file of this machine, whatever storage it lies in."""
    with tempfile.TemporaryDirectory(prefix="roster-") as folder:
        path = Path(folder) / "roster.xlsx"
        with upload.file.open("rb") as source:
            path.write_bytes(source.read())
        yield path


def _marked(by: User | None, upload: RosterImport, plan: Plan, report: dict[str, Any]) -> str:
    """Store the copy with the faults marked; its name in the storage, or nothing if there is no need of one."""
    cells = [fault for fault in plan.faults if fault.sheet]
    if not cells:
        return ""
    language = (by.language if by else "") or translation.get_language() or "zh-hans"
    with _as_path(upload) as path, translation.override(language):
        out = path.with_name("marked.xlsx")
        try:
            write_marked_workbook(path, replace(plan.reading, faults=tuple(cells)), out)
        except RosterUnreadable as refusal:
            # The list of faults on the page says the same; the copy is a convenience.
            log.warning("roster_not_marked", upload=upload.pk, code=refusal.code)
            report["unmarked"] = refusal.code
            return ""
        return upload.marked.storage.save(
            upload.marked.field.generate_filename(upload, f"{upload.file_digest[:16]}-marked.xlsx"),
            ContentFile(out.read_bytes()),
        )


@transaction.atomic
def confirm_upload(*, by: User, upload: RosterImport, faultless_only: bool, leaving: Leaving | None = None) -> Job:
    """Have a previewed workbook written. Raises ImportRefused if it has faults that were not set aside, or if somebody
    was quicker."""
    if upload.report.get("faults") and not faultless_only:
        raise ImportRefused(gettext_noop("The workbook has faults. Mend them, or choose to write the faultless rows."))
    report = dict(upload.report)
    if leaving is not None:
        report["leaving"] = {
            "members": sorted(leaving.members),
            "on": leaving.on.isoformat(),
            "reason": leaving.reason,
        }
    swapped = RosterImport.objects.filter(pk=upload.pk, state=_S.PREVIEWED).update(
        state=_S.APPLYING, faultless_only=faultless_only, report=report
    )
    if not swapped:
        raise ImportRefused(gettext_noop("This workbook was confirmed or discarded meanwhile."))
    job = enqueue("roster.apply", by=by, args={"import": upload.pk})
    _attach(upload, job)
    return job


def apply_upload(*, by: User | None, upload: RosterImport, waiting: Waiting = _at_once) -> ImportOutcome | None:
    """Write a confirmed workbook, all that was promised or nothing. None if it is written already.

    Raises ImportRefused when the database has changed since the preview; a new preview stands then.
    """
    if upload.state == _S.APPLIED:
        return None
    if upload.state != _S.APPLYING:
        raise ImportRefused(gettext_noop("This workbook is not confirmed. Look at the preview and confirm it."))
    try:
        reading = _read_confirmed(upload, waiting)
        outcome, fresh = _write_confirmed(by, upload, reading)
    except JobTakenOver:
        raise  # another worker is at it
    except Exception:
        # Whatever went wrong, nothing was written: back to the preview, from which one can confirm again.
        RosterImport.objects.filter(pk=upload.pk, state=_S.APPLYING).update(state=_S.PREVIEWED)
        raise
    if outcome is None:
        RosterImport.objects.filter(pk=upload.pk, state=_S.APPLYING).update(state=_S.PREVIEWED, report=fresh)
        raise ImportRefused(
            gettext_noop("Others changed the data since the preview, so nothing was written. Check the new preview.")
        )
    upload.file.storage.delete(upload.file.name)  # the rows are in the database now
    return outcome


def _read_confirmed(upload: RosterImport, waiting: Waiting) -> RosterReading:
    with upload.file.open("rb") as stored:
        digest = hashlib.file_digest(stored, "sha256").hexdigest()
    if digest != upload.file_digest:
        raise ImportRefused(gettext_noop("The stored workbook is not the one that was checked. Upload it again."))
    try:
        return _read(upload, waiting)
    except RosterUnreadable as refusal:
        raise ImportRefused(gettext_noop("The workbook could not be read again. Upload it once more.")) from refusal


@transaction.atomic
def _write_confirmed(
    by: User | None, upload: RosterImport, reading: RosterReading
) -> tuple[ImportOutcome | None, dict[str, Any]]:
    """The outcome; or None and a new report when the plan is not the one that was confirmed."""
    now = clock.now()
    taken = RosterImport.objects.filter(pk=upload.pk, state=_S.APPLYING).update(state=_S.APPLIED, applied_at=now)
    if not taken:
        raise ImportRefused(gettext_noop("This workbook was confirmed or discarded meanwhile."))
    plan, stored = compare(reading, upload.organization, clock.today())
    if plan.fingerprint != upload.report["fingerprint"]:
        RosterImport.objects.filter(pk=upload.pk).update(state=_S.APPLYING, applied_at=None)
        return None, report_of(plan) | {"renewed": True}
    outcome = write_plan(by=by, plan=plan, stored=stored, reason=upload.file_name, leaving=_leaving(upload))
    report = upload.report | {"left": outcome.left}
    place = upload.organization or Organization.objects.filter(depth=1).first()
    RosterImport.objects.filter(pk=upload.pk).update(report=report, organization=place)
    return outcome, report


def _leaving(upload: RosterImport) -> Leaving | None:
    kept = upload.report.get("leaving")
    if not kept:
        return None
    return Leaving(frozenset(kept["members"]), dt.date.fromisoformat(kept["on"]), kept["reason"])


@transaction.atomic
def discard_upload(*, by: User, upload: RosterImport) -> None:
    """Give an upload up; its files are removed. Raises ImportRefused if it is being written or was written."""
    allowed = RosterImport.objects.filter(pk=upload.pk, state__in=_OPEN)
    if upload.state == _S.APPLYING and upload.job is not None and upload.job.state == Job.State.FAILED:
        allowed = RosterImport.objects.filter(pk=upload.pk, state=_S.APPLYING)
    if not allowed.update(state=_S.DISCARDED):
        raise ImportRefused(gettext_noop("This workbook is being written or was written already."))
    audit.record(DISCARDED, by=by, obj=upload, organization=upload.organization, data={"file": upload.file_name})
    names = [name for name in (upload.file.name, upload.marked.name) if name]
    transaction.on_commit(lambda: [upload.file.storage.delete(name) for name in names])


def record_download(*, by: User, upload: RosterImport) -> None:
    """The marked copy holds the roster's personal data in full."""
    audit.record(DOWNLOADED, by=by, obj=upload, organization=upload.organization, data={"file": upload.file_name})
