"""What supervision knows that speaks against a commendation: work recorded as not solid, and yellow cards (Q-03)."""

from __future__ import annotations

from collections.abc import Iterable

from assessments.commendations import against
from campaign.models import Batch
from supervision.models import Decision, MakeUpOrder, YellowCard

REVOKED = YellowCard.State.REVOKED


@against
def unsolid_work(batch: Batch) -> Iterable[str]:
    """Paths of organisations with the recorded cause "work not solid" (J-14), unless the card for it was revoked."""
    orders = MakeUpOrder.objects.filter(participation__batch=batch, unsolid_work=True).exclude(cards__state=REVOKED)
    returned = Decision.objects.filter(transition__participation__batch=batch, unsolid_work=True)
    standing = returned.exclude(transition__cards__state=REVOKED)
    return [
        *orders.values_list("organization__path", flat=True),
        *standing.values_list("transition__participation__organization__path", flat=True),
    ]


@against
def yellow_cards(batch: Batch) -> Iterable[str]:
    """Paths of organisations with a yellow card that counts."""
    return YellowCard.objects.counting().filter(batch=batch).values_list("organization__path", flat=True)
