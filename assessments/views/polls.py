"""Anonymous surveys: the list, one survey as it stands, reminding, extending, closing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from assessments import poll_rules, rules
from assessments.actions import poll_reminders
from assessments.actions import polls as actions
from assessments.ballots import sealing
from assessments.forms.polls import CloseForm, ExtendForm, PollFilter, UnitFilter
from assessments.models import Poll, PollUnit, Survey
from assessments.models.polls import in_tens
from assessments.poll_sheet import Sheet
from assessments.queries import polls as queries
from campaign.queries import batch_for
from units.guards import need_somewhere
from units.roles import Right

PER_PAGE, UNITS_PER_PAGE = 25, 50
ORDERS = {"name": ("organization__path",), "turnout": ("rate", "organization__path")}
ONLY = (
    ("unprinted", gettext_lazy("Slips not printed")),
    ("paper", gettext_lazy("Paper waiting for the second person")),
)


def find(request: HttpRequest, pk: int) -> Poll:
    """A survey that the user may see. Raises Http404."""
    rows = poll_rules.seen_by(request.user).select_related("organization", "batch__campaign", "job")
    return get_object_or_404(rows.distinct(), pk=pk)


def managed(request: HttpRequest, pk: int) -> Poll:
    """A survey that the user holds. Raises Http404, PermissionDenied."""
    poll = find(request, pk)
    if not poll_rules.can_manage(request.user, poll):
        raise PermissionDenied
    return poll


def crumbs(poll: Poll | None, *tail: str) -> list[tuple[str, str]]:
    """From the surveys down to a page of one."""
    line = [
        (_("Satisfaction surveys"), reverse("assessments:surveys")),
        (_("Anonymous surveys"), reverse("assessments:polls")),
    ]
    if poll is not None:
        line.append((poll.title, reverse("assessments:poll", args=[poll.pk])))
    return [*line, *((part, "") for part in tail)]


def moved(request: HttpRequest, poll: Poll) -> HttpResponse:
    """Somebody was quicker: say so, and show how the survey stands."""
    messages.error(request, _("Somebody else has changed the state of this survey meanwhile. This is how it stands."))
    return redirect("assessments:poll", pk=poll.pk)


# ---------------------------------------------------------------- the list
def poll_list(request: HttpRequest) -> HttpResponse:
    """Anonymous surveys in scope, the newest first."""
    need_somewhere(request.user, Right.VIEW)
    batch = batch_for(request.user)
    form = PollFilter(request.GET)
    rows = _filtered(poll_rules.seen_by(request.user).filter(batch=batch), form)
    rows = rows.select_related("organization").distinct()
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": _with_numbers(list(page)),
        "form": form,
        "may_hold": bool(batch and poll_rules.choices(request.user, batch)),
        "crumbs": [*crumbs(None)[:1], (_("Anonymous surveys"), "")],
    }
    return render(request, "assessments/poll/list.html", context)


def _filtered(rows: QuerySet[Poll], form: PollFilter) -> QuerySet[Poll]:
    data = form.cleaned_data if form.is_valid() else {}
    for name in ("state", "kind"):
        if data.get(name):
            rows = rows.filter(**{name: data[name]})
    word = (data.get("q") or "").strip()
    return rows.filter(Q(title__icontains=word) | Q(units__name__icontains=word)) if word else rows


def _with_numbers(polls: list[Poll]) -> list[dict[str, Any]]:
    """Each survey with its units and the people asked. Two queries."""
    units = dict(PollUnit.objects.filter(poll__in=polls).order_by().values_list("poll").annotate(n=Count("pk")))
    people = dict(
        PollUnit.objects.filter(poll__in=polls).order_by().values_list("poll").annotate(n=Sum("groups__asked"))
    )
    return [{"poll": one, "units": units.get(one.pk, 0), "people": people.get(one.pk) or 0} for one in polls]


# ---------------------------------------------------------------- one survey
def poll_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One survey: being prepared, open with its turnout, being counted, or closed."""
    poll = find(request, pk)
    context: dict[str, Any] = {
        "poll": poll,
        "can_manage": poll_rules.can_manage(request.user, poll),
        "crumbs": [*crumbs(poll)[:-1], (poll.title, "")],
    }
    if poll.state == Poll.State.DRAFT:
        context |= preparation(poll)
        return render(request, "assessments/poll/draft.html", context)
    context |= _watch(request, poll)
    return render(request, "assessments/poll/watch.html", context)


def preparation(poll: Poll) -> dict[str, Any]:
    """What is prepared, and what is short before it can be opened."""
    groups = queries.group_figures(poll)
    return {
        "groups": groups,
        "people": sum(group.asked for group in groups),
        "units": poll.units.count(),
        "first": poll.units.first(),
        "empty": list(queries.empty_units(poll)[:6]),
        "small": list(queries.small_units(poll)[:6]),
        "small_count": queries.small_units(poll).count(),
        "sheet": Sheet.stored(poll.title, poll.form["instrument"]),
        "rows": preview_rows(poll),
    }


def preview_rows(poll: Poll) -> list[str]:
    """The rows of the first unit's matrix, as its ballot names them."""
    unit = poll.units.first()
    return [label for _key, label in unit.rows] if unit else []


