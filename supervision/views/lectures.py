"""Drafts of leaders' lectures: a unit sends them, its supervision group advises (E-19)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from supervision import rules
from supervision.actions import lectures as actions
from supervision.forms import LectureAdviceForm, LectureForm
from supervision.models import LectureDraft
from supervision.views.place import crumbs, participation_or_404

PER_PAGE = 25


def lectures(request: HttpRequest, pk: int) -> HttpResponse:
    """What a unit has sent, and the form to send another."""
    participation = participation_or_404(request.user, pk)
    may_send = rules.can_send_lecture(request.user, participation)
    form = LectureForm(request.POST or None) if may_send else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            actions.send_lecture(by=request.user, participation=participation, **form.cleaned_data)
            messages.success(request, _("The draft has gone to the supervision group."))
            return redirect("supervision:lectures", pk)
    drafts = LectureDraft.objects.visible_to(request.user).filter(participation=participation)
    rows = drafts.defer("text", "advice").select_related("sent_by", "advised_by")
    context = {
        "participation": participation,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "form": form,
        "advisers": rules.lecture_advisers(participation),
        "crumbs": crumbs(participation.organization, (_("Lectures of leaders"), "")),
    }
    return render(request, "supervision/lecture/list.html", context)


def lecture(request: HttpRequest, pk: int) -> HttpResponse:
    """One draft; the group notes its advice once."""
    rows = LectureDraft.objects.visible_to(request.user)
    related = ("participation__organization", "participation__work_unit", "sent_by", "advised_by")
    draft = get_object_or_404(rows.select_related(*related), pk=pk)
    may_advise = draft.advised_at is None and rules.can_advise_lecture(request.user, draft.participation)
    form = LectureAdviceForm(request.POST or None) if may_advise else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            return _advise(request, draft, form)
    listed = (_("Lectures of leaders"), reverse("supervision:lectures", args=[draft.participation_id]))
    context = {
        "draft": draft,
        "form": form,
        "crumbs": crumbs(draft.participation.organization, listed, (draft.title, "")),
    }
    return render(request, "supervision/lecture/detail.html", context)


def _advise(request: HttpRequest, draft: LectureDraft, form: LectureAdviceForm) -> HttpResponse:
    try:
        actions.advise_lecture(by=request.user, draft=draft, advice=form.cleaned_data["advice"])
    except actions.LectureAdvised:
        messages.warning(request, _("Somebody else of the group has advised on it meanwhile."))
    else:
        messages.success(request, _("The advice is on record, and the unit is told."))
    return redirect("supervision:lecture", draft.pk)
