"""A kind of work for the worker's test: at the first attempt it waits to be killed, at the second it finishes.

Loaded into a real worker with `celery worker --include jobs.tests.slow_kind`.
"""

import time
from pathlib import Path

from jobs.registry import Run, job_kind


@job_kind("test.slow", "A slow job")
def slow(run: Run) -> None:
    started = Path(run.args["folder"]) / f"attempt-{run.job.attempts}"
    started.touch()
    run.progress(1, 2)
    for _tick in range(600 if run.job.attempts == 1 else 0):
        time.sleep(0.1)
    run.result("done.txt", f"attempt {run.job.attempts}".encode())
