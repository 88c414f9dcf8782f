"""Reads of the supervision room that several pages share. Split by topic; this is the one door."""

from supervision.queries.coverage import Coverage, coverage_of
from supervision.queries.histories import Entry, makeup_timeline, transition_timeline
from supervision.queries.transitions import (
    Attempt,
    attempts_of,
    latest_of_current_stage,
    mend_by,
    playbooks,
    previous_attempt,
    waiting_for,
)

__all__ = [
    "Attempt",
    "Coverage",
    "Entry",
    "attempts_of",
    "coverage_of",
    "latest_of_current_stage",
    "makeup_timeline",
    "mend_by",
    "playbooks",
    "previous_attempt",
    "transition_timeline",
    "waiting_for",
]
