"""Measures a Word file against GB/T 9704: page, grid, fonts and sizes as they take effect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from . import measures as m
from .text import split_heading

TOLERANCE_MM = 1.0  # what the standard allows
SAMPLE = 12
GRID = (("type", "linesAndChars"), ("linePitch", str(m.LINE_PITCH)), ("charSpace", str(m.CHAR_SPACE)))


class NotAWordFile(ValueError):
    """The bytes are no .docx that can be opened."""


@dataclass(frozen=True)
class Deviation:
    """One thing that differs from the standard; `where` is the page or the beginning of the paragraph."""

    what: str
    where: str
    expected: str
    found: str


def check_docx(data: bytes) -> list[Deviation]:
    """All deviations from margins, grid, fonts, sizes, indents and page numbers, in the file's order."""
    try:
        document = Document(BytesIO(data))
    except (BadZipFile, PackageNotFoundError, KeyError, ValueError) as error:
        raise NotAWordFile(str(error)) from error
    sizes = _Formats(document)
    found = [*_page(document), *_footers(document, sizes)]
    for paragraph in document.paragraphs:
        found += _paragraph(paragraph, sizes)
    for table in document.tables:
        for cell in table._cells:
            for paragraph in cell.paragraphs:
                found += _fonts(paragraph, sizes)
    return found


def check_bulletin(data: bytes) -> list[Deviation]:
    """What `check_docx` finds, and what a bulletin has besides: the red name and the red rule under its head."""
    found = check_docx(data)
    return [*_masthead(Document(BytesIO(data))), *found]


class _Formats:
    """What takes effect on a run: its own properties, else its style's, else the defaults."""

    def __init__(self, document: Any) -> None:
        defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
        self.default = defaults

    def _properties(self, run: Any, paragraph: Paragraph) -> Iterator[Any]:
        yield run._r.rPr
        for style in (run.style, paragraph.style):
            while style is not None:
                yield style.element.find(qn("w:rPr"))
                style = style.base_style
        yield self.default

    def font(self, run: Any, paragraph: Paragraph) -> str:
        for properties in self._properties(run, paragraph):
            fonts = properties.find(qn("w:rFonts")) if properties is not None else None
            name = fonts.get(qn("w:eastAsia")) if fonts is not None else None
            if name:
                return str(name)
        return "–"

    def size(self, run: Any, paragraph: Paragraph) -> float:
        for properties in self._properties(run, paragraph):
            size = properties.find(qn("w:sz")) if properties is not None else None
            if size is not None:
                return int(size.get(qn("w:val"))) / 2
        return 10.0


def _page(document: Any) -> Iterator[Deviation]:
    for number, section in enumerate(document.sections, 1):
        where = f"section {number}"
        measured = {
            "page width": (section.page_width, m.PAGE_MM[0]),
            "page height": (section.page_height, m.PAGE_MM[1]),
            "top margin": (section.top_margin, m.TOP_MM),
            "left margin": (section.left_margin, m.LEFT_MM),
            "right margin": (section.right_margin, m.RIGHT_MM),
            "bottom margin": (section.bottom_margin, m.BOTTOM_MM),
        }
        for what, (length, wanted) in measured.items():
            if length is None:
                yield Deviation(what, where, f"{wanted} mm", "–")
            elif abs(length.mm - wanted) > TOLERANCE_MM:
                yield Deviation(what, where, f"{wanted} mm", f"{length.mm:.1f} mm")
        grid = section._sectPr.find(qn("w:docGrid"))
        for name, setting in GRID:
            value = grid.get(qn(f"w:{name}")) if grid is not None else None
            yield from _differs(f"grid {name}", where, setting, value or "–")


def _masthead(document: Any) -> Iterator[Deviation]:
    """The name first, large, red, centred and in XiaoBiaoSong; then a red rule over the whole type area."""
    formats = _Formats(document)
    head = next((p for p in document.paragraphs if any(_red(run) for run in p.runs)), None)
    if head is None:
        yield Deviation("masthead", "document", "red", "–")
    else:
        where, run = head.text[:SAMPLE], next(run for run in head.runs if _red(run))
        yield from _differs("masthead font", where, m.XIAO_BIAO_SONG, formats.font(run, head))
        alignment = head.alignment.name.lower() if head.alignment is not None else "left"
        yield from _differs("masthead place", where, "center", alignment)
        if formats.size(run, head) <= m.SIZE_2:
            yield Deviation("masthead size", where, f"> {m.SIZE_2} pt", f"{formats.size(run, head):g} pt")
    rules = (p for p in document.paragraphs if (b := _rule(p)) is not None and b.get(qn("w:color")) == m.RED)
    ruled = next(rules, None)
    if ruled is None:
        yield Deviation("red rule", "document", f"{m.TYPE_WIDTH_MM} mm", "–")
    elif ruled._p.pPr.find(qn("w:ind")) is not None:  # a paragraph's rule is as wide as the paragraph
        yield Deviation("red rule", ruled.text.strip()[:SAMPLE], f"{m.TYPE_WIDTH_MM} mm", "indented")


