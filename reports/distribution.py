"""For whom an issue is printed: an addressee to a line, with the number of copies behind it (市委先教办 5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

WAYS = ("report_to", "copy_to", "distribute_to")  # 报, 送, 发
COUNTED = re.compile(r"(?P<name>.*\S)[\s,，:：]+(?P<copies>\d{1,5})\s*份?$")


@dataclass(frozen=True)
class Addressee:
    """Who gets the issue, and how many copies of it; None where nobody said."""

    name: str
    copies: int | None = None


def addressees(text: str) -> Iterator[Addressee]:
    """Those of one of the three ways, a line each. A number that is part of a name (第三督导组) has no space before."""
    for line in text.splitlines():
        kept = line.strip(" \t\u3000,，;；。")
        counted = COUNTED.fullmatch(kept)
        if counted:
            yield Addressee(counted["name"].strip(" \t\u3000,，:："), int(counted["copies"]))
        elif kept:
            yield Addressee(kept)


def printed(text: str) -> str:
    """The addressees as the foot of the last page names them."""
    return "，".join(one.name for one in addressees(text))


def copies(*texts: str) -> int | None:
    """How many copies the addressees get together; None where no number stands behind any of them."""
    numbers = [one.copies for text in texts for one in addressees(text) if one.copies is not None]
    return sum(numbers) if numbers else None
