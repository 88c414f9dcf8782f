"""The process that opens a stranger's workbook: `python -m units.roster.child`, run by sandbox.py.

Takes one JSON object on standard input, gives one on standard output. Its limits are set before it opens
anything, so that a hostile file can end this process but not its parent. Needs no settings, no database.
"""

from __future__ import annotations

import datetime
import gc
import json
import resource
import sys
from typing import Any


def limit(seconds: int, megabytes: int) -> None:
    """Bound this process: processor seconds, address space, and no core file."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1024 * 1024, megabytes * 1024 * 1024))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(task: dict[str, Any]) -> dict[str, Any]:
    """Read and check a roster; the reading as it crosses to the parent."""
    from units.roster.read import read_roster
    from units.roster.records import Known, RosterUnreadable

    known = Known(**{name: frozenset(names) for name, names in task["known"].items()})
    try:
        reading = read_roster(task["path"], today=datetime.date.fromisoformat(task["today"]), known=known)
    except RosterUnreadable as error:
        return {"unreadable": error.code, "params": error.params}
    return {"reading": reading.to_json()}


def mark(task: dict[str, Any]) -> dict[str, Any]:
    """Write the marked copy of a roster."""
    from units.roster.marked import Marking, apply_marks

    apply_marks(task["path"], Marking.from_data(task["marking"]), task["out"])
    return {"written": True}


def rows(task: dict[str, Any]) -> dict[str, Any]:
    """The cells of the first sheet as text, for the small sheets that other pages take (attendance, scores)."""
    from units.roster.plain import read_plain
    from units.roster.records import RosterUnreadable

    try:
        return {"rows": read_plain(task["path"], task["most_rows"], task["most_columns"])}
    except RosterUnreadable as error:
        return {"unreadable": error.code, "params": error.params}


def headed(task: dict[str, Any]) -> dict[str, Any]:
    """The sheet that has a heading, as text, for the lists that are edited in Excel and sent back."""
    from units.roster.plain import read_headed
    from units.roster.records import RosterUnreadable

    try:
        return read_headed(task["path"], task["headings"], task["most_rows"], task["most_columns"])
    except RosterUnreadable as error:
        return {"unreadable": error.code, "params": error.params}


TASKS = {"read": read, "mark": mark, "rows": rows, "headed": headed}


def main() -> int:
    """Exit code 3 says that memory ran out; whatever else is not 0 is a crash."""
    gc.disable()  # a short life and no cycles: collecting would only take time
    task = json.load(sys.stdin)
    limit(task["seconds"], task["megabytes"])
    try:
        json.dump(TASKS[task["do"]](task), sys.stdout)
    except MemoryError:
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
