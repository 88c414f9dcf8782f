"""The chart of the week: groups of bars as one SVG, which the page, the PDF and (as a picture) the Word file show."""

from __future__ import annotations

from html import escape

import typst

from . import measures as m
from .content import ChartGroup
from .fonts import choose_fonts, font_book

WIDTH = 624  # units of the picture's own, 4 to a millimetre of the type area
LABELS, NUMBERS = 172, 64  # left for the labels, right for the figures
ROW, HEAD, GAP = 26, 34, 12
LONGEST = 11  # characters of a label that fit
BAR, INK = "#4a5f78", "#111111"
PIXELS_PER_INCH = 220
PAGE = """#set page(width: 156mm, height: auto, margin: 0pt, fill: white)
#image(bytes(sys.inputs.svg), format: "svg", width: 156mm)
"""


def chart_text(groups: tuple[ChartGroup, ...]) -> str:
    """The chart in words, for whoever cannot see it."""
    return "；".join(f"{g.title}：" + "，".join(f"{label}{value}" for label, value in g.bars) for g in groups)


def chart_svg(groups: tuple[ChartGroup, ...], families: tuple[str, ...] = ()) -> str:
    """The chart as SVG; `families` are the fonts to set it in, none where the page's own are wanted."""
    parts: list[str] = []
    top = 0
    for group in groups:
        most = max((value for _label, value in group.bars), default=0) or 1
        parts.append(_text(0, top + 20, group.title, weight="bold"))
        top += HEAD
        for label, value in group.bars:
            parts += _bar(top, label, value, most)
            top += ROW
        top += GAP
    font = f' font-family="{escape(", ".join(families))}"' if families else ""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {max(top - GAP, 1)}" role="img"'
    return f'{head} aria-label="{escape(chart_text(groups))}" font-size="16"{font}>{"".join(parts)}</svg>'


def _bar(top: int, label: str, value: int, most: int) -> list[str]:
    shown = label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"
    width = round((WIDTH - LABELS - NUMBERS) * value / most, 1)
    return [
        _text(LABELS - 10, top + 17, shown, anchor="end"),
        f'<rect x="{LABELS}" y="{top + 3}" width="{width}" height="18" fill="{BAR}"/>',
        _text(LABELS + width + 8, top + 17, str(value)),
    ]


def _text(x: float, y: int, text: str, *, anchor: str = "start", weight: str = "normal") -> str:
    place = f'x="{x:g}" y="{y}" text-anchor="{anchor}" font-weight="{weight}" fill="{INK}"'
    return f"<text {place}>{escape(text)}</text>"


def chart_families(names: frozenset[str]) -> tuple[str, ...]:
    """The fonts that a chart is set in, out of those that are installed."""
    return choose_fonts(names)[m.HEI_TI].families


def chart_png(groups: tuple[ChartGroup, ...], *, system_fonts: bool = True) -> bytes:
    """The chart as a picture 156 mm wide, for the Word file."""
    book = font_book(system_fonts)
    svg = chart_svg(groups, chart_families(frozenset(book.families())))
    made = typst.compile(
        PAGE.encode(),
        format="png",
        ppi=PIXELS_PER_INCH,
        font_paths=book,
        ignore_system_fonts=True,
        sys_inputs={"svg": svg},
    )
    return bytes(made)
