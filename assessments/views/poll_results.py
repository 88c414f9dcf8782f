"""Results of anonymous surveys: by unit and superior, by question and group, by round."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments import poll_matrix, poll_results, poll_rules, signs
from assessments.forms.poll_results import ResultFilter
from assessments.models import Poll, PollComment, PollUnit
from campaign.playbook import Instrument, Playbook
from campaign.views.places import crumbs
from units.models import Organization

PER_PAGE = 25
SIGNS_LISTED = 10
SORTS = {
    "unit": ("organization__path", "pk"),
    "rate": ("rate", "organization__path", "pk"),
    "valid": ("shown_valid", "organization__path", "pk"),
    "returned": ("shown_returned", "organization__path", "pk"),
}


@dataclass(frozen=True)
class Seen:
    """A counted survey as far as one may see it."""

    request: HttpRequest
    poll: Poll

    @cached_property
    def units(self) -> QuerySet[PollUnit]:
        rows = PollUnit.objects.visible_to(self.request.user).filter(poll=self.poll)
        return rows.select_related("organization__parent", "participation", "survey", "poll")

    @cached_property
    def instrument(self) -> Instrument:
        return self.poll.questionnaire().instrument

    @cached_property
    def playbook(self) -> Playbook:
        return self.poll.batch.campaign.playbook

    @cached_property
    def figures(self) -> QuerySet[PollUnit]:
        return poll_results.figures(self.units, self.instrument)

    @cached_property
    def lines(self) -> list[poll_results.Line]:
        return [self.line(unit) for unit in self.figures.order_by("organization__path", "pk")]

    def line(self, unit: PollUnit) -> poll_results.Line:
        return poll_results.line(unit, self.instrument, self.playbook)

    @cached_property
    def signs(self) -> dict[int, list[Any]]:
        """For supervisors alone; without a query for anybody else."""
        if not poll_results.may_supervise(self.request.user):
            return {}
        return signs.signs(poll_results.supervised(self.request.user, self.units))

    @property
    def holds(self) -> bool:
        return poll_rules.can_manage(self.request.user, self.poll)

    @cached_property
    def reads_comments(self) -> bool:
        return poll_results.reads_comments(self.request.user, self.poll)

    def context(self, tab: str, **more: Any) -> dict[str, Any]:
        listed = (_("Anonymous surveys"), reverse("assessments:surveys"))
        return {
            "poll": self.poll,
            "instrument": self.instrument,
            "tabs": self._tabs(tab),
            "holds": self.holds,
            "reads_comments": self.reads_comments,
            "crumbs": crumbs(self.request.user, self.poll.organization, listed, self.poll.title),
            **more,
        }

    def _tabs(self, current: str) -> list[dict[str, Any]]:
        names = [("poll_results", _("Results"))]
        if self.poll.kind == Poll.Kind.UNIT:
            names += [("poll_answers", _("Answers by question")), ("poll_compare", _("Comparison"))]
        if self.instrument.comment:
            names.append(("poll_comments", _("Comments")))
        if self.poll.kind == Poll.Kind.UNIT and self.holds:
            names.append(("poll_publish", _("Publication")))
        waiting = PollComment.objects.filter(unit__poll=self.poll, state=PollComment.State.WAITING)
        count = waiting.count() if self.instrument.comment and self.reads_comments else 0
        return [
            {
                "url": reverse(f"assessments:{name}", args=[self.poll.pk]),
                "label": label,
                "current": name == current,
                "count": count if name == "poll_comments" else 0,
            }
            for name, label in names
        ]


def counted(request: HttpRequest, pk: int) -> Seen | None:
    """A survey in the user's scope; None while it is not counted, which is said to the user. Raises Http404."""
    rows = poll_rules.seen_by(request.user).select_related("organization", "batch__campaign")
    poll = get_object_or_404(rows, pk=pk)
    if poll.state != Poll.State.CLOSED:
        messages.info(request, _("The results can be read when the survey is closed and counted."))
        return None
    return Seen(request, poll)


