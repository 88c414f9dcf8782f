"""Stage summary of a unit: the draft on a page, and as a Word file (J-08, H-05)."""

from __future__ import annotations

import io
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.models import Participation
from campaign.playbook.work import CLOSING
from campaign.views.participations import participation_or_404
from campaign.views.places import crumbs
from reports.documents.preview import sheets
from reports.documents.word import letter_docx
from reports.stage_summary import stage_summary
from supervision import chain
from supervision.actions.filings import why_not_file
from supervision.models import Filing, Transition
from supervision.rules import can_apply


def summary_of_stage(request: HttpRequest, pk: int) -> HttpResponse:
    """What the records give for the summary of a stage (`?stage=`), heading by heading."""
    participation = participation_or_404(request, pk)
    stage = _stage(request, participation)
    summary = stage_summary(participation, stage)
    context = {
        "participation": participation,
        "stage": stage,
        "tabs": _tabs(participation, stage),
        "summary": summary,
        "sheets": sheets(summary.content),
        "written_at": _where_it_is_written(request, participation, stage),
        "crumbs": crumbs(request.user, participation.organization, _("Stage summary")),
    }
    return render(request, "reports/stage_summary/unit.html", context)


def summary_docx(request: HttpRequest, pk: int) -> FileResponse:
    """The same as a Word file."""
    participation = participation_or_404(request, pk)
    content = stage_summary(participation, _stage(request, participation)).content
    name = f"{content.title}（{participation.organization.name}）.docx"
    return FileResponse(io.BytesIO(letter_docx(content)), as_attachment=True, filename=name)


def _tabs(participation: Participation, stage: str) -> list[dict[str, Any]]:
    url = reverse("reports:stage_summary", args=[participation.pk])
    listed = _stages(participation)
    return [{"label": name, "url": f"{url}?stage={key}", "current": key == stage} for key, name in listed]


def _stages(participation: Participation) -> list[tuple[str, Any]]:
    """Those begun, and the whole campaign, each with its name."""
    playbook = participation.batch.campaign.playbook
    begun = [row.stage for row in participation.progress.all() if row.started_on]
    return [*((key, playbook.stage(key).name) for key in begun), (CLOSING, _("The whole campaign"))]


def _stage(request: HttpRequest, participation: Participation) -> str:
    """The stage asked for; else the one under way, else the last one begun. Raises Http404."""
    known = [key for key, _name in _stages(participation)]
    current = participation.current()
    stage = request.GET.get("stage") or (current.stage if current else known[-1])
    if stage not in known:
        raise Http404
    return stage


def _where_it_is_written(request: HttpRequest, participation: Participation, stage: str) -> Transition | None:
    """The application with which the user can file the summary now (J-10); None where there is nothing to file."""
    if not can_apply(request.user, participation) or Filing.objects.filter(transition__stage=stage).filter(
        transition__participation=participation
    ):
        return None
    rule = chain.rule_at(participation.batch.campaign.playbook, stage)
    last = Transition.objects.filter(participation=participation, stage=stage).order_by("-attempt").first()
    if rule is None or rule.filing is None or last is None:
        return None
    return last if why_not_file(last) is None else None
