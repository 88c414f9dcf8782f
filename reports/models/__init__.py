from reports.models.adoption import UseAbove
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
    "PublicityFile",
    "PublicityRecord",
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
    "UseAbove",
    "one_reporter",
]
