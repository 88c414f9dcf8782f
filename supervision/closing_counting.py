"""What the application to close counts for: the report and the closing meeting of the playbook (H-05..H-07)."""

from __future__ import annotations

from campaign import tools
from campaign.evidence import Evidence
from campaign.playbook import Action
from supervision import chain
from supervision.models import Transition


@tools.tool("closing", "supervision:gate", of_unit=True, applies=True)
def closing(evidence: Evidence, action: Action) -> tools.Counted:
    """A text is done once the report is handed in and not sent back, a meeting once it is held; by the unit."""
    handed_in = Transition.objects.filter(participation=evidence.participation, stage=chain.CLOSING).exclude(
        state__in=(Transition.State.RETURNED, Transition.State.MADE_UP, Transition.State.WITHDRAWN)
    )
    if action.evidence != "document":
        handed_in = handed_in.exclude(meeting_on=None)
    return tools.Counted(organizations={evidence.participation.organization_id: int(handed_in.exists())})
