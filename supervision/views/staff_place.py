"""What all pages on duty and leave begin with: whose they are, and the tabs."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.models import Batch
from campaign.queries import batch_for
from supervision import staffing
from units import access

View = Callable[..., HttpResponse]


def staff_page(view: View) -> View:
    """For the staff and the leading group; gives the view the batch that is under way."""

    @functools.wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not staffing.belongs(request.user):
            if access.posts_of(request.user):
                raise PermissionDenied
            raise Http404
        batch = batch_for(request.user)
        if batch is None:
            return render(request, "supervision/staff/none.html")
        return view(request, batch, *args, **kwargs)

    return inner


def need_keeper(request: HttpRequest, batch: Batch) -> None:
    """Only the office plans duty and takes attendance."""
    if not staffing.keeps(request.user, batch.campaign):
        raise PermissionDenied


def tabs(request: HttpRequest, batch: Batch) -> list[dict[str, Any]]:
    """The pages beside each other; without the rules that the playbook does not set."""
    rule = batch.campaign.playbook.staffing
    pages = [
        ("staff", _("Today")),
        ("duty", _("Duty roster")),
        ("staff_attendance", _("Attendance of the staff")),
        ("leaves", _("Leave")),
        *([("discipline", _("Discipline"))] if rule.discipline else []),
        ("gifts", _("Gifts")),
        *([("absences", _("Absences of principals"))] if rule.travel or rule.party_school else []),
    ]
    urls = [(reverse(f"supervision:{name}"), label) for name, label in pages]
    here = max((url for url, _label in urls if request.path.startswith(url)), key=len, default="")
    return [{"label": label, "url": url, "current": url == here} for url, label in urls]
