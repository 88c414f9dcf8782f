"""The key of a row: which row it is, and what each of its cells said when it was downloaded, sealed.

A key is nothing secret and gives no right: rows are fetched through the reader's own scope. The seal keeps a key from
being made up, so that what it says of the cells can be believed: it tells an edited cell from one that somebody else
has changed since in the system.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "campaign.roundtrip.key"
_PRINT, _SEAL = 5, 16  # characters of six bits


@dataclass(frozen=True)
class Key:
    """The row, and the print of each cell in the order of the columns."""

    pk: int
    prints: tuple[str, ...]


def print_of(form: str) -> str:
    """A short print of what a cell says."""
    return _letters(hashlib.sha256(form.encode()).digest(), _PRINT)


def print_of_row(forms: Sequence[str]) -> str:
    """A print of several cells at once."""
    return _letters(hashlib.sha256("\x00".join(forms).encode()).digest(), _SEAL)


def seal(ledger: str, pk: int, prints: Sequence[str]) -> str:
    """The key as it stands in the workbook; it begins with a letter, so that no program takes it for a number."""
    body = f"R{pk}.{''.join(prints)}"
    return f"{body}.{_seal(ledger, body)}"


def unseal(ledger: str, text: str) -> Key | None:
    """The key of this list, or None where it was made up, damaged, or is another list's."""
    body, _dot, given = text.rpartition(".")
    number, _dot, prints = body.partition(".")
    if not (body and given.isascii() and constant_time_compare(given, _seal(ledger, body))):
        return None
    parts = tuple(prints[at : at + _PRINT] for at in range(0, len(prints), _PRINT))
    return Key(int(number[1:]), parts)


def _seal(ledger: str, body: str) -> str:
    return _letters(salted_hmac(SALT, f"{ledger} {body}", algorithm="sha256").digest(), _SEAL)


def _letters(digest: bytes, count: int) -> str:
    return base64.urlsafe_b64encode(digest).decode()[:count]
