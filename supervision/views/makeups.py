"""Make-ups: the list, one order with its items, reporting, re-checking, ordering one after a spot check."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.templatetags.shell import day
from assessments.models import Survey
from assessments.results import result_of
from campaign import uploads
from campaign.models import Participation
from campaign.queries import governing
from supervision import actions, chain, queries, rules
from supervision.actions import poll_makeups
from supervision.actions.makeups import remove_file
from supervision.actions.spot_checks import order_after_check
from supervision.filters import MakeUpFilter
from supervision.forms import REASON_MAX, ItemForm, OrderForm, RecheckForm
from supervision.models import MakeUpFile, MakeUpItem, MakeUpOrder, SpotResult, Transition, YellowCard
from supervision.views.doing import attempt
from supervision.views.place import crumbs, participation_or_404
from units import access
from units.guards import need_somewhere
from units.roles import Right

PER_PAGE = 25
USUAL_DAYS = 7  # what the form proposes; the person sets the date


def makeup_list(request: HttpRequest) -> HttpResponse:
    """Orders in scope: open ones first, the nearest deadline on top."""
    need_somewhere(request.user, Right.VIEW)
    form = MakeUpFilter(request.GET)
    rows = (
        form.apply(MakeUpOrder.objects.visible_to(request.user))
        .select_related("organization", "participation__organization", "participation__work_unit", "ordered_by")
        .annotate(all_items=Count("items"), done_items=Count("items", filter=Q(items__done_on__isnull=False)))
        .order_by(F("checked_at").asc(nulls_first=True), "due_on", "pk")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    books = queries.playbooks(row.participation.batch_id for row in page) if page.object_list else {}
    shown = [{"order": row, "stage": chain.name_at(books[row.participation.batch_id], row.stage)} for row in page]
    context = {
        "form": form,
        "page": page,
        "rows": shown,
        "startable": _startable(request.user),
        "filtered": form.changed_data,
    }
    return render(request, "supervision/makeup/list.html", context)


def _startable(user: Any) -> list[Participation]:
    """Units of which the user may order a make-up now. Without the campaign, whose playbook each row would carry."""
    if not access.has_anywhere(user, Right.ORDER_MAKEUP):
        return []
    rows = Participation.objects.visible_to(user, Right.ORDER_MAKEUP).filter(progress__state="current")
    found = rows.select_related("organization", "work_unit")
    return [row for row in found if rules.can_order_makeup(user, row.organization)]


def _order(request: HttpRequest, pk: int) -> MakeUpOrder:
    rows = MakeUpOrder.objects.visible_to(request.user).select_related(
        "organization",
        "participation__organization",
        "participation__work_unit",
        "participation__batch__campaign",
        "ordered_by",
        "checked_by",
        "transition",
    )
    return get_object_or_404(rows.prefetch_related("items__files"), pk=pk)


def _item_form(item: MakeUpItem, *, item_form: Any = None, item_pk: int = 0, **_others: Any) -> ItemForm:
    """The form of one item: the one that came back with faults, or a new one."""
    if item_form is not None and item_pk == item.pk:
        return item_form
    known = {"done_on": item.done_on or clock.today(), "evidence": item.evidence}
    return ItemForm(initial=known, auto_id=f"id_{item.pk}_%s")


def _page(request: HttpRequest, order: MakeUpOrder, status: int = 200, **bound: Any) -> HttpResponse:
    """The page of one order; `item_form` with `item_pk`, or `recheck_form`, come back when they have faults."""
    may_report = order.state == MakeUpOrder.State.OPEN and rules.can_make_up(request.user, order)
    may_check = order.state == MakeUpOrder.State.REPORTED and rules.can_recheck(request.user, order)
    items = [
        {
            "item": item,
            "form": _item_form(item, **bound) if may_report else None,
            "files": uploads.listed(item.files.all()),
        }
        for item in order.items.all()
    ]
    context = {
        "order": order,
        "stage": chain.name_at(order.participation.batch.campaign.playbook, order.stage),
        "items": items,
        "undone": sum(row["item"].done_on is None for row in items),
        "may_report": may_report,
        "recheck_form": (bound.get("recheck_form") or RecheckForm(order)) if may_check else None,
        "may_see_transition": order.transition_id is not None
        and Transition.objects.visible_to(request.user).filter(pk=order.transition_id).exists(),
        "survey_outstanding": actions.survey_outstanding(order),
        "timeline": queries.makeup_timeline(order),
        "spot": SpotResult.objects.visible_to(request.user).filter(makeup=order).select_related("check_of").first(),
        "cards": YellowCard.objects.visible_to(request.user).filter(makeup=order),
        "crumbs": crumbs(order.organization, (_("Make-up"), "")),
    }
    return render(request, "supervision/makeup/detail.html", context, status=status)


def makeup_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One order: why, what, until when, what was done, and what became of it."""
    return _page(request, _order(request, pk))


