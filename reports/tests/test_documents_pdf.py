"""PDF files read back: text in order, fonts embedded, the same bytes each time, rare characters reported."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from reports.documents import fonts
from reports.documents import measures as m
from reports.documents.content import BulletinItemContent
from reports.documents.notes import CharactersRemoved, FontSubstituted, GlyphsMissing
from reports.documents.pdf import bulletin_pdf

from .document_samples import BULLETIN, DAY, bulletin


def make(content=BULLETIN):
    return bulletin_pdf(content, system_fonts=False)


def pages(data: bytes) -> list[str]:
    return [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(BytesIO(data)).pages]


def embedded(data: bytes) -> dict[str, bool]:
    """The fonts of a file and whether each stands in it."""
    found = {}
    for page in PdfReader(BytesIO(data)).pages:
        for font in page["/Resources"]["/Font"].values():
            descendant = font["/DescendantFonts"][0]
            descriptor = descendant["/FontDescriptor"]
            found[str(font["/BaseFont"])] = any(f"/FontFile{kind}" in descriptor for kind in ("", "2", "3"))
    return found


def test_the_text_stands_in_its_order():
    whole = "".join(pages(make().data))
    wanted = [
        "先进性教育活动简报",
        "（第3期总第15期）",
        "清溪县委先进性教育活动领导小组办公室",
        "2005年3月5日",
        "编者按：",
        "县教育局抓实学习动员",
        "一、加强领导。",
        "（一）落实责任",
        "支部安排了两天集中培训。",
        "（县教育局先教办）",
        "离退休党员送学上门",
        "一周数据",
        "占4.3%。",
        "县级部门623",
        "报：市委先教办",
        "送：县委各督导组",
        "发：各乡镇党委，县级各部门党组织",
        "共印150份",
    ]
    places = [whole.find(text) for text in wanted]
    assert -1 not in places, [text for text, place in zip(wanted, places, strict=True) if place == -1]
    assert places == sorted(places)


def test_the_page_is_a4_and_the_file_is_tagged_titled_and_in_chinese():
    reader = PdfReader(BytesIO(make().data))
    box = reader.pages[0].mediabox
    assert (round(float(box.width) * 25.4 / 72), round(float(box.height) * 25.4 / 72)) == (210, 297)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a PDF object, not a bool
    assert str(root["/Lang"]).startswith("zh")
    assert reader.metadata.title == "先进性教育活动简报（第3期　总第15期）"
    assert reader.metadata.creation_date.date() == DAY


def test_every_font_is_embedded_and_substitutes_are_named():
    result = make()
    found = embedded(result.data)
    assert found
    assert all(found.values())
    assert {choice.wanted: choice.used for choice in result.fonts} == {
        m.FANG_SONG: fonts.SERIF,
        m.KAI_TI: fonts.SERIF,
        m.HEI_TI: fonts.SANS,
        m.XIAO_BIAO_SONG: fonts.SERIF,
        m.SONG_TI: fonts.SERIF,
    }
    assert result.notes == tuple(FontSubstituted(choice.wanted, choice.used) for choice in result.fonts)


@pytest.mark.parametrize("installed", ["方正小标宋简体", "FZXiaoBiaoSong-B05S", "fzxiaobiaosong-b05s"])
def test_a_font_of_the_form_is_taken_where_it_is_installed(installed):
    chosen = fonts.choose_fonts(frozenset({installed, fonts.SERIF, fonts.SANS}))
    assert chosen[m.XIAO_BIAO_SONG].used == installed
    assert not chosen[m.XIAO_BIAO_SONG].substituted
    assert chosen[m.XIAO_BIAO_SONG].families == (installed, fonts.SERIF, fonts.SANS)
    assert chosen[m.HEI_TI].substituted


def test_the_same_content_gives_the_same_bytes():
    assert make().data == make().data
    assert make().data != make(bulletin(copies=151)).data


def test_page_numbers_change_sides():
    items = tuple(BulletinItemContent(f"标题{number}", ("内容" * 300,)) for number in range(6))
    reader = PdfReader(BytesIO(make(bulletin(items=items)).data))
    assert len(reader.pages) > 3
    for number, page in enumerate(reader.pages, 1):
        text = re.sub(r"\s", "", page.extract_text())
        assert f"—{number}—" in text
        places: list[float] = []
        page.extract_text(
            visitor_text=lambda text, cm, tm, font, size, places=places: (
                places.append(tm[4] * cm[0] + cm[4]) if "—" in text else None
            )
        )
        middle = float(page.mediabox.width) / 2
        assert places
        assert all((place > middle) == (number % 2 == 1) for place in places)


def test_no_items_is_one_page_with_the_distribution():
    result = make(bulletin(items=(), figures=None, editor_note=None))
    assert len(pages(result.data)) == 1
    assert "共印150份" in pages(result.data)[0]


def test_the_distribution_is_on_the_last_page_alone():
    texts = pages(make(bulletin(items=BULLETIN.items * 20)).data)
    assert len(texts) > 2
    assert [text for text in texts if "共印150份" in text] == [texts[-1]]


def test_markup_is_text():
    hostile = '#strong[x] *粗* $x^2$ \\ @ref <label> "引" #sys.inputs // 注 96％'
    text = "".join(pages(make(bulletin(items=(BulletinItemContent("标题", (hostile,)),))).data))
    assert re.sub(r"\s", "", hostile) in text


def test_control_characters_are_left_out_and_said():
    result = make(bulletin(editor_note="按\x00语\x07"))
    assert "编者按：按语" in "".join(pages(result.data))
    assert CharactersRemoved(2) in result.notes


def test_characters_without_a_glyph_are_named_and_the_file_is_made_all_the_same():
    result = make(bulletin(editor_note="𠮷野同志、\U0002a6d6同志、𠮷野同志"))
    assert result.notes[-1] == GlyphsMissing("𠮷\U0002a6d6")
    assert "县教育局抓实学习动员" in "".join(pages(result.data))


def test_a_draft_and_a_supplement_say_so():
    text = pages(make(bulletin(draft=True, supplement=True, classification="内部")).data)[0]
    assert "草稿，未编发" in text
    assert "（增刊第3期总第15期）" in text
    assert text.index("内部") < text.index("先进性教育活动简报")
