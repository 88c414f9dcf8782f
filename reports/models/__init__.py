from reports.models.publicity import PublicityFile, PublicityRecord
from reports.models.register import RegisterCounter, RegisterEntry, RegisterFile, RegisterPass
from reports.models.telling import (
    Bulletin,
    BulletinItem,
    ByReporterQuerySet,
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
    "one_reporter",
]
