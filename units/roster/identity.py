"""Resident identity numbers (GB 11643) and how they and phone numbers are shown to people."""

from __future__ import annotations

import datetime
import re
from operator import mul

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_SHAPE = re.compile(r"[0-9]{17}[0-9X]\Z")
_SHOWN_ENDS = 4
_TWO_ENDS = 2 * _SHOWN_ENDS

LENGTH = 18


def check_digit(first17: str) -> str:
    """The 18th character that GB 11643 demands after the first 17 digits."""
    return _CHECK_DIGITS[sum(map(mul, map(int, first17), _WEIGHTS)) % 11]


def id_fault(number: str) -> tuple[str, str] | None:
    """(code, reason) of what is wrong with a normalised number, or None. Area codes are not judged."""
    if not number:
        return "id_length", "empty"
    if len(number) != LENGTH:
        return "id_length", ""
    if not _SHAPE.match(number):
        return "id_checksum", "characters"
    if check_digit(number[:17]) != number[17]:
        return "id_checksum", ""
    return None


def birth_date_in(number: str) -> datetime.date | None:
    """The birth date inside a sound number; None when its eight digits are no date."""
    try:
        return datetime.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def sex_in(number: str) -> str:
    """The stored code of the sex that the 17th digit of a sound number tells."""
    return "male" if int(number[16]) % 2 else "female"


def mask_id(number: str) -> str:
    """`9990**********421X`: the two ends of an ID number; a short one shows less, never all."""
    if len(number) <= _TWO_ENDS:
        return _mask_short(number, 2)
    return number[:_SHOWN_ENDS] + "*" * (len(number) - _TWO_ENDS) + number[-_SHOWN_ENDS:]


def mask_phone(number: str) -> str:
    """`138****8000`: a phone number that a colleague recognises and nobody can dial."""
    if len(number) < 11:
        return _mask_short(number, 3)
    return number[:3] + "*" * (len(number) - 7) + number[-_SHOWN_ENDS:]


def _mask_short(number: str, ends: int) -> str:
    shown = number[:ends] if len(number) > ends else ""
    return shown + "*" * (len(number) - len(shown))
