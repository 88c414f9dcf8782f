"""Where a page stands: crumbs down the organisation tree, and the participation that it is about."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse

from campaign.models import Participation
from units.models import Organization

Crumbs = list[tuple[str, str]]


def crumbs(organization: Organization, *last: tuple[str, str]) -> Crumbs:
    """The organisations from the root down, then the pages given; the last one is this page."""
    line = [(o.name, reverse("units:organization", args=[o.pk])) for o in organization.ancestors_and_self()]
    return [*line, *last]


def participations(user: Any) -> QuerySet[Participation]:
    """Those in scope, with what their pages need."""
    return (
        Participation.objects.visible_to(user)
        .select_related("organization", "work_unit", "batch__campaign__host")
        .prefetch_related("progress")
    )


def participation_or_404(user: Any, pk: int) -> Participation:
    return get_object_or_404(participations(user), pk=pk)
