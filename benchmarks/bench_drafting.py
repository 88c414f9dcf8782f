"""Weekly drafting for 1,217 organisations against its floor: the same rows inserted in bulk from ready values.

Every organisation of the city (benchmarks.city) reports each week. What the beat does on its morning: draft the
bulletin of the week: take every filled field of every accepted report for an entry, count the week's figures and word
them, tell the editors. Floor: `bulk_create` of the same bulletin and entries. CPU time is the process's, the best of
ROUNDS, each in a transaction that is rolled back. `queries` leaves out the inserts, whose number follows the rows a
statement takes; it must be the same for a quarter of the city. `prefill`: the sentences from the records with which a
unit's report begins when its page is opened, for all of them one after another, and the queries of one of them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import city

ROUNDS = 3
AIM = 3.0


class Undo(Exception):
    """Leaves the transaction without a trace."""


def undone(work: Callable[[], Any]) -> tuple[float, int, Any]:
    """Seconds of CPU, statements that insert nothing, and the outcome; what was written is rolled back."""
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    outcome, spent, asked = None, 0.0, 0
    try:
        with transaction.atomic():
            with CaptureQueriesContext(connection) as captured:
                outcome = work()
            asked = sum(not query["sql"].startswith(("INSERT", "SAVEPOINT", "RELEASE")) for query in captured)
            raise Undo
    except Undo:
        pass
    try:
        with transaction.atomic():
            start = time.process_time()
            work()
            spent = time.process_time() - start
            raise Undo
    except Undo:
        return spent, asked, outcome


def measure(share: int) -> dict[str, Any]:
    """Both sides on one city."""
    from django.forms.models import model_to_dict

    from reports import weeks
    from reports.actions.bulletins import draft_bulletin
    from reports.models import Bulletin, BulletinItem
    from reports.queries.suggestions import suggested

    built = city.build(share=share, everyone=True)
    week = weeks.monday(city.NOW.date()) - weeks.WEEK

    def draft() -> tuple[dict[str, Any], list[dict[str, Any]]]:
        made = draft_bulletin(by=None, batch=built.batch, week=week)
        rows = BulletinItem.objects.filter(bulletin=made).values(
            "report_id", "source_field", "title", "text", "source_name"
        )
        return model_to_dict(made, ["figures", "report_to", "copy_to", "distribute_to", "copies"]), list(rows)

    def only_draft() -> None:
        draft_bulletin(by=None, batch=built.batch, week=week)

    _cpu, _asked, (head, items) = undone(draft)

    def insert() -> None:
        made = Bulletin.objects.create(batch=built.batch, campaign=built.batch.campaign, week=week, **head)
        BulletinItem.objects.bulk_create([BulletinItem(bulletin=made, **item) for item in items])

    def prefill() -> None:
        for unit in units:
            suggested(unit, week)

    units = list(built.batch.participations.select_related("organization", "work_unit", "batch__campaign__host"))
    drafted = [undone(only_draft) for _round in range(ROUNDS)]
    return {
        "organisations": len(built.organizations),
        "items": len(items),
        "cpu_seconds": round(min(cpu for cpu, _asked, _made in drafted), 3),
        "floor_seconds": round(min(undone(insert)[0] for _round in range(ROUNDS)), 3),
        "queries": drafted[0][1],
        "prefill_seconds": round(undone(prefill)[0], 3),
        "prefill_queries": undone(lambda: suggested(units[-1], week))[1],
    }


def main() -> None:
    found = {}
    for share in (1, 4):
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.bench_drafting", str(share)],
            cwd=Path(__file__).resolve().parent.parent,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        found[share] = json.loads(done.stdout)
    whole, quarter = found[1], found[4]
    if whole["queries"] != quarter["queries"]:
        raise SystemExit(f"{whole['queries']} queries for the city, {quarter['queries']} for a quarter of it")
    ratio = round(whole["cpu_seconds"] / whole["floor_seconds"], 2)
    print(json.dumps({"benchmark": "drafting", "cpu_ratio": ratio, "aim": AIM, **whole, "quarter": quarter}))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        with tempfile.TemporaryDirectory() as home:
            city.prepare(Path(home))
            from accounts import clock

            with clock.freeze(city.NOW):
                print(json.dumps(measure(int(sys.argv[1]))))
    else:
        main()
