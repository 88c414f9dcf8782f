"""Blotting names and numbers out of comments, before anyone reads them: a voice must not be traced by what it names."""

from __future__ import annotations

import re
from collections.abc import Iterable

BLOT = "■"
_NUMBERS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:[0-9０-９][\s-]?){4,}[xX]?|[〇零一二三四五六七八九]{6,}")
# Two characters of which one alone is a common word would blot half of every sentence.
SHORTEST_NAME = 2


def screen(text: str, names: Iterable[str]) -> tuple[str, int]:
    """The text with names, numbers of four digits or more and addresses blotted out, and how many were."""
    known = sorted({name for name in names if len(name) >= SHORTEST_NAME}, key=len, reverse=True)
    blotted = 0

    def blot(match: re.Match[str]) -> str:
        nonlocal blotted
        blotted += 1
        return BLOT * 2

    if known:
        text = re.sub("|".join(re.escape(name) for name in known), blot, text)
    text = _NUMBERS.sub(blot, text)
    return text, blotted
