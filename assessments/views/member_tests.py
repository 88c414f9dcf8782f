"""The tests of members' reports, entered branch by branch as a matrix (F-24, F-25)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import clock
from assessments import confidential
from assessments.actions import member_tests as actions
from assessments.forms.appraisals import ReasonForm
from assessments.forms.member_tests import MatrixForm
from assessments.judging import of_members
from assessments.member_tests import is_exempt, not_to_be_tested_yet, thresholds_of
from assessments.models import MemberTest
from assessments.views.appraisals import appraisals, members_here
from assessments.views.places import place_for_counts
from campaign.models import Batch
from campaign.views.places import Place, crumbs


def member_tests(request: HttpRequest, pk: int) -> HttpResponse:
    """The matrix of a branch; above it the figures of the appraisal page."""
    place = place_for_counts(request, pk)
    mine = confidential.sees_names(request.user, place.organization)
    if not mine or place.batch is None or not place.active:
        return appraisals(request, pk)
    batch = place.batch
    playbook = batch.campaign.playbook
    people = members_here(place)
    asked = [member for member in people if not is_exempt(member, playbook)]
    found = of_members(batch, [member.pk for member in asked])
    again = request.GET.get("again") == "1"
    if again:
        asked = [m for m in asked if m.pk in found and found[m.pk].failing]
    waiting = {member.pk for member in not_to_be_tested_yet(batch, asked)}
    form = MatrixForm(request.POST or None, batch=batch, members=asked, waiting=waiting, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid() and _save(request, place, batch, form):
        return redirect("assessments:member_tests", pk=pk)
    last = {member: record.test for member, record in found.items() if record.test}
    context = {
        "place": place,
        "organization": place.organization,
        "form": form,
        "rows": form.rows(last),
        "again": again,
        "failing": [member for member in asked if member.pk in found and found[member.pk].failing],
        "exempt": len(people) - len(asked) if not again else 0,
        "rule": thresholds_of(playbook)[0].rule,
        "rounds": MemberTest.objects.filter(batch=batch, organization=place.organization, withdrawn_at=None)
        .select_related("member", "entered_by")
        .order_by("-entered_at", "member_id")[:PER_LIST],
        "crumbs": crumbs(
            request.user,
            place.organization,
            (_("Members' appraisal"), reverse("assessments:appraisals", args=[pk])),
            _("Member tests"),
        ),
    }
    return render(request, "assessments/member_test/matrix.html", context)


PER_LIST = 60


def _save(request: HttpRequest, place: Place, batch: Batch, form: MatrixForm) -> bool:
    """All rows or none; who has not passed review is named."""
    data = form.cleaned_data
    try:
        saved = actions.enter_tests(
            by=request.user,
            batch=batch,
            organization=place.organization,
            on=data["on"],
            voters=data["voters"],
            tallies=form.tallies(),
        )
    except actions.NotReviewed as refused:
        form.add_error(None, _("The paper has not passed review yet: %(names)s") % {"names": "、".join(refused.names)})
        return False
    except actions.RoundMoved:
        form.add_error(None, _("Somebody else has entered this round meanwhile. Open the page again."))
        return False
    count = len(saved)
    text = ngettext("Entered the test of %(count)d member.", "Entered the tests of %(count)d members.", count)
    messages.success(request, text % {"count": count})
    return True


def member_test_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a wrongly entered round back, with a reason."""
    rows = MemberTest.objects.visible_to(request.user).select_related("member", "organization")
    test = get_object_or_404(rows, pk=pk)
    if not confidential.keeps_papers(request.user, test.organization):
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_test(by=request.user, test=test, reason=form.cleaned_data["reason"])
            messages.success(request, _("The round of %(name)s no longer counts.") % {"name": test.member.name})
        except actions.RoundMoved:
            messages.error(request, _("Somebody else has withdrawn this round meanwhile."))
        return redirect("assessments:member_tests", pk=test.organization_id)
    context = {
        "form": form,
        "test": test,
        "crumbs": crumbs(request.user, test.organization, _("Withdraw a round")),
    }
    return render(request, "assessments/member_test/withdraw.html", context)
