"""Names spelt in Latin letters, in full and by initials, so that an office finds 张三 by typing `zs`.

A surname has readings of its own (单 is Shan, not Dan); where two are in use (覃 is Qin or Tan) both are kept, parted
by a space. Members are read character by character, organisations as phrases (银行 is yinhang).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from pypinyin import Style, lazy_pinyin

# First character, or first two, of a person's name, where the common reading is not that of the surname.
_SURNAMES: dict[str, tuple[str, ...]] = {
    "丁": ("ding",),
    "万俟": ("mo qi",),
    "乐": ("yue", "le"),
    "乜": ("nie",),
    "仇": ("qiu",),
    "令狐": ("ling hu",),
    "会": ("kuai",),
    "任": ("ren",),
    "区": ("ou",),
    "单": ("shan",),
    "单于": ("chan yu",),
    "卜": ("bu",),
    "华": ("hua",),
    "召": ("shao",),
    "哈": ("ha",),
    "员": ("yun",),
    "宁": ("ning",),
    "宓": ("mi", "fu"),
    "宿": ("su",),
    "尉": ("wei",),
    "尉迟": ("yu chi",),
    "应": ("ying",),
    "折": ("she", "zhe"),
    "撒": ("sa",),
    "曾": ("zeng",),
    "朴": ("piao",),
    "查": ("zha",),
    "柏": ("bai", "bo"),
    "洗": ("xian",),
    "冼": ("xian",),
    "澹台": ("tan tai",),
    "燕": ("yan",),
    "牟": ("mou", "mu"),
    "万": ("wan",),
    "盖": ("gai", "ge"),
    "瞿": ("qu",),
    "祭": ("zhai",),
    "种": ("chong",),
    "秘": ("bi",),
    "纪": ("ji",),
    "缪": ("miao",),
    "繁": ("po",),
    "翟": ("zhai", "di"),
    "能": ("nai",),
    "臧": ("zang",),
    "葛": ("ge",),
    "覃": ("qin", "tan"),
    "解": ("xie",),
    "谌": ("chen", "shen"),
    "车": ("che",),
    "逄": ("pang",),
    "那": ("na",),
    "都": ("du",),
    "重": ("chong",),
    "长孙": ("zhang sun",),
    "阚": ("kan",),
    "隗": ("wei", "kui"),
    "鲜于": ("xian yu",),
    "黑": ("he",),
}
_FULL_LIMIT = {"person": 200, "title": 400}
_INITIALS_LIMIT = {"person": 30, "title": 60}
_PLAIN = re.compile(r"[^0-9a-z]")


class Spelling(NamedTuple):
    """Full spelling and initials; several readings stand beside each other, parted by a space."""

    full: str
    initials: str


class Named(Protocol):
    """A member or an organisation: its name, and where its spelling is kept."""

    name: str
    pinyin: str
    initials: str


@functools.lru_cache(maxsize=8192)
def _syllable(character: str) -> str:
    return _PLAIN.sub("", lazy_pinyin(character, style=Style.NORMAL)[0].lower())


def _joined(readings: list[list[str]], kind: str) -> Spelling:
    """Cut between readings, never inside one."""
    full: list[str] = []
    initials: list[str] = []
    for syllables in readings:
        one = "".join(syllables)[: _FULL_LIMIT[kind]]
        letters = "".join(s[0] for s in syllables if s)[: _INITIALS_LIMIT[kind]]
        if len(" ".join([*full, one])) <= _FULL_LIMIT[kind]:
            full.append(one)
        if letters not in initials and len(" ".join([*initials, letters])) <= _INITIALS_LIMIT[kind]:
            initials.append(letters)
    return Spelling(" ".join(full), " ".join(initials))


def person(name: str) -> Spelling:
    """The spelling of a person's name: 曾丽 is zengli, zl."""
    name = name.strip()
    for length in (2, 1):
        # 单于 is a surname of two characters only if a given name follows it.
        readings = _SURNAMES.get(name[:length]) if len(name) > length else None
        if readings:
            rest = [_syllable(character) for character in name[length:]]
            return _joined([[*reading.split(), *rest] for reading in readings], "person")
    return _joined([[_syllable(character) for character in name]], "person")


def title(name: str) -> Spelling:
    """The spelling of an organisation's name, with words read as words."""
    syllables = [_PLAIN.sub("", part.lower()) for part in lazy_pinyin(name.strip(), style=Style.NORMAL)]
    return _joined([syllables], "title")


def fill_people(people: Iterable[Named]) -> None:
    """Set the spelling of many members, before they are saved in bulk."""
    for each in people:
        each.pinyin, each.initials = person(each.name)


def fill_titles(organizations: Iterable[Named]) -> None:
    """Set the spelling of many organisations, before they are saved in bulk."""
    for each in organizations:
        each.pinyin, each.initials = title(each.name)
