"""What waits for a user, gathered from all rooms: each registers a provider, home page, menu and inbox read them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from accounts import inbox
from accounts.messages import Message


@dataclass(frozen=True)
class Todo:
    """One line: how many, what, details, since or until when, and the one button that leads there.

    `late` puts it among what is overdue; `menu` is the URL name of the menu item that carries the count.
    """

    count: int
    title: Message
    detail: Message | None
    url: str
    button: Message
    due: dt.date | None = None
    late: bool = False
    menu: str = ""


Provider = Callable[[Any], Iterable[Todo]]
_providers: list[Provider] = []


def provider(function: Provider) -> Provider:
    """Register a function user -> todos. It must do a bounded number of queries."""
    _providers.append(function)
    return function


def is_gathered(user: Any) -> bool:
    """Has this user object been asked already?"""
    return hasattr(user, "_todos")


@inbox.source
def gather(user: Any) -> list[Todo]:
    """All that waits for the user, first due first; computed once per user object."""
    if not is_gathered(user):
        found = [todo for function in _providers for todo in function(user)]
        user._todos = sorted(found, key=lambda todo: (todo.due is None, todo.due or dt.date.max))
    return user._todos
