"""Applications for transition: the list, handing in, reviewing, deciding, the meeting."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import clock
from assessments.paper_rules import can_set_deputy
from campaign.forms.within import add_within
from campaign.models import Batch, Participation
from campaign.playbook import TransitionRule
from campaign.queries import batch_for
from supervision import actions, chain, drafts, queries, review, rules
from supervision.actions.filings import why_not_file
from supervision.actions.transitions import why_no_meeting
from supervision.filters import TransitionFilter
from supervision.forms import ApplyForm, DecisionForm, MeetingForm
from supervision.gates import gate_of
from supervision.models import Transition
from supervision.objections import last_objected, objections_to
from supervision.views.doing import attempt
from supervision.views.place import crumbs, participation_or_404
from units import access
from units.guards import need_somewhere
from units.roles import Right

PER_PAGE = 25


def transition_list(request: HttpRequest) -> HttpResponse:
    """Applications in scope: those that wait for the user first, then those under way, then the others."""
    need_somewhere(request.user, Right.VIEW)
    batch = batch_for(request.user)
    waiting = [row.pk for row, _steps in queries.waiting_for(request.user)]
    form = TransitionFilter(request.GET, playbook=batch.campaign.playbook if batch else None)
    below = add_within(form, request.user)
    rows = form.apply(Transition.objects.visible_to(request.user), waiting)
    if below is not None:  # a figure of the batch leads here
        rows = rows.filter(access.below(below.path, "participation__organization"), participation__batch=batch)
    page = Paginator(review.in_order(rows, waiting), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": review.list_rows(list(page), waiting),
        "waiting": len(waiting),
        "may_set_deputy": can_set_deputy(request.user),
        "filing_used": _files_summaries(batch),
        "filtered": bool(form.changed_data),
    }
    return render(request, "supervision/transition/list.html", context)


def _files_summaries(batch: Batch | None) -> bool:
    """Does the playbook ask for the filing of summaries beside the approval (J-10)?"""
    rule = batch.campaign.playbook.transition if batch else None
    return bool(rule and rule.filing)


def _transition(request: HttpRequest, pk: int) -> Transition:
    rows = Transition.objects.visible_to(request.user).select_related(
        "participation__organization",
        "participation__work_unit",
        "participation__batch__campaign__host",
        "applied_by",
        "reply",
        "filing__received_by",
    )
    return get_object_or_404(
        rows.prefetch_related("decisions__by", "decisions__on_behalf_of", "participation__progress"), pk=pk
    )


def _page(request: HttpRequest, transition: Transition, form: DecisionForm | None, status: int = 200) -> HttpResponse:
    """The review page; `form` comes back when what was sent has faults."""
    playbook = transition.participation.batch.campaign.playbook
    rule = chain.rule_at(playbook, transition.stage)
    steps = rules.bodies_for(request.user, transition, rule) if rule else []
    if form is None and steps:
        form = DecisionForm(transition, steps, playbook, initial=review.first_choice(transition))
    context: dict[str, Any] = {
        **review.review_context(transition, playbook, again="again" in request.GET),
        **review.choices(transition, playbook, steps),
        "form": form,
        "decided": transition.state not in {"submitted", "withdrawn"} and bool(transition.decisions.all()),
        "can_meet": transition.state == "approved" and rules.can_apply(request.user, transition.participation),
        "can_withdraw": transition.state == "submitted" and rules.can_apply(request.user, transition.participation),
        "crumbs": crumbs(transition.participation.organization, (_("Application for transition"), "")),
    }
    last = context["attempts"][0].transition.pk == transition.pk
    returned = transition.state == Transition.State.RETURNED
    context |= _filing(request, transition, rule)
    context["apply_again"] = last and returned and rules.can_apply(request.user, transition.participation)
    return render(request, "supervision/transition/detail.html", context, status=status)


def _filing(request: HttpRequest, transition: Transition, rule: TransitionRule | None) -> dict[str, Any]:
    """The summary on file, where the playbook asks for one, and whether it can be sent in now (J-10)."""
    if rule is None or rule.filing is None:
        return {}
    own = rules.can_apply(request.user, transition.participation)
    return {
        "filing_rule": rule.filing,
        "filing": getattr(transition, "filing", None),
        "may_file": own and why_not_file(transition) is None,
    }


def transition_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One application: frozen findings, report, attempts, timeline, and the decision for whose turn it is."""
    return _page(request, _transition(request, pk), None)


