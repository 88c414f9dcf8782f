"""After a counted survey: which units have to make up, and ordering it for all of them at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import clock
from assessments.models import Poll, PollUnit, Survey
from assessments.results import result_of
from campaign.models import Participation
from supervision import actions, rules
from supervision.actions import poll_makeups as deeds
from supervision.models import MakeUpOrder
from supervision.views.place import crumbs

USUAL_DAYS = 7


class DueForm(forms.Form):
    """Until when, and of which units."""

    due_on = forms.DateField(
        label=gettext_lazy("To be made up by"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    surveys = forms.MultipleChoiceField(
        error_messages={"required": gettext_lazy("Tick at least one unit that has to make up.")}
    )

    def __init__(self, *args: Any, waiting: list[Survey], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["surveys"]
        field.choices = [(str(one.pk), one.participation.label) for one in waiting]

    def clean_due_on(self) -> dt.date:
        due: dt.date = self.cleaned_data["due_on"]
        if due < clock.today():
            raise forms.ValidationError(_("The deadline of a make-up cannot lie in the past."))
        return due


@dataclass(frozen=True)
class Line:
    """A unit whose result calls for a make-up: the order it led to, or whether one can be ordered now."""

    survey: Survey
    rules: list[Any]
    order: MakeUpOrder | None
    can_order: bool


def _lines(user: Any, poll: Poll) -> list[Line]:
    """Four queries, whatever the number of units."""
    units = PollUnit.objects.visible_to(user).filter(poll=poll, survey__isnull=False)
    rows = Survey.objects.filter(poll_unit__in=units).select_related(
        "participation__organization", "participation__work_unit", "participation__batch__campaign"
    )
    failed = []
    for survey in rows.prefetch_related("counts", "answers").order_by("participation__organization__path"):
        reached = [one.threshold for one in result_of(survey).failing if one.threshold.consequence == deeds.CONSEQUENCE]
        if reached:
            failed.append((survey, [threshold.rule for threshold in reached]))
    places = [survey.participation_id for survey, _rules in failed]
    orders: dict[int, list[MakeUpOrder]] = {}
    found = MakeUpOrder.objects.filter(participation__in=places, trigger=MakeUpOrder.Trigger.SURVEY)
    for order in found.order_by("ordered_at"):
        orders.setdefault(order.participation_id, []).append(order)
    last: dict[tuple[int, str], int] = {}
    later = Survey.objects.filter(participation__in=places).order_by("round")
    for place, instrument, number in later.values_list("participation", "instrument", "round"):
        last[place, instrument] = number
    lines = []
    for survey, reached in failed:
        place = survey.participation
        mine = next(
            (o for o in orders.get(place.pk, []) if o.ordered_at >= (survey.confirmed_at or o.ordered_at)), None
        )
        open_now = place.state == Participation.State.ACTIVE and last[place.pk, survey.instrument] == survey.round
        able = mine is None and open_now and rules.can_order_makeup(user, place.organization)
        lines.append(Line(survey, reached, mine, able))
    return lines


def makeups_after_poll(request: HttpRequest, pk: int) -> HttpResponse:
    """List the units, and order the make-up of those ticked, with one date for all."""
    rows = Poll.objects.visible_to(request.user).select_related("organization")
    poll = get_object_or_404(rows, pk=pk, state=Poll.State.CLOSED, kind=Poll.Kind.UNIT)
    if not rules.may_order_somewhere(request.user):
        raise PermissionDenied
    lines = _lines(request.user, poll)
    waiting = [line.survey for line in lines if line.can_order]
    initial = {"due_on": clock.today() + dt.timedelta(days=USUAL_DAYS)}
    form = DueForm(request.POST or None, waiting=waiting, initial=initial)
    if request.method == "POST" and form.is_valid() and _order(request, waiting, form):
        return redirect("supervision:makeups_after_poll", pk=pk)
    listed = (poll.title, reverse("assessments:poll_results", args=[pk]))
    context = {
        "poll": poll,
        "lines": lines,
        "waiting": waiting,
        "form": form,
        "ticked": request.POST.getlist("surveys") if request.method == "POST" else [str(one.pk) for one in waiting],
        "crumbs": crumbs(poll.organization, listed, (_("Make-up orders"), "")),
    }
    return render(request, "supervision/makeup/after_poll.html", context, status=422 if form.errors else 200)


def _order(request: HttpRequest, waiting: list[Survey], form: DueForm) -> bool:
    chosen = [one for one in waiting if str(one.pk) in form.cleaned_data["surveys"]]
    try:
        made = deeds.order_after_surveys(by=request.user, surveys=chosen, due_on=form.cleaned_data["due_on"])
    except actions.Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    text = ngettext("Ordered a make-up of %(count)d unit.", "Ordered a make-up of %(count)d units.", len(made))
    messages.success(request, text % {"count": len(made)})
    return True
