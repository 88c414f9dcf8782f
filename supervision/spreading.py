"""Spread units over groups: evenly, and neighbours in the tree together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def spread(units: Sequence[T], loads: Sequence[int]) -> list[list[T]]:
    """Units (in tree order) for each group, given how many each has already; the ends differ by one at most.

    Where a group has more than its share already it gets nothing.
    """
    shares = [0] * len(loads)
    for _unit in units:
        lightest = min(range(len(loads)), key=lambda i: (loads[i] + shares[i], i))
        shares[lightest] += 1
    found, at = [], 0
    for size in shares:
        found.append(list(units[at : at + size]))
        at += size
    return found