def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the word of a body. Who was slower is told who decided."""
    transition = _transition(request, pk)
    if request.method != "POST":
        return redirect("supervision:transition", pk=pk)
    playbook = transition.participation.batch.campaign.playbook
    rule = chain.rule_at(playbook, transition.stage)
    steps = rule.steps if rule else ()
    mine = [step for step in steps if rules.can_decide(request.user, transition, step.body)]
    if not mine:
        raise PermissionDenied
    form = DecisionForm(transition, mine, playbook, request.POST)
    if form.is_valid() and _decided(request, transition, form):
        return redirect("supervision:transition", pk=pk)
    if not form.is_valid() and rule and not rules.bodies_for(request.user, transition, rule):
        messages.error(request, _("This application does not wait for your word now."))
        return redirect("supervision:transition", pk=pk)
    return _page(request, transition, form, 422)


def _decided(request: HttpRequest, transition: Transition, form: DecisionForm) -> bool:
    """Do it; True when there is nothing left to mend in the form: it was done, or it is too late."""
    try:
        actions.decide(by=request.user, transition=transition, body=form.cleaned_data["body"], ruling=form.ruling())
    except (actions.AlreadyDecided, actions.NotYourTurn, actions.NotYours) as late:
        messages.error(request, str(late))
    except actions.Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    else:
        messages.success(request, review.said(transition, form.cleaned_data["verdict"]))
    return True


def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in an application: the three parts, begun with sentences from the figures."""
    participation = participation_or_404(request.user, pk)
    if not rules.can_apply(request.user, participation):
        raise PermissionDenied
    progress = participation.current()
    rule = chain.rule_at(participation.batch.campaign.playbook, chain.stage_now(participation, progress))
    if rule is None or participation.state != Participation.State.ACTIVE:
        return redirect("supervision:gate", pk=pk)
    gate = gate_of(participation, progress)
    playbook = participation.batch.campaign.playbook
    back = last_objected(participation.pk, chain.stage_now(participation, progress))
    form = ApplyForm(
        rule,
        request.POST or None,
        initial=drafts.drafts(participation, progress, gate),
        objections=objections_to(back, playbook),
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.apply(
                by=request.user, participation=participation, parts=form.cleaned_data, answers=form.answers()
            )
            messages.success(request, _("The application has been handed in; the findings are frozen."))
            return redirect("supervision:transition", pk=row.pk)
        except actions.Refused as refusal:
            form.add_error(None, str(refusal))
    context = review.apply_context(participation, progress, gate, form)
    context["crumbs"] = crumbs(participation.organization, (_("Apply for the transition"), ""))
    return render(request, "supervision/transition/apply.html", context)


def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the transition meeting; the stage moves with it."""
    transition = _transition(request, pk)
    if not rules.can_apply(request.user, transition.participation):
        raise PermissionDenied
    if transition.state != Transition.State.APPROVED:
        messages.error(request, str(why_no_meeting(transition)))
        return redirect("supervision:transition", pk=pk)
    form = MeetingForm(request.POST or None, initial={"held_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        done = _("The meeting has been recorded; the stage is passed.")
        given = {"transition": transition, "meeting": form.meeting()}
        if attempt(request, actions.record_meeting, done, form, **given):
            return redirect("supervision:transition", pk=pk)
    context = {
        "transition": transition,
        "form": form,
        **review.stage_names(transition),
        "crumbs": crumbs(transition.participation.organization, (_("Transition meeting"), "")),
    }
    return render(request, "supervision/transition/meeting.html", context)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an application back while it is under review."""
    transition = _transition(request, pk)
    if not rules.can_apply(request.user, transition.participation):
        raise PermissionDenied
    attempt(request, actions.withdraw, _("The application has been withdrawn."), transition=transition)
    return redirect("supervision:transition", pk=pk)
