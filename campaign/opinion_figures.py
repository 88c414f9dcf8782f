"""Figures of the register: by category and channel, by source only where too many spoke to tell one from another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Sum

from campaign.models import Opinion
from campaign.models.opinions import FEWEST


@dataclass(frozen=True)
class Bar:
    """One line of a chart. `voices` None: fewer than five, or it could be had by subtraction from the total."""

    key: str
    label: str
    opinions: int
    voices: int | None


@dataclass(frozen=True)
class Figures:
    opinions: int
    voices: int
    answered: int
    waiting: int
    categories: list[Bar]
    channels: list[Bar]
    sources: list[Bar]


def _by(rows: QuerySet[Opinion], name: str, labels: Any) -> list[Bar]:
    found = {
        key: (n, voices)
        for key, n, voices in rows.order_by().values_list(name).annotate(n=Count("pk"), v=Sum("voices"))
    }
    return [Bar(key, str(label), *found[key]) for key, label in labels if key in found]


def hidden_below(bars: list[Bar], fewest: int = FEWEST) -> list[Bar]:
    """Keep back figures of fewer than `fewest` voices; and where one alone is kept back, the next smallest with it."""
    small = {bar.key for bar in bars if (bar.voices or 0) < fewest}
    if len(small) == 1 and len(bars) > 1:
        rest = [bar for bar in bars if bar.key not in small]
        small.add(min(rest, key=lambda bar: bar.voices or 0).key)
    return [Bar(bar.key, bar.label, 0, None) if bar.key in small else bar for bar in bars]


def figures(rows: QuerySet[Opinion]) -> Figures:
    """Of the standing opinions among `rows`; five queries."""
    rows = rows.standing()  # type: ignore[attr-defined]
    states = {
        state: (n, v) for state, n, v in rows.order_by().values_list("state").annotate(n=Count("pk"), v=Sum("voices"))
    }
    not_sorted = [("", "")]
    return Figures(
        opinions=sum(n for n, _voices in states.values()),
        voices=sum(voices for _n, voices in states.values()),
        answered=states.get(Opinion.State.ANSWERED, (0, 0))[0],
        waiting=states.get(Opinion.State.PASSED, (0, 0))[0],
        categories=_by(rows, "category", [*Opinion.Category.choices, *not_sorted]),
        channels=_by(rows, "channel", Opinion.Channel.choices),
        sources=hidden_below(_by(rows, "source", Opinion.Source.choices)),
    )
