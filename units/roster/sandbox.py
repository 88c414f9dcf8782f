"""Opens strangers' workbooks in a process of their own, with little memory and little time."""

from __future__ import annotations

import datetime
import json
import os
import signal
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from units.roster.container import check_container
from units.roster.marked import Marking
from units.roster.records import Known, RosterReading, RosterUnreadable

_ROOT = Path(__file__).resolve().parents[2]
_KEPT = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "VIRTUAL_ENV")
_OUT_OF_MEMORY = 3
# Rust's readers abort when memory runs out; the kernel sends SIGXCPU when processor time does.
_MEMORY_SIGNALS = frozenset({-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS})
_TIME_SIGNALS = frozenset({-signal.SIGXCPU, -signal.SIGKILL})


def read_in_subprocess(
    path: str | Path,
    *,
    today: datetime.date,
    known: Known | None = None,
    seconds: int = 60,
    megabytes: int = 512,
) -> RosterReading:
    """Read and check an upload without risk to this process. Raises RosterUnreadable, and nothing else."""
    source = Path(path).resolve()
    check_container(source)
    known = known or Known()
    names = {name: sorted(getattr(known, name)) for name in ("branches", "organizations", "units")}
    task = {"do": "read", "path": str(source), "today": today.isoformat(), "known": names}
    answer = _run(task, seconds, megabytes)
    if "unreadable" in answer:
        raise RosterUnreadable(answer["unreadable"], **answer["params"])
    try:
        return RosterReading.from_json(answer["reading"])
    except (KeyError, TypeError, ValueError) as error:
        raise RosterUnreadable("crashed") from error


def rows_in_subprocess(
    path: str | Path, *, most_rows: int, most_columns: int = 30, seconds: int = 30, megabytes: int = 512
) -> list[list[str]]:
    """The cells of a workbook's first sheet as text, row by row. Raises RosterUnreadable, and nothing else."""
    source = Path(path).resolve()
    check_container(source)
    task = {"do": "rows", "path": str(source), "most_rows": most_rows, "most_columns": most_columns}
    answer = _run(task, seconds, megabytes)
    if "unreadable" in answer:
        raise RosterUnreadable(answer["unreadable"], **answer["params"])
    return [[str(cell) for cell in row] for row in answer["rows"]]


@dataclass(frozen=True)
class Headed:
    """A sheet as read: its name, its cells as text by row, and the names (D7) of those that hold a formula."""

    sheet: str
    rows: list[list[str]]
    formulas: frozenset[str]


def headed_in_subprocess(
    path: str | Path,
    *,
    headings: Collection[str],
    most_rows: int,
    most_columns: int = 60,
    seconds: int = 30,
    megabytes: int = 512,
) -> Headed:
    """The first sheet that has one of the `headings` (lower case, without spaces); without a name if there is none.

    Raises RosterUnreadable, and nothing else.
    """
    source = Path(path).resolve()
    check_container(source)
    task = {"do": "headed", "path": str(source), "headings": sorted(headings)}
    answer = _run({**task, "most_rows": most_rows, "most_columns": most_columns}, seconds, megabytes)
    if "unreadable" in answer:
        raise RosterUnreadable(answer["unreadable"], **answer["params"])
    rows = [[str(cell) for cell in row] for row in answer["rows"]]
    return Headed(str(answer["sheet"]), rows, frozenset(map(str, answer["formulas"])))


def write_marked_workbook(
    source_path: str | Path,
    reading: RosterReading,
    out_path: str | Path,
    *,
    seconds: int = 120,
    megabytes: int = 1024,
) -> None:
    """The workbook again: faulty cells coloured and commented, a list of the faults as its first sheet.

    The texts are in the active language. Raises RosterUnreadable when the copy cannot be made; `out_path` is
    then left alone.
    """
    source, out = Path(source_path).resolve(), Path(out_path).resolve()
    check_container(source)
    draft = out.with_name(f".{out.name}.{os.getpid()}.part")
    marking = Marking.of(reading).to_data()
    try:
        _run({"do": "mark", "path": str(source), "out": str(draft), "marking": marking}, seconds, megabytes)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)


def _run(task: dict[str, Any], seconds: int, megabytes: int) -> dict[str, Any]:
    order = json.dumps({**task, "seconds": seconds, "megabytes": megabytes}).encode()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "units.roster.child"],
            input=order,
            capture_output=True,
            cwd=_ROOT,
            env=_environment(),
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RosterUnreadable("too_slow", seconds=str(seconds)) from None
    code = done.returncode
    if code == _OUT_OF_MEMORY or code in _MEMORY_SIGNALS:
        raise RosterUnreadable("too_much_memory")
    if code in _TIME_SIGNALS:
        raise RosterUnreadable("too_slow", seconds=str(seconds))
    try:
        answer = json.loads(done.stdout) if code == 0 else None
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        # The child's last words help whoever looks after the server; the user gets the code's own sentence.
        raise RosterUnreadable("crashed") from ChildFailed(code, done.stderr.decode(errors="replace")[-2000:])
    return answer


def _environment() -> dict[str, str]:
    """What Python needs to start, and none of the secrets that stand in the server's environment."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, "PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"}


class ChildFailed(Exception):
    """The reading process ended without an answer: its exit code and the end of its error output."""
