"""Every write of the supervision room. Split by topic; this is the one door."""

from supervision.actions.decisions import Ruling, decide
from supervision.actions.groups import (
    GroupRefused,
    add_member,
    assign,
    change_group,
    change_group_member,
    create_group,
    end_member,
    unassign,
)
from supervision.actions.makeups import (
    MakeUpTerms,
    order_makeup,
    recheck,
    record_item,
    report_makeup,
    survey_outstanding,
)
from supervision.actions.refusals import (
    AlreadyDecided,
    MakeUpRefused,
    NotYours,
    NotYourTurn,
    Refused,
    TransitionRefused,
)
from supervision.actions.transitions import Meeting, apply, record_meeting, why_not_apply, withdraw

__all__ = [
    "AlreadyDecided",
    "GroupRefused",
    "MakeUpRefused",
    "MakeUpTerms",
    "Meeting",
    "NotYourTurn",
    "NotYours",
    "Refused",
    "Ruling",
    "TransitionRefused",
    "add_member",
    "apply",
    "assign",
    "change_group",
    "change_group_member",
    "create_group",
    "decide",
    "end_member",
    "order_makeup",
    "recheck",
    "record_item",
    "record_meeting",
    "report_makeup",
    "survey_outstanding",
    "unassign",
    "why_not_apply",
    "withdraw",
]