@require_POST
def makeup_item(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Say what was done about one item."""
    order = _order(request, pk)
    if not rules.can_make_up(request.user, order):
        raise PermissionDenied
    row = get_object_or_404(MakeUpItem, order=order, pk=item)
    form = ItemForm(request.POST, request.FILES, auto_id=f"id_{row.pk}_%s")
    done = _("Item %(number)s has been recorded as done.") % {"number": row.position}
    if form.is_valid() and attempt(request, actions.record_item, done, form, item=row, **form.cleaned_data):
        return redirect("supervision:makeup", pk=pk)
    return _page(request, order, 422, item_form=form, item_pk=row.pk)


@require_POST
def makeup_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Report the whole order as done."""
    order = _order(request, pk)
    if not rules.can_make_up(request.user, order):
        raise PermissionDenied
    done = _("The make-up has been reported; whoever re-checks it has been told.")
    attempt(request, actions.report_makeup, done, order=order)
    return redirect("supervision:makeup", pk=pk)


@require_POST
def makeup_recheck(request: HttpRequest, pk: int) -> HttpResponse:
    """Close it, or send it back."""
    order = _order(request, pk)
    if not rules.can_recheck(request.user, order):
        raise PermissionDenied
    form = RecheckForm(order, request.POST)
    if form.is_valid():
        data = form.cleaned_data
        close = data["result"] == "close"
        redo = [] if close else [int(pk) for pk in data["redo"]]
        done = _("The make-up is closed.") if close else _("The make-up has been sent back.")
        if attempt(request, actions.recheck, done, form, order=order, close=close, note=data["note"], redo=redo):
            return redirect("supervision:makeup", pk=pk)
    return _page(request, order, 422, recheck_form=form)


def _after_spot_check(request: HttpRequest, participation: Participation) -> SpotResult | None:
    """The result of a spot check that led here by ?spot=, if a make-up can be ordered after it."""
    key = request.GET.get("spot", "")
    if not (key.isdecimal() and len(key) < 10):
        return None
    rows = SpotResult.objects.visible_to(request.user).filter(makeup=None, result=SpotResult.Result.BAD)
    row = rows.select_related("organization", "check_of__batch").filter(pk=key).first()
    place = governing(row.organization, row.check_of.batch) if row else None
    return row if place is not None and place.pk == participation.pk else None


def _after_survey(request: HttpRequest, participation: Participation) -> dict[str, Any]:
    """What an order after a survey says, for ?survey= of a round that calls for one."""
    key = request.GET.get("survey", "")
    if not (key.isdecimal() and len(key) < 10):
        return {}
    rounds = Survey.objects.visible_to(request.user).filter(participation=participation, state=Survey.State.CONFIRMED)
    survey = rounds.filter(pk=key).first()
    if survey is None or not result_of(survey).failing:
        return {}
    return {
        "origin": MakeUpOrder.Trigger.SURVEY,
        "rule_words": poll_makeups.words_of(poll_makeups.reached(survey)),
        "reason": poll_makeups.reason_for(survey),
        "items": "\n".join(poll_makeups.usual_items()),
        "survey_again": True,
    }


def makeup_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Order a make-up of a participation, or of one organisation in it, without an application (J-12)."""
    participation = participation_or_404(request.user, pk)
    if not rules.can_order_makeup(request.user, participation.organization):
        raise PermissionDenied
    row = _after_spot_check(request, participation)
    known = _known(row) if row else _after_survey(request, participation)
    initial = {"due_on": clock.today() + dt.timedelta(days=USUAL_DAYS), **known}
    form = OrderForm(
        participation,
        request.POST or None,
        initial=initial,
        origin=known.get("origin", ""),
        only=row.organization if row else None,
    )
    if request.method == "POST" and form.is_valid():
        order = _write_order(request, participation, form, row, known.get("rule_words"))
        if order is not None:
            messages.success(request, _("The make-up has been ordered; those who have to do it have been told."))
            return redirect("supervision:makeup", pk=order.pk)
    context = {
        "participation": participation,
        "form": form,
        "row": row,
        "crumbs": crumbs(participation.organization, (_("Order a make-up"), "")),
    }
    return render(request, "supervision/makeup/new.html", context)


def _known(row: SpotResult) -> dict[str, Any]:
    """What an order after a spot check says."""
    reason = _("Spot check “%(subject)s” of %(day)s: %(findings)s")
    words = {"subject": row.check_of.subject, "day": day(row.checked_on), "findings": row.findings}
    return {"origin": MakeUpOrder.Trigger.SPOT_CHECK, "reason": (reason % words)[:REASON_MAX]}


def _write_order(
    request: HttpRequest,
    participation: Participation,
    form: OrderForm,
    row: SpotResult | None,
    rule_words: dict[str, str] | None,
) -> MakeUpOrder | None:
    """The order; None where it is refused, which the form then says."""
    terms, reason = form.terms(participation), form.cleaned_data["reason"]
    try:
        if row is not None:
            return order_after_check(by=request.user, row=row, terms=terms, reason=reason)
        return actions.order_makeup(
            by=request.user,
            participation=participation,
            terms=terms,
            reason=reason,
            trigger=form.trigger_key,
            rule_words=rule_words,
        )
    except actions.Refused as refusal:
        form.add_error(None, str(refusal))
        return None


def makeup_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A photograph opens in the browser; anything else is downloaded."""
    file = get_object_or_404(_files(request), pk=pk)
    return uploads.send(file.file, file.name)


def _files(request: HttpRequest) -> QuerySet[MakeUpFile]:
    seen = MakeUpOrder.objects.visible_to(request.user)
    return MakeUpFile.objects.filter(item__order__in=seen).select_related("item__order__organization")


@require_POST
def makeup_file_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file off again, before it is reported."""
    file = get_object_or_404(_files(request), pk=pk)
    order = file.item.order
    if not rules.can_make_up(request.user, order):
        raise PermissionDenied
    attempt(request, remove_file, _("The file has been removed."), file=file)
    return redirect("supervision:makeup", pk=order.pk)
