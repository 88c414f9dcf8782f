"""An application under review holds the records that its findings rest on (campaign.holds)."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from accounts.messages import Message
from campaign.holds import Hold, holds
from campaign.models import Participation
from supervision.models import Transition


@holds
def under_review(participation: Participation) -> Hold | None:
    """Until it is decided or withdrawn. One query."""
    moment = (
        Transition.objects.under_review()
        .filter(participation=participation)
        .values_list("applied_at", "attempt")
        .first()
    )
    if moment is None:
        return None
    return Hold(
        moment[0],
        Message(
            gettext_noop(
                "Application no. %(attempt)s for the transition is under review and rests on the records of this "
                "stage. They can be changed once it is decided, or when the secretary withdraws the application first."
            ),
            {"attempt": moment[1]},
        ),
    )
