"""Supervision opinions: the list, one with its answers, giving, answering, checking, the page for paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import clock
from campaign import uploads
from campaign.models import Participation
from supervision import visiting
from supervision.actions import Refused
from supervision.actions import opinions as actions
from supervision.forms.fields import lines_of
from supervision.forms.opinions import AnswerForm, CheckForm, OpinionFilter, OpinionForm, TakeBackForm, points_of
from supervision.models import OpinionPoint, PointFile, SupervisionOpinion, Visit
from supervision.queries.opinions import opinion_timeline, opinions_listed
from supervision.views.doing import attempt
from supervision.views.place import crumbs, participation_or_404
from supervision.views.visits import beside, groups_seen
from units.guards import need_somewhere
from units.roles import Right

PER_PAGE = 25


def opinion_list(request: HttpRequest) -> HttpResponse:
    """Opinions in scope: open ones first, the nearest deadline on top."""
    need_somewhere(request.user, Right.VIEW)
    form = OpinionFilter(request.GET, groups=groups_seen(request.user))
    rows = opinions_listed(form.apply(SupervisionOpinion.objects.visible_to(request.user)))
    context = {
        "form": form,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "filtered": form.changed_data,
        **beside(request, form, "opinions"),
    }
    return render(request, "supervision/opinion/list.html", context)


def _opinion(request: HttpRequest, pk: int) -> SupervisionOpinion:
    rows = SupervisionOpinion.objects.visible_to(request.user).select_related(
        "organization",
        "participation__organization",
        "participation__work_unit",
        "participation__batch__campaign__host",
        "group",
        "visit__organization",
        "given_by",
        "answered_by",
        "checked_by",
    )
    return get_object_or_404(rows.prefetch_related("points__files"), pk=pk)


def _to_keep(request: HttpRequest, pk: int) -> SupervisionOpinion:
    opinion = _opinion(request, pk)
    if not visiting.can_keep(request.user, opinion):
        raise PermissionDenied
    return opinion


def _to_answer(request: HttpRequest, pk: int) -> SupervisionOpinion:
    opinion = _opinion(request, pk)
    if not visiting.can_answer(request.user, opinion):
        raise PermissionDenied
    return opinion


# ---------------------------------------------------------------- one opinion
def opinion_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One opinion: its points with answers and what the check found, and what became of it."""
    return _page(request, _opinion(request, pk))


def _answer_form(point: OpinionPoint, bound: dict[str, Any]) -> AnswerForm:
    """The form of one point: the one that came back with faults, or a new one."""
    if bound.get("point") == point.pk:
        return bound["answer_form"]
    known = {"done_on": point.done_on or clock.today(), "answer": point.answer}
    return AnswerForm(initial=known, auto_id=f"id_{point.pk}_%s")


def _page(request: HttpRequest, opinion: SupervisionOpinion, status: int = 200, **bound: Any) -> HttpResponse:
    state, points = opinion.state, list(opinion.points.all())
    may_answer = state == opinion.State.GIVEN and visiting.can_answer(request.user, opinion)
    may_keep = visiting.can_keep(request.user, opinion)
    rows = [
        {
            "point": point,
            "files": uploads.listed(point.files.all()),
            "form": _answer_form(point, bound) if may_answer and point.resolved_at is None else None,
        }
        for point in points
    ]
    open_points = [point for point in points if point.resolved_at is None]
    checking = may_keep and state == opinion.State.ANSWERED
    context = {
        "opinion": opinion,
        "principle": visiting.principle(opinion.participation),
        "rows": rows,
        "undone": sum(point.done_on is None for point in points),
        "resolved": len(points) - len(open_points),
        "may_answer": may_answer,
        "check_form": (bound.get("check_form") or CheckForm(open_points)) if checking else None,
        "take_back_form": (bound.get("take_back_form") or TakeBackForm())
        if may_keep and state == opinion.State.GIVEN
        else None,
        "may_see_visit": bool(opinion.visit_id)
        and Visit.objects.visible_to(request.user).filter(pk=opinion.visit_id).exists(),
        "timeline": opinion_timeline(opinion),
        "files_again": bound.get("files_again"),
        "crumbs": crumbs(opinion.organization, (_("Supervision opinions"), reverse("supervision:opinions"))),
    }
    return render(request, "supervision/opinion/detail.html", context, status=status)


