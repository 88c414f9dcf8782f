"""May it pass? Supervision groups, transitions and decisions, make-up orders. Split by topic; this is the door."""

from supervision.models.filings import Filing
from supervision.models.groups import ASSIGNED, Assignment, CurrentQuerySet, GroupMember, SupervisionGroup
from supervision.models.lectures import LectureDraft
from supervision.models.makeups import MakeUpItem, MakeUpOrder
from supervision.models.notes import GroupNote
from supervision.models.opinions import OpinionPoint, PointFile, SupervisionOpinion
from supervision.models.transitions import Decision, Reply, Transition, stood_in_for
from supervision.models.visits import Visit, VisitFile

__all__ = [
    "ASSIGNED",
    "Assignment",
    "CurrentQuerySet",
    "Decision",
    "Filing",
    "GroupMember",
    "GroupNote",
    "LectureDraft",
    "MakeUpItem",
    "MakeUpOrder",
    "OpinionPoint",
    "PointFile",
    "Reply",
    "SupervisionGroup",
    "SupervisionOpinion",
    "Transition",
    "Visit",
    "VisitFile",
    "stood_in_for",
]
