"""What speaks against a commendation: sources register, because the rooms above know of warnings (Q-03)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from campaign.models import Batch

Source = Callable[[Batch], Iterable[str]]
_sources: list[Source] = []


def against(source: Source) -> Source:
    """Register a function batch -> paths of organisations that had a warning; one query or two."""
    _sources.append(source)
    return source


def warned(batch: Batch) -> frozenset[str]:
    """Paths of the organisations with a warning in this batch."""
    return frozenset(path for source in _sources for path in source(batch))


def flagged(path: str, warnings: frozenset[str]) -> bool:
    """Was the organisation itself, or one below it, warned?"""
    return any(one.startswith(path) for one in warnings)
