"""Which surveys of the playbook have been held: their questions cannot be changed under them."""

from __future__ import annotations

from assessments.models import Survey
from campaign.editing.uses import Used, uses
from campaign.models import Campaign


@uses
def _surveys(campaign: Campaign) -> Used:
    held = Survey.objects.filter(participation__batch__campaign=campaign).order_by()
    return {"instruments": set(held.values_list("instrument", flat=True).distinct())}
