from campaign.models.activities import Activity, ActivityFile, Attendance, MemberMark
from campaign.models.campaigns import Batch, BatchStage, Campaign, PlaybookVersion
from campaign.models.notices import PublicNotice
from campaign.models.participations import Arrangement, Participation, RollEntry, StageProgress

__all__ = [
    "Activity",
    "ActivityFile",
    "Arrangement",
    "Attendance",
    "Batch",
    "BatchStage",
    "Campaign",
    "MemberMark",
    "Participation",
    "PlaybookVersion",
    "PublicNotice",
    "RollEntry",
    "StageProgress",
]
