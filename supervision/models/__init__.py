"""May it pass? Supervision groups, transitions and decisions, make-up orders. Split by topic; this is the door."""

from supervision.models.absences import PrincipalAbsence
from supervision.models.bodies import Body, BodyMember, DutyHolder
from supervision.models.body_records import BodyMeeting, MeetingFile, ResponsibilityLetter
from supervision.models.cards import Admonition, AdmonitionAttendance, YellowCard
from supervision.models.filings import Filing
from supervision.models.groups import ASSIGNED, Assignment, CurrentQuerySet, GroupMember, SupervisionGroup
from supervision.models.instructions import InstructionFile, InstructionRequest, InstructionStep
from supervision.models.leave import Leave
from supervision.models.lectures import LectureDraft
from supervision.models.liaison import LiaisonContact, LiaisonFile, LiaisonLeader, LiaisonPoint, LiaisonVisit
from supervision.models.makeups import MakeUpFile, MakeUpItem, MakeUpOrder
from supervision.models.notes import GroupNote
from supervision.models.opinions import OpinionPoint, PointFile, SupervisionOpinion
from supervision.models.pairing import Pairing, PairingEntry
from supervision.models.spot_checks import SpotCheck, SpotFile, SpotResult
from supervision.models.staff import (
    Acknowledgement,
    AttendanceSheet,
    DutyDay,
    Gift,
    StaffAttendance,
)
from supervision.models.transitions import Decision, Reply, Transition, stood_in_for
from supervision.models.visits import Visit, VisitFile

__all__ = [
    "ASSIGNED",
    "Acknowledgement",
    "Admonition",
    "AdmonitionAttendance",
    "Assignment",
    "AttendanceSheet",
    "Body",
    "BodyMeeting",
    "BodyMember",
    "CurrentQuerySet",
    "Decision",
    "DutyDay",
    "DutyHolder",
    "Filing",
    "Gift",
    "GroupMember",
    "GroupNote",
    "InstructionFile",
    "InstructionRequest",
    "InstructionStep",
    "Leave",
    "LectureDraft",
    "LiaisonContact",
    "LiaisonFile",
    "LiaisonLeader",
    "LiaisonPoint",
    "LiaisonVisit",
    "MakeUpFile",
    "MakeUpItem",
    "MakeUpOrder",
    "MeetingFile",
    "OpinionPoint",
    "Pairing",
    "PairingEntry",
    "PointFile",
    "PrincipalAbsence",
    "Reply",
    "ResponsibilityLetter",
    "SpotCheck",
    "SpotFile",
    "SpotResult",
    "StaffAttendance",
    "SupervisionGroup",
    "SupervisionOpinion",
    "Transition",
    "Visit",
    "VisitFile",
    "YellowCard",
    "stood_in_for",
]
