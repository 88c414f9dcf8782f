"""Spot checks: the list, opening one, the draw and its record, the results, summing up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import clock
from campaign import uploads
from campaign.queries import batch_for, governing
from supervision import chain, spot_rules
from supervision.actions import Refused
from supervision.actions import spot_checks as actions
from supervision.drawing import ALGORITHM
from supervision.forms.spot_checks import SpotCancelForm, SpotCheckForm, SpotCloseForm, SpotResultForm
from supervision.models import MakeUpOrder, SpotCheck, SpotFile, SpotResult
from supervision.queries import spot_checks as queries
from supervision.views.doing import attempt
from supervision.views.place import crumbs
from units.guards import need, need_somewhere
from units.roles import Right

PER_PAGE, LOTS_PER_PAGE = 25, 100
USUAL_NUMBER = 3


def spot_check_list(request: HttpRequest) -> HttpResponse:
    """Checks in scope, the newest first, with their results in figures."""
    need_somewhere(request.user, Right.VIEW)
    rows = queries.with_figures(SpotCheck.objects.visible_to(request.user)).select_related("organization", "opened_by")
    context = {
        "page": Paginator(rows.order_by("-opened_at", "-pk"), PER_PAGE).get_page(request.GET.get("page")),
        "may_open": spot_rules.may_open_somewhere(request.user),
    }
    return render(request, "supervision/spot_check/list.html", context)


def spot_check_new(request: HttpRequest) -> HttpResponse:
    """Prepare a check; ?redraw= of another one draws anew in its place, with a reason."""
    need_somewhere(request.user, Right.VIEW)
    need(spot_rules.may_open_somewhere(request.user))
    batch = batch_for(request.user)
    if batch is None:
        raise Http404
    before = _redrawn(request)
    form = SpotCheckForm(
        request.user, batch, request.POST or None, initial=_usual(request, before), redraw=before is not None
    )
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data.get("reason", "")
        try:
            check = actions.open_spot_check(
                by=request.user, batch=batch, terms=form.terms(), redraw_of=before, reason=reason
            )
            messages.success(request, _("The check is prepared. Now draw."))
            return redirect("supervision:spot_check", check.pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "before": before, "crumbs": _line((_("Open a spot check"), ""))}
    return render(request, "supervision/spot_check/new.html", context, status=422 if form.errors else 200)


def _line(*last: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("Spot checks"), reverse("supervision:spot_checks")), *last]


def _redrawn(request: HttpRequest) -> SpotCheck | None:
    key = request.GET.get("redraw", "")
    if not (key.isdecimal() and len(key) < 10):
        return None
    check = get_object_or_404(SpotCheck.objects.visible_to(request.user), pk=key)
    need(spot_rules.can_check(request.user, check))
    return check


def _usual(request: HttpRequest, before: SpotCheck | None) -> dict[str, Any]:
    if before is not None:
        names = ("organization", "kind", "subject", "of_kind", "stage", "wanted")
        return {name: getattr(before, name) for name in names}
    under = request.GET.get("under", "")
    return {"wanted": USUAL_NUMBER, "organization": under if under.isdecimal() else None}


def _check(request: HttpRequest, pk: int) -> SpotCheck:
    rows = SpotCheck.objects.visible_to(request.user).select_related(
        "organization", "batch__campaign__host", "opened_by", "drawn_by", "closed_by", "redraw_of"
    )
    return get_object_or_404(queries.with_figures(rows), pk=pk)


def _page(request: HttpRequest, check: SpotCheck, status: int = 200, **bound: Any) -> HttpResponse:
    """The page of one check; `close_form` or `cancel_form` come back when they have faults."""
    mine = spot_rules.can_check(request.user, check)
    drawn, prepared = check.state == check.State.DRAWN, check.state == check.State.PREPARED
    rows = check.results.select_related("organization", "makeup", "checked_by").order_by("position")
    there = (
        len(spot_rules.population(check.batch, check.organization, check.of_kind, check.stage))
        if prepared
        else len(check.population)
    )
    context = {
        "check": check,
        "there": there,
        "stage": chain.name_at(check.batch.campaign.playbook, check.stage) if check.stage else "",
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "mine": mine,
        "may_draw": mine and prepared,
        "close_form": (bound.get("close_form") or SpotCloseForm()) if mine and drawn else None,
        "cancel_form": (bound.get("cancel_form") or SpotCancelForm())
        if mine and (drawn or prepared) and not check.recorded
        else None,
        "redraws": SpotCheck.objects.visible_to(request.user).filter(redraw_of=check),
        "crumbs": crumbs(check.organization, *_line((check.subject, ""))),
    }
    return render(request, "supervision/spot_check/detail.html", context, status=status)


def spot_check(request: HttpRequest, pk: int) -> HttpResponse:
    """One check: what, where, who was drawn, what was found."""
    return _page(request, _check(request, pk))


@require_POST
def spot_check_draw(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw, once."""
    check = _check(request, pk)
    need(spot_rules.can_check(request.user, check))
    attempt(request, actions.draw, _("Drawn. The list, the seed and the result are on record."), check=check)
    return redirect("supervision:spot_check", pk)


