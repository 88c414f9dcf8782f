"""What python-docx has no words for: the grid, East Asian fonts, rules, page numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor, Twips

from . import measures as m
from .words import PAGE_DASH

if TYPE_CHECKING:
    from docx.document import Document as DocumentObject
    from docx.section import Section
    from docx.styles.style import ParagraphStyle
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

CENTRE, LEFT, RIGHT, BOTH = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)

# Children of w:pPr must stand in the schema's order, or Word calls the file damaged.
PPR_AFTER_BORDERS = (
    "w:shd",
    "w:tabs",
    "w:suppressAutoHyphens",
    "w:kinsoku",
    "w:wordWrap",
    "w:overflowPunct",
    "w:topLinePunct",
    "w:autoSpaceDE",
    "w:autoSpaceDN",
    "w:bidi",
    "w:adjustRightInd",
    "w:snapToGrid",
    "w:spacing",
    "w:ind",
    "w:contextualSpacing",
    "w:mirrorIndents",
    "w:suppressOverlap",
    "w:jc",
    "w:textDirection",
    "w:textAlignment",
    "w:textboxTightWrap",
    "w:outlineLvl",
    "w:divId",
    "w:cnfStyle",
    "w:rPr",
    "w:sectPr",
    "w:pPrChange",
)
PPR_AFTER_GRID = PPR_AFTER_BORDERS[PPR_AFTER_BORDERS.index("w:spacing") :]

WORD_URI = "http://schemas.microsoft.com/office/word"
SETTINGS_AFTER_COMPAT = (
    "w:docVars",
    "w:rsids",
    "m:mathPr",
    "w:attachedSchema",
    "w:themeFontLang",
    "w:clrSchemeMapping",
    "w:shapeDefaults",
    "w:decimalSymbol",
    "w:listSeparator",
)


def element(tag: str, **attributes: object) -> Any:
    """An element in Word's namespace with its attributes: element("w:docGrid", linePitch=579)."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def set_fonts(rpr: Any, font: str) -> None:
    """One font for every script, by name. Word takes eastAsia for Chinese, so that it must be set as well."""
    fonts = rpr.get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), font)
    fonts.set(qn("w:hint"), "eastAsia")  # curly quotes and dashes in the Chinese font, at full width


def style_run(run: Run, font: str, size: float | None = None, *, red: bool = False) -> Run:
    """Font by name, size in points, and red where the form wants it."""
    set_fonts(run._r.get_or_add_rPr(), font)
    if size is not None:
        run.font.size = Pt(size)
    if red:
        run.font.color.rgb = RGBColor.from_string(m.RED)
    return run


def indent_first_line(paragraph_properties: Any, characters: int = 2) -> None:
    """Two characters, said in characters; the twips beside it are for readers that do not know them."""
    ind = paragraph_properties.get_or_add_ind()
    ind.set(qn("w:firstLineChars"), str(characters * 100))
    ind.set(qn("w:firstLine"), str(characters * m.SIZE_3 * 20))


def indent_side(paragraph: Paragraph, side: str, characters: float, size: float) -> None:
    """Move one side ("left" or "right") in by a number of characters of that size in points."""
    ind = paragraph._p.get_or_add_pPr().get_or_add_ind()
    ind.set(qn(f"w:{side}Chars"), str(round(characters * 100)))
    ind.set(qn(f"w:{side}"), str(round(characters * size * 20)))


def border(paragraph: Paragraph, *, colour: str, points: float, gap: int = 0) -> None:
    """A rule under a paragraph, as wide as the paragraph: 156 mm where it is not indented."""
    borders = element("w:pBdr")
    borders.append(element("w:bottom", val="single", sz=round(points * 8), space=gap, color=colour))
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *PPR_AFTER_BORDERS)


def field(paragraph: Paragraph, instruction: str, font: str, size: float) -> None:
    """A field that Word computes, such as PAGE."""
    for kind in ("begin", None, "separate", "text", "end"):
        run = style_run(paragraph.add_run(), font, size)
        if kind is None:
            text = element("w:instrText")
            text.set(qn("xml:space"), "preserve")
            text.text = f" {instruction} "
            run._r.append(text)
        elif kind == "text":
            run.add_text("1")
        else:
            run._r.append(element("w:fldChar", fldCharType=kind))


