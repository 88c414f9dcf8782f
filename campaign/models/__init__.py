from campaign.models.activities import Activity, ActivityFile, Attendance, MemberMark
from campaign.models.arrangements import ArrangementProposal
from campaign.models.campaigns import Batch, BatchStage, Campaign, PlaybookVersion
from campaign.models.census import CensusCase, CensusSheet, MemberCensus
from campaign.models.notices import PublicNotice
from campaign.models.participations import Arrangement, Participation, RollEntry, StageProgress
from campaign.models.preparation import PreparationTick, Training, UnitPlan
from campaign.models.reading import ReadingTick, ReadingTitle
from campaign.models.talks import Talk, TeamMember, TeamTalk

__all__ = [
    "Activity",
    "ActivityFile",
    "Arrangement",
    "ArrangementProposal",
    "Attendance",
    "Batch",
    "BatchStage",
    "Campaign",
    "CensusCase",
    "CensusSheet",
    "MemberCensus",
    "MemberMark",
    "Participation",
    "PlaybookVersion",
    "PreparationTick",
    "PublicNotice",
    "ReadingTick",
    "ReadingTitle",
    "RollEntry",
    "StageProgress",
    "Talk",
    "TeamMember",
    "TeamTalk",
    "Training",
    "UnitPlan",
]
