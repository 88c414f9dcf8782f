"""What waits for a user in this room."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.messages import Message
from assessments import after_surveys
from assessments.models import Survey
from campaign import todo
from units import access
from units.roles import Right


def _names(surveys: list[Survey]) -> Message:
    return Message(gettext_noop("%(names)s"), {"names": [item.participation.label for item in surveys[:5]]})


@todo.provider
def surveys(user: Any) -> Iterator[todo.Todo]:
    """Counts to confirm as the second person; counts sent back to be entered again."""
    confirms, enters = (access.has_anywhere(user, right) for right in (Right.CONFIRM_SURVEY, Right.ENTER_SURVEY))
    if confirms or enters:
        seen = Survey.objects.select_related("participation__organization", "participation__work_unit")
        to_confirm = Q(state=Survey.State.ENTERED) & ~Q(entered_by=user)
        to_enter = Q(state=Survey.State.DRAFT, entered_by=user)
        found = list(
            seen.visible_to(user, Right.CONFIRM_SURVEY).filter(to_confirm)
            | seen.visible_to(user, Right.ENTER_SURVEY).filter(to_enter)
        )
        waiting = [survey for survey in found if survey.state == Survey.State.ENTERED]
        back = [survey for survey in found if survey.state == Survey.State.DRAFT]
        if waiting:
            yield todo.Todo(
                count=len(waiting),
                title=Message(gettext_noop("Confirm survey counts")),
                detail=_names(waiting),
                url=reverse("assessments:surveys") + "?state=entered",
                button=Message(gettext_noop("Confirm")),
                due=min(item.held_on for item in waiting),
                menu="assessments:surveys",
            )
        if back:
            yield todo.Todo(
                count=len(back),
                title=Message(gettext_noop("Enter survey counts again")),
                detail=_names(back),
                url=reverse("assessments:surveys") + "?state=draft",
                button=Message(gettext_noop("Enter")),
                due=min(item.held_on for item in back),
                menu="assessments:surveys",
            )


@todo.provider
def to_rectify_again(user: Any) -> Iterator[todo.Todo]:
    """Closing surveys below the user that call for rectifying again, and nothing was opened again yet (H-04)."""
    failed = after_surveys.waiting(user)
    if failed:
        yield todo.Todo(
            count=len(failed),
            title=Message(gettext_noop("Have units rectify again after their closing survey")),
            detail=_names(failed),
            url=reverse("assessments:survey_again", args=[failed[0].pk]),
            button=Message(gettext_noop("Choose the items")),
            menu="assessments:surveys",
        )
