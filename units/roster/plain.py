"""The first sheet of a workbook as text: for small sheets that have one header and nothing to guess."""

from __future__ import annotations

import datetime
import zipfile

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from units.roster.records import RosterUnreadable


def read_plain(path: str, most_rows: int, most_columns: int) -> list[list[str]]:
    """Cells by row, empty ones as ''; a date as 2026-04-03. Raises RosterUnreadable, also for a sheet too large."""
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            sheet = workbook.get_sheet_by_index(0)
            if sheet.total_height > most_rows or sheet.total_width > 1000:
                raise RosterUnreadable("too_large", size=f"{sheet.total_height} × {sheet.total_width}")
            cells = sheet.to_python(skip_empty_area=False, nrows=most_rows)
    except PasswordError:
        raise RosterUnreadable("encrypted") from None
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, IndexError) as error:
        raise RosterUnreadable("damaged") from error
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
