"""Requests for instruction: the list, asking, answering, known answers (D-21, S-05)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, Q, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from campaign import uploads
from campaign.queries import batch_for
from supervision.actions import instructions as actions
from supervision.forms.instructions import (
    AnswerForm,
    AskForm,
    CloseForm,
    InstructionFilter,
    KnownForm,
    KnownSearch,
    PassForm,
)
from supervision.models import InstructionFile, InstructionRequest
from supervision.models.instructions import InstructionQuerySet
from supervision.queries import instructions as queries
from supervision.queries import staff as staff_queries
from supervision.views.place import crumbs
from units.guards import need, need_somewhere
from units.roles import Right

PER_PAGE = 25
FOUND = 5
State = InstructionRequest.State


def _listed() -> tuple[str, str]:
    return _("Requests for instruction"), reverse("supervision:instructions")


def instruction_list(request: HttpRequest) -> HttpResponse:
    """Those in scope: the open ones first, urgent ones on top."""
    need_somewhere(request.user, Right.VIEW)
    form = InstructionFilter(request.GET)
    rows = _filtered(InstructionRequest.objects.visible_to(request.user), form, request.user)
    rows = rows.defer("facts", "proposal", "answer").select_related("organization", "addressee", "asked_by")
    rows = rows.annotate(done=Case(When(state__in=InstructionRequest.OPEN, then=0), default=1))
    batch = batch_for(request.user)
    context = {
        "form": form,
        "page": Paginator(rows.order_by("done", "-urgency", "-asked_at", "-pk"), PER_PAGE).get_page(
            request.GET.get("page")
        ),
        "may_ask": batch is not None and bool(queries.asking_posts(request.user)),
        "rule": batch.campaign.playbook.staffing.instruction if batch else None,
        "on_duty": staff_queries.on_duty(batch.campaign, clock.today()) if batch else [],
        "known": queries.known_answers(request.user)[:FOUND],
    }
    return render(request, "supervision/instruction/list.html", context)


def _filtered(rows: InstructionQuerySet, form: InstructionFilter, user: Any) -> InstructionQuerySet:
    data = form.cleaned_data if form.is_valid() else {}
    if data.get("state") == "mine":
        rows = rows.waiting_for(user)
    elif data.get("state"):
        rows = rows.filter(state=data["state"])
    if data.get("q"):
        rows = rows.filter(Q(matter__icontains=data["q"]) | Q(organization__name__icontains=data["q"]))
    return rows


def known_answers(request: HttpRequest) -> HttpResponse:
    """What has been answered for all below."""
    need_somewhere(request.user, Right.VIEW)
    form = KnownSearch(request.GET)
    rows = queries.known_answers(request.user, form.words())
    context = {
        "form": form,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "crumbs": [_listed(), (_("Known answers"), "")],
    }
    return render(request, "supervision/instruction/known.html", context)


def instruction_new(request: HttpRequest) -> HttpResponse:
    """Look among the known answers first, then ask."""
    need_somewhere(request.user, *queries.ASKING)
    batch = batch_for(request.user)
    if batch is None:
        raise Http404
    form = AskForm(queries.asking_posts(request.user), batch, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        asked = actions.ask_instruction(
            by=request.user,
            batch=batch,
            organization=form.asking(),
            to=form.place(),
            matter=form.matter_given(),
            files=form.cleaned_data["files"],
        )
        messages.success(request, _("Your request is on its way to: %(body)s.") % {"body": form.place()})
        return redirect("supervision:instruction", pk=asked.pk)
    search = KnownSearch(request.GET)
    context = {
        "form": form,
        "search": search,
        "words": search.words(),
        "found": queries.known_answers(request.user, search.words())[:FOUND],
        "rule": batch.campaign.playbook.staffing.instruction,
        "crumbs": [
            (_("Requests for instruction"), reverse("supervision:instructions")),
            (_("Ask for instruction"), ""),
        ],
    }
    return render(request, "supervision/instruction/new.html", context, status=422 if form.errors else 200)


def instruction(request: HttpRequest, pk: int) -> HttpResponse:
    """One request with all that became of it; a post carries out one deed."""
    related = ("organization", "addressee", "batch__campaign__host", "asked_by", "answered_by")
    rows = InstructionRequest.objects.visible_to(request.user).select_related(*related)
    row = get_object_or_404(rows, pk=pk)
    bound: dict[str, Any] = {}
    if request.method == "POST":
        faulty = _do(request, row, request.POST.get("deed", ""))
        if faulty is None:
            return redirect("supervision:instruction", pk=pk)
        bound = faulty
    context = {
        "row": row,
        "place": queries.Place(row.at, row.addressee),
        "files": uploads.listed(row.files.all()),
        "timeline": queries.timeline(row),
        "crumbs": crumbs(row.organization, _listed(), (row.matter, "")),
        **_deeds(request.user, row),
        **bound,
    }
    return render(request, "supervision/instruction/detail.html", context, status=422 if bound else 200)


def _deeds(user: Any, row: InstructionRequest) -> dict[str, Any]:
    """The forms of what the user can do with the request now."""
    may_answer = row.state in InstructionRequest.OPEN and queries.speaks_for(user, row)
    next_up = queries.next_up(row) if may_answer else None
    own = row.asked_by_id == user.pk
    known = {"matter": row.known_matter or row.matter, "text": row.known_answer or row.answer}
    return {
        "next_up": next_up,
        "answer_form": AnswerForm() if may_answer else None,
        "pass_form": PassForm() if next_up else None,
        "close_form": CloseForm() if own and row.state != State.CLOSED else None,
        "known_form": KnownForm(initial=known) if queries.may_make_known(user, row) else None,
    }


def _do(request: HttpRequest, row: InstructionRequest, deed: str) -> dict[str, Any] | None:
    """Carry out one deed; the bound form if it needs mending."""
    deeds = {"answer": _answer, "pass": _pass, "close": _close, "known": _known, "unknown": _unknown}
    if deed not in deeds:
        raise BadRequest("deed")
    try:
        return deeds[deed](request, row)
    except actions.InstructionMoved:
        messages.warning(request, _("It has been answered, passed up or closed meanwhile. Look at it again."))
    except actions.NotYoursToAnswer as error:
        raise PermissionDenied from error
    return None


def _answer(request: HttpRequest, row: InstructionRequest) -> dict[str, Any] | None:
    _need_open(request, row)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return {"answer_form": form}
    actions.answer(by=request.user, request=row, text=form.cleaned_data["answer"])
    messages.success(request, _("The instruction is given, and whoever asked is told."))
    return None


def _pass(request: HttpRequest, row: InstructionRequest) -> dict[str, Any] | None:
    _need_open(request, row)
    form = PassForm(request.POST)
    if not form.is_valid():
        return {"pass_form": form}
    place = actions.pass_up(by=request.user, request=row, remark=form.cleaned_data["remark"])
    messages.success(request, _("Passed up to: %(body)s.") % {"body": place})
    return None


def _need_open(request: HttpRequest, row: InstructionRequest) -> None:
    """Refuse who never speaks for the body; who comes too late is told so instead."""
    if row.state in InstructionRequest.OPEN:
        need(queries.speaks_for(request.user, row))
    elif row.asked_by_id == request.user.pk or not queries.may_make_known(request.user, row):
        raise PermissionDenied
    else:
        raise actions.InstructionMoved


def _close(request: HttpRequest, row: InstructionRequest) -> dict[str, Any] | None:
    need(row.asked_by_id == request.user.pk)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return {"close_form": form}
    actions.close(by=request.user, request=row, remark=form.cleaned_data["remark"])
    messages.success(request, _("The request is closed."))
    return None


def _known(request: HttpRequest, row: InstructionRequest) -> dict[str, Any] | None:
    need(queries.may_make_known(request.user, row))
    form = KnownForm(request.POST)
    if not form.is_valid():
        return {"known_form": form}
    actions.make_known(by=request.user, request=row, **form.cleaned_data)
    messages.success(request, _("All organisations below can find this answer now."))
    return None


def _unknown(request: HttpRequest, row: InstructionRequest) -> None:
    need(queries.may_make_known(request.user, row))
    actions.make_unknown(by=request.user, request=row)
    messages.success(request, _("It is no longer among the known answers."))


def instruction_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A photograph opens in the browser; anything else is downloaded."""
    seen = InstructionRequest.objects.visible_to(request.user)
    file = get_object_or_404(InstructionFile.objects.filter(request__in=seen), pk=pk)
    return uploads.send(file.file, file.name)
