"""Names by their spelling: what an office clerk types must find the person."""

from types import SimpleNamespace

import pytest

from units import pinyin


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("张三", "zhangsan", "zs"),
        ("吕布", "lvbu", "lb"),
        ("单晓红", "shanxiaohong", "sxh"),
        ("仇和平", "qiuheping", "qhp"),
        ("曾丽", "zengli", "zl"),
        ("解放", "xiefang", "xf"),
        ("欧阳文秀", "ouyangwenxiu", "oywx"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("长孙无忌", "zhangsunwuji", "zswj"),
        ("John 李", "johnli", "johnl"),
    ],
)
def test_a_person(name, full, initials):
    assert pinyin.person(name) == (full, initials)


def test_two_readings_of_a_surname_are_both_kept():
    assert pinyin.person("覃美丽") == ("qinmeili tanmeili", "qml tml")


def test_a_single_character_is_read_as_a_word():
    assert pinyin.person("单").full == "dan"


def test_an_organisation_is_read_as_words():
    assert pinyin.title("县人民银行党支部") == ("xianrenminyinhangdangzhibu", "xrmyhdzb")


def test_punctuation_leaves_no_trace():
    assert pinyin.title("县（市）局·党委").full == "xianshijudangwei"


def test_long_names_stay_within_their_columns():
    spelling = pinyin.title("中" * 120)
    assert len(spelling.full) <= 400 and len(spelling.initials) <= 60
    spelling = pinyin.person("覃" + "中" * 59)
    assert len(spelling.full) <= 200 and len(spelling.initials) <= 30


def test_many_at_once():
    people = [SimpleNamespace(name="张三", pinyin="", initials=""), SimpleNamespace(name="", pinyin="x", initials="x")]
    pinyin.fill_people(people)
    assert [(p.pinyin, p.initials) for p in people] == [("zhangsan", "zs"), ("", "")]
