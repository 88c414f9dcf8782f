"""The slips of an anonymous survey: which are printed, printing, and new codes for the unused ones.

A file of slips is made in the request and handed over; no job, no disk and no cache ever holds a code.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from assessments import poll_slips
from assessments.actions import polls as actions
from assessments.forms.polls import UnitFilter
from assessments.models import Poll, PollUnit
from assessments.models.polls import in_tens
from assessments.queries import polls as queries
from assessments.views.polls import crumbs, filtered_units, managed, moved

PER_PAGE = 50
ONLY = (("unprinted", gettext_lazy("Not printed yet")), ("printed", gettext_lazy("Printed")))
Make = Callable[..., list[actions.Slip]]


def slips(request: HttpRequest, pk: int) -> HttpResponse:
    """Units with their slips, printed or not."""
    poll = managed(request, pk)
    if not poll.takes_ballots:
        return _over(request, poll)
    search = UnitFilter(request.GET, only=ONLY)
    rows = queries.with_figures(filtered_units(poll.units.all(), search)).select_related("organization")
    page = Paginator(rows.order_by("organization__path", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "poll": poll,
        "page": page,
        "search": search,
        "address": base_of(request),
        "left": queries.unprinted(poll),
        "most": actions.MOST_CODES_AT_ONCE,
        "crumbs": crumbs(poll, _("Slips")),
    }
    return render(request, "assessments/poll/slips.html", context)


def _over(request: HttpRequest, poll: Poll) -> HttpResponse:
    messages.error(request, _("Slips are printed only while the survey takes ballots."))
    return redirect("assessments:poll", pk=poll.pk)


def base_of(request: HttpRequest) -> str:
    """Where slips lead; the code follows behind a #, which no browser sends to a server."""
    return request.build_absolute_uri(reverse("voting:start"))


def _chosen(request: HttpRequest, poll: Poll) -> QuerySet[PollUnit] | None:
    """The units that were ticked; None for all."""
    data = request.POST if request.method == "POST" else request.GET
    if data.get("do") == "all":
        return None
    keys = [int(key) for key in data.getlist("units") if key.isascii() and key.isdigit()]
    return poll.units.filter(pk__in=keys)


@require_POST
def slips_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the codes of units that have none yet, and hand the slips over."""
    return _hand_over(request, managed(request, pk), actions.issue)


def slips_reprint(request: HttpRequest, pk: int) -> HttpResponse:
    """New codes for the unused ones, after saying what that means."""
    poll = managed(request, pk)
    if not poll.takes_ballots:
        return _over(request, poll)
    if request.method == "POST":
        return _hand_over(request, poll, actions.reissue)
    units = _chosen(request, poll)
    figures = actions.turnout(poll)
    chosen = list(poll.units.all() if units is None else units)
    context = {
        "poll": poll,
        "every": units is None,
        "chosen": chosen,
        # Exact, it would be the turnout; in tens it says how much paper is needed (promise 5).
        "most": sum(figures[one.pk][1] - in_tens(figures[one.pk][0]) for one in chosen if one.pk in figures),
        "crumbs": crumbs(poll, _("Print unused slips again")),
    }
    return render(request, "assessments/poll/reprint.html", context)


@sensitive_variables()
def _hand_over(request: HttpRequest, poll: Poll, make: Make) -> HttpResponse:
    """The file and its codes in one transaction: if the file fails, no code was made."""
    units = _chosen(request, poll)
    several = request.POST.get("as") == "zip"
    if not poll.takes_ballots:
        return _over(request, poll)
    try:
        with transaction.atomic():
            found = make(by=request.user, poll=poll, units=None if units is None else list(units))
            render_file = poll_slips.slips_zip if several else poll_slips.slips_pdf
            content = render_file(poll, found, base_of(request)) if found else b""
    except actions.PollMoved:
        return moved(request, poll)
    except actions.TooManyCodes:
        text = _("These are more than %(most)s slips, too many for one file. Tick fewer units at a time.")
        messages.error(request, text % {"most": f"{actions.MOST_CODES_AT_ONCE:,}"})
        return redirect("assessments:poll_slips", pk=poll.pk)
    if not content:
        messages.error(request, _("There is nothing to print: no unit is ticked, or all its slips are printed."))
        return redirect("assessments:poll_slips", pk=poll.pk)
    return _file(content, poll, several=several)


def _file(content: bytes, poll: Poll, *, several: bool) -> HttpResponse:
    ending, kind = ("zip", "application/zip") if several else ("pdf", "application/pdf")
    name = _("Slips of %(title)s") % {"title": poll.title}
    headers: dict[str, Any] = {
        "Cache-Control": "no-store",
        "Content-Disposition": content_disposition_header(True, f"{name}.{ending}"),
    }
    return HttpResponse(content, content_type=kind, headers=headers)
