"""The full workbook of a whole city against its floor: the same cells written by openpyxl alone, write-only.

The city (benchmarks.city: 1,046 branches, 16,436 members, 771 units, nine weeks of records) lies in a SQLite file. The
floor reads nothing: it writes the cells of the finished workbook, unstyled, from a list that lies ready. The summary is
measured twice: written from ready rows, as the floor is, which is what the aim is about; and whole, with all it reads
from the database and every total asked for a second time. Each runs in a process of its own; CPU time is the
process's, the best of ROUNDS. Memory is the peak of what Python allocated; `growth` is the peak for the whole city
over that for a quarter of it, less what the finished file takes in either case.
"""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from benchmarks import city

ROUNDS = 3
AIM = 1.5


def whole() -> Callable[[], bytes]:
    """Read the city and write its workbook."""
    from accounts import clock
    from campaign.models import Batch
    from reports.queries.summary import Scope
    from reports.summary.build import build

    batch = Batch.objects.select_related("campaign__host").get()

    def work() -> bytes:
        scope = Scope(batch, batch.campaign.host, batch.starts_on, clock.today())
        return build(scope, preparer="邓春梅", phone="", progress=lambda *_: None, papers=True)

    return work


def ready() -> Callable[[], bytes]:
    """Write it from rows that lie ready: titles, heads, styles, formulas, checks of every total, charts."""
    from accounts import clock
    from campaign.models import Batch
    from reports.queries.summary import Scope
    from reports.summary.build import SHEETS
    from reports.summary.page import Page
    from reports.workbooks.sheet import SummaryWorkbook

    batch = Batch.objects.select_related("campaign__host").get()
    page = Page(Scope(batch, batch.campaign.host, batch.starts_on, clock.today()), papers=True)
    specs = [spec for table in SHEETS if (spec := table.make(page)) is not None]
    specs = [dataclasses.replace(spec, rows=[tuple(row) for row in spec.rows]) for spec in specs]

    def work() -> bytes:
        with SummaryWorkbook("汇总表") as book:
            for spec in specs:
                book.add(spec)
            return book.to_bytes()

    return work


def floor() -> Callable[[], bytes]:
    """Write the cells of the finished workbook, and nothing else."""
    from openpyxl import Workbook, load_workbook

    book = load_workbook(BytesIO(whole()()), read_only=True)
    sheets = [(sheet.title, [tuple(row) for row in sheet.iter_rows(values_only=True)]) for sheet in book.worksheets]

    def work() -> bytes:
        book = Workbook(write_only=True)
        for title, rows in sheets:
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        stream = BytesIO()
        book.save(stream)
        return stream.getvalue()

    return work


SIDES: dict[str, Callable[[], Callable[[], bytes]]] = {"floor": floor, "ready": ready, "whole": whole}


def measure(side: str) -> dict[str, float]:
    """One side in this process: seconds of CPU and, in a run of its own, the peak of allocated bytes."""
    from accounts import clock

    with clock.freeze(city.NOW):
        work, seconds = SIDES[side](), []
        size = len(work())  # imports and caches
        for _round in range(ROUNDS):
            start = time.process_time()
            work()
            seconds.append(time.process_time() - start)
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        work()
        peak = tracemalloc.get_traced_memory()[1] - before
    return {"cpu_seconds": round(min(seconds), 3), "peak_bytes": peak, "file_bytes": size}


def prepare(folder: Path, share: int) -> dict[str, int]:
    """Build the city, or its share, in a new database."""
    from accounts import clock

    with clock.freeze(city.NOW):
        built = city.build(share=share)
    return {"branches": len(built.branches), "members": len(built.members), "units": len(built.units)}


def apart(*words: str) -> Any:
    """Run one step in a process of its own."""
    root = str(Path(__file__).resolve().parent.parent)
    command = [sys.executable, "-m", "benchmarks.bench_city_workbook", *words]
    done = subprocess.run(command, cwd=root, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def main() -> None:
    found: dict[int, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as home:
        for share in (1, 4):
            folder = Path(home) / str(share)
            folder.mkdir()
            built = apart("build", str(folder), str(share))
            sides = SIDES if share == 1 else ("floor", "whole", "ready")
            found[share] = {side: apart(side, str(folder / "city.sqlite3")) for side in sides} | {"built": built}
    city_, quarter = found[1], found[4]

    def ratio(side: str, key: str) -> float:
        return round(city_[side][key] / city_["floor"][key], 2)

    def growth(side: str) -> float:
        peaks = [each[side]["peak_bytes"] - each[side]["file_bytes"] for each in (city_, quarter)]
        return round(peaks[0] / peaks[1], 2)

    print(
        json.dumps(
            {
                "benchmark": "city_workbook",
                **city_["built"],
                "cpu_ratio": ratio("ready", "cpu_seconds"),
                "memory_ratio": ratio("ready", "peak_bytes"),
                "aim": AIM,
                "memory_growth": growth("ready"),
                "cpu_ratio_with_reading": ratio("whole", "cpu_seconds"),
                "memory_ratio_with_reading": ratio("whole", "peak_bytes"),
                "memory_growth_with_reading": growth("whole"),
                **{f"{side}_{key}": value for side in SIDES for key, value in city_[side].items()},
            }
        )
    )


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["build", folder, share]:
            city.prepare(Path(folder))
            print(json.dumps(prepare(Path(folder), int(share))))
        case [side, database]:
            city.use(Path(database))
            print(json.dumps(measure(side)))
        case _:
            main()
