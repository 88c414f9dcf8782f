"""The office's summaries of the jurisdiction: stage by stage (K-11), and the review of the batch (H-12)."""

from __future__ import annotations

import io
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.models import Batch
from reports.documents.content import LetterContent
from reports.documents.preview import sheets
from reports.documents.word import letter_docx
from reports.jurisdiction_summary import jurisdiction_summary
from reports.review import batch_review
from reports.views.review import batch_of_office

WHOLE = "batch"


def summaries(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft of one stage (`?stage=`) or of the whole batch, as it would be printed."""
    batch = batch_of_office(request, pk)
    stage = request.GET.get("stage", WHOLE)
    context = {
        "batch": batch,
        "stage": stage,
        "sheets": sheets(_content(batch, stage)),
        "tabs": _tabs(batch, stage),
        "crumbs": [(_("Summary workbooks"), reverse("reports:summary")), (_("Summaries of the jurisdiction"), "")],
    }
    return render(request, "reports/stage_summary/jurisdiction.html", context)


def summaries_docx(request: HttpRequest, pk: int) -> FileResponse:
    """The same as a Word file."""
    content = _content(batch_of_office(request, pk), request.GET.get("stage", WHOLE))
    return FileResponse(io.BytesIO(letter_docx(content)), as_attachment=True, filename=f"{content.title}.docx")


def _content(batch: Batch, stage: str) -> LetterContent:
    if stage == WHOLE:
        return batch_review(batch)
    try:
        return jurisdiction_summary(batch, stage)
    except KeyError as error:
        raise Http404 from error


def _tabs(batch: Batch, stage: str) -> list[dict[str, Any]]:
    url = reverse("reports:jurisdiction_summary", args=[batch.pk])
    listed = [(one.key, str(one.name)) for one in batch.campaign.playbook.stages]
    listed.append((WHOLE, _("The whole batch")))
    return [{"label": name, "url": f"{url}?stage={key}", "current": key == stage} for key, name in listed]
