from campaign.models.activities import Activity, ActivityFile, Attendance, Invitee, MemberMark
from campaign.models.arrangements import ArrangementProposal
from campaign.models.campaigns import Batch, BatchStage, Campaign, PlaybookVersion
from campaign.models.census import CensusCase, CensusSheet, MemberCensus
from campaign.models.dates import ActionDate
from campaign.models.holidays import CalendarDay, CalendarYear
from campaign.models.model_members import ModelDeed
from campaign.models.notices import PublicNotice
from campaign.models.opinions import Opinion, OpinionBox
from campaign.models.participations import Arrangement, Participation, RollEntry, StageProgress
from campaign.models.preparation import PreparationTick, Training, UnitPlan
from campaign.models.reading import ReadingTick, ReadingTitle
from campaign.models.rectification import (
    ItemFile,
    ItemNote,
    PlanRemark,
    PlanVersion,
    PublicLedger,
    RectificationItem,
    RectificationPlan,
)
from campaign.models.roundtrip import SentWorkbook
from campaign.models.standing_rules import StandingRule
from campaign.models.style_review import ReviewedDepartment, ReviewForm, ReviewRating, StyleReview
from campaign.models.talks import Talk, TeamMember, TeamTalk

__all__ = [
    "ActionDate",
    "Activity",
    "ActivityFile",
    "Arrangement",
    "ArrangementProposal",
    "Attendance",
    "Batch",
    "BatchStage",
    "CalendarDay",
    "CalendarYear",
    "Campaign",
    "CensusCase",
    "CensusSheet",
    "Invitee",
    "ItemFile",
    "ItemNote",
    "MemberCensus",
    "MemberMark",
    "ModelDeed",
    "Opinion",
    "OpinionBox",
    "Participation",
    "PlanRemark",
    "PlanVersion",
    "PlaybookVersion",
    "PreparationTick",
    "PublicLedger",
    "PublicNotice",
    "ReadingTick",
    "ReadingTitle",
    "RectificationItem",
    "RectificationPlan",
    "ReviewForm",
    "ReviewRating",
    "ReviewedDepartment",
    "RollEntry",
    "SentWorkbook",
    "StageProgress",
    "StandingRule",
    "StyleReview",
    "Talk",
    "TeamMember",
    "TeamTalk",
    "Training",
    "UnitPlan",
]
