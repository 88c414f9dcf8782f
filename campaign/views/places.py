"""Where a page of the branch's work stands: the organisation, what it takes part in, and what one may do there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from campaign import rules
from campaign.models import Batch, Participation
from campaign.queries import batch_for, taking_part
from units import access
from units.models import Organization
from units.roles import Right

Crumb = tuple[str, str]


@dataclass(frozen=True)
class Place:
    """An organisation in the scope of the user, its participation in an open batch, and whether he records there."""

    organization: Organization
    participation: Participation | None
    batch: Batch | None
    may_record: bool
    may_consolidate: bool = False  # what goes on after the unit's closing, until the batch is closed

    @property
    def leads(self) -> bool:
        """Is it the organisation that reports and applies for the whole participation?"""
        return self.participation is not None and self.participation.organization_id == self.organization.pk

    @property
    def active(self) -> bool:
        return self.participation is not None and self.participation.state == Participation.State.ACTIVE

    @property
    def consolidating(self) -> bool:
        """Has the unit closed, and the batch not?"""
        return rules.is_consolidating(self.participation)

    @property
    def phase_name(self) -> str:
        """Name of the stage under way; empty where there is none."""
        current = self.participation.current() if self.participation else None
        return str(current.stage_of(self.batch).name) if current else ""


def place_of(user: Any, organization: Organization) -> Place:
    participation = taking_part(organization)
    return Place(
        organization=organization,
        participation=participation,
        batch=participation.batch if participation else batch_for(user),
        may_record=participation is not None and rules.can_record(user, organization, participation),
        may_consolidate=participation is not None and rules.can_consolidate(user, organization, participation),
    )


def find_place(request: HttpRequest, pk: int) -> Place:
    """The place of an organisation in the user's scope. Raises Http404."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    return place_of(request.user, organization)


def crumbs(user: Any, organization: Organization, *tail: Crumb | str) -> list[Crumb]:
    """The way down the tree; organisations outside one's posts are named but lead nowhere."""
    found: list[Crumb] = []
    for one in organization.ancestors_and_self():
        seen = access.has(user, Right.VIEW, one)
        found.append((one.name, reverse("campaign:branch", args=[one.pk]) if seen else ""))
    return found + [(part, "") if isinstance(part, str) else part for part in tail]


def tabs(place: Place, current: str) -> list[dict[str, Any]]:
    """The five pages of an organisation beside each other; none where it takes no part."""
    if place.participation is None or place.batch is None:
        return []
    pages = [("branch", _("Overview")), ("activities", _("Activities")), ("study", _("Study hours"))]
    if place.batch.campaign.playbook.study.coverages:
        pages.append(("coverage", _("Coverage")))
    pages.append(("marks", _("Members' own actions")))
    pk = place.organization.pk
    return [
        {"label": label, "url": reverse(f"campaign:{name}", args=[pk]), "current": name == current}
        for name, label in pages
    ]
