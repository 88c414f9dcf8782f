"""Preparing an anonymous survey: what is held, where, how many are asked, what is asked, and opening it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from accounts import clock
from assessments import poll_rules
from assessments.actions import poll_places
from assessments.actions import polls as actions
from assessments.forms.polls import MEMBERS, AskedTable, NewPollForm, NumbersForm, OpenForm, UnitFilter
from assessments.models import Poll
from assessments.poll_drafts import Draft, draft_for, places_for
from assessments.poll_sheet import Sheet
from assessments.procedure import StepFirst
from assessments.queries import polls as queries
from assessments.views.polls import crumbs, filtered_units, managed, moved, preparation, preview_rows
from campaign.holds import Held
from campaign.models import Participation
from campaign.queries import batch_for
from units.guards import need_somewhere
from units.roles import Right

PER_PAGE = 50
DUE = (("due", gettext_lazy("Due now")),)


def _status(form: Any) -> int:
    return 422 if form.errors else 200


def draft(request: HttpRequest, pk: int) -> Poll | None:
    """A survey that the user prepares; None once it is open: what is asked is frozen then."""
    poll = managed(request, pk)
    return poll if poll.state == Poll.State.DRAFT else None


def frozen(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that nothing can be changed any more."""
    messages.error(request, _("The survey has been opened; what is asked, where and of whom is frozen."))
    return redirect("assessments:poll", pk=pk)


# ---------------------------------------------------------------- a new one
def poll_new(request: HttpRequest) -> HttpResponse:
    """Choose what to hold; then its title, units and numbers."""
    need_somewhere(request.user, Right.VIEW)
    batch = batch_for(request.user)
    choices = poll_rules.choices(request.user, batch) if batch else []
    if not choices:
        raise PermissionDenied
    what = request.GET.get("what", "")
    if not what:
        context = {"choices": choices, "batch": batch, "crumbs": crumbs(None, _("New survey"))}
        return render(request, "assessments/poll/choose.html", context)
    chosen = next((one for one in choices if one.what == what), None)
    if chosen is None or batch is None:
        raise Http404
    return _prepare(request, draft_for(request.user, batch, chosen))


def _prepare(request: HttpRequest, plan: Draft) -> HttpResponse:
    """The form of a new survey."""
    picked = request.POST.getlist("rows") if request.method == "POST" else [key for key, _label in plan.rows]
    form = NewPollForm(
        request.POST or None,
        units=plan.due.count() if plan.due is not None else None,
        groups=plan.groups,
        roll=plan.due is not None,
        initial={"title": plan.title, **plan.initial},
    )
    if request.method == "POST" and form.is_valid():
        rows = [row for row in plan.rows if row[0] in picked]
        if plan.due is None and not rows:
            form.add_error(None, _("Tick at least one row that is asked about."))
        else:
            return _draft(request, plan, form, rows)
    context = {
        "form": form,
        "plan": plan,
        "picked": picked,
        "crumbs": crumbs(None, _("New survey")),
    }
    return render(request, "assessments/poll/new.html", context, status=_status(form))


def _draft(request: HttpRequest, plan: Draft, form: NewPollForm, rows: list[tuple[str, str]]) -> HttpResponse:
    data = form.cleaned_data
    whole = data.get("which") == "all" or plan.due is None
    poll = actions.draft_poll(
        by=request.user,
        batch=plan.batch,
        organization=plan.choice.organization,
        kind=plan.choice.kind,
        title=data["title"],
        form=plan.form,
        places=plan.places(form.numbers(), rows) if whole else [],
        review=plan.choice.review.pk if plan.choice.review else None,
    )
    return redirect("assessments:poll" if whole else "assessments:poll_add", pk=poll.pk)


# ---------------------------------------------------------------- units and numbers
def poll_units(request: HttpRequest, pk: int) -> HttpResponse:
    """How many are asked in each unit: one number for all, or unit by unit."""
    poll = draft(request, pk)
    if poll is None:
        return frozen(request, pk)
    groups = [(one.key, str(one.name)) for one in poll.questionnaire().instrument.groups]
    search = UnitFilter(request.GET, only=(("empty", _("Nobody asked yet")),))
    units = filtered_units(poll.units.select_related("organization").prefetch_related("groups"), search)
    if search.value("only") == "empty":
        units = units.filter(pk__in=queries.empty_units(poll).values("pk"))
    page = Paginator(units, PER_PAGE).get_page(request.GET.get("page"))
    do = request.POST.get("do", "") if request.method == "POST" else ""
    every = NumbersForm(request.POST if do == "every" else None, groups=groups, roll=poll.kind == Poll.Kind.UNIT)
    table = AskedTable(request.POST if do == "save" else None, units=list(page), groups=groups)
    try:
        if do and _change_units(request, poll, do, every, table):
            return redirect(request.get_full_path())
    except actions.PollMoved:
        return frozen(request, pk)
    context = {
        "poll": poll,
        "page": page,
        "search": search,
        "every": every,
        "table": table,
        "groups": groups,
        "crumbs": crumbs(poll, _("Units and numbers")),
    }
    return render(request, "assessments/poll/units.html", context, status=422 if table.errors or every.errors else 200)


