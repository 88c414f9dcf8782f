"""What publicity records count for in a unit's checklist, and what of the playbook they hold fast (L-01)."""

from __future__ import annotations

from campaign import tools
from campaign.editing.uses import Used, actions_of, uses
from campaign.evidence import Evidence
from campaign.models import Campaign
from campaign.playbook import Action
from campaign.playbook.work import ALL
from reports.models import PublicityRecord
from reports.queries.publicity import COUNTED, Kind, pieces


@tools.tool("publicity", "reports:publicity_list")
def publicity(evidence: Evidence, action: Action) -> tools.Counted:
    """Banners in pieces and issues of columns; a unit counts what all its organisations made. One query."""
    kind = COUNTED.get(action.key)
    if kind is None:
        return tools.NOTHING
    rows = PublicityRecord.objects.filter(evidence.subtree("organization"), batch=evidence.batch, kind=kind)
    if evidence.phase != ALL and (action.per_stage or action.phase != ALL):
        rows = rows.filter(stage=evidence.phase)
    counted = rows.order_by().values("organization").annotate(**pieces(rows))
    by = {row["organization"]: row["pieces" if kind == Kind.BANNER else "records"] for row in counted}
    if {"unit", "team"} & set(action.pers):
        by[evidence.organization.pk] = sum(by.values())
    return tools.Counted(organizations=by)


@uses
def _counted(campaign: Campaign) -> Used:
    kept = PublicityRecord.objects.filter(batch__campaign=campaign)
    return {"actions": actions_of(campaign, "publicity") if kept.exists() else set()}
