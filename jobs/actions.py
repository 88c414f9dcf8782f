"""Starting, running, retrying and rescuing background work."""

from __future__ import annotations

import functools
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts import notify
from accounts.messages import Message, in_both_languages
from accounts.models import User
from jobs.models import Job
from jobs.registry import KINDS, JobFailed, JobTakenOver, Run

log = structlog.get_logger(__name__)
MAX_ATTEMPTS = 3


class NotRetriable(Exception):
    """Only a failed job can be tried again."""


def enqueue(kind: str, *, by: User | None, args: dict[str, Any]) -> Job:
    """Record a job and send it off when the transaction commits."""
    if kind not in KINDS:
        raise ValueError(f"Unknown kind of job {kind!r}")
    job = Job.objects.create(kind=kind, args=args, owner=by)
    transaction.on_commit(functools.partial(send, job.pk))
    return job


def send(pk: int) -> None:
    """Hand a job to a worker. A broker that is away is no loss: the sweep sends it again."""
    if settings.JOBS_INLINE:
        run(pk)
        return
    from jobs.tasks import run_job

    try:
        run_job.delay(pk)
    except run_job.OperationalError as error:
        log.warning("job_not_sent", job=pk, error=str(error))


def run(pk: int) -> None:
    """Do the work of one job, if nobody else has it (compare-and-swap from waiting to running)."""
    now = timezone.now()
    claimed = Job.objects.filter(pk=pk, state=Job.State.QUEUED).update(
        state=Job.State.RUNNING, heartbeat=now, started_at=now, attempts=F("attempts") + 1, error={}
    )
    if not claimed:
        return
    job = Job.objects.select_related("owner").get(pk=pk)
    try:
        KINDS[job.kind][1](Run(job))
    except JobTakenOver:
        log.warning("job_taken_over", job=pk)
    except JobFailed as failure:
        _finish(job, Job.State.FAILED, error=failure.message)
    except Exception as error:
        log.exception("job_failed", job=pk, kind=job.kind)
        trace = Message(
            gettext_noop("The work stopped on an unexpected error (%(error)s). Nothing was changed; try again."),
            {"error": type(error).__name__},
        )
        _finish(job, Job.State.FAILED, error=trace)
    else:
        _finish(job, Job.State.DONE)


def _finish(job: Job, state: str, error: Message | None = None) -> None:
    """Close a job, only if this worker still holds it."""
    with transaction.atomic():
        held = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts).update(
            state=state,
            error=error.to_json() if error else {},
            finished_at=timezone.now(),
            result=job.result.name or "",
            result_name=job.result_name,
            result_url=job.result_url,
        )
        if held and job.owner is not None:
            text = gettext_noop("%(job)s: done") if state == Job.State.DONE else gettext_noop("%(job)s: failed")
            notify.send([job.owner], text, params={"job": in_both_languages(lambda: job.label)}, url=f"/jobs/{job.pk}/")


@transaction.atomic
def retry(*, by: User, job: Job) -> Job:
    """Try a failed job once more; raises NotRetriable."""
    swapped = Job.objects.filter(pk=job.pk, owner=by, state=Job.State.FAILED).update(
        state=Job.State.QUEUED, done=0, finished_at=None, attempts=0
    )
    if not swapped:
        raise NotRetriable
    transaction.on_commit(functools.partial(send, job.pk))
    return job


def sweep() -> int:
    """Send again what a dead broker or worker left behind; returns how many.

    A job that killed its worker MAX_ATTEMPTS times is given up as failed, so that it cannot do so for ever.
    """
    edge = timezone.now() - timedelta(seconds=settings.JOB_STALE_SECONDS)
    stale = Job.objects.filter(state=Job.State.RUNNING).filter(Q(heartbeat__lt=edge) | Q(heartbeat=None))
    gave_up = Message(
        gettext_noop("The work was interrupted %(times)s times and was given up."), {"times": MAX_ATTEMPTS}
    )
    stale.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=Job.State.FAILED, error=gave_up.to_json(), finished_at=timezone.now()
    )
    stale.update(state=Job.State.QUEUED)
    waiting = Job.objects.filter(state=Job.State.QUEUED).filter(
        Q(heartbeat__lt=edge) | Q(heartbeat=None, created_at__lt=edge)
    )
    pks = list(waiting.values_list("pk", flat=True)[:500])
    Job.objects.filter(pk__in=pks, state=Job.State.QUEUED).update(heartbeat=timezone.now())
    for pk in pks:
        send(pk)
    return len(pks)
