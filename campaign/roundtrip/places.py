"""Where a list that is edited in Excel lies: at an organisation, or with the office of a campaign."""

from __future__ import annotations

from typing import Any, Self

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from campaign.models import Batch
from campaign.queries import batch_for, taking_part
from campaign.roundtrip.description import Ledger
from units import access
from units.models import Organization


class OfOrganization(Ledger):
    """A list of an organisation and all below it, in the batch in which it takes part or else the user's."""

    def __init__(self, user: Any, organization: Organization, batch: Batch) -> None:
        self.user, self.place, self.organization, self.batch = user, organization.pk, organization, batch

    @classmethod
    def open(cls, user: Any, place: int) -> Self:
        organization = get_object_or_404(Organization.objects.visible_to(user), pk=place)
        participation = taking_part(organization)
        batch = participation.batch if participation else batch_for(user)
        if batch is None:
            raise Http404
        if not cls.allowed(user, organization):
            raise PermissionDenied
        return cls(user, organization, batch)


class OfCampaign(Ledger):
    """A list of the campaign in which the user has a part; `place` is the campaign."""

    def __init__(self, user: Any, batch: Batch) -> None:
        self.user, self.batch, self.campaign = user, batch, batch.campaign
        self.place, self.organization = batch.campaign_id, batch.campaign.host

    @classmethod
    def open(cls, user: Any, place: int) -> Self:
        batch = batch_for(user) if access.posts_of(user) else None
        if batch is None or batch.campaign_id != place:
            raise Http404
        if not cls.allowed(user, batch.campaign):
            raise PermissionDenied
        return cls(user, batch)
