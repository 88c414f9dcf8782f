"""The history of one organisation, told by all rooms: each registers what it knows, the dossier puts it in order.

An event is one thing that happened, on a day, with who did it and where to read more. Sources take all organisations
of the dossier at once and do a fixed number of queries.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from campaign.models import Participation
from units.models import Organization


@dataclass(frozen=True)
class Line:
    """One line of a fold; `tone` says how it stands, as of an event."""

    text: Any
    tone: str = ""


@dataclass(frozen=True)
class Fold:
    """What an event rests on, folded away on the screen: findings, items, reasons part by part."""

    title: Any
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Event:
    """One line of a dossier. `at` may be a day or a moment; `kind` is the key of a chapter; `tone`: ok, late, bad, info
    or empty, as in the timeline; `stage` is the key of the stage it belongs to, where that is known; `mark` puts it on
    the picture of the stages: attempt, pass (or first: without having been sent back), order, card."""

    at: dt.date | dt.datetime
    kind: str
    title: Any
    detail: Any = ""
    who: str = ""
    url: str = ""
    tone: str = ""
    stage: str = ""
    organization: str = ""
    folds: tuple[Fold, ...] = ()
    mark: str = ""

    @property
    def day(self) -> dt.date:
        """The local day, by which events are ordered first."""
        if isinstance(self.at, dt.datetime):
            return timezone.localtime(self.at).date()
        return self.at


@dataclass(frozen=True)
class Subject:
    """Whose dossier: an organisation, the participation that covers it, and the user who reads (visible_to)."""

    organization: Organization
    participation: Participation
    reader: Any


Source = Callable[[Subject], Iterable[Event]]
_sources: list[tuple[str, Any, Source]] = []


def chapter(key: str, name: Any) -> Callable[[Source], Source]:
    """Register a source of events under the name that the reader can tick or leave out."""

    def register(source: Source) -> Source:
        _sources.append((key, name, source))
        return source

    return register


def chapters() -> dict[str, Any]:
    """The names of all kinds of events by key, in the order in which the rooms were loaded."""
    return {key: name for key, name, _source in _sources}


def events(subject: Subject, kinds: Iterable[str] | None = None) -> list[Event]:
    """What happened, the newest first; of these kinds, or of all."""
    wanted = set(kinds) if kinds is not None else None
    found = [event for key, _name, source in _sources if wanted is None or key in wanted for event in source(subject)]
    return sorted(found, key=_moment)[::-1]  # of one moment, what a source told last stands on top


def _moment(event: Event) -> tuple[dt.date, float]:
    return event.day, event.at.timestamp() if isinstance(event.at, dt.datetime) else 0.0
