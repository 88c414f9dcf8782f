"""After a poor closing survey: the superior opens items of the unit's ledger again (H-04, O-10)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import after_surveys
from assessments.actions import after_surveys as actions
from assessments.forms.after_surveys import AgainForm
from assessments.models import Survey
from campaign import rectification
from campaign.actions.rectification import ItemMoved
from campaign.views.places import crumbs


def survey_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose items of the ledger, a deadline and a reason."""
    rows = Survey.objects.visible_to(request.user).select_related(
        "participation__organization", "participation__work_unit", "participation__batch__campaign"
    )
    survey = get_object_or_404(rows.prefetch_related("counts", "answers"), pk=pk)
    if not after_surveys.can_reopen(request.user, survey):
        raise PermissionDenied
    form = AgainForm(request.POST or None, survey=survey)
    if form.is_bound and form.is_valid() and _done(request, survey, form):
        return redirect("assessments:survey", pk=pk)
    unit = survey.participation.organization
    here = (_("Satisfaction survey"), reverse("assessments:survey", args=[pk]))
    context = {
        "survey": survey,
        "form": form,
        "rows": form.fields["items"].queryset,
        "chosen": {str(value) for value in form["items"].value() or ()},
        "kinds": rectification.kinds(survey.participation.batch.campaign.playbook),
        "crumbs": crumbs(request.user, unit, here, _("Rectify again")),
    }
    return render(request, "assessments/survey/again.html", context)


def _done(request: HttpRequest, survey: Survey, form: AgainForm) -> bool:
    try:
        count = actions.rectify_again(by=request.user, survey=survey, **form.cleaned_data)
    except ItemMoved:
        form.add_error(None, _("Somebody else has changed one of these items meanwhile. Look again, then decide."))
        return False
    text = ngettext("Opened %(count)d item again.", "Opened %(count)d items again.", count)
    messages.success(request, text % {"count": count})
    return True
