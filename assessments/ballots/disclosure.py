"""Which cells of a table of results may be shown (promise 5): none of fewer than five ballots, nor one that a
subtraction from a total would give away.

The table is a tree: the whole, the superior organisations, the work units, their respondent groups. Each total is
shown beside its parts, so what is withheld under a total must be two parts or more, of five ballots or more together.

Who counted the paper knows how it was voted on paper, and can take that from a total as well. So the ballots cast on
phones must by themselves be none, or five or more, in whatever is shown and in whatever is left when the shown parts
are taken from a total.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

LEAST = 5  # valid ballots of a cell that is shown
LEAST_FOR_COMMENTS = 10  # valid ballots of a unit whose comments are kept at all


@dataclass
class Cell:
    """A total and its parts. A cell without ballots hides nothing and covers nothing. `phones` is part of `ballots`."""

    key: tuple[Any, ...]
    ballots: int = 0
    parts: list[Cell] = field(default_factory=list)
    withheld: bool = False
    phones: int = 0

    def __post_init__(self) -> None:
        if self.parts:
            self.ballots = sum(part.ballots for part in self.parts)
            self.phones = sum(part.phones for part in self.parts)

    @property
    def layers(self) -> bool:
        """Has it parts that have parts? A work unit has none: whoever withholds it withholds its groups."""
        return any(part.parts for part in self.parts)

    def withhold(self) -> None:
        """Withhold the cell, and its parts, which would add up to it."""
        self.withheld = True
        for part in self.parts:
            part.withhold()

    def walk(self) -> Iterator[Cell]:
        yield self
        for part in self.parts:
            yield from part.walk()

    def unknown(self) -> Iterator[Cell]:
        """The withheld cells with ballots that only totals above this one still tell of together."""
        for part in self.parts:
            if part.withheld and part.ballots:
                if part.parts:
                    yield from part.unknown()
                else:
                    yield part


def _too_few(cells: list[Cell], least: int) -> bool:
    ballots, phones = sum(cell.ballots for cell in cells), sum(cell.phones for cell in cells)
    return 0 < ballots < least or 0 < phones < least


def protect(cell: Cell, least: int = LEAST) -> Cell:
    """Mark what must be withheld in the whole tree, from below upwards; returns the cell itself."""
    for part in cell.parts:
        protect(part, least)
    if _too_few([cell], least):
        cell.withhold()
        return cell
    while any(part.withheld and part.ballots for part in cell.parts):
        hidden = sum(bool(part.withheld and part.ballots) for part in cell.parts)
        left = list(cell.unknown())
        if hidden >= 2 and not _too_few(left, least):
            break
        shown = [part for part in cell.parts if part.ballots and not part.withheld]
        if not shown:
            cell.withhold()
            break
        phones = 0 < sum(found.phones for found in left) < least
        _cover(min(shown, key=lambda part: (phones and not part.phones, part.ballots)))
    return cell


def _cover(cell: Cell) -> None:
    """Withhold a cell so that it hides another beside it, and no more of its parts than that takes."""
    if not cell.layers:
        cell.withhold()
        return
    cell.withheld = True
    if not any(cell.unknown()):
        shown = [part for part in cell.parts if part.ballots and not part.withheld]
        _cover(min(shown, key=lambda part: part.ballots))


def withheld(cell: Cell) -> set[tuple[Any, ...]]:
    """Keys of all cells withheld."""
    return {found.key for found in cell.walk() if found.withheld}
