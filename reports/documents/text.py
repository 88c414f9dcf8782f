"""What may stand in a document's text: nothing that XML cannot carry, and headings known by their marks."""

from __future__ import annotations

import re

from .measures import text_units

# XML 1.0 allows tab, line feed and carriage return only below the space; surrogates and the two
# non-characters at the end of the plane make Word call the whole file damaged.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
LINE_END = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
BLANK = " \t\u00a0\u3000\ufeff"

MARKS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile("[一二三四五六七八九十]{1,3}、")),
    (2, re.compile("（[一二三四五六七八九十]{1,3}）")),
)
LONGEST_HEADING = 40

BEGINNINGS = ("《", "“", "（", "保持", "先进性", "教育", "工作", "情况", "活动", "申请")  # of a title's parts

# On a screen figures stand apart from Chinese; an official document sets them close.
BESIDE_FIGURES = re.compile(r"(?<=[\u4e00-\u9fff]) (?=\d)|(?<=\d) (?=[\u4e00-\u9fff/])|(?<=/) ")


def set_close(text: str) -> str:
    """0 / 33 人 as an official document prints it: 0/33人."""
    return BESIDE_FIGURES.sub("", text)


def clean(text: str) -> tuple[str, int]:
    """The text without the characters that XML forbids, and how many there were. Nothing else is touched."""
    return FORBIDDEN.subn("", text)


def clean_line(text: str) -> tuple[str, int]:
    """One line: cleaned, its line ends as spaces, nothing blank at either end."""
    kept, removed = clean(text)
    return LINE_END.sub(" ", kept).strip(BLANK), removed


def clean_paragraphs(texts: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
    """One paragraph a line: cleaned, typed indents taken off (the style indents), blank ones left out."""
    paragraphs: list[str] = []
    removed = 0
    for text in texts:
        kept, count = clean(text)
        removed += count
        paragraphs.extend(line.strip(BLANK) for line in LINE_END.split(kept))
    return tuple(line for line in paragraphs if line), removed


def split_heading(paragraph: str) -> tuple[int, str, str]:
    """A paragraph as (level, heading, rest): level 1 for 一、, 2 for （一）, else 0 with no heading.

    A heading is the whole of a short paragraph, or its first sentence where the text runs on after it.
    A marked paragraph whose first sentence is long is body text that happens to be counted.
    """
    for level, mark in MARKS:
        if not mark.match(paragraph):
            continue
        end = paragraph.find("。") + 1 or len(paragraph)
        if end <= LONGEST_HEADING:
            return level, paragraph[:end], paragraph[end:]
    return 0, "", paragraph


def balanced(title: str, most: int) -> list[str]:
    """A title in lines of at most about `most` wide characters, broken near the middle where its words allow it."""
    width = text_units(title)
    if width <= most:
        return [title]
    lines = int(-(-width // most))
    ideal = len(title) / lines
    fitting = [at for at in range(1, len(title)) if _may_break(title, at) and abs(at - ideal) <= ideal / 3]
    at = min(fitting or [round(ideal)], key=lambda place: abs(place - ideal))
    return [title[:at], *balanced(title[at:], most)]


def _may_break(title: str, at: int) -> bool:
    """Before or after what begins and ends a unit of sense in titles."""
    return title[at - 1] in "的、，》”）" or title.startswith(BEGINNINGS, at)


def by_headings(text: str) -> list[tuple[str, str]]:
    """A text in its parts, each as (title, text): a part begins where a line is headed 一、.

    What stands before the first heading is the first part, without a title. A heading with nothing under it is its
    part's text as well, for no part is empty.
    """
    parts: list[tuple[str, list[str]]] = []
    for line in clean_paragraphs((text,))[0]:
        level, heading, rest = split_heading(line)
        if level == 1:
            parts.append((heading.split("、", 1)[1].rstrip("。"), [rest] if rest else []))
        elif parts:
            parts[-1][1].append(line)
        else:
            parts.append(("", [line]))
    return [(title, "\n".join(lines) or title) for title, lines in parts]
