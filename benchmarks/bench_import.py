"""The roster import against its floor: the same workbook read by calamine alone and its rows inserted in bulk.

Import: everything that `import_workbook` does: reading in a limited process of its own, checking, comparing with the
database, writing in one transaction with moves, spellings and history. Floor: calamine's `to_python` of every sheet and
Django's `bulk_create` of the same organisations, work units and members from values that lie ready; nothing is checked.
Both write into the same empty tables of the database that DATABASE_URL names (a new SQLite file without it), sealed
columns sealed. Wall clock, best of three, each round in a fresh transaction that is rolled back.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "samples" / "county-roster.xlsx"
LARGE = 16_436
ROUNDS = 3
TODAY = dt.date(2026, 10, 12)
AIM = 3.0


def synthetic(path: Path, members: int) -> None:
    """The sample county with as many members, everybody with a sound number of his own."""
    from openpyxl import load_workbook

    from units.roster.identity import check_digit

    book = load_workbook(SAMPLE)
    sheet = book["党员基本信息汇总表"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4, max_row=1362)]
    sheet.delete_rows(4, sheet.max_row)
    chance = random.Random(1)
    for number in range(members):
        row = list(rows[number % len(rows)])
        birth = row[6].strftime("%Y%m%d")
        male = row[4] == "男"
        first17 = f"999{number // 500:03d}{birth}{number % 500 // 5:02d}{2 * (number % 5) + male}"
        row[0], row[3] = number + 1, first17 + check_digit(first17)
        row[12] = f"13{chance.randrange(10**9):09d}"
        sheet.append(row)
    book.save(path)


class Undo(Exception):
    """Leaves the transaction without a trace."""


def timed(work: Callable[[], Any]) -> float:
    """Seconds of the best round; what was written is rolled back."""
    from django.db import transaction

    best = float("inf")
    for _round in range(ROUNDS):
        try:
            with transaction.atomic():
                start = time.perf_counter()
                work()
                best = min(best, time.perf_counter() - start)
                raise Undo
        except Undo:
            continue
    return best


def the_import(path: Path) -> None:
    from units.actions.roster import import_workbook

    outcome = import_workbook(by=None, path=path, today=TODAY)
    assert outcome.accepted, outcome.errors[:3]


def ready_rows(path: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """What the import stores of this workbook, taken from the database once."""
    from django.db import transaction

    from units.models import Member, Organization, WorkUnit

    try:
        with transaction.atomic():
            the_import(path)
            taken = tuple(list(model.objects.values()) for model in (Organization, WorkUnit, Member))
            raise Undo
    except Undo:
        return taken  # type: ignore[return-value]


def the_floor(path: Path, rows: tuple[list[dict[str, Any]], ...]) -> None:
    from python_calamine import CalamineWorkbook

    from units.models import Member, Organization, WorkUnit

    with CalamineWorkbook.from_path(str(path)) as book:
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    for model, values in zip((Organization, WorkUnit, Member), rows, strict=True):
        model.objects.bulk_create([model(**each) for each in values], batch_size=1000)


def measure(path: Path, members: int) -> dict[str, Any]:
    """Both sides with one workbook; the floor's rows include their keys, so it asks the database for none."""
    rows = ready_rows(path)
    imported = timed(lambda: the_import(path))
    floor = timed(lambda: the_floor(path, rows))
    return {
        "members": members,
        "import_seconds": round(imported, 3),
        "floor_seconds": round(floor, 3),
        "ratio": round(imported / floor, 2),
    }


def main() -> None:
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)
    from units.models import Member

    assert not Member.objects.exists(), "the benchmark needs a database of its own"
    with tempfile.TemporaryDirectory() as folder:
        large = Path(folder) / "large.xlsx"
        synthetic(large, LARGE)
        results = [measure(SAMPLE, 1359), measure(large, LARGE)]
    worst = max(each["ratio"] for each in results)
    print(
        json.dumps(
            {"benchmark": "import", "database": connection.vendor, "ratio": worst, "aim": AIM, "results": results}
        )
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{home}/bench.sqlite3")
        main()