def _change_units(request: HttpRequest, poll: Poll, do: str, every: NumbersForm, table: AskedTable) -> bool:
    """Do what the button says; True when it is done."""
    if do == "save" and table.is_valid():
        poll_places.set_asked(by=request.user, poll=poll, asked=table.asked())
        messages.success(request, _("The numbers are saved."))
        return True
    if do == "every" and every.is_valid():
        _everywhere(request, poll, every.numbers())
        messages.success(request, _("The numbers hold for all units of the survey now."))
        return True
    if do == "remove":
        ticked = [int(key) for key in request.POST.getlist("units") if key.isascii() and key.isdigit()]
        number = poll_places.remove_units(by=request.user, poll=poll, units=poll.units.filter(pk__in=ticked))
        text = ngettext("Took out %(count)d unit.", "Took out %(count)d units.", number)
        messages.success(request, text % {"count": number})
        return True
    return False


def _everywhere(request: HttpRequest, poll: Poll, numbers: dict[str, int | None]) -> None:
    """The numbers that were typed; members without one follow each unit's roll."""
    typed = {key: number for key, number in numbers.items() if number is not None}
    poll_places.set_asked_everywhere(by=request.user, poll=poll, numbers=typed)
    if poll.kind == Poll.Kind.UNIT and MEMBERS in numbers and numbers[MEMBERS] is None:
        units = list(poll.units.exclude(participation=None).select_related("participation"))
        roll = queries.rolls([unit.participation for unit in units])
        asked = {unit.pk: {MEMBERS: roll.get(unit.participation_id, 0)} for unit in units}
        poll_places.set_asked(by=request.user, poll=poll, asked=asked)


def poll_add(request: HttpRequest, pk: int) -> HttpResponse:
    """More units: those ticked, or all that the filter shows."""
    poll = draft(request, pk)
    if poll is None:
        return frozen(request, pk)
    if poll.kind != Poll.Kind.UNIT:
        raise Http404
    search = UnitFilter(request.GET, only=DUE)
    rows = _free(request, poll, search)
    if request.method == "POST":
        return _add(request, poll, rows)
    page = Paginator(rows.prefetch_related("progress"), PER_PAGE).get_page(request.GET.get("page"))
    roll = queries.rolls(list(page))
    context = {
        "poll": poll,
        "page": page,
        "rows": [(one, _stage(one, poll), roll.get(one.pk, 0)) for one in page],
        "search": search,
        "busy": poll_rules.busy(poll.batch, poll.form["instrument"]["key"]).count(),
        "crumbs": crumbs(poll, _("Add units")),
    }
    return render(request, "assessments/poll/add.html", context)


def _stage(one: Participation, poll: Poll) -> str:
    current = one.current()
    return str(current.stage_of(poll.batch).name) if current else ""


def _free(request: HttpRequest, poll: Poll, search: UnitFilter) -> QuerySet[Participation]:
    """Units that are not in this survey, and in which no other round of it is open."""
    instrument = poll.questionnaire().instrument
    rows = poll_rules.candidates(request.user, poll.batch, poll.organization)
    rows = rows.exclude(pk__in=poll.units.exclude(participation=None).values("participation"))
    rows = rows.exclude(pk__in=poll_rules.busy(poll.batch, instrument.key).values("participation"))
    word = search.value("q").strip()
    if word:
        rows = rows.filter(Q(organization__name__icontains=word) | Q(work_unit__name__icontains=word))
    return poll_rules.at_stage(rows, instrument.when) if search.value("only") == "due" else rows


