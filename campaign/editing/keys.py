"""Keys of new rows: records refer to them, nobody types or changes them."""

from __future__ import annotations

import re

from campaign.editing.schema import Document

LONGEST = 40


def add_keys(listed: list[Document], *, stem: str) -> None:
    """Give each new row a key from its English name; keys are for records, nobody types or changes them."""
    taken = {row["key"] for row in listed if "key" in row}
    for number, row in enumerate(listed, start=1):
        if "key" not in row:
            row["key"] = new_key(row, taken, f"{stem.rstrip('s')}_{number}")
            taken.add(row["key"])


def new_key(row: Document, taken: set[str], fallback: str) -> str:
    """A key that is free: `mobilisation_meeting`, or `action_12` where the name has no Latin letters."""
    words = (row.get("name") or row.get("text") or {}).get("en", "").lower()
    stem = re.sub(r"[^a-z0-9]+", "_", words).strip("_")[:LONGEST].strip("_")
    stem = stem if re.match(r"[a-z]", stem) else fallback
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}_{number}"
    return key
