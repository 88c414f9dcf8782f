"""Tables of a Word file: figures in a bulletin or an annex, and the sign-in sheet (签到表)."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.shared import Mm, Pt

from . import measures as m
from . import words
from .content import SignInContent, SignInGroup, cleaned_sign_in
from .word_page import new_document
from .word_parts import CENTRE, LEFT, off_grid, repeat_row, set_cell_borders, set_column_widths, style_run, whole_row

if TYPE_CHECKING:
    from docx.document import Document as DocumentObject

TYPE_WIDTH = m.twips(m.TYPE_WIDTH_MM)
SIDE_BY_SIDE = 2  # blocks of number, name and signature on one line of the sheet
BLOCK_SHARES = (0.08, 0.18, 0.24)
BLANK = "　" * 7  # to write in by hand
ROW_MM = 11  # room for a hand
LEFT_FROM = 10  # characters of a long text


def add_table(document: DocumentObject, headers: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> None:
    """A table as wide as the type area in size small 4; its head is repeated, no row breaks over a page."""
    table = document.add_table(rows=0, cols=len(headers))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    from_left = [_from_left(column, [row[column] for row in rows]) for column in range(len(headers))]
    for position, values in enumerate((headers, *rows)):
        row = table.add_row()
        whole_row(row)
        for column, (cell, value) in enumerate(zip(row.cells, values, strict=True)):
            set_cell_borders(cell, top=0.5, left=0.5, bottom=0.5, right=0.5)
            write_cell(cell, value, m.FANG_SONG if position else m.HEI_TI)
            cell.paragraphs[0].alignment = LEFT if position and from_left[column] else CENTRE
    repeat_row(table.rows[0])
    set_column_widths(table, [round(share * TYPE_WIDTH) for share in m.column_shares(headers, rows)])


def _from_left(column: int, values: list[str]) -> bool:
    """Names in the first column and long texts are set from the left; numbers and short words are centred."""
    named = column == 0 and not all(value.isdigit() for value in values)
    return named or any(m.text_units(value) > LEFT_FROM for value in values)


def write_cell(cell: Any, text: str, font: str, size: float = m.SIZE_SMALL_4) -> None:
    """One line of text in a cell, off the grid of the page."""
    paragraph = cell.paragraphs[0]
    paragraph.alignment = CENTRE
    paragraph.paragraph_format.line_spacing = Pt(size + 8)
    off_grid(paragraph._p.get_or_add_pPr())
    style_run(paragraph.add_run(text), font, size)


# ---------------------------------------------------------------- sign-in sheet
def sign_in_docx(content: SignInContent) -> bytes:
    """Names in two columns with room to sign; facts and column heads stand again on each further page."""
    clean = cleaned_sign_in(content)
    document = new_document(clean.title, clean.organization, clean.day)
    heading = document.add_paragraph(clean.title, style="Heading 1")
    heading.paragraph_format.space_before = Pt(0)
    expected = sum(len(group.people) for group in clean.groups)
    style_run(document.add_paragraph().add_run(words.SIGN_IN_COUNT % (expected or "　　　")), m.FANG_SONG)
    table = document.add_table(rows=0, cols=len(BLOCK_SHARES) * SIDE_BY_SIDE)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    first, *others = [f"{label}：{value or BLANK}" for label, value in clean.facts]
    _span(table, first, m.FANG_SONG, repeated=True, more="　".join(others))
    _line(table, [*words.SIGN_IN_HEAD] * SIDE_BY_SIDE, m.HEI_TI)
    repeat_row(table.rows[-1])
    number = 0
    for group in clean.groups:
        number = _group(table, group, number)
    set_column_widths(table, [round(share * TYPE_WIDTH) for share in BLOCK_SHARES * SIDE_BY_SIDE])
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _group(table: Any, group: SignInGroup, number: int) -> int:
    """The people of one group line by line, so that numbers run on over a page; returns the last number given."""
    people = [*group.people, *[""] * group.blanks]
    if not people:
        return number
    _span(table, group.name, m.KAI_TI, kept=True)
    for first in range(0, len(people), SIDE_BY_SIDE):
        values: list[str] = []
        for place in range(first, first + SIDE_BY_SIDE):
            there = place < len(people)
            values += [str(number + place + 1), people[place], ""] if there else ["", "", ""]
        _line(table, values, m.FANG_SONG)
    return number + len(people)


def _line(table: Any, values: list[str], font: str) -> None:
    row = _row(table)
    for cell, value in zip(row.cells, values, strict=True):
        set_cell_borders(cell, top=0.5, left=0.5, bottom=0.5, right=0.5)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        write_cell(cell, value, font, _fitting(value))


def _fitting(name: str) -> float:
    """A long name is set smaller, so that it stays on its line."""
    wide = m.text_units(name)
    return m.SIZE_SMALL_4 if wide <= 5 else 10.5 if wide <= 6.5 else 9


def _span(table: Any, text: str, font: str, *, more: str = "", repeated: bool = False, kept: bool = False) -> None:
    """A cell over all columns, `more` under its text; `kept` with the line after it."""
    row = _row(table)
    cell = row.cells[0].merge(row.cells[-1])
    set_cell_borders(cell, top=0.5, left=0.5, bottom=0.5, right=0.5)
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    write_cell(cell, text, font)
    if more:
        cell.paragraphs[0].runs[0].add_break()
        style_run(cell.paragraphs[0].add_run(more), font, m.SIZE_SMALL_4)
    cell.paragraphs[0].alignment = LEFT
    cell.paragraphs[0].paragraph_format.keep_with_next = kept
    if repeated:
        repeat_row(row)


def _row(table: Any) -> Any:
    row = table.add_row()
    whole_row(row)
    row.height, row.height_rule = Mm(ROW_MM), WD_ROW_HEIGHT_RULE.AT_LEAST
    return row
