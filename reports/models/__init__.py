from reports.models.adoption import UseAbove
from reports.models.chain import Forwarding, UpwardPassage, UpwardReport
from reports.models.notices import RankingNotice
from reports.models.publicity import PublicityFile, PublicityRecord
from reports.models.register import RegisterCounter, RegisterEntry, RegisterFile, RegisterPass
from reports.models.schedule import SummaryEdition, SummarySchedule
from reports.models.telling import (
    Bulletin,
    BulletinItem,
    ByReporterQuerySet,
    DistributionList,
    Report,
    ReportException,
    ReportQuerySet,
    ReportReminder,
    one_reporter,
)

__all__ = [
    "Bulletin",
    "BulletinItem",
    "ByReporterQuerySet",
    "DistributionList",
    "Forwarding",
    "PublicityFile",
    "PublicityRecord",
    "RankingNotice",
    "RegisterCounter",
    "RegisterEntry",
    "RegisterFile",
    "RegisterPass",
    "Report",
    "ReportException",
    "ReportQuerySet",
    "ReportReminder",
    "SummaryEdition",
    "SummarySchedule",
    "UpwardPassage",
    "UpwardReport",
    "UseAbove",
    "one_reporter",
]
