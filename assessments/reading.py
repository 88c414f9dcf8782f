"""Reading the text of a Word file (.docx): paragraphs and tables in their order, nothing else."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _
from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml.etree import XMLSyntaxError

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 20 * 1024 * 1024
MOST_CHARACTERS = 100_000


class Unreadable(Exception):
    """The file cannot be taken; the sentence says why and what to do."""


def read_docx(content: bytes, name: str) -> str:
    """The text of a Word file, one paragraph a line. Raises Unreadable."""
    if len(content) > MOST_BYTES:
        raise Unreadable(
            _("“%(name)s” is larger than %(most)d MB. Take the pictures out, or copy the text into the page.")
            % {"name": name, "most": MOST_BYTES // (1024 * 1024)}
        )
    _check_package(content, name)
    try:
        document = Document(io.BytesIO(content))
        lines = list(_lines(document))
    except (PackageNotFoundError, KeyError, ValueError, ParseError, XMLSyntaxError, zipfile.BadZipFile):
        raise Unreadable(
            _("“%(name)s” is damaged: Word itself may be able to mend it. Open it there and save it anew.")
            % {"name": name}
        )
    text = "\n".join(lines).strip()
    if not text:
        raise Unreadable(
            _("“%(name)s” holds no text, perhaps only pictures of it. Type the text into the page.") % {"name": name}
        )
    if len(text) > MOST_CHARACTERS:
        raise Unreadable(
            _("“%(name)s” holds more than %(most)d characters. Is it the right file?")
            % {"name": name, "most": MOST_CHARACTERS}
        )
    return text


def _check_package(content: bytes, name: str) -> None:
    """A .docx, and not one that unpacks to something huge."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, ValueError):
        members = []
    if "word/document.xml" not in {member.filename for member in members}:
        raise Unreadable(
            _("“%(name)s” is no Word file of the present kind (.docx). Open it in Word or WPS and save it as .docx.")
            % {"name": name}
        )
    if sum(member.file_size for member in members) > MOST_UNPACKED:
        raise Unreadable(
            _("“%(name)s” is too large when unpacked. Take the pictures out, or copy the text into the page.")
            % {"name": name}
        )


def _lines(document: Document) -> Iterator[str]:
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            if block.text.strip():
                yield block.text.strip()
        elif isinstance(block, Table):
            for row in block.rows:
                cells = list(dict.fromkeys(cell.text.strip() for cell in row.cells))
                if any(cells):
                    yield " ".join(cell for cell in cells if cell)
