"""Who may count a survey."""

from __future__ import annotations

from typing import Any

from assessments.models import KnowledgeTest, Survey
from campaign.models import Participation
from units import access
from units.models import Organization
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


def can_read_figures(user: Any, survey: Survey) -> bool:
    """Figures of a round that is decided, unless they are withheld; before, only whoever counts the paper sees them.

    What paper gave is shown to nobody while phones are open: later it could be taken from the total (promise 5).
    """
    if survey.state == Survey.State.CONFIRMED:
        return not survey.withheld
    if survey.state == Survey.State.PAPER:
        return False
    counts = survey.entered_by_id == user.pk or can_enter(user, survey) or can_confirm(user, survey)
    return counts or access.has(user, Right.CONFIRM_SURVEY, survey.participation.organization)


def can_examine(user: Any, organization: Organization) -> bool:
    """Keep banks and set tests: who records or sets up there, and the lecture group, which helps with them (D-07)."""
    lectures = any(
        post.role == "office_lecture" and organization.path.startswith(post.organization.path)
        for post in access.posts_of(user)
    )
    return lectures or any(access.has(user, right, organization) for right in (Right.RECORD, Right.SET_UP))


def can_score(user: Any, test: KnowledgeTest, organization: Organization) -> bool:
    """Enter scores of a paper test for the members of an organisation that the test concerns, while the batch runs."""
    near = organization.path.startswith(test.organization.path) or test.organization.path.startswith(organization.path)
    running = test.batch.closed_on is None and test.mode == KnowledgeTest.Mode.PAPER
    return near and running and access.has(user, Right.RECORD, organization)
