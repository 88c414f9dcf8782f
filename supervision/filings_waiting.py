"""Summaries that the office has yet to put on file, on its to-do list (J-10)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.messages import Message
from campaign.counted import counted
from campaign.todo import Todo
from supervision.models import Filing
from units import access
from units.roles import Right


def _to_acknowledge(user: Any) -> QuerySet[Filing] | None:
    if not access.has_anywhere(user, Right.APPROVE):
        return None
    return Filing.objects.visible_to(user, Right.APPROVE).waiting()


@counted(_to_acknowledge)
def filings(user: Any, count: int, _due: dt.date | None) -> Todo:
    """So many summaries to acknowledge."""
    return Todo(
        count,
        Message(gettext_noop("Put stage summaries on file")),
        None,
        reverse("supervision:filings"),
        Message(gettext_noop("Acknowledge")),
        menu="supervision:transitions",
    )
