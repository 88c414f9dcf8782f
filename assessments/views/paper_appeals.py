"""Appeals that come on paper, from members who do not work with the application (decision 13)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts import clock
from assessments import confidential
from assessments.actions import appraisals as actions
from assessments.forms.appraisals import PaperAppealForm
from assessments.models import Appeal, Appraisal
from assessments.views.places import place_for_counts
from campaign.models import Batch
from campaign.views.activities import absent
from campaign.views.places import Place, crumbs
from units.models import Member


@never_cache
def appeal_enter(request: HttpRequest, pk: int) -> HttpResponse:
    """The branch or the superior enters what a member handed in on paper; the superior answers it on its own page."""
    place = place_for_counts(request, pk)
    if place.participation is None or place.batch is None or not place.active:
        return absent(request, place)
    people = _may_appeal(request.user, place, place.batch)
    initial = {"on": clock.today(), "member": request.GET.get("member")}
    form = PaperAppealForm(request.POST or None, batch=place.batch, members=people, initial=initial)
    if request.method == "POST" and form.is_valid():
        filed = _file(request, place.batch, form)
        if filed is not None:
            return redirect("assessments:appeal", pk=filed.pk)
    hub = reverse("assessments:appraisals", args=[pk])
    context = {
        "organization": place.organization,
        "form": form,
        "nobody": not people.exists(),
        "crumbs": crumbs(request.user, place.organization, (_("Members' appraisal"), hub), _("Appeal on paper")),
    }
    return render(request, "assessments/appraisal/appeal_enter.html", context)


def _may_appeal(user: Any, place: Place, batch: Batch) -> Any:
    """Members below the place on whom an opinion stands and who have no open appeal; not the user himself."""
    organization = place.organization
    if not (confidential.keeps_papers(user, organization) or confidential.can_decide_on(user, organization)):
        raise PermissionDenied
    standing = Appraisal.objects.filter(batch=batch, state__in=Appraisal.STANDING)
    waiting = Appeal.objects.filter(appraisal__batch=batch, state=Appeal.State.OPEN)
    found = Member.objects.within(organization).filter(pk__in=standing.values("member"))
    found = found.exclude(pk__in=waiting.values("member")).exclude(user=user)
    return found.select_related("organization").order_by("organization__path", "pk")


def _file(request: HttpRequest, batch: Batch, form: PaperAppealForm) -> Appeal | None:
    data = form.cleaned_data
    member = data["member"]
    if not confidential.can_enter_appeal(request.user, member):
        raise PermissionDenied
    found = Appraisal.objects.select_related("member", "organization").get(batch=batch, member=member)
    try:
        filed = actions.file_appeal(by=request.user, appraisal=found, text=data["text"], on=data["on"])
    except actions.AppealOpen:
        form.add_error("member", _("An appeal of %(name)s is open already.") % {"name": member.name})
        return None
    except actions.NothingToAppeal:
        form.add_error("member", _("No opinion on %(name)s stands now.") % {"name": member.name})
        return None
    messages.success(request, _("The appeal of %(name)s is with the superior organisation.") % {"name": member.name})
    return filed
