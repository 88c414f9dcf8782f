"""A sheet of a workbook as text: for small sheets that have one header and nothing to guess."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from units.roster.formulas import formula_cells
from units.roster.records import RosterUnreadable

HEADER_WITHIN = 10  # rows in which a heading is looked for


def read_plain(path: str, most_rows: int, most_columns: int) -> list[list[str]]:
    """Cells by row, empty ones as ''; a date as 2026-04-03. Raises RosterUnreadable, also for a sheet too large."""
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            return _texts(workbook.get_sheet_by_index(0), most_rows, most_columns)
    except PasswordError:
        raise RosterUnreadable("encrypted") from None
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, IndexError) as error:
        raise RosterUnreadable("damaged") from error


def read_headed(path: str, headings: Collection[str], most_rows: int, most_columns: int) -> dict[str, Any]:
    """The first sheet in whose upper rows one of the `headings` stands: name, rows, cells that hold a formula.

    All empty where no sheet has such a heading. Raises RosterUnreadable, also for a sheet too large.
    """
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            for name in workbook.sheet_names:
                rows = _texts(workbook.get_sheet_by_name(name), most_rows, most_columns)
                if _has_heading(rows, headings):
                    return {"sheet": name, "rows": rows, "formulas": formula_cells(Path(path), name)}
    except PasswordError:
        raise RosterUnreadable("encrypted") from None
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, IndexError, KeyError) as error:
        raise RosterUnreadable("damaged") from error
    return {"sheet": "", "rows": [], "formulas": []}


def _has_heading(rows: Sequence[Sequence[str]], headings: Collection[str]) -> bool:
    return any("".join(cell.split()).lower() in headings for row in rows[:HEADER_WITHIN] for cell in row)


def _texts(sheet: CalamineSheet, most_rows: int, most_columns: int) -> list[list[str]]:
    if sheet.total_height > most_rows or sheet.total_width > 1000:
        raise RosterUnreadable("too_large", size=f"{sheet.total_height} × {sheet.total_width}")
    cells = sheet.to_python(skip_empty_area=False, nrows=most_rows)
    return [[as_text(cell) for cell in row[:most_columns]] for row in cells]


def as_text(cell: object) -> str:
    """As an office would type it: 5 for 5.0, 2026-04-03 for a date at midnight."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(sep=" ")
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell).strip()
