"""What the pairs on record count for in a unit's checklist, and what of the playbook they hold fast (E-29, R-06)."""

from __future__ import annotations

from django.db.models import Count

from campaign import tools
from campaign.editing.uses import Used, actions_of, uses
from campaign.evidence import Evidence
from campaign.models import Campaign
from campaign.playbook import Action
from supervision.models import LiaisonContact, Pairing


@tools.tool("pairing", "supervision:pairing_list")
def pairs(evidence: Evidence, _action: Action) -> tools.Counted:
    """Members who are paired now, and organisations with how many organisations they are paired with. Two queries."""
    rows = Pairing.objects.current().filter(evidence.subtree("organization"), campaign=evidence.batch.campaign_id)
    of_organizations = rows.filter(member=None).order_by().values_list("organization").annotate(n=Count("pk"))
    members = rows.filter(member__isnull=False).values_list("member_id", flat=True)
    return tools.Counted(members=frozenset(members), organizations=dict(of_organizations))


@uses
def _kinds_and_duties(campaign: Campaign) -> Used:
    pairings = Pairing.objects.filter(campaign=campaign).order_by()
    kinds = set(pairings.values_list("kind", flat=True).distinct())
    contacts = LiaisonContact.objects.filter(point__batch__campaign=campaign).order_by()
    return {
        "pairing.kinds": kinds,
        "liaison.duties": set(contacts.values_list("duty", flat=True).distinct()),
        "actions": actions_of(campaign, "pairing") if kinds else set(),
    }
