"""May it pass? Supervision groups, transitions and decisions, make-up orders. Split by topic; this is the door."""

from supervision.models.groups import ASSIGNED, Assignment, CurrentQuerySet, GroupMember, SupervisionGroup
from supervision.models.lectures import LectureDraft
from supervision.models.makeups import MakeUpItem, MakeUpOrder
from supervision.models.transitions import Decision, Transition

__all__ = [
    "ASSIGNED",
    "Assignment",
    "CurrentQuerySet",
    "Decision",
    "GroupMember",
    "LectureDraft",
    "MakeUpItem",
    "MakeUpOrder",
    "SupervisionGroup",
    "Transition",
]
