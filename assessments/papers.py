"""A paper as text: counting its characters as Chinese offices do, its paragraphs, and what a new version changed."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

SECTIONS = ("text", "views", "measures")
SOURCE = "source_"  # in front of the key of a source of problems, as the name of its section (F-04)
# The same class stands in static/js/count.js; tests hold both to one table of cases.
_BLANK = re.compile("[\\s\u0085\u00ad\u180e\u200b-\u200f\u2060\ufeff]")
_BREAK = re.compile(r"\r\n|[\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029]")


class Sections(Protocol):
    sources: str
    text: str
    views: str
    measures: str


def count_characters(text: str) -> int:
    """Characters without spaces, line ends and signs that take no room; punctuation counts (F-11)."""
    return len(_BLANK.sub("", text))


def pack_sources(texts: Mapping[str, str]) -> str:
    """What each source of problems showed, as it is stored; nothing where nothing was written."""
    kept = {key: text for key, text in texts.items() if text.strip()}
    return json.dumps(kept, ensure_ascii=False) if kept else ""


def sources_of(paper: Sections) -> dict[str, str]:
    """Key of a source to what was written of it."""
    found: dict[str, str] = json.loads(paper.sources) if paper.sources else {}
    return found


def sections_of(paper: Sections) -> list[tuple[str, str]]:
    """All sections in their order: the sources of problems first, then the parts that every paper has."""
    first = [(f"{SOURCE}{key}", text) for key, text in sources_of(paper).items()]
    return [*first, *((name, getattr(paper, name)) for name in SECTIONS)]


def characters_of(paper: Sections) -> int:
    """All sections together."""
    return sum(count_characters(text) for _name, text in sections_of(paper))


def same_words(one: Sections, other: Sections) -> bool:
    """Is it word for word the same, blanks aside?"""
    words = [[(name, text.split()) for name, text in sections_of(paper) if text.strip()] for paper in (one, other)]
    return words[0] == words[1]


_NUMBER = re.compile(r"^[（(]?[一二三四五六七八九十\d]{1,3}[）)]?[、.．:：]?\s*")

_CHAPTER = re.compile(r"^(?:[（(][一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}[、.．])[^。；]{1,20}$")


def by_headings(text: str, names: Mapping[str, str]) -> dict[str, str]:
    """A text read from Word, parted where a line is the name of a source (perhaps numbered); "" holds what stands
    before the first and after a line that closes the sources. Without such headings all of it is under ""."""
    found: dict[str, list[str]] = {"": []}
    keys = {_plain(name): key for key, name in names.items()}
    at = ""
    for line in _BREAK.split(text):
        heading = _plain(line)
        if heading in keys:
            at = keys[heading]
        elif at and _CHAPTER.match(line.strip()):
            at = ""  # the next numbered heading: the sources are over
            found[at].append(line)
        else:
            found.setdefault(at, []).append(line)
    return {key: "\n".join(lines).strip() for key, lines in found.items()}


def _plain(line: str) -> str:
    return _NUMBER.sub("", line.strip()).rstrip("：:。 ").strip()


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
    lines = [(name, line) for name, text in sections_of(paper) for line in split(text)]
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