def spot_check_record(request: HttpRequest, pk: int) -> HttpResponse:
    """The record of the draw, and the draw repeated from it."""
    check = _check(request, pk)
    if check.drawn_at is None:
        raise Http404
    repeated = queries.repeat(check)
    context = {
        "check": check,
        "repeated": repeated,
        "known": check.algorithm == ALGORITHM,
        "page": Paginator(repeated.lots, LOTS_PER_PAGE).get_page(request.GET.get("page")),
        "crumbs": _line((check.subject, reverse("supervision:spot_check", args=[pk])), (_("Record of the draw"), "")),
    }
    return render(request, "supervision/spot_check/record.html", context)


@require_POST
def spot_check_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Sum up and close."""
    check = _check(request, pk)
    need(spot_rules.can_check(request.user, check))
    form = SpotCloseForm(request.POST)
    done = _("The check is closed.")
    if form.is_valid() and attempt(
        request, actions.close_spot_check, done, form, check=check, summary=form.cleaned_data["summary"]
    ):
        return redirect("supervision:spot_check", pk)
    return _page(request, check, 422, close_form=form)


@require_POST
def spot_check_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it up before any result."""
    check = _check(request, pk)
    need(spot_rules.can_check(request.user, check))
    form = SpotCancelForm(request.POST)
    done = _("The check is cancelled; its draw stays on record.")
    if form.is_valid() and attempt(
        request, actions.cancel_spot_check, done, form, check=check, reason=form.cleaned_data["reason"]
    ):
        return redirect("supervision:spot_check", pk)
    return _page(request, check, 422, cancel_form=form)


def spot_result(request: HttpRequest, pk: int) -> HttpResponse:
    """What was found at one organisation; those who check write it down, and put it right until the check is closed."""
    rows = SpotResult.objects.visible_to(request.user).select_related(
        "organization", "check_of__organization", "check_of__batch__campaign", "checked_by", "makeup"
    )
    row = get_object_or_404(rows, pk=pk)
    check, user = row.check_of, request.user
    mine = check.state == check.State.DRAWN and spot_rules.can_check(user, check)
    form = _result_form(request, row) if mine else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        done = _("The result is on record; the organisation has been told.")
        if form.is_valid() and attempt(request, actions.record_result, done, form, row=row, **form.cleaned_data):
            return redirect("supervision:spot_result", pk)
    sees_check = SpotCheck.objects.visible_to(user).filter(pk=check.pk).exists()
    listed = [(check.subject, reverse("supervision:spot_check", args=[check.pk]))] if sees_check else []
    context = {
        "row": row,
        "check": check,
        "sees_check": sees_check,
        "form": form,
        "files": uploads.listed(row.files.all()),
        "sees_makeup": MakeUpOrder.objects.visible_to(user).filter(pk=row.makeup_id).exists(),
        "order_url": _order_url(user, row),
        "opinion_url": _opinion_url(user, row),
        "crumbs": crumbs(row.organization, *listed, (_("Result of the spot check"), "")),
    }
    return render(request, "supervision/spot_check/result.html", context, status=422 if form and form.errors else 200)


def _result_form(request: HttpRequest, row: SpotResult) -> SpotResultForm:
    known = {"result": row.result, "findings": row.findings, "checked_on": row.checked_on or clock.today()}
    return SpotResultForm(request.POST or None, request.FILES or None, initial=known)


def _order_url(user: Any, row: SpotResult) -> str:
    """Where a make-up is ordered after this result, if the user may and none is ordered yet."""
    if row.makeup_id or not spot_rules.can_order(user, row):
        return ""
    place = governing(row.organization, row.check_of.batch)
    return f"{reverse('supervision:makeup_new', args=[place.pk])}?spot={row.pk}" if place else ""


def _opinion_url(user: Any, row: SpotResult) -> str:
    """Where a supervision opinion is given about problems found."""
    if row.result != SpotResult.Result.PROBLEMS or not spot_rules.gives_opinions(user, row.organization):
        return ""
    place = governing(row.organization, row.check_of.batch)
    return reverse("supervision:opinion_new", args=[place.pk]) if place else ""


def spot_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A photograph opens in the browser; anything else is downloaded."""
    seen = SpotResult.objects.visible_to(request.user)
    file = get_object_or_404(SpotFile.objects.filter(row__in=seen), pk=pk)
    return uploads.send(file.file, file.name)


@require_POST
def spot_file_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file off again, before the check is closed."""
    seen = SpotResult.objects.visible_to(request.user)
    rows = SpotFile.objects.filter(row__in=seen).select_related("row__check_of__organization", "row__organization")
    file = get_object_or_404(rows, pk=pk)
    need(spot_rules.can_check(request.user, file.row.check_of))
    attempt(request, actions.remove_file, _("The file has been removed."), file=file)
    return redirect("supervision:spot_result", file.row_id)
