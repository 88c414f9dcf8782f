"""What the pairs on record count for in a unit's checklist (E-29)."""

from __future__ import annotations

from django.db.models import Count

from campaign import tools
from campaign.evidence import Evidence
from campaign.playbook import Action
from supervision.models import Pairing


@tools.tool("pairing", "supervision:pairing_list")
def pairs(evidence: Evidence, _action: Action) -> tools.Counted:
    """Members who are paired now, and organisations with how many organisations they are paired with. Two queries."""
    rows = Pairing.objects.current().filter(evidence.subtree("organization"), campaign=evidence.batch.campaign_id)
    of_organizations = rows.filter(member=None).order_by().values_list("organization").annotate(n=Count("pk"))
    members = rows.filter(member__isnull=False).values_list("member_id", flat=True)
    return tools.Counted(members=frozenset(members), organizations=dict(of_organizations))
