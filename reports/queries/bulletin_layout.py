"""How the Word file of an issue keeps to the form of official documents, in the reader's words (K-07)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.documents.layout import Deviation, NotAWordFile, check_bulletin
from reports.models import Bulletin

WHAT: dict[str, str | Promise] = {
    "page width": _("Page width"),
    "page height": _("Page height"),
    "top margin": _("Top margin"),
    "left margin": _("Left margin"),
    "right margin": _("Right margin"),
    "bottom margin": _("Bottom margin"),
    "grid type": _("Document grid"),
    "grid linePitch": _("Line pitch of the grid"),
    "grid charSpace": _("Character pitch of the grid"),
    "page numbers": _("Page number"),
    "page number side": _("Side of the page number"),
    "page number font": _("Font of the page number"),
    "page number size": _("Size of the page number"),
    "font": _("Font"),
    "title font": _("Font of the title"),
    "title size": _("Size of the title"),
    "title weight": _("Weight of the title"),
    "text size": _("Size of the text"),
    "first-line indent": _("First-line indent in characters"),
    "level 1 heading font": _("Font of a heading 一、"),
    "level 2 heading font": _("Font of a heading （一）"),
    "masthead": _("Red name"),
    "masthead font": _("Font of the red name"),
    "masthead place": _("Place of the red name"),
    "masthead size": _("Size of the red name"),
    "red rule": _("Red rule"),
}
WORDS: dict[str, str | Promise] = {
    "document": _("the whole file"),
    "odd pages": _("odd pages"),
    "even pages": _("even pages"),
    "odd right, even left": _("odd right, even left"),
    "odd and even alike": _("odd and even alike"),
    "red": _("red"),
    "center": _("centred"),
    "left": _("left"),
    "right": _("right"),
    "justify": _("justified"),
    "regular": _("regular"),
    "bold": _("bold"),
    "indented": _("indented"),
}


@dataclass(frozen=True)
class Layout:
    """What was found; `readable` is false where the file cannot be opened."""

    deviations: tuple[tuple[str | Promise, str | Promise, str | Promise, str | Promise], ...]
    readable: bool = True

    @property
    def right(self) -> bool:
        return self.readable and not self.deviations


def layout_of(bulletin: Bulletin) -> Layout | None:
    """The check of an issue's stored Word file; None where there is no file yet."""
    if not bulletin.docx:
        return None
    try:
        with bulletin.docx.open("rb") as file:
            found = check_bulletin(file.read())
    except (NotAWordFile, FileNotFoundError):
        return Layout((), readable=False)
    return Layout(tuple(_said(one) for one in found))


def _said(one: Deviation) -> tuple[str | Promise, str | Promise, str | Promise, str | Promise]:
    return WHAT.get(one.what, one.what), _word(one.where), _word(one.expected), _word(one.found)


def _word(text: str) -> str | Promise:
    return WORDS.get(text, text)
