"""A letter as a page shows it: the same pieces with the same marks as in the Word file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import words
from .content import LetterContent, TableBlock, cleaned_letter, marked


@dataclass(frozen=True)
class Sheet:
    """One letter or annex: its head, its pieces, its end."""

    title: str
    pieces: list[dict[str, Any]]
    over: str = ""  # the number of the letter, or the mark of an annex
    addressee: str = ""
    signature: str = ""
    date: str = ""
    draft: str = ""


def sheets(content: LetterContent) -> list[Sheet]:
    """The letter, then its annexes."""
    clean, _removed = cleaned_letter(content)
    letter = Sheet(
        title=clean.title,
        pieces=_pieces(clean.body),
        over=clean.number or "",
        addressee=clean.addressee.rstrip("：:") + words.ADDRESSEE_END if clean.addressee else "",
        signature=clean.signature,
        date=words.long_date(clean.signed_on),
        draft=clean.draft_words if clean.draft else "",
    )
    several = len(clean.annexes) > 1
    return [
        letter,
        *(
            Sheet(annex.title, _pieces(annex.body), over=f"{words.ANNEX}{number if several else ''}")
            for number, annex in enumerate(clean.annexes, 1)
        ),
    ]


def _pieces(body: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for piece, mark in marked(body):
        if isinstance(piece, TableBlock):
            found.append({"table": piece})
        else:
            found.append({"level": piece.level, "text": f"{mark}{piece.printed}", "to_fill": piece.to_fill})
    return found
