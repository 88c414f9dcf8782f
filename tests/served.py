"""The application in processes of its own, as in an office: a database, gunicorn, and people voting over HTTP.

For tests and benchmarks of what no test client shows: a server that is killed, a thousand ballots a minute.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import os
import queue
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 120.0  # seconds until a step counts as failed; nothing waits for a time
PASSPHRASE = "麦子熟了 一千八百次 再多一点"

SEED = """
import datetime as dt, json, sys
from accounts import clock
from assessments.actions import polls
from assessments.models import Poll, PollUnit
from assessments.tests.factories import drafted_poll
from campaign.tests.factories import make_world
w = make_world()
poll = drafted_poll(w, [w.p.health], by=w.c.office, asked=0)
PollUnit.objects.get(poll=poll).groups.update(asked={asked})
polls.open_poll(by=w.c.office, poll=poll, closes_at=clock.now() + dt.timedelta(days=1), passphrases=[{phrase!r}])
slips = []
for unit in PollUnit.objects.filter(poll=poll):
    for group in unit.groups.all():
        unit.groups.exclude(pk=group.pk).update(asked=0)
        unit.groups.filter(pk=group.pk).update(asked={asked})
        slips += polls.issue(by=w.c.office, poll=Poll.objects.get(pk=poll.pk), units=[unit])
print(json.dumps([slip.code.whole for slip in slips]))
"""
FIGURES = """
import json
from django.db.models import Sum
from assessments.models import Ballot, PollGroup, SealedBallot, Ticket
made = PollGroup.objects.aggregate(n=Sum("codes"))["n"] or 0
print(json.dumps([made, Ticket.objects.count(), SealedBallot.objects.count(), Ballot.objects.count()]))
"""


@dataclass
class Vote:
    """One attempt to cast: what the server said (0: nothing), and how long it took in seconds."""

    code: str
    status: int
    seconds: float


@dataclass
class Served:
    """An application on a database of its own. Everything started here is ended here."""

    folder: Path
    database: str
    redis: str = ""
    port: int = 0
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        key = base64.urlsafe_b64encode(os.urandom(32)).decode()
        self.env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {
            "DATABASE_URL": self.database,
            "DJANGO_SETTINGS_MODULE": "campaign.settings",
            "DEBUG": "0",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "FIELD_KEYS": key,
            "ALLOWED_HOSTS": "127.0.0.1",
            "SECURE_SSL_REDIRECT": "0",
            "EMAIL_URL": "smtp://127.0.0.1:25",
            "REDIS_URL": self.redis or "redis://127.0.0.1:1/0",
            "MEDIA_ROOT": str(self.folder / "media"),
            "VAR_DIR": str(self.folder / "var"),
            "LOG_LEVEL": "INFO",
            "PYTHONPATH": str(ROOT),
        }

    def manage(self, *words: str) -> str:
        """A management command; its last line."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE * 5,
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-4000:])
        return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""

    def shell(self, code: str) -> str:
        return self.manage("shell", "--no-imports", "-c", code)

    def open_survey(self, asked: int) -> list[str]:
        """Build a world with one survey of two respondent groups, `asked` in each; the codes in clear."""
        self.manage("migrate", "--verbosity", "0")
        codes: list[str] = json.loads(self.shell(SEED.format(asked=asked, phrase=PASSPHRASE)))
        return codes

    def figures(self) -> tuple[int, int, int, int]:
        """Codes made, tickets left, ballots in the urn, ballots counted."""
        made, left, urn, counted = json.loads(self.shell(FIGURES))
        return made, left, urn, counted

    def start(self, application: str = "campaign.wsgi", workers: int = 2, threads: int = 4) -> subprocess.Popen[bytes]:
        """A gunicorn in a process group of its own; returns when it takes connections."""
        if not self.port:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.port = probe.getsockname()[1]
        options = ["--workers", str(workers), "--threads", str(threads), "--no-control-socket"]
        with (self.folder / "web.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{self.port}", *options],
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return process
            if process.poll() is not None:
                raise RuntimeError((self.folder / "web.log").read_text()[-4000:])
            time.sleep(0.1)
        raise RuntimeError("the web server does not answer")

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """kill -9 of the server with all its workers; returns when the last of them has let go of the port."""
        self._end(process)
        end = time.monotonic() + PATIENCE
        with contextlib.suppress(OSError):
            while time.monotonic() < end:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                time.sleep(0.05)
            raise RuntimeError("something still answers on the port of the server that was killed")

    def close(self) -> None:
        # Without a look at the port: those killed earlier share it with the one that still serves.
        for process in self.processes:
            self._end(process)

    @staticmethod
    def _end(process: subprocess.Popen[bytes]) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def cast(self, code: str, connection: http.client.HTTPConnection | None = None, path: str = "/v/cast/") -> Vote:
        """Vote for the first answer; 303 is the acknowledgement."""
        body = urllib.parse.urlencode({"code": code, "q-satisfaction": "satisfied"})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        own = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        started = time.monotonic()
        try:
            own.request("POST", path, body, headers)
            answer = own.getresponse()
            answer.read()
            status = answer.status
        except (OSError, http.client.HTTPException):
            own.close()
            status = 0
        finally:
            if connection is None:
                own.close()
        return Vote(code, status, time.monotonic() - started)

    def cast_all(
        self,
        codes: Sequence[str],
        clients: int = 8,
        pace: float = 0.0,
        seen: Callable[[int], None] | None = None,
        path: str = "/v/cast/",
    ) -> list[Vote]:
        """Cast from many clients. `pace`: seconds from one ballot to the next over all; `seen` hears of each one."""
        waiting: queue.SimpleQueue[tuple[int, str]] = queue.SimpleQueue()
        for number, code in enumerate(codes):
            waiting.put((number, code))
        votes: list[Vote] = []
        begun = time.monotonic()

        def client() -> None:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            while True:
                try:
                    number, code = waiting.get_nowait()
                except queue.Empty:
                    line.close()
                    return
                time.sleep(max(0.0, begun + number * pace - time.monotonic()))
                votes.append(self.cast(code, line, path))
                if seen:
                    seen(len(votes))

        threads = [threading.Thread(target=client) for _ in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return votes


@contextlib.contextmanager
def served(folder: Path, database: str = "", redis: str = "") -> Iterator[Served]:
    """An application on a new database: a SQLite file, or one made on the PostgreSQL server of `database`."""
    with contextlib.ExitStack() as stack:
        url = f"sqlite:///{folder / 'office.sqlite3'}"
        if database.startswith("postgres"):
            url = stack.enter_context(_new_database(database))
        found = Served(folder, url, redis)
        stack.callback(found.close)
        yield found


@contextlib.contextmanager
def _new_database(server: str) -> Iterator[str]:
    import environ
    import psycopg2

    name = f"served_{secrets.token_hex(4)}"
    told = environ.Env.db_url_config(server)  # knows sockets as well as hosts
    words = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given = {word: told[key] for word, key in words.items() if told.get(key)}
    with contextlib.closing(psycopg2.connect(**given)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        try:
            yield f"{server.split('?')[0].rsplit('/', 1)[0]}/{name}"
        finally:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
