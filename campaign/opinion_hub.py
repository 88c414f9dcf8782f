"""Where opinions stand by organisation: the page that the menu leads to, for the office and for a unit (group N)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from campaign.models import Batch, Opinion, OpinionBox, ReviewedDepartment, StyleReview
from campaign.queries import directly_below
from units import access
from units.models import Organization

State = Opinion.State


@dataclass
class Line:
    """The registers of an organisation directly below, with all below it."""

    organization: Organization
    opinions: int = 0
    unsorted: int = 0
    open: int = 0

    def take(self, opinions: int, unsorted: int, unanswered: int) -> None:
        self.opinions += opinions
        self.unsorted += unsorted
        self.open += unanswered


@dataclass(frozen=True)
class Hub:
    """What the page shows of one organisation."""

    organization: Organization
    opinions: int
    unsorted: int
    open: int
    boxes: int
    reviews: list[StyleReview]
    sheets: int
    lines: list[Line]


def hub_of(user: Any, batch: Batch, organization: Organization) -> Hub:
    """Six queries, whatever the size of the tree."""
    own = Opinion.objects.visible_to(user).of(organization).filter(batch=batch).standing()
    whole = own.aggregate(**_COUNTS)
    inside = access.below(organization.path, "organization")
    boxes = [one for one in OpinionBox.objects.visible_to(user).filter(inside, batch=batch) if one.is_open]
    reviews = StyleReview.objects.visible_to(user).filter(inside, batch=batch)
    sheets = ReviewedDepartment.objects.visible_to(user).exclude(sent_at=None)
    return Hub(
        organization=organization,
        boxes=len(boxes),
        reviews=list(reviews[:5]),
        sheets=sheets.filter(organization=organization, review__batch=batch).count(),
        lines=[] if organization.is_branch else _lines(user, batch, organization),
        **whole,
    )


_COUNTS = {
    "opinions": Count("pk"),
    "unsorted": Count("pk", filter=Q(state=State.NEW)),
    "open": Count("pk", filter=Q(state__in=[State.SORTED, State.PASSED])),
}


def _lines(user: Any, batch: Batch, organization: Organization) -> list[Line]:
    """By the organisation directly below in whose register it stands; those without an opinion stay in the list."""
    children = Organization.objects.active().within(organization).filter(depth=organization.depth + 1)
    lines = {one.path: Line(one) for one in children.order_by("path")}
    inside = access.below(organization.path, "organization")
    rows = Opinion.objects.visible_to(user).filter(inside, batch=batch).standing().order_by()
    for path, *counts in rows.values_list("organization__path").annotate(**_COUNTS):
        line = lines.get(directly_below(organization, path))
        if line is not None:
            line.take(*counts)
    return sorted(lines.values(), key=lambda line: (-line.unsorted - line.open, line.organization.path))
