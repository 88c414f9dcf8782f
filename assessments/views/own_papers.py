"""What a member finds of himself: the opinion to sign, appeals, tests, help, handling."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assessments import confidential
from assessments.actions import appraisals as actions
from assessments.forms.appraisals import AnswerForm, AppealForm
from assessments.member_tests import result_of
from assessments.models import Appeal, Appraisal, Handling, Help, MemberTest
from assessments.outcomes import outcome_of
from units.models import Member


def _self(request: HttpRequest) -> Member:
    """The user's own entry in the roster. Raises 403 for who has none."""
    member: Member | None = Member.objects.filter(user=request.user).select_related("organization").first()
    if member is None:
        raise PermissionDenied
    return member


def _shown(member: Member) -> Appraisal | None:
    """The newest opinion on a member that he may see: once decided, not while it is drafted."""
    rows = Appraisal.objects.filter(member=member, state__in=Appraisal.STANDING)
    return rows.select_related("batch__campaign", "organization", "member").order_by("-batch_id").first()


@never_cache
def my_papers(request: HttpRequest) -> HttpResponse:
    """One's own page on the appraisal."""
    return _page(request, _self(request))


def _page(
    request: HttpRequest, member: Member, answer: AnswerForm | None = None, appeal: AppealForm | None = None
) -> HttpResponse:
    found = _shown(member)
    may_sign = found is not None and confidential.can_answer(request.user, found)
    appeals = list(Appeal.objects.filter(member=member).select_related("appraisal"))
    open_ = any(one.state == Appeal.State.OPEN for one in appeals)
    tests = MemberTest.objects.filter(member=member, withdrawn_at=None).select_related("batch__campaign")
    cases = Handling.objects.filter(member=member, state=Handling.State.DECIDED).select_related("batch__campaign")
    context = {
        "member": member,
        "appraisal": found,
        "sign_form": (answer or AnswerForm(batch=found.batch, own=True)) if found and may_sign else None,
        "appeals": appeals,
        "appeal_form": (appeal or AppealForm()) if found and not open_ else None,
        "tests": [result_of(test, test.batch.campaign.playbook) for test in tests],
        "helps": Help.objects.filter(member=member).select_related("helper"),
        "helping": Help.objects.filter(helper=member, state=Help.State.OPEN).select_related("member"),
        "cases": [{"case": case, "outcome": outcome_of(case.batch.campaign.playbook, case.outcome)} for case in cases],
    }
    return render(request, "assessments/appraisal/mine.html", context)


@require_POST
def my_answer(request: HttpRequest) -> HttpResponse:
    """Sign the opinion on oneself, with or without a dissent (F-29)."""
    member = _self(request)
    found = _shown(member)
    if found is None or not confidential.can_answer(request.user, found):
        raise PermissionDenied
    form = AnswerForm(request.POST, batch=found.batch, own=True)
    if not form.is_valid():
        return _page(request, member, answer=form)
    try:
        actions.answer_appraisal(by=request.user, appraisal=found, **form.cleaned_data)
        messages.success(request, _("You have signed the opinion."))
    except actions.AppraisalMoved:
        messages.error(request, _("Somebody else has moved this opinion meanwhile."))
    return redirect("assessments:my_papers")


@require_POST
def my_appeal(request: HttpRequest) -> HttpResponse:
    """Appeal to the superior organisation (decision 13)."""
    member = _self(request)
    found = _shown(member)
    if found is None:
        raise PermissionDenied
    form = AppealForm(request.POST)
    if not form.is_valid():
        return _page(request, member, appeal=form)
    try:
        actions.file_appeal(by=request.user, appraisal=found, text=form.cleaned_data["text"])
        messages.success(request, _("Your appeal has gone to the superior organisation."))
    except actions.AppealOpen:
        messages.error(request, _("Your appeal is being looked at already."))
    return redirect("assessments:my_papers")
