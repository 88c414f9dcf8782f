"""The county office's home page against its floor: an empty Django view, in the same process and on the same database.

The database is the demonstration county (55 units, 117 organisations, 1,359 members, six weeks of records), built
afresh in a temporary SQLite file. Both requests go through every middleware with the same signed-in session; the
floor's view returns two letters. CPU time is the process's, the median of ROUNDS requests after one to warm up.
The number of queries is that of one request in the middle of a session.
"""

from __future__ import annotations

import json
import logging
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

ROUNDS = 40
MOST_QUERIES = 40


def prepare(folder: Path) -> None:
    """Django on a database of its own, with the demonstration in it."""
    os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'bench.sqlite3'}"
    os.environ["MEDIA_ROOT"] = str(folder / "media")
    os.environ["LOG_LEVEL"] = "ERROR"
    os.environ.pop("REDIS_URL", None)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")
    import django

    django.setup()
    from django.core.management import call_command

    logging.disable(logging.CRITICAL)
    with (folder / "built.txt").open("w") as told:
        call_command("migrate", verbosity=0, stdout=told)
        call_command("demo", stdout=told, stderr=told)


def measure(client: Any, url: str) -> dict[str, float]:
    """Milliseconds of CPU and queries of a GET."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url)
    asked = len(queries)  # the next request empties the log
    if answer.status_code != 200:
        raise SystemExit(f"{url} answered {answer.status_code}")
    taken = []
    for _ in range(ROUNDS):
        start = time.process_time()
        client.get(url)
        taken.append((time.process_time() - start) * 1000)
    return {"cpu_ms": statistics.median(taken), "queries": asked, "bytes": len(answer.content)}


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        prepare(Path(name))
        from django.test import Client
        from django.urls import reverse

        from accounts.models import User
        from campaign.models import Participation
        from units.models import Member, Organization

        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(User.objects.get(username="office"))
        floor = measure(client, reverse("healthz"))
        home = measure(client, reverse("home"))
        found = {
            "benchmark": "home",
            "organisations": Organization.objects.count(),
            "units": Participation.objects.count(),
            "members": Member.objects.count(),
            "queries": home["queries"],
            "aim_queries_below": MOST_QUERIES,
            "cpu_ms": round(home["cpu_ms"], 2),
            "floor_cpu_ms": round(floor["cpu_ms"], 2),
            "cpu_ratio": round(home["cpu_ms"] / floor["cpu_ms"], 1),
            "bytes": home["bytes"],
            "method": f"median CPU of {ROUNDS} GETs in a process, SQLite; floor: the empty view /healthz, same session",
        }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
