"""What changed in a part of the report since the last attempt: paragraph by paragraph, then within a paragraph."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

ALIKE = 0.6  # of the shorter paragraph; below this the two are shown as one gone and one new


@dataclass(frozen=True)
class Piece:
    """A run of text: "same", "ins" or "del"."""

    kind: str
    text: str


Paragraph = tuple[Piece, ...]


def paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def letters(text: str) -> int:
    """Characters without white space: how the office counts the length of a text."""
    return len("".join(text.split()))


def _within(old: str, new: str) -> list[Paragraph]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    # Single characters that both happen to have say nothing; runs of two do.
    shared = sum(block.size for block in matcher.get_matching_blocks() if block.size > 1)
    if shared < ALIKE * min(len(old), len(new)):
        return [(Piece("del", old),), (Piece("ins", new),)]
    pieces: list[Piece] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", old[a:b]))
            continue
        if b > a:
            pieces.append(Piece("del", old[a:b]))
        if d > c:
            pieces.append(Piece("ins", new[c:d]))
    return [tuple(pieces)]


def compare(old: str, new: str) -> list[Paragraph]:
    """The new text in paragraphs, with what was taken out and put in marked."""
    before, after = paragraphs(old), paragraphs(new)
    found: list[Paragraph] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [(Piece("same", text),) for text in after[c:d]]
            continue
        for gone, come in zip_longest(before[a:b], after[c:d]):
            if gone is not None and come is not None:
                found += _within(gone, come)
            elif gone is not None:
                found.append((Piece("del", gone),))
            elif come is not None:
                found.append((Piece("ins", come),))
    return found


def changes(marked: list[Paragraph]) -> int:
    """How many places differ: a deletion with the insertion that follows it counts once."""
    count = 0
    for paragraph in marked:
        before = "same"
        for piece in paragraph:
            if piece.kind != "same" and before == "same":
                count += 1
            before = piece.kind
    return count
