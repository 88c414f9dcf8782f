"""What the rooms above know of a unit and its page should lead to: each registers a link, the page shows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from campaign.models import Participation


@dataclass(frozen=True)
class Link:
    """A line among the pages of a unit: `text` under its name says how it stands."""

    name: Any
    text: Any
    url: str
    icon: str = "chevron-right"


Source = Callable[[Any, Participation], "Link | None"]
_sources: list[Source] = []


def unit_link(source: Source) -> Source:
    """Register a function (user, participation) -> link or None; one or two queries."""
    _sources.append(source)
    return source


def links(user: Any, participation: Participation) -> list[Link]:
    return [link for source in _sources if (link := source(user, participation)) is not None]
