"""How a handling may end: the playbook's outcomes, and its ways out of the Party (P-03, P-05, P-08)."""

from __future__ import annotations

from campaign.playbook import Playbook
from campaign.playbook.deeds import Outcome


def outcomes_of(playbook: Playbook) -> tuple[Outcome, ...]:
    """The outcomes in the playbook's order, then the departures, all of which end the membership."""
    known = playbook.handling.outcomes
    keys = {outcome.key for outcome in known}
    ways = tuple(Outcome(way.key, way.name, leaves=True) for way in playbook.handling.departures if way.key not in keys)
    return (*known, *ways)


def outcome_of(playbook: Playbook, key: str) -> Outcome | None:
    return next((outcome for outcome in outcomes_of(playbook) if outcome.key == key), None)
