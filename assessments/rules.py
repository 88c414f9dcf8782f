"""Who may count a survey."""

from __future__ import annotations

from typing import Any

from assessments.models import Survey
from campaign.models import Participation
from units import access
from units.roles import Right


def can_open(user: Any, participation: Participation) -> bool:
    """Whoever may enter counts, while the campaign runs there."""
    active = participation.state == Participation.State.ACTIVE
    return active and access.has(user, Right.ENTER_SURVEY, participation.organization)


def can_enter(user: Any, survey: Survey) -> bool:
    right = access.has(user, Right.ENTER_SURVEY, survey.participation.organization)
    return right and survey.state == Survey.State.DRAFT


def can_confirm(user: Any, survey: Survey) -> bool:
    """Another person than the one who entered, with the right to confirm."""
    right = access.has(user, Right.CONFIRM_SURVEY, survey.participation.organization)
    return right and survey.state == Survey.State.ENTERED and survey.entered_by_id != user.pk
