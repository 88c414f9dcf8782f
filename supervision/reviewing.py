"""Tells the core room's stage picture which units wait for a decision on their transition."""

from __future__ import annotations

from collections.abc import Iterable

from campaign.models import Batch
from campaign.queries import reviewing
from supervision.models import Transition


@reviewing
def under_review(batch: Batch) -> Iterable[int]:
    """Ids of participations with an application that is not decided. One query."""
    rows = Transition.objects.under_review().filter(participation__batch=batch)
    return rows.values_list("participation_id", flat=True)
