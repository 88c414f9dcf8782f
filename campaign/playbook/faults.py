"""What is wrong with a playbook, said so that a clerk can mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlaybookFault:
    """One fault: the place (file, table, key), what is wrong, and what is allowed there."""

    file: str
    table: str
    key: str
    message: str
    remedy: str

    @property
    def place(self) -> str:
        """`[study] hours`; a whole table or the whole file where there is no key."""
        return " ".join(part for part in (f"[{self.table}]" if self.table else "", self.key) if part)

    def __str__(self) -> str:
        return " ".join(part for part in (f"{self.file}:", self.place, self.message, self.remedy) if part)


class PlaybookInvalid(ValueError):
    """A playbook that cannot be used. Carries every fault found, not only the first."""

    def __init__(self, faults: Sequence[PlaybookFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))
