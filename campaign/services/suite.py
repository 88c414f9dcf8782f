"""The whole test suite: once on SQLite, once on PostgreSQL, and the browser tests."""

import contextlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from campaign.services import embedded
from campaign.services.processes import output, spawn, stop

_CLOSING = re.compile(r"^(\x1b\[[\d;]*m)*=* ?(\x1b\[[\d;]*m)*(\d+ \w+|no tests ran).* in \d+[\d.]*s")

# What drives a browser lies in one folder, which the other parts need not even read, nor its part the others.
APART = ("--ignore=tests/browser",)
BROWSER = ("-o", "testpaths=tests/browser")
# Migrating takes a while: of a server that is thrown away at the end, the browser part takes over the test databases.
KEEPING = ("--create-db", "--reuse-db")


@dataclass(frozen=True)
class Part:
    """One run of pytest.

    The browser tests run once, on PostgreSQL: on SQLite in memory the threads of a live server and the test
    share one connection, which two requests at a time would tangle.
    """

    name: str
    database: str
    marks: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    part: Part
    status: int
    closing: str


def run(workers: int, arguments: list[str]) -> int:
    """Run every part, even after one has failed; the last lines are the closing lines of pytest."""
    with contextlib.ExitStack() as services:
        redis = _given("REDIS_URL", "redis", "rediss", "unix") or services.enter_context(embedded.broker())
        given = _given("DATABASE_URL", "postgres", "postgresql")
        postgres = given or services.enter_context(embedded.postgres())
        folder = services.enter_context(tempfile.TemporaryDirectory(prefix="campaign-test-"))
        parts = (
            Part("SQLite", f"sqlite:///{folder}/test.sqlite3", "not browser and not server", APART),
            Part("PostgreSQL", postgres, "not browser and not once", APART if given else (*APART, *KEEPING)),
            Part("browser", postgres, "browser", BROWSER if given else (*BROWSER, "--reuse-db")),
        )
        environ = {**os.environ, "REDIS_URL": redis, "DJANGO_SETTINGS_MODULE": "campaign.settings"}
        outcomes = [run_part(part, environ, workers, arguments) for part in parts]
    print("\n" + "; ".join(f"{o.part.name}: {'passed' if o.status == 0 else 'FAILED'}" for o in outcomes))
    for outcome in outcomes:
        print(outcome.closing, flush=True)
    return 1 if any(outcome.status for outcome in outcomes) else 0


def run_part(part: Part, environ: Mapping[str, str], workers: int, arguments: list[str]) -> Outcome:
    command = [sys.executable, "-m", "pytest", "-m", part.marks, "-p", "no:cacheprovider", *part.options]
    command += ["--durations=12", "--durations-min=5"]  # where the time of the suite goes is seen on every run
    if workers > 1:
        # Tests that share the one broker carry one group name and so run one after another (conftest.py).
        command += ["-n", str(workers), "--dist", "loadgroup"]
    if sys.stdout.isatty():
        command.append("--color=yes")
    print(f"\n--- {part.name} ---", flush=True)
    env = {**environ, "DATABASE_URL": part.database}
    process = spawn([*command, *arguments], env=env, stdout=subprocess.PIPE)
    closing = f"{part.name}: pytest ended without a closing line"
    try:
        for line in _lines(process):
            print(line, end="", flush=True)
            if _CLOSING.match(line):
                closing = line.rstrip("\n")
        return Outcome(part, process.wait(), closing)
    finally:
        stop(process)


def _lines(process: subprocess.Popen[bytes]) -> Iterator[str]:
    with output(process) as printed:
        for raw in printed:
            yield raw.decode(errors="replace")


def _given(variable: str, *schemes: str) -> str | None:
    """The address in the environment, if it names a real server."""
    value = os.environ.get(variable, "")
    return value if value.split(":")[0] in schemes else None
