"""Bulletins and letters as Word files, to the measures of GB/T 9704-2012."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, Twips

from . import measures as m
from . import words
from .chart import chart_png, chart_text
from .content import (
    Annex,
    Block,
    BulletinContent,
    BulletinItemContent,
    FiguresContent,
    LetterContent,
    TableBlock,
    cleaned_bulletin,
    cleaned_letter,
    marked,
)
from .text import balanced, split_heading
from .word_page import new_document
from .word_parts import (
    CENTRE,
    LEFT,
    RIGHT,
    border,
    float_to_page_end,
    indent_side,
    off_grid,
    set_cell_borders,
    set_column_widths,
    set_header,
    style_run,
)
from .word_tables import add_table

if TYPE_CHECKING:
    from docx.document import Document as DocumentObject
    from docx.text.paragraph import Paragraph

TYPE_WIDTH = m.twips(m.TYPE_WIDTH_MM)


def bulletin_docx(content: BulletinContent) -> bytes:
    """A bulletin (K-07) as .docx. What XML cannot carry is left out; `cleaned_bulletin` counts it."""
    clean, _removed = cleaned_bulletin(content)
    document = new_document(
        f"{clean.masthead}{clean.issue_line}",
        clean.office,
        clean.issued_on,
    )
    if clean.draft:
        set_header(document, words.DRAFT)
    _head(document, clean)
    if clean.corrects:
        style_run(document.add_paragraph(style="Body Text").add_run(clean.corrects), m.HEI_TI)
    if clean.editor_note:
        _editor_note(document, clean.editor_note)
    for item in clean.items:
        _item(document, item)
    if clean.figures:
        _figures(document, clean.figures)
    _distribution(document, clean)
    return _bytes(document)


def letter_docx(content: LetterContent) -> bytes:
    """A letter as .docx: title, number, addressee, body under counted headings, signature and date."""
    clean, _removed = cleaned_letter(content)
    document = new_document(clean.title, clean.signature, clean.signed_on)
    if clean.draft:
        set_header(document, clean.draft_words)
    if clean.number:
        document.add_paragraph(clean.number).alignment = RIGHT
    _title(document, clean.title)
    if clean.addressee:
        addressee = clean.addressee.rstrip("：:") + words.ADDRESSEE_END
        document.add_paragraph(addressee).alignment = LEFT
    _body_of_letter(document, clean.body)
    if isinstance(clean.body[-1] if clean.body else None, Block):
        document.paragraphs[-1].paragraph_format.keep_with_next = True  # no page with a signature alone
    if clean.annexes:
        _named_annexes(document, clean.annexes)
    _signature(document, clean.signature, words.long_date(clean.signed_on))
    for number, annex in enumerate(clean.annexes, 1):
        _annex(document, annex, number if len(clean.annexes) > 1 else 0)
    return _bytes(document)


def _title(document: DocumentObject, title: str) -> None:
    """In lines of about the same length: no last character on a line of its own."""
    lines = balanced(title, m.TITLE_UNITS)
    run = document.add_paragraph(style="Heading 1").add_run(lines[0])
    for line in lines[1:]:
        run.add_break()
        run.add_text(line)


def _body_of_letter(document: DocumentObject, body: Sequence[Block | TableBlock]) -> None:
    """Text, tables, and headings that count themselves."""
    for piece, mark in marked(body):
        if isinstance(piece, TableBlock):
            if piece.caption:
                _caption(document, piece.caption)
            add_table(document, piece.headers, piece.rows)
        elif piece.level:
            document.add_paragraph(f"{mark}{piece.text}", style=f"Heading {piece.level + 1}")
        else:
            run = document.add_paragraph(style="Body Text").add_run(piece.printed)
            if piece.to_fill:
                style_run(run, m.KAI_TI)


def _caption(document: DocumentObject, text: str) -> None:
    """The name of a table over it."""
    paragraph = document.add_paragraph()
    style_run(paragraph.add_run(text), m.HEI_TI)
    paragraph.alignment = CENTRE
    paragraph.paragraph_format.space_before = Twips(m.LINE_PITCH // 2)
    paragraph.paragraph_format.keep_with_next = True


def _named_annexes(document: DocumentObject, annexes: tuple[Annex, ...]) -> None:
    """附件：… under the body, the titles of several counted and under one another."""
    for number, annex in enumerate(annexes, 1):
        label = f"{words.ANNEX}：" if number == 1 else "　　　"
        mark = f"{number}.{annex.title}" if len(annexes) > 1 else annex.title
        line = document.add_paragraph(f"{label}{mark}", style="Body Text")
        line.paragraph_format.keep_with_next = True
        if number == 1:
            line.paragraph_format.space_before = Twips(m.LINE_PITCH)


def _annex(document: DocumentObject, annex: Annex, number: int) -> None:
    """On a page of its own: 附件 in SimHei at its head, then its title."""
    mark = document.add_paragraph()
    mark.alignment = LEFT
    mark.paragraph_format.page_break_before = True
    style_run(mark.add_run(f"{words.ANNEX}{number or ''}"), m.HEI_TI)
    _title(document, annex.title)
    _body_of_letter(document, annex.body)


def _bytes(document: DocumentObject) -> bytes:
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _head(document: DocumentObject, content: BulletinContent) -> None:
    """Classification, the red name, the issue in brackets, office and date, and the red rule."""
    if content.classification:
        line = document.add_paragraph()
        line.alignment = LEFT
        style_run(line.add_run(content.classification), m.HEI_TI, m.SIZE_3)
    size = m.masthead_size(content.masthead)
    name = document.add_paragraph()
    name.alignment = CENTRE
    name.paragraph_format.line_spacing = Pt(round(size * 1.3))
    name.paragraph_format.space_before = Twips(m.LINE_PITCH // (2 if content.classification else 1))
    name.paragraph_format.space_after = Twips(m.LINE_PITCH // 2)
    off_grid(name._p.get_or_add_pPr())
    style_run(name.add_run(content.masthead), m.XIAO_BIAO_SONG, size, red=True)
    document.add_paragraph(content.issue_line).alignment = CENTRE
    _office_and_date(document, content.office, words.long_date(content.issued_on))


def _office_and_date(document: DocumentObject, office: str, date: str) -> None:
    """Office left, date right, one character in; on two lines where a long name leaves no room."""
    one = m.SIZE_3 * 20
    if not m.fits_one_line(office, date):
        first = document.add_paragraph(office)
        first.alignment = LEFT
        indent_side(first, "left", 1, m.SIZE_3)
        first.paragraph_format.space_before = Twips(m.LINE_PITCH // 2)
        line = document.add_paragraph(f"\t{date}")
    else:
        line = document.add_paragraph(f"\t{office}\t{date}")
        line.paragraph_format.tab_stops.add_tab_stop(Twips(one))
        line.paragraph_format.space_before = Twips(m.LINE_PITCH // 2)
    line.alignment = LEFT
    line.paragraph_format.tab_stops.add_tab_stop(Twips(TYPE_WIDTH - one), WD_TAB_ALIGNMENT.RIGHT)
    border(line, colour=m.RED, points=m.RULE_PT, gap=4)


def _editor_note(document: DocumentObject, note: str) -> None:
    for number, text in enumerate(note.split("\n")):
        paragraph = document.add_paragraph(style="Body Text")
        if number == 0:
            paragraph.paragraph_format.space_before = Twips(m.LINE_PITCH // 2)
            style_run(paragraph.add_run(words.EDITOR_NOTE), m.HEI_TI)
        style_run(paragraph.add_run(text), m.KAI_TI)


def _item(document: DocumentObject, item: BulletinItemContent) -> None:
    document.add_paragraph(item.title, style="Heading 1")
    paragraph: Paragraph | None = None
    for text in item.paragraphs:
        paragraph = _body(document, text)
    if item.source:
        if paragraph is not None and m.kept_with_source(paragraph.text):
            paragraph.paragraph_format.keep_with_next = True
        source = document.add_paragraph()
        source.alignment = RIGHT
        indent_side(source, "right", 2, m.SIZE_3)
        style_run(source.add_run(words.source_line(item.source)), m.KAI_TI)


def _body(document: DocumentObject, text: str) -> Paragraph:
    """A paragraph of text; a marked heading at its start in that level's font."""
    level, heading, rest = split_heading(text)
    paragraph = document.add_paragraph(style="Body Text")
    if level:
        style_run(paragraph.add_run(heading), m.HEADING_FONTS[level])
        paragraph.paragraph_format.keep_with_next = not rest
    if rest:
        paragraph.add_run(rest)
    return paragraph


