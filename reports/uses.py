"""Which reports of the playbook have been written: their fields hold what was told."""

from __future__ import annotations

from django.db.models import Q

from campaign.editing.uses import Used, uses
from campaign.models import Campaign
from reports.models import Report, UpwardReport


@uses
def _reports(campaign: Campaign) -> Used:
    written = Report.objects.filter(Q(participation__batch__campaign=campaign) | Q(group__campaign=campaign)).order_by()
    own = UpwardReport.objects.filter(batch__campaign=campaign).order_by()
    both = (written, own)
    return {"reports": {rule for rows in both for rule in rows.values_list("rule", flat=True).distinct()}}
