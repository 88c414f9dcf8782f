"""Look-backs of an organisation: which the playbook asks for, and the form of one (F-40, H-02)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.actions import lookbacks as actions
from assessments.forms.lookbacks import LookBackForm
from assessments.models import LookBackRecord
from campaign.playbook import LookBack
from campaign.views.places import Place, crumbs, find_place


def _record(place: Place, key: str) -> LookBackRecord | None:
    rows = LookBackRecord.objects.filter(batch=place.batch, organization=place.organization, key=key)
    return rows.select_related("saved_by").prefetch_related("answers").first()


def _phase_name(place: Place, lookback: LookBack) -> str:
    playbook = place.batch.campaign.playbook if place.batch else None
    stages = {stage.key: stage.name for stage in playbook.stages} if playbook else {}
    return str(stages.get(lookback.phase, _("Consolidation")))


def lookback_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The look-backs that the playbook asks for, and how far the organisation has come with each."""
    place = find_place(request, pk)
    asked = place.batch.campaign.playbook.lookbacks if place.batch else ()
    kept = LookBackRecord.objects.filter(batch=place.batch, organization=place.organization)
    records = {record.key: record for record in kept.prefetch_related("answers")}
    rows = []
    for one in asked:
        record = records.get(one.key)
        answers = list(record.answers.all()) if record else []
        rows.append(
            {
                "lookback": one,
                "phase": _phase_name(place, one),
                "record": record,
                "have": len(answers),
                "need": len(one.questions),
                "short": sum(answer.open for answer in answers),
            }
        )
    context = {"place": place, "organization": place.organization, "rows": rows}
    context["crumbs"] = crumbs(request.user, place.organization, (_("Look-back"), ""))
    return render(request, "assessments/lookback/list.html", context)


def lookback_edit(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Fill one in: save as often as one likes, complete it when every question is answered."""
    place = find_place(request, pk)
    lookback = place.batch.campaign.playbook.lookback(key) if place.batch else None
    if lookback is None or place.batch is None:
        raise Http404
    record = _record(place, key)
    may_write = place.may_record and (record is None or record.state == LookBackRecord.State.OPEN)
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    form = LookBackForm(lookback, record, request.POST or None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, place, lookback, form)
            return redirect("assessments:lookback", pk=pk, key=key)
        except actions.LookBackRefused as refused:
            refusal = str(refused)
    context: dict[str, Any] = {
        "place": place,
        "organization": place.organization,
        "lookback": lookback,
        "phase": _phase_name(place, lookback),
        "record": record,
        "version": request.POST.get("version", record.version if record else 0),
        "form": form,
        "refusal": refusal,
        "may_write": may_write,
        "crumbs": crumbs(request.user, place.organization, (_("Look-back"), "")),
    }
    faulty = request.method == "POST"
    return render(request, "assessments/lookback/edit.html", context, status=422 if faulty else 200)


def _save(request: HttpRequest, place: Place, lookback: LookBack, form: LookBackForm) -> None:
    version = request.POST.get("version", "")
    complete = "complete" in request.POST
    actions.save_lookback(
        by=request.user,
        batch=place.batch,
        organization=place.organization,
        lookback=lookback,
        version=int(version) if version.isdecimal() and len(version) < 9 else -1,
        answers=form.answers(),
        complete=complete,
    )
    messages.success(request, _("The look-back is completed.") if complete else _("Saved. You can go on later."))


@require_POST
def lookback_reopen(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Take a completed one up again."""
    place = find_place(request, pk)
    if not place.may_record:
        raise PermissionDenied
    record = _record(place, key)
    if record is not None:
        actions.reopen_lookback(by=request.user, record=record)
    return redirect("assessments:lookback", pk=pk, key=key)
