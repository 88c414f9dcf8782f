"""Every write of the room, one module a topic."""

from assessments.actions.surveys import (
    Ballots,
    CountsDiffer,
    Fault,
    RoundOpen,
    SamePerson,
    SurveyMoved,
    confirm_counts,
    enter_counts,
    faults_of,
    open_round,
    refuse_counts,
)

__all__ = [
    "Ballots",
    "CountsDiffer",
    "Fault",
    "RoundOpen",
    "SamePerson",
    "SurveyMoved",
    "confirm_counts",
    "enter_counts",
    "faults_of",
    "open_round",
    "refuse_counts",
]