def opinion_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The opinion as a sheet of paper: points, deadlines, answers, signatures."""
    context = {"opinion": _opinion(request, pk), "today": clock.today()}
    return render(request, "supervision/opinion/paper.html", context)


# ---------------------------------------------------------------- give
def opinion_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an opinion to a unit or an organisation in it; ?visit= begins with what a visit suggested."""
    participation = participation_or_404(request.user, pk)
    if not visiting.can_begin(request.user, participation):
        raise PermissionDenied
    visit = _visit_of(request, participation)
    form = OpinionForm(request.user, participation, request.POST or None, initial=_begun(visit))
    points = points_of(request.POST or None, lines_of(visit.suggestions) if visit else None)
    if request.method == "POST" and form.is_valid() & points.is_valid():
        try:
            data = form.data_with(points.points, visit)
            opinion = actions.give_opinion(by=request.user, participation=participation, data=data, sender=form.sender)
            messages.success(request, _("The opinion has been given; the secretaries there have been told."))
            return redirect("supervision:opinion", pk=opinion.pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {
        "participation": participation,
        "principle": visiting.principle(participation),
        "visit": visit,
        "form": form,
        "points": points,
        "crumbs": crumbs(participation.organization, (_("Give an opinion"), "")),
    }
    return render(request, "supervision/opinion/new.html", context)


def _visit_of(request: HttpRequest, participation: Participation) -> Visit | None:
    key = request.GET.get("visit", "")
    if not key.isdecimal() or len(key) > 9:
        return None
    seen = Visit.objects.visible_to(request.user).done().filter(participation=participation)
    return seen.filter(pk=key).first()


def _begun(visit: Visit | None) -> dict[str, Any]:
    if visit is None:
        return {}
    known = {"organization": visit.organization_id, "group": visit.group_id, "from_body": visit.from_body}
    return {**known, "basis": visit.problems or visit.findings}


# ---------------------------------------------------------------- answer, check, take back
@require_POST
def opinion_point(request: HttpRequest, pk: int, point: int) -> HttpResponse:
    """Say what was done about one point."""
    opinion = _to_answer(request, pk)
    row = get_object_or_404(OpinionPoint, opinion=opinion, pk=point)
    form = AnswerForm(request.POST, request.FILES, auto_id=f"id_{row.pk}_%s")
    done = _("What was done about point %(point)s is kept.") % {"point": row.position}
    if form.is_valid() and attempt(request, actions.answer_point, done, form, point=row, **form.cleaned_data):
        return redirect("supervision:opinion", pk=pk)
    return _page(request, opinion, 422, answer_form=form, point=row.pk, files_again=bool(request.FILES))


@require_POST
def opinion_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the whole answer in."""
    opinion = _to_answer(request, pk)
    done = _("The answer has been handed in; whoever checks it has been told.")
    attempt(request, actions.hand_in, done, opinion=opinion)
    return redirect("supervision:opinion", pk=pk)


@require_POST
def opinion_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Resolve the points, or send some back."""
    opinion = _to_keep(request, pk)
    form = CheckForm([point for point in opinion.points.all() if point.resolved_at is None], request.POST)
    done = _("The check is on record; the organisation has been told.")
    if form.is_valid() and attempt(
        request, actions.check_answer, done, form, opinion=opinion, verdicts=form.verdicts()
    ):
        return redirect("supervision:opinion", pk=pk)
    if opinion.state != opinion.State.ANSWERED:
        messages.error(request, _("This opinion is not waiting for a check any more."))
    return _page(request, opinion, 422, check_form=form)


@require_POST
def opinion_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back an opinion given by mistake, with a reason."""
    opinion = _to_keep(request, pk)
    form = TakeBackForm(request.POST)
    if form.is_valid():
        done = _("The opinion is taken back; the organisation has been told.")
        attempt(request, actions.take_back, done, opinion=opinion, reason=form.cleaned_data["reason"])
        return redirect("supervision:opinion", pk=pk)
    return _page(request, opinion, 422, take_back_form=form)


def opinion_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A photograph opens in the browser; anything else is downloaded."""
    seen = SupervisionOpinion.objects.visible_to(request.user)
    file = get_object_or_404(PointFile.objects.filter(point__opinion__in=seen), pk=pk)
    return uploads.send(file.file, file.name)
