"""The summary workbook against its floor: the same cells written by openpyxl alone, write-only and without styles.

Both sides get the same ready rows, so that only the writing is measured. Each runs in a process of its own;
CPU time is the process's user and system time, the best of three. Memory is said twice: the peak of what Python
allocated while writing, and how far the process grew over it, which counts the XML library's memory too.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

ROWS, COLUMNS = 16_436, 20
ROUNDS = 3
TEXT_COLUMNS = 8


def rows() -> Iterator[tuple[str | int, ...]]:
    """As wide as the roster: names and places, then figures."""
    for number in range(ROWS):
        texts = tuple(f"第{number % 900}党支部{index}" for index in range(TEXT_COLUMNS))
        yield texts + tuple((number * index) % 97 for index in range(COLUMNS - TEXT_COLUMNS))


def write_floor() -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("汇总")
    for row in rows():
        sheet.append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def write_summary() -> bytes:
    from reports.workbooks.sheet import SummaryWorkbook
    from reports.workbooks.spec import Column, SheetSpec

    columns = tuple(
        Column(f"c{index}", ("文字" if index < TEXT_COLUMNS else "数字", f"第{index}列"), *kind)
        for index in range(COLUMNS)
        for kind in ([("text",)] if index < TEXT_COLUMNS else [("int", "sum")])
    )
    totals = {
        f"c{TEXT_COLUMNS + index}": sum((number * index) % 97 for number in range(ROWS))
        for index in range(COLUMNS - TEXT_COLUMNS)
    }
    with SummaryWorkbook("汇总表") as book:
        book.add(SheetSpec("汇总", "汇总表", columns, rows(), expected_totals=totals))
        return book.to_bytes()


SIDES: dict[str, Callable[[], bytes]] = {"floor": write_floor, "summary": write_summary}


def measure(side: str) -> dict[str, float]:
    """One side in this process: seconds of CPU and, in a second run, the peak of allocated bytes."""
    write = SIDES[side]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    write()  # imports and caches
    growth = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    seconds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        size = len(write())
        seconds.append(time.process_time() - start)
    tracemalloc.start()
    write()
    peak = tracemalloc.get_traced_memory()[1]
    return {"cpu_seconds": min(seconds), "peak_bytes": peak, "growth_kb": growth, "file_bytes": size}


def main() -> None:
    results = {}
    for side in SIDES:
        root = str(Path(__file__).resolve().parent.parent)
        done = subprocess.run(
            [sys.executable, __file__, side],
            env={**os.environ, "PYTHONPATH": root},
            check=True,
            capture_output=True,
            text=True,
        )
        results[side] = json.loads(done.stdout)
    floor, summary = results["floor"], results["summary"]
    print(
        json.dumps(
            {
                "benchmark": "workbook",
                "rows": ROWS,
                "columns": COLUMNS,
                "cpu_ratio": round(summary["cpu_seconds"] / floor["cpu_seconds"], 2),
                "memory_ratio": round(summary["peak_bytes"] / floor["peak_bytes"], 2),
                "aim": 1.5,
                **{f"{side}_{key}": round(value, 3) for side in SIDES for key, value in results[side].items()},
            }
        )
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1])))
    else:
        main()
