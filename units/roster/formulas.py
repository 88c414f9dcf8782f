"""Finds cells that hold a formula, or one that has failed (#REF!): the fast reader cannot tell, and gives a failed one
as empty, by which data would be lost."""

from __future__ import annotations

import zipfile
from pathlib import Path

_CHUNK = 1024 * 1024
_ERROR_TYPES = (b't="e"', b"t='e'")
_FORMULAS = (b"<f>", b"<f ", b"<f/>", b":f>", b":f ")
_OVERLAP = max(map(len, (*_ERROR_TYPES, *_FORMULAS))) - 1


def failed_formulas(path: Path) -> dict[str, set[tuple[int, int]]]:
    """Sheet name to (row, column), counted from 0, of every cell that shows an error value.

    Looks through the packed sheets for the mark of an error first: next to no workbook has one, and the slow
    reader that can tell which cell it is is not needed then.
    """
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as container:
        names = [name for name in container.namelist() if name.startswith("xl/worksheets/")]
        if not any(_has(container, name, _ERROR_TYPES) for name in names):
            return {}
    return _locate(path)


def formula_cells(path: Path, sheet: str) -> list[str]:
    """Names (D7) of the cells of a sheet that hold a formula; the slow reader is asked only where there may be one."""
    with zipfile.ZipFile(path) as container:
        names = [name for name in container.namelist() if name.startswith("xl/worksheets/")]
        if not any(_has(container, name, _FORMULAS) for name in names):
            return []
    from openpyxl import load_workbook  # slow to import, seldom needed

    workbook = load_workbook(path, read_only=True)
    try:
        found = workbook[sheet]
        found.reset_dimensions()  # what the file declares may be false
        return [cell.coordinate for row in found.iter_rows() for cell in row if cell.data_type == "f"]
    finally:
        workbook.close()


def _has(container: zipfile.ZipFile, name: str, marks: tuple[bytes, ...]) -> bool:
    tail = b""
    with container.open(name) as part:
        while chunk := part.read(_CHUNK):
            text = tail + chunk
            if any(mark in text for mark in marks):
                return True
            tail = text[-_OVERLAP:]
    return False


def _locate(path: Path) -> dict[str, set[tuple[int, int]]]:
    from openpyxl import load_workbook  # slow to import, seldom needed

    found: dict[str, set[tuple[int, int]]] = {}
    workbook = load_workbook(path, read_only=True, data_only=True)
    try:
        for sheet in workbook.worksheets:
            sheet.reset_dimensions()  # what the file declares may be false
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "e":
                        found.setdefault(sheet.title, set()).add((cell.row - 1, cell.column - 1))
    finally:
        workbook.close()
    return found
