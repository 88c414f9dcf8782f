"""What a reviewing body does with many applications: the list of those that wait for its word, and agreeing at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from accounts.messages import Message
from assessments.paper_rules import can_set_deputy
from campaign.playbook import ConsentStep
from supervision import chain, queries, rules
from supervision.actions.reviews import Outcome, agree_to_all, why_not_together
from supervision.models import Transition
from units.guards import need_somewhere
from units.roles import Right

PER_PAGE = 25  # also the most that are agreed to in one go


@dataclass(frozen=True)
class Row:
    """One application: for which bodies the user speaks, what it is about, and why it cannot be ticked."""

    transition: Transition
    steps: list[ConsentStep]
    stage: Any
    target: Any
    days: int
    why_not: Message | None


def _rows(user: Any, waiting: list[tuple[Transition, list[ConsentStep]]]) -> list[Row]:
    books = queries.playbooks(row.participation.batch_id for row, _steps in waiting) if waiting else {}
    found = []
    for row, steps in waiting:
        book = books[row.participation.batch_id]
        target = book.stage(row.target).name if row.target else None
        days = (clock.now() - row.applied_at).days
        found.append(Row(row, steps, chain.name_at(book, row.stage), target, days, why_not_together(row)))
    return found


def _page(request: HttpRequest, outcomes: list[Outcome], *, chosen_none: bool = False) -> HttpResponse:
    page = Paginator(queries.waiting_for(request.user), PER_PAGE).get_page(request.GET.get("page"))
    rows = _rows(request.user, list(page))
    context = {
        "page": page,
        "rows": rows,
        "tickable": sum(row.why_not is None for row in rows),
        "outcomes": outcomes,
        "agreed": sum(outcome.agreed for outcome in outcomes),
        "chosen_none": chosen_none,
        "may_set_deputy": can_set_deputy(request.user),
        "crumbs": [
            (_("Applications for transition"), reverse("supervision:transitions")),
            (_("Waiting for my word"), ""),
        ],
    }
    return render(request, "supervision/review/list.html", context, status=422 if chosen_none else 200)


def reviews(request: HttpRequest) -> HttpResponse:
    """Applications that wait for the user's word; those that meet every condition can be ticked."""
    if not rules.may_decide_somewhere(request.user):
        need_somewhere(request.user, Right.REVIEW, Right.APPROVE, Right.LEAD)
    return _page(request, [])


def reviews_agree(request: HttpRequest) -> HttpResponse:
    """Agree to those that were ticked, one by one; what became of each stands on the page."""
    if request.method != "POST":
        return redirect("supervision:reviews")
    if not rules.may_decide_somewhere(request.user):
        need_somewhere(request.user, Right.REVIEW, Right.APPROVE, Right.LEAD)
    chosen = [int(pk) for pk in request.POST.getlist("transition") if pk.isdecimal() and len(pk) < 10][:PER_PAGE]
    rows = list(
        Transition.objects.visible_to(request.user)
        .filter(pk__in=chosen)
        .select_related("participation__organization", "participation__work_unit", "participation__batch__campaign")
        .prefetch_related("decisions", "participation__progress")
        .order_by("applied_at", "pk")
    )
    if not rows:
        return _page(request, [], chosen_none=True)
    return _page(request, agree_to_all(by=request.user, transitions=rows))