def results(request: HttpRequest, pk: int) -> HttpResponse:
    """The results of one survey; who has but one unit in it is led to that unit's page."""
    seen = counted(request, pk)
    if seen is None:
        return redirect("assessments:poll", pk=pk)
    if seen.poll.kind != Poll.Kind.UNIT:
        return _matrix(request, seen)
    if not seen.holds and seen.units.count() == 1 and not poll_results.may_supervise(request.user):
        return redirect("assessments:survey", pk=seen.units.get().survey_id)
    superiors = Organization.objects.filter(pk__in=seen.units.order_by().values("organization__parent"))
    form = ResultFilter(
        request.GET,
        playbook=seen.playbook,
        superiors=list(superiors.order_by("path")),
        supervises=poll_results.may_supervise(request.user),
        thresholds=bool(seen.instrument.thresholds),
    )
    page = Paginator(_ordered(_chosen(seen, form), request), PER_PAGE).get_page(request.GET.get("page"))
    rows = [{"line": seen.line(unit), "signs": seen.signs.get(unit.pk, [])} for unit in page]
    names = {one.unit.pk: one.unit for one in seen.lines}
    context = seen.context(
        "poll_results",
        page=page,
        rows=rows,
        form=form,
        total=poll_results.total(seen.lines),
        hidden=sum(not one.shown for one in seen.lines),
        bands=poll_results.bands(seen.lines, seen.playbook),
        banded=sum(one.band is not None for one in seen.lines),
        makeups=poll_results.may_supervise(request.user) and any(one.failing for one in seen.lines),
        flagged=[(names[key], found) for key, found in list(seen.signs.items())[:SIGNS_LISTED] if key in names],
        flagged_count=len(seen.signs),
        default_sort="unit",
    )
    return render(request, "assessments/poll/results.html", context)


def _chosen(seen: Seen, form: ResultFilter) -> QuerySet[PollUnit]:
    data = form.cleaned_data if form.is_valid() else {}
    rows = poll_results.with_products(seen.figures, seen.instrument)
    if data.get("superior"):
        rows = rows.filter(organization__parent=data["superior"])
    if data.get("q"):
        rows = rows.filter(name__icontains=data["q"].strip())
    if data.get("band") == "few":
        rows = rows.filter(survey__withheld=True)
    elif band := next((one for one in seen.playbook.bands if one.key == data.get("band")), None):
        rows = poll_results.in_band(rows, band)
    failing = poll_results.failing_filter(seen.instrument)
    if data.get("verdict") == "failing":
        rows = rows.filter(failing)
    elif data.get("verdict") == "passed":
        rows = rows.exclude(failing).filter(valid__gt=0)
    elif data.get("verdict") == "signs":
        rows = rows.filter(pk__in=seen.signs)
    return rows


def _ordered(rows: QuerySet[PollUnit], request: HttpRequest) -> QuerySet[PollUnit]:
    """Withheld units stand last, in the order of the tree: their place must not tell how they voted."""
    sort = request.GET.get("sort", "unit")
    first, *rest = SORTS.get(sort.lstrip("-"), SORTS["unit"])
    order = F(first).desc(nulls_last=True) if sort.startswith("-") else F(first).asc(nulls_last=True)
    return rows.order_by(order, *rest)


def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """How each question was answered, by respondent group."""
    seen = counted(request, pk)
    if seen is None or seen.poll.kind != Poll.Kind.UNIT:
        return redirect("assessments:poll_results" if seen else "assessments:poll", pk=pk)
    superior = request.GET.get("superior", "")
    units = seen.units.filter(survey__isnull=False)
    if superior.isdigit():
        units = units.filter(organization__parent=superior)
    context = seen.context(
        "poll_answers",
        found=poll_results.distribution(units, seen.instrument),
        all_units=units.count(),
        superior=Organization.objects.filter(pk=superior).first() if superior.isdigit() else None,
    )
    return render(request, "assessments/poll/results_answers.html", context)


def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Units under each superior side by side, and the rounds of each unit that was asked more than once."""
    seen = counted(request, pk)
    if seen is None or seen.poll.kind != Poll.Kind.UNIT:
        return redirect("assessments:poll_results" if seen else "assessments:poll", pk=pk)
    repeated = poll_results.with_rounds(seen.units.filter(survey__isnull=False), seen.instrument)
    page = Paginator(repeated.order_by("organization__path", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    rounds = poll_results.rounds(list(page), seen.instrument)
    superior = request.GET.get("superior", "")
    inside = [one for one in seen.lines if str(one.unit.organization.parent_id or "") == superior]
    context = seen.context(
        "poll_compare",
        superiors=poll_results.by_superior(seen.lines),
        inside=sorted(inside, key=lambda one: (one.share is None, -(one.share or 0))),
        superior=inside[0].unit.organization.parent if inside else None,
        page=page,
        rows=[(unit, rounds.get(unit.participation_id or 0, [])) for unit in page],
    )
    return render(request, "assessments/poll/compare.html", context)


def _matrix(request: HttpRequest, seen: Seen) -> HttpResponse:
    """A test of members row by row for who keeps the papers, in figures for anybody else; a style review as one."""
    if seen.poll.kind == Poll.Kind.STYLE:
        context = seen.context("poll_results", **poll_matrix.of_style(seen.poll))
        return render(request, "assessments/poll/results_style.html", context)
    units = seen.units.order_by("organization__path", "pk")
    page = Paginator(units, PER_PAGE).get_page(request.GET.get("page"))
    context = seen.context("poll_results", page=page, rows=poll_matrix.of_members(request.user, seen.poll, list(page)))
    return render(request, "assessments/poll/results_members.html", context)
