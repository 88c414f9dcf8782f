"""The words of an uploaded file, for the search: Word (.docx) and Excel (.xlsx). PDF and pictures are not read."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from lxml.etree import LxmlError
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MOST = 200_000  # characters kept of one file
READABLE = (".docx", ".xlsx")
# What the two readers raise on files whose container is sound but whose content is not.
_FAULTS = (OpcError, LxmlError, InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError)


def text_of(file: Any) -> str | None:
    """The text of a file, at most MOST characters; None where it cannot be read. The file is put back to its start."""
    suffix = PurePath(str(file.name)).suffix.lower()
    reader = {".docx": _words, ".xlsx": _cells}.get(suffix)
    if reader is None:
        return None
    file.seek(0)
    try:
        return _joined(reader(file))
    except _FAULTS:
        return None
    finally:
        file.seek(0)


def _joined(parts: Iterator[str]) -> str:
    kept: list[str] = []
    length = 0
    for part in parts:
        if part.strip():
            kept.append(part.strip())
            length += len(kept[-1]) + 1
        if length > MOST:
            break
    # PostgreSQL keeps no NUL in a text.
    return "\n".join(kept).replace("\x00", "")[:MOST]


def _words(file: Any) -> Iterator[str]:
    document = docx.Document(file)
    for paragraph in document.paragraphs:
        yield paragraph.text
    for table in document.tables:
        for row in table.rows:
            yield " ".join(cell.text for cell in row.cells)
    for section in document.sections:
        for part in (section.header, section.footer):
            yield from (paragraph.text for paragraph in part.paragraphs)


def _cells(file: Any) -> Iterator[str]:
    book = load_workbook(file, read_only=True, data_only=True)
    for sheet in book.worksheets:
        yield sheet.title
        for row in sheet.iter_rows(values_only=True):
            yield " ".join(str(value) for value in row if value is not None)
