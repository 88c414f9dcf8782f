"""Which reports of the playbook have been written: their fields hold what was told."""

from __future__ import annotations

from django.db.models import Q

from campaign.editing.uses import Used, uses
from campaign.models import Campaign
from reports.models import Report


@uses
def _reports(campaign: Campaign) -> Used:
    written = Report.objects.filter(Q(participation__batch__campaign=campaign) | Q(group__campaign=campaign)).order_by()
    return {"reports": set(written.values_list("rule", flat=True).distinct())}