def _watch(request: HttpRequest, poll: Poll) -> dict[str, Any]:
    """Turnout by unit in tens, sorted and filtered in the database."""
    form = UnitFilter(request.GET, only=ONLY)
    units = PollUnit.objects.visible_to(request.user).filter(poll=poll)
    rows = queries.with_figures(filtered_units(units, form)).select_related(
        "organization", "survey__participation__organization"
    )
    sort = request.GET.get("sort", "turnout")
    order = ORDERS.get(sort.removeprefix("-"), ORDERS["turnout"])
    first = f"-{order[0]}" if sort.startswith("-") else order[0]
    page = Paginator(rows.order_by(first, *order[1:]), UNITS_PER_PAGE).get_page(request.GET.get("page"))
    whole = queries.with_figures(units).aggregate(
        codes=Sum("made"), unused=Sum("left"), people=Sum("asked"), unprinted=Count("pk", filter=Q(waiting__gt=0))
    )
    made = whole["codes"] or 0
    return {
        "page": page,
        "rows": [
            {"unit": one, "can_enter": one.survey is not None and rules.can_enter(request.user, one.survey)}
            for one in page
        ],
        "form": form,
        "units": units.count(),
        "made": made,
        "asked": whole["people"] or 0,
        "tens": in_tens(made - (whole["unused"] or 0)),
        "waiting": whole["unprinted"],
        "paper": list(units.filter(survey__state=Survey.State.ENTERED).select_related("survey")[:6]),
        "default_sort": "turnout",
        "sheet": Sheet.stored(poll.title, poll.form["instrument"]),
        "first": units.first(),
        "asked_rows": preview_rows(poll) if poll_rules.sees_rows(request.user, poll) else [],
        "reminded": poll_reminders.reminded_today(poll),
    }


def filtered_units(units: QuerySet[PollUnit], form: UnitFilter) -> QuerySet[PollUnit]:
    """By name, and by what is still to be done."""
    word, only = form.value("q").strip(), form.value("only")
    if word:
        units = units.filter(name__icontains=word)
    if only == "unprinted":
        units = units.filter(groups__asked__gt=0, groups__codes=0).distinct()
    elif only == "printed":
        units = units.filter(groups__codes__gt=0).distinct()
    elif only == "paper":
        units = units.filter(survey__state=Survey.State.ENTERED)
    return units


# ---------------------------------------------------------------- what its holder does with it
@require_POST
def poll_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw away a survey that was never opened."""
    poll = managed(request, pk)
    try:
        actions.drop_draft(by=request.user, poll=poll)
    except actions.PollMoved:
        return moved(request, poll)
    messages.success(request, _("“%(title)s” was dropped.") % {"title": poll.title})
    return redirect("assessments:polls")


@require_POST
def poll_remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind the secretaries of units that still miss ballots; nobody who answers."""
    poll = managed(request, pk)
    try:
        _units, people = poll_reminders.remind(by=request.user, poll=poll)
    except poll_reminders.RemindedToday:
        messages.error(request, _("The organisers were reminded today already. Once a day is enough."))
    except actions.PollMoved:
        return moved(request, poll)
    else:
        text = ngettext("Reminded %(people)d person.", "Reminded %(people)d people.", people)
        messages.success(request, text % {"people": people})
    return redirect("assessments:poll", pk=pk)


def poll_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Give more time, with a reason."""
    poll = managed(request, pk)
    if poll.state != Poll.State.OPEN or poll.closes_at is None:
        return moved(request, poll)
    local = timezone.localtime(poll.closes_at)
    form = ExtendForm(request.POST or None, poll=poll, initial={"day": local.date(), "hour": local.time()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.extend(by=request.user, poll=poll, closes_at=form.moment(), reason=form.cleaned_data["reason"])
            messages.success(request, _("The survey is extended. Slips that are printed stay good; tell the units."))
            return redirect("assessments:poll", pk=pk)
        except actions.WrongDeadline:
            form.add_error("day", _("The new moment is not later than the present one."))
        except actions.PollMoved:
            return moved(request, poll)
    context = {"form": form, "poll": poll, "crumbs": crumbs(poll, _("Extend"))}
    return render(request, "assessments/poll/extend.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters()
@sensitive_variables()
def poll_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close and count; a count that broke off is begun again in the same way."""
    poll = managed(request, pk)
    if poll.state not in {Poll.State.OPEN, Poll.State.CLOSING} or (
        poll.state == Poll.State.CLOSING and poll.handover is not None
    ):
        return moved(request, poll)
    form = CloseForm(request.POST or None, poll=poll)
    if request.method == "POST" and form.is_valid():
        answer = _count(request, poll, form)
        if answer is not None:
            return answer
    waiting = poll.units.filter(survey__state=Survey.State.ENTERED).select_related("survey")
    context = {"form": form, "poll": poll, "waiting": list(waiting[:12]), "crumbs": crumbs(poll, _("Close and count"))}
    return render(request, "assessments/poll/close.html", context, status=422 if form.errors else 200)


@sensitive_variables()
def _count(request: HttpRequest, poll: Poll, form: CloseForm) -> HttpResponse | None:
    """Begin the count, or put what stands against it beside its field."""
    reason = form.cleaned_data.get("reason", "")
    try:
        job = actions.start_count(by=request.user, poll=poll, passphrases=form.passphrases(), reason=reason)
    except sealing.WrongPassphrase as wrong:
        form.wrong(wrong.part)
    except actions.PaperWaiting as paper:
        text = _("Paper counts wait for the second person: %(names)s. Have them confirmed or sent back first.")
        form.add_error(None, text % {"names": "、".join(paper.names[:12])})
    except actions.NoReason:
        form.add_error(None, _("It is not over yet. Say why it is closed before its hour."))
    except actions.PollMoved:
        return moved(request, poll)
    else:
        return redirect("jobs:detail", pk=job.pk)
    return None
