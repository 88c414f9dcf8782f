"""Bars whose parts lead to the lists behind them: SVG with plain attributes. The same figures stand beside as links, so
the picture itself is left out of the order of the keyboard and of what is read aloud."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from accounts.bars import GAP, HEIGHT, SHADES, STRIPE

WIDTH = 100


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar: the class of its fill, how many, what that is, and the list of them; `striped`: under review."""

    css: str
    count: int
    label: str
    url: str = ""
    striped: bool = False


def shade(position: int) -> str:
    """The class of a stage or band by its place; 0 stands before the first."""
    return f"f-{min(position, SHADES)}" if position else "f-none"


def bar(pieces: Iterable[Piece], most: int | None = None) -> SafeString:
    """The pieces side by side; `most` is what the full width stands for (default: all of them)."""
    drawn = [piece for piece in pieces if piece.count]
    whole = most or sum(piece.count for piece in drawn)
    x, shapes = 0.0, []
    for piece in drawn:
        span = piece.count * WIDTH / whole
        shapes.append(_shape(piece, x, max(span - GAP, GAP)))
        x += span
    if not drawn:
        shapes = [format_html('<rect width="{}" height="{}" class="f-none"/>', WIDTH, HEIGHT)]
    frame = '<svg class="bar dash-bar" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">{}</svg>'
    return format_html(frame, WIDTH, HEIGHT, mark_safe("".join(shapes)))


def _shape(piece: Piece, x: float, width: float) -> SafeString:
    parts = [(f"{x:.2f}", f"{width:.2f}", piece.css)]
    if piece.striped:
        parts += [(f"{x + i * STRIPE:.2f}", "0.5", "f-gap") for i in range(int(width / STRIPE) + 1)]
    rects = format_html_join("", '<rect x="{}" width="{}" height="16" class="{}"/>', parts)
    title = format_html("<title>{} {}</title>", piece.label, piece.count)
    if not piece.url:
        return format_html("<g>{}{}</g>", title, rects)
    return format_html('<a href="{}" tabindex="-1">{}{}</a>', piece.url, title, rects)
