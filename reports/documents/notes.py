"""What a builder has to say beside the file, said in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext, ngettext


@dataclass(frozen=True)
class FontSubstituted:
    """A face of the form that this machine lacks, and the one used for it."""

    wanted: str
    used: str

    def __str__(self) -> str:
        said = gettext("%(wanted)s is not installed here; %(used)s was used.")
        return str(said % {"wanted": self.wanted, "used": self.used})


@dataclass(frozen=True)
class CharactersRemoved:
    """Control characters that no document can carry."""

    count: int

    def __str__(self) -> str:
        said = ngettext(
            "%(count)d unprintable character was left out.",
            "%(count)d unprintable characters were left out.",
            self.count,
        )
        return str(said % {"count": self.count})


@dataclass(frozen=True)
class GlyphsMissing:
    """Characters that none of the fonts can show; they print as empty boxes."""

    characters: str

    def __str__(self) -> str:
        said = gettext(
            "No font on this machine can show %(characters)s: empty boxes are printed in their place. "
            "Install a font that has them, or write them otherwise, and make the file again."
        )
        return str(said % {"characters": " ".join(self.characters)})


Note = FontSubstituted | CharactersRemoved | GlyphsMissing
