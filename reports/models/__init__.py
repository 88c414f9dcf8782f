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
    "Report",
    "ReportException",
    "ReportQuerySet",
    "ReportReminder",
    "one_reporter",
]
