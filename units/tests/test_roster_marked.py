"""The marked copy: faults coloured, commented and listed, all else as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import translation
from openpyxl import load_workbook
from openpyxl.comments import Comment

from units.roster import sandbox
from units.roster.read import read_roster
from units.roster.records import Known, RosterUnreadable
from units.tests.roster_books import TODAY, id_number, member, write_book

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
MEMBERS = "党员基本信息汇总表"


def marked(source: Path, out: Path, language: str = "zh-hans") -> Path:
    with translation.override(language):
        sandbox.write_marked_workbook(source, read_roster(source, today=TODAY), out)
    return out


def test_every_fault_of_the_county_is_coloured_commented_and_listed(tmp_path: Path) -> None:
    source = SAMPLES / "county-roster-faulty.xlsx"
    reading = read_roster(source, today=TODAY)
    before = load_workbook(source)

    after = load_workbook(marked(source, tmp_path / "marked.xlsx"))

    assert after.sheetnames == ["错误清单", *before.sheetnames]
    faulty = {(fault.sheet, fault.cell) for fault in reading.faults}
    for name in before.sheetnames:
        assert after[name].freeze_panes == before[name].freeze_panes
        for row in before[name].iter_rows():
            for old in row:
                new = after[name][old.coordinate]
                assert new.value == old.value
                assert new.number_format == old.number_format
                is_faulty = (name, old.coordinate) in faulty
                assert (new.comment is not None) == is_faulty
                assert (new.fill.fgColor.rgb == "FFFFD9CC") == is_faulty
    rows = list(after["错误清单"].iter_rows(values_only=True))
    assert rows[0] == ("表", "单元格", "列", "现在的值", "为什么不行", "怎么改")
    assert [row[1] for row in rows[1:]] == [fault.cell for fault in reading.faults]


def test_the_list_masks_numbers_and_leads_to_the_cells(tmp_path: Path) -> None:
    number = id_number()
    source = write_book(tmp_path / "a.xlsx", [member(), member(2, 公民身份证号=number)])

    book = load_workbook(marked(source, tmp_path / "b.xlsx", "en"))

    faults = book["List of faults"]
    assert faults["D2"].value == number[:4] + "*" * 10 + number[-4:]
    assert faults["B2"].hyperlink.location == f"'{MEMBERS}'!D5"
    assert faults["B2"].value == "D5"
    comment = book[MEMBERS]["D5"].comment.text
    assert comment == (
        f"The same ID number stands in D4 of sheet “{MEMBERS}”.\nKeep one of the two rows and delete the other."
    )
    assert book[MEMBERS]["D5"].value == number


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path, start: str) -> None:
    text = f"{start}HYPERLINK(1)"
    source = write_book(tmp_path / "a.xlsx", [member(姓名="x", 学历="x", 备注="y")])
    book = load_workbook(source)
    for cell in ("H4", "Y4"):
        book[MEMBERS][cell].value = text
        book[MEMBERS][cell].data_type = "s"
    book.save(tmp_path / "b.xlsx")

    after = load_workbook(marked(tmp_path / "b.xlsx", tmp_path / "c.xlsx"))

    for cell in (after[MEMBERS]["H4"], after[MEMBERS]["Y4"], after["错误清单"]["D2"]):
        assert cell.data_type == "s"
        assert cell.value.strip() == text.strip()
    assert after["错误清单"]["D2"].quotePrefix


def test_a_comment_of_the_office_is_kept(tmp_path: Path) -> None:
    book = load_workbook(write_book(tmp_path / "a.xlsx", [member(姓名="")]))
    book[MEMBERS]["B4"].comment = Comment("问张会计", "办公室")
    book[MEMBERS]["C4"].comment = Comment("新成立", "办公室")
    book.save(tmp_path / "b.xlsx")

    after = load_workbook(marked(tmp_path / "b.xlsx", tmp_path / "c.xlsx"))

    assert after[MEMBERS]["B4"].comment.text.endswith("\n\n问张会计")
    assert after[MEMBERS]["C4"].comment.text == "新成立"


def test_the_mended_copy_is_read_and_a_second_round_starts_clean(tmp_path: Path) -> None:
    source = write_book(tmp_path / "a.xlsx", [member(姓名="", 手机号="1"), member(2)])
    book = load_workbook(marked(source, tmp_path / "b.xlsx"))
    book[MEMBERS]["B4"].value = "郝建军"
    book.save(tmp_path / "c.xlsx")

    reading = read_roster(tmp_path / "c.xlsx", today=TODAY)
    again = load_workbook(marked(tmp_path / "c.xlsx", tmp_path / "d.xlsx"))

    assert [fault.cell for fault in reading.faults] == ["M4"]
    assert again.sheetnames.count("错误清单") == 1
    assert again["错误清单"].max_row == 2
    assert again[MEMBERS]["B4"].comment is None
    assert again[MEMBERS]["B4"].fill.fill_type is None
    assert again[MEMBERS]["M4"].comment is not None


def test_a_faulty_cell_inside_a_merged_one_is_marked_at_its_corner(tmp_path: Path) -> None:
    rows = [member(1, 所在党支部="x"), member(2, 所在党支部="")]
    book = load_workbook(write_book(tmp_path / "a.xlsx", rows))
    book[MEMBERS].merge_cells("C4:C5")
    book.save(tmp_path / "b.xlsx")

    after = load_workbook(marked(tmp_path / "b.xlsx", tmp_path / "c.xlsx"))

    assert after[MEMBERS]["C4"].comment is not None
    assert [row[1] for row in after["错误清单"].iter_rows(min_row=2, values_only=True)] == ["C4", "C5"]


def test_a_copy_that_cannot_be_made_leaves_nothing_behind(tmp_path: Path) -> None:
    source = write_book(tmp_path / "a.xlsx", [member(姓名="")])
    reading = read_roster(source, today=TODAY, known=Known())
    out = tmp_path / "out" / "marked.xlsx"
    out.parent.mkdir()

    with pytest.raises(RosterUnreadable):
        sandbox.write_marked_workbook(source, reading, out, megabytes=30)

    assert list(out.parent.iterdir()) == []
