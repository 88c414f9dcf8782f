"""What a list that can be edited in Excel must say of itself: its columns, its rows, and how one row is written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.http import Http404, QueryDict

from campaign.roundtrip.cells import Column, stored
from units.models import Organization

_registry: dict[str, type[Ledger]] = {}


class Refused(Exception):
    """A row cannot be written like this: (column, sentence) of each cell at fault; the column may be empty."""

    def __init__(self, *faults: tuple[str, str]) -> None:
        super().__init__(faults)
        self.faults = faults


class Ledger(ABC):
    """One list at one place, for one user. `key` stands in the address, `place` is the number after it.

    Made by `open`, which raises Http404 outside the user's scope and PermissionDenied inside it.
    """

    key: ClassVar[str]
    title: ClassVar[Any]  # also the name of the worksheet

    adds: bool = False  # rows without a key are new ones
    user: Any
    place: int
    organization: Organization  # whose history tells of it
    url: str  # the list's own page
    columns: Sequence[Column]

    @classmethod
    @abstractmethod
    def open(cls, user: Any, place: int) -> Ledger:
        """The list as the user may download it and send it back."""

    @classmethod
    def home(cls, user: Any) -> Any:
        """Where the list is for a user whose posts alone tell; None elsewhere."""
        return None

    @classmethod
    @abstractmethod
    def allowed(cls, user: Any, at: Any) -> bool:
        """May the user edit this list in Excel where it belongs? Without a query beyond the posts."""

    @abstractmethod
    def rows(self, asked: QueryDict) -> Iterable[Any]:
        """The rows that the filter of the page leaves, as it orders them."""

    @abstractmethod
    def find(self, keys: Collection[int], *, lock: bool = False) -> dict[int, Any]:
        """Rows of this list in the user's scope by key; locked until the transaction ends if asked."""

    @abstractmethod
    def values(self, row: Any) -> Mapping[str, Any]:
        """What each column says of a row; a choice by its key, nothing as None or ''."""

    @abstractmethod
    def editable(self, row: Any) -> Collection[str]:
        """The columns that the user may change in this row, by the rules of the page."""

    @abstractmethod
    def write(self, *, by: Any, row: Any, changes: Mapping[str, str]) -> None:
        """Write the changed cells of a row through the actions of the page. Raises Refused."""

    def add(self, *, by: Any, changes: Mapping[str, str]) -> None:
        """Enter a new row, where `adds`. Raises Refused."""
        raise NotImplementedError

    def name(self, row: Any) -> str:
        """How the preview calls a row."""
        return str(row)

    def forms(self, row: Any) -> dict[str, str]:
        """The one form of every cell of a row, by column."""
        values = self.values(row)
        return {column.key: stored(values[column.key]) for column in self.columns}

    def changeable_forms(self, row: Any) -> list[str]:
        """Those of the editable columns: what a change by somebody else shows in."""
        forms = self.forms(row)
        return [forms[column.key] for column in self.columns if column.editable]


def register(ledger: type[Ledger]) -> type[Ledger]:
    """Make a list known under its key."""
    _registry[ledger.key] = ledger
    return ledger


def open_ledger(key: str, user: Any, place: int) -> Ledger:
    """The list of that key at that place. Raises Http404, PermissionDenied."""
    if key not in _registry:
        raise Http404
    return _registry[key].open(user, place)


def ledger_named(key: str) -> type[Ledger]:
    """The description under a key that a template names."""
    return _registry[key]
