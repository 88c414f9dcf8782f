"""Who writes down publicity, and until when a record can be mended."""

from __future__ import annotations

from typing import Any

from campaign import rules as core
from campaign.holds import hold_of
from campaign.models import Batch, Participation
from campaign.playbook.work import AFTER
from campaign.queries import taking_part
from reports.models import PublicityRecord
from units import access
from units.models import Organization
from units.roles import Right


def of_office(organization: Organization, batch: Batch) -> bool:
    """Does the place belong to the campaign's office, which takes part in no batch itself?"""
    return organization.pk == batch.campaign.host_id


def can_record(user: Any, organization: Organization, batch: Batch, participation: Participation | None = None) -> bool:
    """Write down what an organisation made public: who records there; for the office who edits its bulletin."""
    if of_office(organization, batch):
        return batch.closed_on is None and access.has(user, Right.EDIT_BULLETIN, organization)
    participation = participation or taking_part(organization)
    same = participation is not None and participation.batch_id == batch.pk
    return same and core.can_consolidate(user, organization, participation)


def can_change(user: Any, record: PublicityRecord) -> bool:
    """Mend or take back a record: while its stage lasts, and while no application under review rests on it."""
    if of_office(record.organization, record.batch):
        return can_record(user, record.organization, record.batch)
    participation = taking_part(record.organization)
    if participation is None or not can_record(user, record.organization, record.batch, participation):
        return False
    if record.stage != stage_now(participation):
        return False
    hold = hold_of(participation)
    return hold is None or record.recorded_at > hold.since


def stage_now(participation: Participation | None) -> str:
    """The stage that a record made now belongs to; none for the office."""
    if participation is None:
        return ""
    return AFTER if core.is_consolidating(participation) else core.phase_of(participation)
