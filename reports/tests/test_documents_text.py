"""Fixed words, clean text, headings known by their marks, measures."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.etree import Element

from reports.documents import measures, words
from reports.documents.content import Block, FiguresContent, cleaned_bulletin, cleaned_letter
from reports.documents.notes import CharactersRemoved, FontSubstituted, GlyphsMissing
from reports.documents.text import clean, clean_paragraphs, split_heading

from .document_samples import LETTER, bulletin


def test_dates_and_numbers_are_not_padded():
    assert words.long_date(dt.date(2005, 3, 5)) == "2005年3月5日"
    assert words.document_number(2005, 1) == "〔2005〕1号"
    assert words.document_number(2005, 12, "清先教办") == "清先教办〔2005〕12号"


@pytest.mark.parametrize(
    ("number", "total", "supplement", "line"),
    [
        (3, None, False, "（第3期）"),
        (3, 15, False, "（第3期　总第15期）"),
        (2, None, True, "（增刊第2期）"),
    ],
)
def test_issue_line(number, total, supplement, line):
    assert words.issue_line(number, total, supplement) == line


def test_headings_are_counted_in_chinese():
    counted = {1: "一", 9: "九", 10: "十", 11: "十一", 20: "二十", 21: "二十一", 99: "九十九"}
    assert {number: words.chinese_number(number) for number in counted} == counted
    assert [words.heading_mark(level, 2) for level in (1, 2, 3, 4)] == ["二、", "（二）", "2.", "（2）"]
    with pytest.raises(ValueError, match="1 to 99"):
        words.chinese_number(100)
    with pytest.raises(ValueError, match="1 to 4"):
        words.heading_mark(5, 1)


def test_control_characters_are_removed_and_counted_and_nothing_else_is_touched():
    assert clean("a\x00b\x0bc\ufffe") == ("abc", 3)
    damaged = "参会率96，占100％ 、“引号”…—\t<b>&amp;"
    assert clean(damaged) == (damaged, 0)


@given(st.text())
def test_clean_text_always_goes_into_xml(text):
    kept, removed = clean(text)
    element = Element("t")
    element.text = kept
    assert element.text == kept
    assert len(kept) + removed == len(text)


def test_typed_indents_and_blank_lines_go():
    paragraphs, removed = clean_paragraphs(("　　第一段。\r\n\r\n  第二段。 ", "\x07", "第三段。"))
    assert paragraphs == ("第一段。", "第二段。", "第三段。")
    assert removed == 1


@pytest.mark.parametrize(
    ("paragraph", "parts"),
    [
        ("一、加强领导", (1, "一、加强领导", "")),
        ("十二、加强领导。各单位要……", (1, "十二、加强领导。", "各单位要……")),
        ("（三）落实责任", (2, "（三）落实责任", "")),
        ("（三）落实责任。抓好分工。", (2, "（三）落实责任。", "抓好分工。")),
        ("一、" + "长" * 60 + "。后面", (0, "", "一、" + "长" * 60 + "。后面")),
        ("1.补课对象", (0, "", "1.补课对象")),
        ("一是加强领导。", (0, "", "一是加强领导。")),
        ("", (0, "", "")),
    ],
)
def test_headings_are_known_by_their_marks(paragraph, parts):
    assert split_heading(paragraph) == parts


def test_cleaning_a_bulletin_counts_every_field():
    content, removed = cleaned_bulletin(
        bulletin(masthead="简\x01报", editor_note="\x02", classification=" ", report_to="市\x03委")
    )
    assert removed == 3
    assert (content.masthead, content.editor_note, content.classification) == ("简报", None, None)
    assert content.report_to == "市委"


def test_only_the_first_line_of_a_heading_is_one():
    letter = LETTER.__class__("题", None, (Block("要求\n具体如下", 1),), "先教办", LETTER.signed_on)
    content, removed = cleaned_letter(letter)
    assert content.body == (Block("要求", 1), Block("具体如下", 0))
    assert removed == 0


def test_content_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="row 2 has 1 cells under 2 headers"):
        FiguresContent("数据", (), ("甲", "乙"), (("1", "2"), ("3",)))
    with pytest.raises(ValueError, match="level from 0 to 4"):
        Block("text", 5)


def test_a_long_name_gets_smaller_letters_within_bounds():
    sizes = [measures.masthead_size("简" * length) for length in (4, 9, 12, 40)]
    assert sizes[0] == measures.MASTHEAD_LARGEST
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] == measures.MASTHEAD_SMALLEST


def test_column_shares_fill_the_line_and_starve_none():
    shares = measures.column_shares(("名称", "数"), (("很长的单位名称" * 20, "1"),))
    assert sum(shares) == pytest.approx(1)
    assert shares[0] > shares[1] > 0.1


def test_notes_are_sentences():
    assert str(FontSubstituted("黑体", "Noto Sans SC")).count("黑体") == 1
    assert "2" in str(CharactersRemoved(2))
    assert "𠮷" in str(GlyphsMissing("𠮷"))


def test_the_typst_template_says_no_words_of_its_own():
    """Words come from words.py, so that Word and PDF cannot differ; Chinese stands in comments only."""
    template = Path(words.__file__).with_name("bulletin.typ").read_text(encoding="utf-8")
    code = "\n".join(line.partition("//")[0] for line in template.splitlines())
    assert [char for char in code if "\u4e00" <= char <= "\u9fff"] == []
