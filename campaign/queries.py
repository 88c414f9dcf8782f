"""Who governs whom, and where people are: reads that several rooms share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from campaign.models import Batch, Participation, StageProgress
from units import access
from units.models import Organization


def governed(participation: Participation, field: str) -> Q:
    """Rows (through `field`, '' for organisations) of a participation's subtree, nested participations left out."""
    inside = access.below(participation.organization.path, field)
    nested = (
        Participation.objects.filter(batch_id=participation.batch_id)
        .exclude(pk=participation.pk)
        .filter(access.below(participation.organization.path, "organization"))
        .values_list("organization__path", flat=True)
    )
    for path in nested:
        inside &= ~access.below(path, field)
    return inside


def governing(organization: Organization, batch: Batch) -> Participation | None:
    """The participation that covers an organisation: its own, or the nearest above it."""
    return (
        Participation.objects.filter(batch=batch)
        .at_or_above(organization)
        .select_related("organization", "work_unit", "batch__campaign__host")
        .prefetch_related("progress")
        .first()
    )


def taking_part(organization: Organization) -> Participation | None:
    """The participation that an organisation's pages are about, whoever looks: the nearest of an open batch.

    Of several open batches the one under way wins, then the later one.
    """
    nearest: dict[int, Participation] = {}
    found = (
        Participation.objects.filter(batch__closed_on=None)
        .at_or_above(organization)
        .select_related("organization", "work_unit", "batch__campaign__host")
        .prefetch_related("progress")
    )
    for participation in found:
        nearest.setdefault(participation.batch_id, participation)
    return max(
        nearest.values(),
        key=lambda p: (p.state == Participation.State.ACTIVE, p.batch.starts_on, p.batch_id),
        default=None,
    )


def batch_for(user: Any) -> Batch | None:
    """The batch that a user's pages are about: the newest open one of the campaigns in reach."""
    if not hasattr(user, "_batch"):
        user._batch = (
            Batch.objects.visible_to(user)
            .filter(closed_on=None)
            .select_related("campaign__host")
            .order_by("-starts_on", "-pk")
            .first()
        )
    return user._batch


@dataclass(frozen=True)
class Standing:
    """Where an organisation is: who leads it, in which stage."""

    participation: Participation
    progress: StageProgress | None


def standing(organization: Organization, batch: Batch) -> Standing | None:
    """Participation and current stage of an organisation; None where it does not take part."""
    participation = governing(organization, batch)
    if participation is None:
        return None
    return Standing(participation, participation.current())
