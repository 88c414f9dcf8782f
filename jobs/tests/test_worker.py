"""A real worker on a real broker: a job is carried, and one whose worker is killed in the middle is done again.

Everything runs in processes of its own on a database of its own, as in an office.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.services
PATIENCE = 60.0  # seconds until a step counts as failed; the test waits for the event, never for a time

ENQUEUE = """
from jobs import actions
import jobs.tests.slow_kind
from django.db import transaction
with transaction.atomic():
    job = actions.enqueue("test.slow", by=None, args={{"folder": {folder!r}}})
print(job.pk)
"""
STATE = """
from jobs.models import Job
job = Job.objects.get()
print(job.state, job.attempts, job.result.read().decode() if job.result else "")
"""
SWEEP = "import jobs.tests.slow_kind; from jobs import actions; print(actions.sweep())"


class Office:
    """Processes that share a database file, a folder and the broker."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workers: list[subprocess.Popen] = []
        self.env = os.environ | {
            "DATABASE_URL": f"sqlite:///{folder / 'office.sqlite3'}",
            "MEDIA_ROOT": str(folder / "media"),
            "VAR_DIR": str(folder / "var"),
            "REDIS_URL": os.environ["REDIS_URL"].rsplit("/", 1)[0] + "/7",
            "JOB_STALE_SECONDS": "1",
            "LOG_LEVEL": "ERROR",
        }

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=settings.BASE_DIR,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""

    def shell(self, code: str) -> str:
        return self.manage("shell", "--no-imports", "-c", code)

    def worker(self) -> subprocess.Popen:
        words = ["-m", "celery", "-A", "campaign", "worker", "--pool", "solo", "--loglevel", "ERROR"]
        words += ["--include", "jobs.tests.slow_kind", "--without-gossip", "--without-mingle"]
        process = subprocess.Popen([sys.executable, *words], cwd=settings.BASE_DIR, env=self.env)
        self.workers.append(process)
        return process

    def until(self, seen, what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not seen():
            assert time.monotonic() < end, f"waited in vain for: {what}"
            time.sleep(0.2)

    def close(self) -> None:
        for process in self.workers:
            if process.poll() is None:
                process.kill()
            process.wait()


@pytest.fixture
def office(tmp_path):
    found = Office(tmp_path)
    found.manage("migrate", "--verbosity", "0")
    yield found
    found.close()


def test_a_job_survives_the_kill_of_its_worker(office):
    office.worker()
    office.shell(ENQUEUE.format(folder=str(office.folder)))
    office.until((office.folder / "attempt-1").exists, "the first attempt")
    assert office.shell(STATE).startswith("running 1")

    office.workers[0].send_signal(signal.SIGKILL)
    office.workers[0].wait()
    office.worker()
    office.until(lambda: office.shell(SWEEP) == "1", "the sweep to find the job that was left behind")
    office.until((office.folder / "attempt-2").exists, "the second attempt")
    office.until(lambda: office.shell(STATE) == "done 2 attempt 2", "the job to be done, with its file")
    assert not (office.folder / "attempt-3").exists()
