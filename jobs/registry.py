"""The kinds of work there are. A room declares its own in tasks.py:

    @job_kind("roster.import", _("Import a roster"))
    def import_roster(run: Run) -> None: ...

The function takes ids from run.args, delegates to an action, reports with run.progress(), and must be idempotent:
a worker that was killed leaves the job to be run again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.messages import Message, Params

if TYPE_CHECKING:
    from jobs.models import Job

KINDS: dict[str, tuple[Any, Callable[[Run], None]]] = {}


class JobFailed(Exception):
    """The work cannot be done, for a reason that its owner should read: a message id and its parameters."""

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message)
        self.message = Message(message, params)


class JobTakenOver(Exception):
    """Another worker has this job now; this one must stop without a trace."""


class Run:
    """What a job's function gets: its arguments, its owner, and the means to report."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.args: dict[str, Any] = job.args
        self.owner = job.owner

    def progress(self, done: int, total: int, message: str = "", **params: Any) -> None:
        """Show how far the work is. Writes one row at most a percent, and keeps the heartbeat."""
        from jobs.models import Job

        shown = Message(message, params).to_json() if message else self.job.message
        step = max(1, total // 100)
        moved = abs(done - self.job.done) >= step or done >= total or shown != self.job.message
        now = timezone.now()
        stale = self.job.heartbeat is None or (now - self.job.heartbeat).total_seconds() > 5
        if not (moved or stale):
            return
        current = Job.objects.filter(pk=self.job.pk, state=Job.State.RUNNING, attempts=self.job.attempts)
        if not current.update(done=done, total=total, message=shown, heartbeat=now):
            raise JobTakenOver
        self.job.done, self.job.total, self.job.message, self.job.heartbeat = done, total, shown, now

    def result(self, name: str, data: bytes) -> None:
        """Keep a file for the owner to download."""
        self.job.result.save(name, ContentFile(data), save=False)
        self.job.result_name = name

    def lead_to(self, url: str) -> None:
        """The page where the outcome is to be seen."""
        self.job.result_url = url


def job_kind(kind: str, label: Any) -> Callable[[Callable[[Run], None]], Callable[[Run], None]]:
    """Register a function as the work of `kind`; `label` (lazy) is what people read."""

    def register(function: Callable[[Run], None]) -> Callable[[Run], None]:
        KINDS[kind] = (label, function)
        return function

    return register


def label_of(kind: str) -> str:
    return str(KINDS[kind][0]) if kind in KINDS else kind


__all__ = ["KINDS", "JobFailed", "JobTakenOver", "Params", "Run", "job_kind", "label_of"]