def _figures(document: DocumentObject, figures: FiguresContent) -> None:
    document.add_paragraph(figures.title or words.FIGURES, style="Heading 1")
    for sentence in figures.sentences:
        last = _body(document, sentence)
        last.paragraph_format.space_after = Twips(m.LINE_PITCH // 4)
    if figures.chart:
        _chart(document, figures)
    if not figures.headers:
        return
    add_table(document, figures.headers, figures.rows)


def _chart(document: DocumentObject, figures: FiguresContent) -> None:
    """The chart as a picture as wide as the type area; on a line of its own height, or the grid would cut it."""
    picture = document.add_picture(BytesIO(chart_png(figures.chart)), width=Mm(m.TYPE_WIDTH_MM))
    picture._inline.docPr.set("descr", chart_text(figures.chart))
    line = document.paragraphs[-1]
    line.alignment = CENTRE
    line.paragraph_format.line_spacing = 1.0
    line.paragraph_format.space_after = Twips(m.LINE_PITCH // 4)
    off_grid(line._p.get_or_add_pPr())


def _distribution(document: DocumentObject, content: BulletinContent) -> None:
    """报、送、发 under a rule and the number of copies, at the foot of the last page."""
    lines = words.distribution(content.report_to, content.copy_to, content.distribute_to)
    copies = [words.copies_line(content.copies)] if content.copies is not None else []
    if not lines and not copies:
        return
    table = document.add_table(rows=len(lines) + len(copies), cols=1)
    set_column_widths(table, [TYPE_WIDTH])
    for number, row in enumerate(table.rows):
        cell, last = row.cells[0], number == len(table.rows) - 1
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.line_spacing = Pt(26)
        off_grid(paragraph._p.get_or_add_pPr())
        top = 1 if number == 0 else 0.75 if number == len(lines) else 0
        set_cell_borders(cell, top=top, bottom=1 if last else 0.75 if number == len(lines) - 1 else 0)
        if number < len(lines):
            label, value = lines[number]
            _hanging(paragraph)
            style_run(paragraph.add_run(label), m.HEI_TI, m.SIZE_4)
            style_run(paragraph.add_run(value), m.FANG_SONG, m.SIZE_4)
        else:
            paragraph.alignment = RIGHT
            indent_side(paragraph, "right", 1, m.SIZE_4)
            style_run(paragraph.add_run(copies[0]), m.FANG_SONG, m.SIZE_4)
    float_to_page_end(table)
    document.add_paragraph().paragraph_format.line_spacing = Pt(1)  # the anchor


def _hanging(paragraph: Paragraph) -> None:
    """One character in at both sides; further lines stand under the text, not under its label."""
    indent_side(paragraph, "left", 3, m.SIZE_4)
    indent_side(paragraph, "right", 1, m.SIZE_4)
    ind = paragraph._p.get_or_add_pPr().get_or_add_ind()
    ind.set(qn("w:hangingChars"), "200")
    ind.set(qn("w:hanging"), str(2 * m.SIZE_4 * 20))


def _signature(document: DocumentObject, name: str, date: str) -> None:
    """The name centred over the date, the date four characters in, a line under the body."""
    edge = 4.0
    name_edge = max(0.0, edge + (m.text_units(date) - m.text_units(name)) / 2)
    for text, indent, before in ((name, name_edge, 2), (date, edge, 0)):
        line = document.add_paragraph(text)
        line.alignment = RIGHT
        line.paragraph_format.space_before = Twips(before * m.LINE_PITCH)
        line.paragraph_format.keep_with_next = text is name
        indent_side(line, "right", indent, m.SIZE_3)
