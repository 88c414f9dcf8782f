"""Which fonts a PDF is set in: those of the form where the machine has them, else the bundled ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst

from . import measures as m

SERIF, SANS = "Noto Serif SC", "Noto Sans SC"

# For each face of the form: the names under which it is installed, Chinese or English, then near relations.
KNOWN_AS: dict[str, tuple[str, ...]] = {
    m.FANG_SONG: ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "STFangsong", "FZFangSong-Z02"),
    m.KAI_TI: ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "STKaiti", "FZKai-Z03"),
    m.HEI_TI: ("黑体", "SimHei", "STHeiti", "FZHei-B01"),
    m.XIAO_BIAO_SONG: ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "FZXiaoBiaoSong-B05"),
    m.SONG_TI: ("宋体", "SimSun", "STSong", "FZShuSong-Z01"),
}
SUBSTITUTE = {m.HEI_TI: SANS}


@dataclass(frozen=True)
class FontChoice:
    """The face that the form wants and the family that is used for it."""

    wanted: str
    used: str

    @property
    def substituted(self) -> bool:
        return self.used in (SERIF, SANS)

    @property
    def families(self) -> tuple[str, ...]:
        """What the typesetter tries in order; a rare character may be in one bundled font only."""
        rest = (SANS, SERIF) if self.used == SANS else (SERIF, SANS)
        return (self.used, *(family for family in rest if family != self.used))


@lru_cache(maxsize=2)
def font_book(system: bool = True) -> typst.Fonts:
    """The fonts there are: bundled, and the machine's own unless told otherwise. Read once a process."""
    folder = str(Path(pylopdf_fonts_zh_cn.__file__).parent)
    return typst.Fonts(include_system_fonts=system, include_embedded_fonts=False, font_paths=[folder])


def choose_fonts(families: frozenset[str]) -> dict[str, FontChoice]:
    """For each face of the form the family to use, out of those that are installed."""
    installed = {family.casefold(): family for family in families}

    def choice(wanted: str) -> FontChoice:
        for name in KNOWN_AS[wanted]:
            if name.casefold() in installed:
                return FontChoice(wanted, installed[name.casefold()])
        return FontChoice(wanted, SUBSTITUTE.get(wanted, SERIF))

    return {wanted: choice(wanted) for wanted in m.FONTS}
