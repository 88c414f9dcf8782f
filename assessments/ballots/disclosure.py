"""Which cells of a table of results may be shown (promise 5): none of fewer than five ballots, nor one that a
subtraction from a total would give away.

The table is a tree: the whole, the superior organisations, the work units, their respondent groups. Each total is
shown beside its parts, so what is withheld under a total must be two parts or more, of five ballots or more together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

LEAST = 5  # valid ballots of a cell that is shown
LEAST_FOR_COMMENTS = 10  # valid ballots of a unit whose comments are kept at all


@dataclass
class Cell:
    """A total and its parts. A cell without ballots hides nothing and covers nothing."""

    key: tuple[Any, ...]
    ballots: int = 0
    parts: list[Cell] = field(default_factory=list)
    withheld: bool = False

    def __post_init__(self) -> None:
        if self.parts:
            self.ballots = sum(part.ballots for part in self.parts)

    def withhold(self) -> None:
        """Withhold the cell, and its parts, which would add up to it."""
        self.withheld = True
        for part in self.parts:
            part.withhold()

    def walk(self) -> Iterator[Cell]:
        yield self
        for part in self.parts:
            yield from part.walk()


def protect(cell: Cell, least: int = LEAST) -> Cell:
    """Mark what must be withheld in the whole tree, from below upwards; returns the cell itself."""
    for part in cell.parts:
        protect(part, least)
    if 0 < cell.ballots < least:
        cell.withhold()
        return cell
    shown = sorted((part for part in cell.parts if part.ballots and not part.withheld), key=lambda part: part.ballots)
    hidden = [part for part in cell.parts if part.ballots and part.withheld]
    while hidden and (len(hidden) < 2 or sum(part.ballots for part in hidden) < least):
        if not shown:
            cell.withhold()
            break
        part = shown.pop(0)
        part.withhold()
        hidden.append(part)
    return cell


def withheld(cell: Cell) -> set[tuple[Any, ...]]:
    """Keys of all cells withheld."""
    return {found.key for found in cell.walk() if found.withheld}
