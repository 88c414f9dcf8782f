"""Word files read back: every measure of the standard, the order of reading, and texts that mean harm."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from lxml import etree

from reports.documents import measures as m
from reports.documents.content import Block, BulletinItemContent, LetterContent
from reports.documents.layout import Deviation, NotAWordFile, check_docx
from reports.documents.word import bulletin_docx, letter_docx

from .document_samples import BULLETIN, DAY, LETTER, bulletin


def read(data: bytes):
    return Document(BytesIO(data))


def part(data: bytes, name: str) -> etree._Element:
    with ZipFile(BytesIO(data)) as archive:
        return etree.fromstring(archive.read(name))


def texts(document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs if paragraph.text]


def paragraph(document, text: str):
    found = [one for one in document.paragraphs if text in one.text]
    assert len(found) == 1, text
    return found[0]


def fonts(run) -> set[str]:
    element = run._r.rPr.find(qn("w:rFonts"))
    return {element.get(qn(f"w:{name}")) for name in ("ascii", "hAnsi", "eastAsia", "cs")}


def test_page_and_grid_are_those_of_the_standard():
    section = read(bulletin_docx(BULLETIN)).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    assert [round(margin.mm) for margin in margins] == [37, 28, 26, 35]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert {name: grid.get(qn(f"w:{name}")) for name in ("type", "linePitch", "charSpace")} == {
        "type": "linesAndChars",
        "linePitch": "579",
        "charSpace": "-848",
    }


def test_the_type_area_holds_22_lines_of_28_characters():
    pitch = m.LINE_PITCH / 20
    character = m.SIZE_3 + m.CHAR_SPACE / 4096
    assert int(225 / 25.4 * 72 / pitch) == 22
    assert int((m.TYPE_WIDTH_MM / 25.4 * 72 + 0.01) / character) == 28


def test_normal_and_the_defaults_are_size_3_fang_song_in_every_script():
    styles = part(bulletin_docx(BULLETIN), "word/styles.xml")
    normal = next(style for style in styles.iter(qn("w:style")) if style.get(qn("w:styleId")) == "Normal")
    for holder in (normal.find(qn("w:rPr")), styles.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")):
        assert holder.find(qn("w:sz")).get(qn("w:val")) == "32"
        font = holder.find(qn("w:rFonts"))
        assert {font.get(qn(f"w:{name}")) for name in ("ascii", "hAnsi", "eastAsia")} == {"仿宋_GB2312"}
        assert not [name for name in font.attrib if "Theme" in name]


def test_a_bulletin_is_read_in_its_order():
    document = read(bulletin_docx(BULLETIN))
    assert texts(document) == [
        "先进性教育活动简报",
        "（第3期　总第15期）",
        "\t清溪县委先进性教育活动领导小组办公室\t2005年3月5日",
        "编者按：县教育局党委的做法值得借鉴，现予编发。",
        "县教育局抓实学习动员",
        "一、加强领导。3月1日召开动员大会，应到27人，实到26人。",
        "（一）落实责任",
        "支部安排了两天集中培训。",
        "（县教育局先教办）",
        "离退休党员送学上门",
        "水务局支部送学到家，老党员周远明说很受教育。",
        "一周数据",
        "截至3月4日，116个单位中5个已转段，占4.3%。",
    ]
    figures, distribution = document.tables
    assert [[cell.text for cell in row.cells] for row in figures.rows] == [
        ["单位类别", "应参加", "已转段"],
        ["县级部门", "62", "3"],
        ["乡镇", "54", "2"],
    ]
    assert [row.cells[0].text for row in distribution.rows] == [
        "报：市委先教办",
        "送：县委各督导组",
        "发：各乡镇党委，县级各部门党组织",
        "共印150份",
    ]


def test_the_name_is_red_and_centred_and_the_rule_under_the_head_is_red_and_156_mm_wide():
    document = read(bulletin_docx(BULLETIN))
    name, line = document.paragraphs[0], paragraph(document, "2005年3月5日")
    assert name.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert fonts(name.runs[0]) == {"方正小标宋简体"}
    assert str(name.runs[0].font.color.rgb) == m.RED
    rule = line._p.pPr.find(f"{qn('w:pBdr')}/{qn('w:bottom')}")
    assert rule.get(qn("w:color")) == m.RED
    assert line._p.pPr.find(qn("w:ind")) is None  # a paragraph's rule is as wide as the paragraph
    section = document.sections[0]
    width = section.page_width.mm - section.left_margin.mm - section.right_margin.mm
    assert width == pytest.approx(156, abs=0.1)


def test_levels_have_their_fonts():
    document = read(bulletin_docx(BULLETIN))
    first = paragraph(document, "一、加强领导")
    assert [run.text for run in first.runs] == ["一、加强领导。", "3月1日召开动员大会，应到27人，实到26人。"]
    assert fonts(first.runs[0]) == {"黑体"}
    assert fonts(paragraph(document, "（一）落实责任").runs[0]) == {"楷体_GB2312"}
    assert first.style.name == "Body Text"


def test_body_text_starts_two_characters_in():
    styles = part(bulletin_docx(BULLETIN), "word/styles.xml")
    body = next(style for style in styles.iter(qn("w:style")) if style.get(qn("w:styleId")) == "BodyText")
    assert body.find(f"{qn('w:pPr')}/{qn('w:ind')}").get(qn("w:firstLineChars")) == "200"


def test_page_numbers_stand_outside_between_dashes():
    document = read(bulletin_docx(BULLETIN))
    assert document.settings.odd_and_even_pages_header_footer
    section = document.sections[0]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        line = footer.paragraphs[0]
        assert line.alignment.name == side.upper()
        assert line._p.pPr.find(qn("w:ind")).get(qn(f"w:{side}Chars")) == "100"
        assert line.text == "— 1 —"
        assert [text.text.strip() for text in line._p.iter(qn("w:instrText"))] == ["PAGE"]
        assert {run.font.size.pt for run in line.runs} == {14}
        assert set.union(*(fonts(run) for run in line.runs)) == {"宋体"}


def test_the_distribution_hangs_at_the_foot_of_the_last_page_under_a_rule():
    table = read(bulletin_docx(BULLETIN)).tables[-1]
    place = table._tbl.tblPr.find(qn("w:tblpPr"))
    assert (place.get(qn("w:vertAnchor")), place.get(qn("w:tblpYSpec"))) == ("margin", "bottom")
    assert place.get(qn("w:tblpX")) == str(m.twips(28))
    assert table.columns[0].width.twips == m.twips(156)
    top = table.rows[0].cells[0]._tc.tcPr.find(f"{qn('w:tcBorders')}/{qn('w:top')}")
    assert top.get(qn("w:val")) == "single"
    assert table.rows[-1].cells[0].paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.RIGHT
    following = table._tbl.getnext()
    assert following.tag == qn("w:p")  # what the table is anchored to, on the last page
    assert following.getnext().tag == qn("w:sectPr")


def test_what_is_not_there_leaves_no_trace():
    data = bulletin_docx(
        bulletin(
            items=(),
            figures=None,
            editor_note=None,
            report_to=None,
            copy_to=None,
            distribute_to=None,
            copies=None,
            total_number=None,
        )
    )
    document = read(data)
    assert texts(document) == [
        "先进性教育活动简报",
        "（第3期）",
        "\t清溪县委先进性教育活动领导小组办公室\t2005年3月5日",
    ]
    assert document.tables == []
    assert check_docx(data) == []


def test_classification_comes_first_and_a_draft_says_so_on_every_page():
    document = read(bulletin_docx(bulletin(classification="秘密★1年", draft=True, supplement=True)))
    assert texts(document)[0] == "秘密★1年"
    assert fonts(document.paragraphs[0].runs[0]) == {"黑体"}
    assert "（增刊第3期　总第15期）" in texts(document)
    section = document.sections[0]
    assert section.header.paragraphs[0].text == section.even_page_header.paragraphs[0].text == "草稿，未编发"


def test_an_office_with_a_long_name_gets_the_line_to_itself():
    office = "中共清溪县委保持共产党员先进性教育活动领导小组办公室"
    document = read(bulletin_docx(bulletin(office=office)))
    assert texts(document)[2:4] == [office, "\t2005年3月5日"]


def test_forty_items_and_a_huge_paragraph():
    items = tuple(
        BulletinItemContent(f"第{number}个支部的做法" + "很长的标题" * 9, ("支部" * 4000,)) for number in range(40)
    )
    data = bulletin_docx(bulletin(items=items))
    titles = [one.text for one in read(data).paragraphs if one.style.name == "Heading 1"]
    assert titles == [*(item.title for item in items), "一周数据"]
    assert check_docx(data) == []


def test_hostile_text_comes_back_as_typed():
    hostile = '<w:p/>&amp; "]]>" {{ x }} %s {0} =1+1 𠮷😀 96％ 参会率96'
    document = read(bulletin_docx(bulletin(items=(BulletinItemContent(hostile, (hostile + "\x00\x1f",)),))))
    assert texts(document).count(hostile) == 2


def test_the_children_of_a_paragraphs_properties_stand_in_the_schemas_order():
    order = [
        *("pStyle", "keepNext", "keepLines", "widowControl", "numPr", "pBdr", "shd", "tabs"),
        *("snapToGrid", "spacing", "ind", "contextualSpacing", "jc", "outlineLvl", "rPr", "sectPr"),
    ]
    data = bulletin_docx(bulletin(classification="秘密", draft=True))
    for name in ("word/document.xml", "word/styles.xml"):
        for properties in part(data, name).iter(qn("w:pPr")):
            places = [order.index(etree.QName(child).localname) for child in properties]
            assert places == sorted(places), etree.tostring(properties)


def test_the_file_says_who_made_it_and_when():
    properties = read(bulletin_docx(BULLETIN)).core_properties
    assert properties.title == "先进性教育活动简报（第3期　总第15期）"
    assert properties.author == "清溪县委先进性教育活动领导小组办公室"
    assert properties.created.date() == DAY


def test_a_letter_counts_its_headings_and_is_signed():
    data = letter_docx(LETTER)
    document = read(data)
    assert texts(document) == [
        "清先教办〔2005〕12号",
        "关于县教育局党委转入分析评议阶段的批复",
        "县教育局党委：",
        "请示收悉，现批复如下。",
        "一、同意转段",
        "二、有关要求",
        "（一）抓紧补课",
        "1.补课对象",
        "（1）流动党员",
        "（2）外出党员",
        "2.补课时限",
        "（二）继续巩固",
        "三、做好档案",
        "（一）档案目录",
        "县委先教办",
        "2005年3月5日",
    ]
    assert check_docx(data) == []
    name, date = document.paragraphs[-2:]
    edges = [int(line._p.pPr.find(qn("w:ind")).get(qn("w:rightChars"))) for line in (name, date)]
    assert edges == [450, 400]  # the name, five characters, centred over the date, six


def test_a_letter_keeps_one_colon_after_the_addressee():
    letter = LetterContent("题", "各乡镇党委：", (Block("正文"),), "先教办", DAY)
    assert texts(read(letter_docx(letter)))[1] == "各乡镇党委："


def changed(data: bytes, name: str, pattern: str, replacement: str) -> bytes:
    """The file with one part edited as somebody in Word might."""
    stream = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(stream, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == name:
                edited, count = re.subn(pattern, replacement, content.decode())
                assert count, pattern
                content = edited.encode()
            target.writestr(entry, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "pattern", "replacement", "what", "found"),
    [
        ("word/document.xml", 'w:top="2098"', 'w:top="1440"', "top margin", "25.4 mm"),
        ("word/document.xml", 'w:linePitch="579"', 'w:linePitch="312"', "grid linePitch", "312"),
        ("word/document.xml", 'w:eastAsia="楷体_GB2312"', 'w:eastAsia="微软雅黑"', "font", "微软雅黑"),
        ("word/styles.xml", 'w:val="44"', 'w:val="36"', "title size", "18 pt"),
        ("word/styles.xml", 'w:firstLineChars="200"', 'w:firstLineChars="0"', "first-line indent", "0"),
        ("word/settings.xml", "<w:evenAndOddHeaders/>", "", "page numbers", "odd and even alike"),
        ("word/footer1.xml", 'w:val="28"', 'w:val="21"', "page number size", "10.5 pt"),
    ],
)
def test_the_layout_check_finds_what_somebody_changed(name, pattern, replacement, what, found):
    deviations = check_docx(changed(bulletin_docx(BULLETIN), name, pattern, replacement))
    assert deviations
    assert {(deviation.what, deviation.found) for deviation in deviations} == {(what, found)}


def test_the_layout_check_names_the_place():
    document = Document()
    document.add_paragraph("随手写的一份材料")
    stream = BytesIO()
    document.save(stream)
    deviations = check_docx(stream.getvalue())
    assert Deviation("page width", "section 1", "210 mm", "215.9 mm") in deviations
    assert Deviation("text size", "随手写的一份材料", "16 pt", "11 pt") in deviations


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x03\x04 broken"])
def test_the_layout_check_refuses_what_is_no_word_file(data):
    with pytest.raises(NotAWordFile):
        check_docx(data)
