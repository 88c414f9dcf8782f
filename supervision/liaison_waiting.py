"""What waits at liaison points: duties of this month for the point, a first visit for its leader (R-02, R-06)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.messages import Message
from campaign.counted import counted
from campaign.queries import batch_for
from campaign.todo import Todo
from supervision.queries import liaison as queries

PAGE = "supervision:liaison"


@counted(queries.with_duties_open)
def duties_of_this_month(user: Any, count: int, _due: dt.date | None) -> Todo:
    """Points that have not yet reported, talked and kept contact this month."""
    batch = batch_for(user)  # read already by the rows
    duties = queries.duties_of(batch.campaign.playbook) if batch else ()
    names = [{"zh": duty.name.zh, "en": duty.name.en} for duty in duties]
    return Todo(
        count,
        Message(gettext_noop("Liaison points with duties open this month")),
        Message(gettext_noop("%(names)s"), {"names": names}),
        reverse(PAGE) + "?show=list",
        Message(gettext_noop("Record")),
        menu=PAGE,
    )


@counted(queries.never_visited)
def points_to_visit(_user: Any, count: int, _due: dt.date | None) -> Todo:
    """A leader's own points at which no visit is recorded yet."""
    return Todo(
        count,
        Message(gettext_noop("Your liaison points without a visit")),
        Message(gettext_noop("No visit of yours is on record there yet")),
        reverse(PAGE),
        Message(gettext_noop("See")),
        menu=PAGE,
    )
