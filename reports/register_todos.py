"""What waits in the document register: documents to read, documents to deal with (K-13)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts import clock
from accounts.messages import Message
from campaign.counted import counted
from campaign.todo import Todo
from reports.queries import register as queries

PAGE = "reports:register"


@counted(queries.to_read)
def documents_to_read(_user: Any, count: int, _due: dt.date | None) -> Todo:
    """Passed to the user, not yet confirmed."""
    return Todo(
        count,
        Message(gettext_noop("Documents passed to you")),
        Message(gettext_noop("Confirm when you have read them")),
        reverse(PAGE) + "?state=mine",
        Message(gettext_noop("Read")),
        menu=PAGE,
    )


@counted(queries.to_deal_with, due="due_on")
def documents_to_deal_with(_user: Any, count: int, due: dt.date | None) -> Todo:
    """In the user's hands."""
    return Todo(
        count,
        Message(gettext_noop("Documents for you to deal with")),
        None,
        reverse(PAGE) + "?state=mine",
        Message(gettext_noop("See")),
        due=due,
        late=due is not None and due < clock.today(),
        menu=PAGE,
    )
