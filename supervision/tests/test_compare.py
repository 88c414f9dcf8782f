"""What changed between two attempts, and lines that become items."""

from supervision.compare import Piece, changes, compare, letters
from supervision.forms import lines_of


def kinds(marked):
    return [[(piece.kind, piece.text) for piece in paragraph] for paragraph in marked]


def test_the_same_text_has_no_change():
    marked = compare("一段。\n\n二段。", "一段。\n二段。")
    assert kinds(marked) == [[("same", "一段。")], [("same", "二段。")]] and changes(marked) == 0


def test_a_change_inside_a_paragraph_is_marked_inside_it():
    marked = compare("共有党员46名参加学习。", "共有党员48名参加学习。")
    assert kinds(marked) == [[("same", "共有党员4"), ("del", "6"), ("ins", "8"), ("same", "名参加学习。")]]
    assert changes(marked) == 1


def test_a_paragraph_added_taken_out_or_written_anew():
    assert kinds(compare("一。", "一。\n二。")) == [[("same", "一。")], [("ins", "二。")]]
    assert kinds(compare("一。\n二。", "二。")) == [[("del", "一。")], [("same", "二。")]]
    marked = compare("甲乙丙丁", "天地玄黄")
    assert marked == [(Piece("del", "甲乙丙丁"),), (Piece("ins", "天地玄黄"),)]


def test_nothing_is_lost_of_either_text():
    old, new = "第一段有错。\n第二段。\n第三段。", "第一段改了。\n新的一段。\n第三段。\n末段。"
    pieces = [piece for paragraph in compare(old, new) for piece in paragraph]
    assert "".join(p.text for p in pieces if p.kind != "ins") == old.replace("\n", "")
    assert "".join(p.text for p in pieces if p.kind != "del") == new.replace("\n", "")


def test_letters_count_without_white_space():
    assert letters("党员 46 名。\n　好") == 7


def test_line_numbers_go_and_figures_stay():
    assert lines_of("1. 补课\n２次\n3次补课\n（4）签到\n- 笔记\n\n2005年的事") == [
        "补课", "２次", "3次补课", "签到", "笔记", "2005年的事"
    ]  # fmt: skip
