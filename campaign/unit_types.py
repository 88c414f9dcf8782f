"""What the playbook says of a participation's type of unit: its focus, and whether it runs in stages (A-12, B-07)."""

from __future__ import annotations

from campaign.models import Participation
from campaign.playbook import UnitType


def type_of(participation: Participation | None) -> UnitType | None:
    """The type of the unit that takes part; None where the playbook does not know it."""
    unit = participation.work_unit if participation is not None else None
    if participation is None or unit is None:
        return None
    return participation.batch.campaign.playbook.unit_type(unit.special_type, unit.type)
