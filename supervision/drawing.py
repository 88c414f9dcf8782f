"""A random draw that anybody can repeat: from the list, the seed and the number drawn follows who is drawn (M-07).

Each organisation gets the SHA-256 of `seed:id`, both as text in UTF-8, written in hexadecimal; those with the smallest
values are drawn, in that order. The seed comes from the system's source of randomness when the draw is made, after the
list is fixed, so that nobody can choose it. `sha256sum` alone is enough to check the record.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable

ALGORITHM = "sha256-smallest-1"


def new_seed() -> str:
    """128 random bits in hexadecimal."""
    return secrets.token_hex(16)


def rank(seed: str, key: int) -> str:
    """What decides: the smaller, the sooner it is drawn."""
    return hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()


def draw(keys: Iterable[int], seed: str, number: int) -> list[int]:
    """The keys drawn, in the order in which they are."""
    return sorted(keys, key=lambda key: (rank(seed, key), key))[:number]
