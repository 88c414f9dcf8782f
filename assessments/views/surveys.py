"""Paper surveys: list, one round with its result, opening, entering, confirming."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import clock
from assessments import after_surveys, poll_results, rules, signs
from assessments.actions import surveys as actions
from assessments.forms.surveys import CountForm, RefuseForm, RoundForm, SurveyFilter
from assessments.models import PollComment, PollUnit, Survey
from assessments.procedure import StepFirst
from assessments.results import band_of, result_of
from assessments.survey_bands import LAST, standings
from campaign.forms.within import add_within
from campaign.holds import Held
from campaign.models import Batch, Participation
from campaign.queries import batch_for
from units import access
from units.guards import need_somewhere
from units.roles import Right

COMMENTS = 100  # of a unit, on its page


def _surveys(request: HttpRequest) -> QuerySet[Survey]:
    return Survey.objects.visible_to(request.user).select_related(
        "participation__organization", "participation__work_unit", "participation__batch__campaign"
    )


def _get(request: HttpRequest, pk: int) -> Survey:
    rows = _surveys(request).select_related("entered_by", "confirmed_by").prefetch_related("counts", "answers")
    return get_object_or_404(rows, pk=pk)


def _crumbs(participation: Participation, last: str) -> list[tuple[str, str]]:
    line = [
        (o.name, reverse("units:organization", args=[o.pk])) for o in participation.organization.ancestors_and_self()
    ]
    return [*line, (last, "")]


def _filtered(rows: QuerySet[Survey], form: SurveyFilter, batch: Batch | None, user: Any) -> QuerySet[Survey]:
    below = add_within(form, user)
    data = form.cleaned_data if form.is_valid() else {}
    if below is not None:
        rows = rows.filter(access.below(below.path, "participation__organization"))
    if data.get("band") and batch is not None:
        wanted = [one.survey for one in standings(rows, batch) if data["band"] in {one.band, LAST}]
        rows = rows.filter(pk__in=wanted)
    if data.get("state"):
        rows = rows.filter(state=data["state"])
    if data.get("instrument"):
        rows = rows.filter(instrument=data["instrument"])
    if data.get("q"):
        word = data["q"].strip()
        rows = rows.filter(
            Q(participation__organization__name__icontains=word) | Q(participation__work_unit__name__icontains=word)
        )
    return rows


def survey_list(request: HttpRequest) -> HttpResponse:
    """All rounds in scope, the newest first, each with its rate and what follows."""
    need_somewhere(request.user, Right.VIEW)
    batch = batch_for(request.user)
    form = SurveyFilter(request.GET, playbook=batch.campaign.playbook if batch else None)
    rows = _filtered(_surveys(request).filter(participation__batch=batch), form, batch, request.user)
    rows = rows.prefetch_related("counts", "answers")
    page = Paginator(rows, 25).get_page(request.GET.get("page"))
    shown = [
        {
            "survey": s,
            "result": result_of(s) if s.counts.all() else None,
            "figures": rules.can_read_figures(request.user, s),
        }
        for s in page
    ]
    missing = []
    if batch:
        units = Participation.objects.visible_to(request.user).filter(batch=batch, surveys=None)
        missing = [
            p for p in units.select_related("organization", "work_unit")[:200] if rules.can_open(request.user, p)
        ]
    context = {"page": page, "rows": shown, "form": form, "openable": missing}
    return render(request, "assessments/survey/list.html", context)


def survey_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: the count, the rate, the rule it is held against, and what follows."""
    survey = _get(request, pk)
    result = result_of(survey)
    context: dict[str, Any] = {
        "survey": survey,
        "result": result,
        "figures": rules.can_read_figures(request.user, survey),
        "few": any(count.withheld for count in result.counts),
        "band": band_of(survey.participation.batch.campaign.playbook, result.satisfaction),
        "can_enter": rules.can_enter(request.user, survey),
        "can_confirm": rules.can_confirm(request.user, survey),
        "refuse_form": RefuseForm(),
        **_again(request, survey),
        **_poll(request, survey),
        "rounds": _surveys(request).filter(participation=survey.participation, instrument=survey.instrument),
        "crumbs": _crumbs(survey.participation, _("Satisfaction survey")),
    }
    return render(request, "assessments/survey/detail.html", context)