def set_page(document: DocumentObject) -> None:
    """A4 with the margins of the standard and the grid of 22 lines by 28 characters."""
    section: Section = document.sections[0]
    width, height = m.PAGE_MM
    section.page_width, section.page_height = Twips(m.twips(width)), Twips(m.twips(height))
    section.top_margin, section.bottom_margin = Twips(m.twips(m.TOP_MM)), Twips(m.twips(m.BOTTOM_MM))
    section.left_margin, section.right_margin = Twips(m.twips(m.LEFT_MM)), Twips(m.twips(m.RIGHT_MM))
    section.gutter = Twips(0)
    section.header_distance = Twips(m.twips(20))
    # The page number stands 7 mm under the type area.
    section.footer_distance = Twips(m.twips(m.BOTTOM_MM - 7) - m.SIZE_4 * 26)
    properties = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    properties.append(element("w:docGrid", type="linesAndChars", linePitch=m.LINE_PITCH, charSpace=m.CHAR_SPACE))


def set_page_numbers(document: DocumentObject) -> None:
    """— 1 — in size 4 SongTi, odd pages right, even pages left, one character in."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    sides = ((section.footer, RIGHT, "right"), (section.even_page_footer, LEFT, "left"))
    for footer, alignment, side in sides:
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = document.styles["Normal"]
        paragraph.alignment = alignment
        paragraph.paragraph_format.line_spacing = 1.0
        indent_side(paragraph, side, 1, m.SIZE_4)
        style_run(paragraph.add_run(f"{PAGE_DASH} "), m.SONG_TI, m.SIZE_4)
        field(paragraph, "PAGE", m.SONG_TI, m.SIZE_4)
        style_run(paragraph.add_run(f" {PAGE_DASH}"), m.SONG_TI, m.SIZE_4)


def set_modern_layout(document: DocumentObject) -> None:
    """Have Word lay the file out as a current one, not in compatibility mode."""
    settings = document.settings.element
    compat = settings.find(qn("w:compat"))
    if compat is None:
        compat = element("w:compat")
        settings.insert_element_before(compat, *SETTINGS_AFTER_COMPAT)
    for old in compat.findall(qn("w:compatSetting")):
        compat.remove(old)
    compat.append(element("w:compatSetting", name="compatibilityMode", uri=WORD_URI, val=15))


def set_header(document: DocumentObject, text: str) -> None:
    """A line at the head of every page, odd and even."""
    section = document.sections[0]
    for header in (section.header, section.even_page_header):
        header.is_linked_to_previous = False
        paragraph = header.paragraphs[0]
        paragraph.style = document.styles["Normal"]
        paragraph.alignment = RIGHT
        style_run(paragraph.add_run(text), m.HEI_TI, m.SIZE_4)


def _define(document: DocumentObject, name: str, font: str, size: float) -> ParagraphStyle:
    """A paragraph style of our own, or a built-in one stripped of what the template gave it."""
    styles = document.styles
    known = name in [style.name for style in styles]
    style: ParagraphStyle = styles[name] if known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    for tag in ("w:rPr", "w:pPr"):
        for old in style.element.findall(qn(tag)):
            style.element.remove(old)
    set_fonts(style.element.get_or_add_rPr(), font)
    style.font.size = Pt(size)
    style.font.bold = False
    style.font.color.rgb = RGBColor(0, 0, 0)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    if name != "Normal":
        style.base_style = styles["Normal"]
    return style


def define_styles(document: DocumentObject) -> None:
    """The styles of the form. Headings are Word's own, so that its navigation pane shows the parts."""
    # Word takes the grid's character from Normal, LibreOffice and WPS from the defaults: both must be size 3.
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in list(defaults):
        defaults.remove(old)
    set_fonts(defaults, m.FANG_SONG)
    # 28 characters to the line by their spacing, 22 lines to the page by the line's height: the same as by the grid.
    # Paragraphs keep off the grid itself, whose cell is 0.2 pt narrower than a size 3 character: Word squeezes the
    # character into it, LibreOffice gives it two cells.
    defaults.append(element("w:spacing", val=m.CLOSER))
    defaults.append(element("w:sz", val=m.SIZE_3 * 2))
    defaults.append(element("w:szCs", val=m.SIZE_3 * 2))
    normal = _define(document, "Normal", m.FANG_SONG, m.SIZE_3)
    normal.paragraph_format.line_spacing = Twips(m.LINE_PITCH)
    normal.paragraph_format.alignment = BOTH
    off_grid(normal.element.get_or_add_pPr())
    normal.element.get_or_add_rPr().append(element("w:lang", val="en-US", eastAsia="zh-CN"))
    body = _define(document, "Body Text", m.FANG_SONG, m.SIZE_3)
    indent_first_line(body.element.get_or_add_pPr())
    title = _define(document, "Heading 1", m.XIAO_BIAO_SONG, m.SIZE_2)
    title.paragraph_format.alignment = CENTRE
    title.paragraph_format.line_spacing = Pt(35)
    title.paragraph_format.keep_with_next = True
    title.paragraph_format.space_before = Twips(m.LINE_PITCH)
    title.paragraph_format.space_after = Twips(m.LINE_PITCH // 2)
    title.element.get_or_add_pPr().append(element("w:outlineLvl", val=0))
    off_grid(title.element.get_or_add_pPr())
    for level, font in m.HEADING_FONTS.items():
        heading = _define(document, f"Heading {level + 1}", font, m.SIZE_3)
        indent_first_line(heading.element.get_or_add_pPr())
        heading.paragraph_format.keep_with_next = True
        heading.element.get_or_add_pPr().append(element("w:outlineLvl", val=level))


def set_cell_borders(cell: Any, **sides: float) -> None:
    """Rules round a table's cell, in points; a side that is not named has none."""
    properties = cell._tc.get_or_add_tcPr()
    borders = element("w:tcBorders")
    for side in ("top", "left", "bottom", "right"):
        points = sides.get(side, 0)
        line = {"val": "single", "sz": round(points * 8), "color": "000000"} if points else {"val": "nil"}
        borders.append(element(f"w:{side}", space=0, **line))
    properties.append(borders)


def set_column_widths(table: Any, widths: Sequence[int]) -> None:
    """Widths in twips that hold: fixed layout, in the grid and in every cell."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Twips(width)
        for cell in column.cells:
            cell.width = Twips(width)


def whole_row(row: Any) -> None:
    """Keep a table's row on one page."""
    row._tr.get_or_add_trPr().append(element("w:cantSplit"))


def repeat_row(row: Any) -> None:
    """Repeat a table's head on each page it runs over."""
    row._tr.get_or_add_trPr().append(element("w:tblHeader"))


def float_to_page_end(table: Any) -> None:
    """Hang a table at the foot of the type area of the page on which the paragraph after it falls."""
    properties = table._tbl.tblPr
    place = element(
        "w:tblpPr",
        leftFromText=0,
        rightFromText=0,
        topFromText=120,
        bottomFromText=0,
        vertAnchor="margin",
        horzAnchor="page",  # LibreOffice floats a table of full width only if it is placed on the page
        tblpX=m.twips(m.LEFT_MM),
        tblpYSpec="bottom",
    )
    style = properties.find(qn("w:tblStyle"))
    properties.insert(0 if style is None else 1, place)
    place.addnext(element("w:tblOverlap", val="never"))
    margins = element("w:tblCellMar")  # none, so that its rules are as wide as the type area
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w=0, type="dxa"))
    properties.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription")


def off_grid(properties: Any) -> None:
    """Let a style or paragraph that is not set in size 3 keep its own character widths."""
    properties.insert_element_before(element("w:snapToGrid", val=0), *PPR_AFTER_GRID)
