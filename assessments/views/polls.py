"""Anonymous surveys as their holders see them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from assessments.actions.polls import turnout
from assessments.models import Poll, PollUnit
from assessments.models.polls import in_tens
from units.guards import need_somewhere
from units.roles import Right


def poll_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One survey: how far it is, and what can be done next."""
    need_somewhere(request.user, Right.VIEW)
    poll = get_object_or_404(Poll.objects.visible_to(request.user).select_related("organization"), pk=pk)
    cast = turnout(poll)
    units = PollUnit.objects.visible_to(request.user).filter(poll=poll)
    rows = [(unit, in_tens(cast.get(unit.pk, (0, 0))[0]), cast.get(unit.pk, (0, 0))[1]) for unit in units]
    return render(request, "assessments/poll/detail.html", {"poll": poll, "rows": rows})
