"""What a page can rely on once it knows that its organisation takes part: otherwise the page is not there."""

from __future__ import annotations

from django.http import Http404

from campaign.models import Batch, Participation
from campaign.views.places import Place


def participation_of(place: Place) -> Participation:
    """Raises Http404 where the organisation takes part in nothing."""
    if place.participation is None:
        raise Http404
    return place.participation


def batch_of(place: Place) -> Batch:
    """Raises Http404 where no batch is open."""
    if place.batch is None:
        raise Http404
    return place.batch
