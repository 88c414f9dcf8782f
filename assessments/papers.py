"""A paper as text: counting its characters as Chinese offices do, its paragraphs, and what a new version changed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

SECTIONS = ("text", "views", "measures")
# The same class stands in static/js/count.js; tests hold both to one table of cases.
_BLANK = re.compile("[\\s\u0085\u00ad\u180e\u200b-\u200f\u2060\ufeff]")
_BREAK = re.compile(r"\r\n|[\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029]")


class Sections(Protocol):
    text: str
    views: str
    measures: str


def count_characters(text: str) -> int:
    """Characters without spaces, line ends and signs that take no room; punctuation counts (F-11)."""
    return len(_BLANK.sub("", text))


def characters_of(paper: Sections) -> int:
    """All sections together."""
    return sum(count_characters(getattr(paper, name)) for name in SECTIONS)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph under its number in the whole paper, from 0; `section` is the field it stands in."""

    number: int
    section: str
    text: str


def split(text: str) -> list[str]:
    """Paragraphs of a text, empty lines left out."""
    return [line.strip() for line in _BREAK.split(text) if line.strip()]


def paragraphs(paper: Sections) -> list[Paragraph]:
    """The paragraphs of all sections, numbered through."""
    lines = [(name, line) for name in SECTIONS for line in split(getattr(paper, name))]
    return [Paragraph(number, name, line) for number, (name, line) in enumerate(lines)]


@dataclass(frozen=True, slots=True)
class Change:
    """A paragraph that stayed, came or went."""

    kind: Literal["same", "ins", "del"]
    section: str
    text: str


def changes(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> list[Change]:
    """Paragraph by paragraph, what a later version took out and put in (F-14)."""
    before, after = [(p.section, p.text) for p in old], [(p.section, p.text) for p in new]
    found: list[Change] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Change("same", *line) for line in before[a:b]]
            continue
        found += [Change("del", *line) for line in before[a:b]]
        found += [Change("ins", *line) for line in after[c:d]]
    return found
