"""What supervision knows that speaks against a commendation: work that was recorded as not solid (Q-03)."""

from __future__ import annotations

from collections.abc import Iterable

from assessments.commendations import against
from campaign.models import Batch
from supervision.models import Decision, MakeUpOrder


@against
def unsolid_work(batch: Batch) -> Iterable[str]:
    """Paths of organisations with the recorded cause "work not solid" (J-14)."""
    orders = MakeUpOrder.objects.filter(participation__batch=batch, unsolid_work=True)
    returned = Decision.objects.filter(transition__participation__batch=batch, unsolid_work=True)
    return [
        *orders.values_list("organization__path", flat=True),
        *returned.values_list("transition__participation__organization__path", flat=True),
    ]
