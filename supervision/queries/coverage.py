"""Whom the supervision groups cover: gaps and overlaps among the leading organisations of a batch (D-09)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from campaign.models import Batch, Participation
from supervision.models import Assignment, SupervisionGroup


@dataclass(frozen=True)
class Coverage:
    """Leading organisations without a group, with several, and how many there are in all."""

    total: int
    gaps: list[Participation] = field(default_factory=list)
    overlaps: list[tuple[Participation, list[SupervisionGroup]]] = field(default_factory=list)


def coverage_of(batch: Batch, user: Any) -> Coverage:
    """Who of those the user sees is covered by which group today. Two queries."""
    assignments = list(
        Assignment.objects.current().filter(group__campaign=batch.campaign_id).select_related("group", "organization")
    )
    rows = list(Participation.objects.visible_to(user).filter(batch=batch).select_related("organization", "work_unit"))
    gaps, overlaps = [], []
    for row in rows:
        covering = {a.group_id: a.group for a in assignments if row.organization.path.startswith(a.organization.path)}
        if not covering:
            gaps.append(row)
        elif len(covering) > 1:
            overlaps.append((row, list(covering.values())))
    return Coverage(len(rows), gaps, overlaps)
