"""Who may have a summary workbook made every week: the office, of organisations it may export."""

from __future__ import annotations

from typing import Any

from reports.models import SummarySchedule
from units import access
from units.models import Organization
from units.roles import Right


def can_schedule(user: Any, organization: Organization) -> bool:
    """Set one up for the organisation, and go on having it made."""
    return access.has(user, Right.SET_UP, organization) and access.has(user, Right.EXPORT, organization)


def can_schedule_anywhere(user: Any) -> bool:
    return access.has_anywhere(user, Right.SET_UP) and access.has_anywhere(user, Right.EXPORT)


def can_change(user: Any, schedule: SummarySchedule) -> bool:
    """Change, pause, resume or delete it."""
    return can_schedule(user, schedule.organization)
