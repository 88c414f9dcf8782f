"""Fifty clients hand in a ballot with one code at the same moment, two hundred times: one ballot each time.

The server is real: gunicorn with four processes of thirteen threads on the loopback. The fifty connections of a round
are open before it begins, and what they send leaves them together. After every round the urn and the tickets are
counted in the database that DATABASE_URL names (a new SQLite file without it), which must be empty.

    python -m benchmarks.race_ballots [--rounds 200] [--clients 50]
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
PROCESSES, THREADS = 4, 13  # each thread keeps a connection to the database; the embedded PostgreSQL allows sixty
TAKEN, REFUSED = 303, 422


@contextlib.contextmanager
def serving() -> Iterator[int]:
    """The site on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "campaign.wsgi", "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    command += ["--workers", str(PROCESSES), "--threads", str(THREADS), "--timeout", "120"]
    server = subprocess.Popen(command, cwd=ROOT)
    try:
        wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _time in range(600):
        if server.poll() is not None:
            raise SystemExit("the server stopped; see above")
        with contextlib.suppress(OSError):
            if post(port, "/v/form/", {"code": ""}) == REFUSED:
                return
        time.sleep(0.2)
    raise SystemExit("the server did not answer within two minutes")


def post(port: int, path: str, data: dict[str, str], together: threading.Barrier | None = None) -> int:
    """Status of the answer; with a barrier, nothing is sent before all are there."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.connect()
        if together:
            together.wait()
        connection.request("POST", path, urlencode(data), {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def race(port: int, clients: int, data: dict[str, str]) -> Counter[Any]:
    """How often each status was answered."""
    together, told = threading.Barrier(clients), []

    def client() -> None:
        try:
            told.append(post(port, "/v/cast/", data, together))
        except OSError as error:
            told.append(repr(error))

    threads = [threading.Thread(target=client) for _client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(told)


def main() -> None:
    import django

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--clients", type=int, default=50)
    given = parser.parse_args()
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    from assessments.models import Poll, SealedBallot, Ticket
    from assessments.tests.factories import opened_poll
    from campaign.tests.factories import make_world

    if Poll.objects.exists():
        raise SystemExit("the race needs a database of its own")
    world = make_world()
    _poll, slips = opened_poll(world, [world.p.health], by=world.c.office, asked=-(-given.rounds // 2))
    statuses: Counter[Any] = Counter()
    start = time.perf_counter()
    with serving() as port:
        for number, slip in enumerate(slips[: given.rounds], start=1):
            places = slip.unit.questionnaire().places
            answers = {place.name: place.question.options[0].key for place in places}
            told = race(port, given.clients, {"code": slip.code.whole, **answers})
            in_urn, left = SealedBallot.objects.count(), Ticket.objects.count()
            if told != {TAKEN: 1, REFUSED: given.clients - 1} or (in_urn, left) != (number, len(slips) - number):
                raise SystemExit(f"round {number}: {dict(told)}, {in_urn} ballots in the urn, {left} tickets left")
            statuses += told
    figures = {
        "benchmark": "race_ballots",
        "database": connection.vendor,
        "rounds": given.rounds,
        "clients": given.clients,
        "taken": statuses[TAKEN],
        "refused": statuses[REFUSED],
        "ballots": SealedBallot.objects.count(),
        "seconds": round(time.perf_counter() - start, 1),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{scratch}/race.sqlite3")
        os.environ.setdefault("LOG_LEVEL", "ERROR")
        os.environ.pop("REDIS_URL", None)
        main()
