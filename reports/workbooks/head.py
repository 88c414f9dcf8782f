"""Heads of several levels: which cell says what, and which cells are one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple


class Span(NamedTuple):
    """A merged range, rows and columns counted from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


def lay_out(paths: Sequence[tuple[str, ...]]) -> tuple[list[list[str]], list[Span]]:
    """The head's rows, and its merged cells, for the columns' paths from the outermost head inwards.

    Neighbours under the same heads share them; a column with fewer levels than others reaches down to the table.
    """
    depth = max(len(path) for path in paths)
    rows = [["" for _ in paths] for _ in range(depth)]
    spans: list[Span] = []
    for index, path in enumerate(paths):
        bottom = len(path) - 1
        rows[bottom][index] = path[-1]
        if bottom < depth - 1:
            spans.append(Span(bottom, index, depth - 1, index))
    for level in range(depth - 1):
        for shared, group in groupby(range(len(paths)), key=lambda index: _heads(paths[index], level)):
            columns = list(group)
            if shared is None:
                continue
            rows[level][columns[0]] = shared[-1]
            if len(columns) > 1:
                spans.append(Span(level, columns[0], level, columns[-1]))
    return rows, spans


def _heads(path: tuple[str, ...], level: int) -> tuple[str, ...] | None:
    """The heads down to a level, if the column goes on below it."""
    return path[: level + 1] if len(path) > level + 1 else None