def _add(request: HttpRequest, poll: Poll, rows: QuerySet[Participation]) -> HttpResponse:
    if request.POST.get("do") != "all":
        ticked = [int(key) for key in request.POST.getlist("units") if key.isascii() and key.isdigit()]
        rows = rows.filter(pk__in=ticked)
    keys = [group.key for group in poll.questionnaire().instrument.groups]
    numbers = {key: None if key == MEMBERS else 0 for key in keys}
    try:
        added = poll_places.add_units(by=request.user, poll=poll, places=places_for(list(rows), numbers))
    except actions.PollMoved:
        return frozen(request, poll.pk)
    if not added:
        messages.error(request, _("No unit was ticked."))
        return redirect(request.get_full_path())
    text = ngettext(
        "Added %(count)d unit. Say how many are asked.", "Added %(count)d units. Say how many are asked.", added
    )
    messages.success(request, text % {"count": added})
    return redirect("assessments:poll_units", pk=poll.pk)


# ---------------------------------------------------------------- questions
def poll_form(request: HttpRequest, pk: int) -> HttpResponse:
    """The questions with their preview; buttons change the page, one of them saves."""
    poll = draft(request, pk)
    if poll is None:
        return frozen(request, pk)
    raw = poll.form["instrument"]
    fixed = {"fixed_questions": poll.kind != Poll.Kind.UNIT, "fixed_groups": poll.kind == Poll.Kind.STYLE}
    faults: dict[str, str] = {}
    if request.method == "POST":
        sheet = Sheet.typed(request.POST, raw, **fixed)
        do = request.POST.get("do", "")
        if do == "save":
            faults = sheet.faults()
            if not faults:
                return _save(request, poll, sheet)
        sheet.step(do)
    else:
        sheet = Sheet.stored(poll.title, raw, **fixed)
    context = {
        "poll": poll,
        "sheet": sheet,
        "faults": faults,
        "rows": preview_rows(poll),
        "first": poll.units.first(),
        "crumbs": crumbs(poll, _("Questions and answers")),
    }
    if request.htmx and request.POST.get("do", "") == "":
        return render(request, "assessments/poll/_preview.html", context)
    return render(request, "assessments/poll/form.html", context, status=422 if faults else 200)


def _save(request: HttpRequest, poll: Poll, sheet: Sheet) -> HttpResponse:
    try:
        form = {**poll.form, "instrument": sheet.raw()}
        poll_places.change_form(by=request.user, poll=poll, title=sheet.title, form=form)
    except actions.PollMoved:
        return frozen(request, poll.pk)
    messages.success(request, _("The questions are saved."))
    return redirect("assessments:poll", pk=poll.pk)


# ---------------------------------------------------------------- opening
@sensitive_post_parameters()
@sensitive_variables()
def poll_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze it, make the key under the passphrases, begin."""
    poll = draft(request, pk)
    if poll is None:
        return frozen(request, pk)
    initial = {"day": clock.today() + dt.timedelta(days=7), "hour": dt.time(18, 0)}
    form = OpenForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        answer = _open(request, poll, form)
        if answer is not None:
            return answer
    context = {"form": form, "poll": poll, **preparation(poll), "crumbs": crumbs(poll, _("Open the survey"))}
    return render(request, "assessments/poll/open.html", context, status=_status(form))


@sensitive_variables()
def _open(request: HttpRequest, poll: Poll, form: OpenForm) -> HttpResponse | None:
    """Open it, or say what stands against it."""
    try:
        actions.open_poll(by=request.user, poll=poll, closes_at=form.moment(), passphrases=form.passphrases())
    except actions.NobodyAsked as nobody:
        form.add_error(None, _nobody(nobody.names))
    except actions.RoundsOpen as busy:
        text = _("Another round of this survey is still open in: %(names)s. Finish it, or take these units out.")
        form.add_error(None, text % {"names": "、".join(busy.names[:12])})
    except (StepFirst, Held) as refused:
        form.add_error(None, str(refused.reason))
    except actions.WrongDeadline:
        form.add_error("day", _("This moment is over. Choose a later one."))
    except actions.WeakPassphrase:
        form.add_error("phrase_1", _("Choose another passphrase."))
    except actions.PollMoved:
        return moved(request, poll)
    else:
        messages.success(request, _("The survey is open. Print the slips now and hand them out."))
        return redirect(reverse("assessments:poll_slips", args=[poll.pk]))
    return None


def _nobody(names: list[str]) -> str:
    if not names:
        return _("No unit is chosen yet. Add the units first.")
    text = _("Nobody is asked in: %(names)s. Say how many, or take these units out.")
    return text % {"names": "、".join(names[:12])}
