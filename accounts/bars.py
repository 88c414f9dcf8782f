"""Bars drawn as SVG with plain attributes: they need no inline style, and they print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

HEIGHT = 16
GAP = 0.4  # of a bar 100 wide: the thin white line between two stages
STRIPE = 1.1  # distance between two stripes of a stage under review
SHADES = 5


def _part(segment: Any, name: str) -> Any:
    return segment.get(name) if isinstance(segment, Mapping) else getattr(segment, name, None)


def _rectangles(parts: list[tuple[int, int, bool]], total: int, width: int) -> list[tuple[str, str, str]]:
    """(x, width, class) of each rectangle; a stage under review is laid over with stripes."""
    drawn: list[tuple[str, str, str]] = []
    x = 0.0
    for stage, count, review in parts:
        span = count * width / total
        body = max(span - GAP, GAP)
        drawn.append((f"{x:.2f}", f"{body:.2f}", f"f-{stage}" if stage else "f-none"))
        if review:
            steps = int(body / STRIPE) + 1
            drawn += [(f"{x + i * STRIPE:.2f}", "0.5", "f-gap") for i in range(steps)]
        x += span
    return drawn


def stage_bar(segments: Iterable[Any], *, width: int = 100) -> SafeString:
    """A bar of `segments` (mappings or objects with stage, count, review); stage 0 means not started."""
    parts = [
        (min(int(_part(s, "stage") or 0), SHADES), int(_part(s, "count") or 0), bool(_part(s, "review")))
        for s in segments
    ]
    parts = [part for part in parts if part[1] > 0]
    total = sum(count for _, count, _ in parts)
    shapes = _rectangles(parts, total, width) if total else [("0", str(width), "f-none")]
    inner = format_html_join("", '<rect x="{}" width="{}" height="16" class="{}"/>', shapes)
    frame = '<svg class="bar" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">{}</svg>'
    return format_html(frame, width, HEIGHT, inner)
