"""The codes on slips: made once, printed once, kept nowhere; the database holds their SHA-256 alone (promise 1)."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

# Crockford's alphabet: no letter that looks like a digit, so that a code can be typed from paper.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS = 128
LENGTH = 26  # characters of the whole code, in the QR code
TYPED = 16  # characters of the short code, printed for typing: the first of the whole, 80 bits
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


@dataclass(frozen=True)
class Code:
    """One code in clear. It lives from its making to the end of its sheet of slips."""

    whole: str

    @property
    def typed(self) -> str:
        """For typing, in groups of four: `7QXK-2M4P-9DRT-C0AB`."""
        return "-".join(self.whole[i : i + 4] for i in range(0, TYPED, 4))

    @property
    def digest(self) -> str:
        return digest(self.whole)

    @property
    def short_digest(self) -> str:
        return digest(self.whole[:TYPED])


def digest(code: str) -> str:
    """SHA-256 of a code, in hexadecimal."""
    return hashlib.sha256(code.encode()).hexdigest()


def make(number: int) -> list[Code]:
    """So many codes of 128 random bits each, no two with the same short code."""
    found: dict[str, Code] = {}
    while len(found) < number:
        code = Code(_spell(secrets.randbits(BITS)))
        found.setdefault(code.whole[:TYPED], code)
    return list(found.values())


def _spell(value: int) -> str:
    # The two spare bits of the first character stay nought: 26 characters of 5 bits are 130.
    return "".join(ALPHABET[(value >> shift) & 31] for shift in range((LENGTH - 1) * 5, -1, -5))


def normalise(typed: str) -> str:
    """A code as it was meant: upper case, without separators, look-alike letters as digits; "" if it cannot be one."""
    text = "".join(c for c in typed.upper() if not (c.isspace() or c in "-–—_·.")).translate(_LOOKALIKES)
    if len(text) not in (TYPED, LENGTH) or any(c not in ALPHABET for c in text):
        return ""
    return text
