"""What the page of a unit leads to in this room: its summaries."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from campaign.models import Participation
from campaign.unit_links import Link, unit_link


@unit_link
def summaries_of_unit(user: Any, participation: Participation) -> Link | None:
    """To the draft of the stage summary, once the unit has begun. No query."""
    if participation.state == Participation.State.PREPARING:
        return None
    return Link(
        gettext_lazy("Stage summary"),
        gettext_lazy("Drafted from the records, to finish in Word; and of the whole campaign"),
        reverse("reports:stage_summary", args=[participation.pk]),
        "file-text",
    )
