"""Where a page on a member's papers stands: 404 outside one's scope, 403 inside it, 404 unless under way."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from assessments import confidential
from campaign.models import Batch
from campaign.views.places import Place, find_place
from units.models import Member


def place_for_counts(request: HttpRequest, pk: int) -> Place:
    """An organisation whose figures the user may see."""
    place = find_place(request, pk)
    if not confidential.can_count(request.user, place.organization):
        raise PermissionDenied
    return place


def place_for_papers(request: HttpRequest, pk: int) -> tuple[Place, Batch]:
    """A branch under way whose papers the user keeps."""
    place = find_place(request, pk)
    if not confidential.keeps_papers(request.user, place.organization):
        raise PermissionDenied
    if place.batch is None or not place.active:
        raise Http404
    return place, place.batch


def member_for_papers(request: HttpRequest, pk: int) -> tuple[Member, Batch]:
    """A member of the user's own branch, and the batch under way there."""
    visible = Member.objects.visible_to(request.user).select_related("organization", "user")
    member = get_object_or_404(visible, pk=pk)
    if not confidential.can_appraise(request.user, member):
        raise PermissionDenied
    participation = confidential.active(member.organization)
    if participation is None:
        raise Http404
    return member, participation.batch