def _red(run: Any) -> bool:
    colour = run.font.color.rgb if run.font.color is not None else None
    return bool(run.text.strip()) and colour is not None and str(colour) == m.RED


def _rule(paragraph: Paragraph) -> Any:
    properties = paragraph._p.pPr
    return properties.find(f"{qn('w:pBdr')}/{qn('w:bottom')}") if properties is not None else None


def _footers(document: Any, formats: _Formats) -> Iterator[Deviation]:
    if not document.settings.odd_and_even_pages_header_footer:
        yield Deviation("page numbers", "document", "odd right, even left", "odd and even alike")
        return
    section = document.sections[0]
    sides = (("odd pages", section.footer, "right"), ("even pages", section.even_page_footer, "left"))
    for where, footer, wanted in sides:
        paragraphs = [p for p in footer.paragraphs if any("PAGE" in (t.text or "") for t in _instructions(p))]
        if not paragraphs:
            yield Deviation("page numbers", where, "— 1 —", "–")
            continue
        paragraph = paragraphs[0]
        alignment = paragraph.alignment.name.lower() if paragraph.alignment is not None else "left"
        if alignment != wanted:
            yield Deviation("page number side", where, wanted, alignment)
        for run in paragraph.runs:
            yield from _differs("page number font", where, m.SONG_TI, formats.font(run, paragraph))
            size = f"{formats.size(run, paragraph):g} pt"
            yield from _differs("page number size", where, f"{m.SIZE_4} pt", size)


def _instructions(paragraph: Paragraph) -> list[Any]:
    return list(paragraph._p.findall(f".//{qn('w:instrText')}"))


def _differs(what: str, where: str, expected: str, found: str) -> Iterator[Deviation]:
    if expected != found:
        yield Deviation(what, where, expected, found)


def _fonts(paragraph: Paragraph, formats: _Formats) -> Iterator[Deviation]:
    where = paragraph.text[:SAMPLE]
    for run in paragraph.runs:
        font = formats.font(run, paragraph)
        if run.text.strip() and font not in m.FONTS:
            yield Deviation("font", where, " / ".join(m.FONTS), font)


def _paragraph(paragraph: Paragraph, formats: _Formats) -> Iterator[Deviation]:
    """Titles in size 2 XiaoBiaoSong and not bold; text in size 3, body text indented two characters."""
    runs = [run for run in paragraph.runs if run.text.strip()]
    if not runs:
        return
    yield from _fonts(paragraph, formats)
    where, style = paragraph.text[:SAMPLE], paragraph.style.name if paragraph.style is not None else ""
    title = style in ("Heading 1", "Title")
    for run in runs:
        size, font = formats.size(run, paragraph), formats.font(run, paragraph)
        if title:
            yield from _differs("title font", where, m.XIAO_BIAO_SONG, font)
            yield from _differs("title size", where, f"{m.SIZE_2} pt", f"{size:g} pt")
            if run.bold:
                yield Deviation("title weight", where, "regular", "bold")
        elif font != m.XIAO_BIAO_SONG:
            yield from _differs("text size", where, f"{m.SIZE_3} pt", f"{size:g} pt")
    level, heading, _rest = split_heading(paragraph.text)
    first = formats.font(runs[0], paragraph)
    # A font that has no place in the document at all is named once, above.
    if level and style == "Body Text" and runs[0].text.strip() in heading and first in m.FONTS:
        yield from _differs(f"level {level} heading font", where, m.HEADING_FONTS[level], first)
    if style == "Body Text" or (style.startswith("Heading ") and not title):
        indent = _first_line_characters(paragraph)
        if indent != 200:
            yield Deviation("first-line indent", where, "2", f"{indent / 100:g}")


def _first_line_characters(paragraph: Paragraph) -> int:
    """The first line's indent in hundredths of a character, the paragraph's own or its style's."""
    holders: list[Any] = [paragraph._p.pPr]
    style = paragraph.style
    while style is not None:
        holders.append(style.element.find(qn("w:pPr")))
        style = style.base_style
    for properties in holders:
        ind = properties.find(qn("w:ind")) if properties is not None else None
        value = ind.get(qn("w:firstLineChars")) if ind is not None else None
        if value is not None:
            return int(value)
    return 0
