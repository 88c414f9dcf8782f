"""What the preparation counts for: the actions before the start that name it as their tool (A-16, A-17, D-19)."""

from __future__ import annotations

from collections import Counter

from campaign import tools
from campaign.evidence import Evidence
from campaign.models import Training
from campaign.playbook import Action
from campaign.preparing import readiness


@tools.tool("preparation", "campaign:preparation")
def preparation(evidence: Evidence, action: Action) -> tools.Counted:
    """Done once the unit's checklist is complete."""
    done = readiness(evidence.participation).complete
    return tools.Counted(organizations={evidence.participation.organization_id: int(done)})


@tools.tool("training", "campaign:preparation")
def training(evidence: Evidence, action: Action) -> tools.Counted:
    """Each training of the backbone counts for the organisation that held it."""
    rows = Training.objects.filter(evidence.subtree("organization"), batch=evidence.batch)
    return tools.Counted(organizations=Counter(rows.values_list("organization_id", flat=True)))
