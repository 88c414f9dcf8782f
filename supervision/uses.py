"""Applications under way hold the chain of consent as it is."""

from __future__ import annotations

from campaign.editing.uses import Used, uses
from campaign.models import Campaign
from supervision.models import Transition


@uses
def _transitions(campaign: Campaign) -> Used:
    under_way = Transition.objects.filter(participation__batch__campaign=campaign, state__in=Transition.OPEN)
    return {"transition": set(under_way.order_by().values_list("stage", flat=True).distinct())}