def _poll(request: HttpRequest, survey: Survey) -> dict[str, Any]:
    """The anonymous survey that asked it, its shown comments, and what is worth verifying, for who supervises."""
    unit = PollUnit.objects.filter(survey=survey).select_related("poll", "survey").first()
    if unit is None:
        return {}
    supervised = poll_results.supervised(request.user, PollUnit.objects.filter(pk=unit.pk)).exists()
    others = PollUnit.objects.visible_to(request.user).filter(poll=unit.poll_id).exclude(pk=unit.pk)
    return {
        # Who has but this unit in it would be led back here.
        "poll": unit.poll if supervised or others.exists() else None,
        "signs": signs.signs([unit]).get(unit.pk, []) if supervised else [],
        "comments": unit.comments.filter(state=PollComment.State.SHOWN).order_by("key")[:COMMENTS],
    }


def _again(request: HttpRequest, survey: Survey) -> dict[str, Any]:
    """What follows when the closing survey calls for rectifying again (H-04)."""
    if not after_surveys.calls_for_rectification(survey):
        return {}
    states = list(after_surveys.reopened_after(survey).values_list("state", flat=True))
    last = after_surveys.is_last(survey)
    return {
        "again": True,
        "again_count": len(states),
        "again_left": sum(state in {"open", "reported"} for state in states),
        "can_reopen": after_surveys.can_reopen(request.user, survey),
        "can_repeat": last and rules.can_open(request.user, survey.participation),
    }


def survey_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the next round for a unit."""
    rows = Participation.objects.visible_to(request.user).select_related("organization", "batch__campaign")
    participation = get_object_or_404(rows, pk=pk)
    if not rules.can_open(request.user, participation):
        raise PermissionDenied
    initial = {"held_on": clock.today(), "instrument": request.GET.get("instrument", "")}
    form = RoundForm(request.POST or None, participation=participation, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        data["instrument"] = form.instruments[data["instrument"]]
        try:
            survey = actions.open_round(by=request.user, participation=participation, **data)
            return redirect("assessments:survey_enter", pk=survey.pk)
        except actions.RoundOpen:
            form.add_error("instrument", _("A round of this survey is still being counted. Finish it first."))
        except (StepFirst, Held) as refused:
            form.add_error("instrument", str(refused.reason))
    context = {"form": form, "participation": participation, "crumbs": _crumbs(participation, _("New survey round"))}
    return render(request, "assessments/survey/new.html", context)


def survey_enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the counts as the first person."""
    survey = _get(request, pk)
    if not rules.can_enter(request.user, survey):
        raise PermissionDenied
    form = CountForm(request.POST or None, survey=survey)
    if request.method == "POST" and form.is_valid():
        try:
            actions.enter_counts(by=request.user, survey=survey, ballots=form.ballots())
            messages.success(request, _("The counts are entered. Another person must confirm them."))
            return redirect("assessments:survey", pk=pk)
        except actions.CountsDiffer as differ:
            form.show(differ.faults)
        except actions.SurveyMoved:
            messages.error(request, _("Somebody else has entered this round meanwhile."))
            return redirect("assessments:survey", pk=pk)
    context = {"form": form, "survey": survey, "crumbs": _crumbs(survey.participation, _("Enter counts"))}
    return render(request, "assessments/survey/enter.html", context)


@require_POST
def survey_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm the counts, or send them back, as the second person."""
    survey = _get(request, pk)
    if not rules.can_confirm(request.user, survey):
        raise PermissionDenied
    refuse = RefuseForm(request.POST) if "refuse" in request.POST else None
    try:
        if refuse is None:
            actions.confirm_counts(by=request.user, survey=survey)
            messages.success(request, _("The result is confirmed."))
        elif refuse.is_valid():
            actions.refuse_counts(by=request.user, survey=survey, reason=refuse.cleaned_data["reason"])
            messages.success(request, _("The counts were sent back."))
        else:
            messages.error(request, _("Say what does not match, so that it can be mended."))
    except actions.SurveyMoved:
        messages.error(request, _("Somebody else has decided on these counts meanwhile."))
    return redirect("assessments:survey", pk=pk)
