"""Blotting names and numbers out of comments, before anyone reads them: a voice must not be traced by what it names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

BLOT = "■"
_NUMBERS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:[0-9０-９][\s-]?){4,}[xX]?|[〇零一二三四五六七八九]{6,}")
# Two characters of which one alone is a common word would blot half of every sentence.
SHORTEST_NAME = 2


def screen(names: Iterable[str]) -> Callable[[str], tuple[str, int]]:
    """What blots these names, numbers of four digits or more and addresses out of a text, and says how many it did."""
    known = sorted({name for name in names if len(name) >= SHORTEST_NAME}, key=len, reverse=True)
    patterns = [_NUMBERS]
    if known:
        patterns.insert(0, re.compile("|".join(re.escape(name) for name in known)))

    def blot_out(text: str) -> tuple[str, int]:
        blotted = 0
        for pattern in patterns:
            text, found = pattern.subn(BLOT * 2, text)
            blotted += found
        return text, blotted

    return blot_out
