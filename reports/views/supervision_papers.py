"""Papers of supervision and of the office's discipline as Word files."""

from __future__ import annotations

import io

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404

from campaign.models import Batch
from reports import supervision_papers as papers
from reports.documents.content import LetterContent
from reports.documents.word import letter_docx
from supervision.models import InstructionRequest, Leave, SpotCheck, SupervisionOpinion, Visit
from supervision.queries import leave as leaves
from supervision.views.staff_place import staff_page


def opinion_docx(request: HttpRequest, pk: int) -> FileResponse:
    """A supervision opinion with its answers."""
    rows = SupervisionOpinion.objects.visible_to(request.user).select_related("organization", "group")
    opinion = get_object_or_404(rows.prefetch_related("points"), pk=pk)
    return _download(papers.opinion_notice(opinion), opinion.organization.name)


def instruction_docx(request: HttpRequest, pk: int) -> FileResponse:
    """A request for instruction, with the instruction once it is given."""
    rows = InstructionRequest.objects.visible_to(request.user)
    related = rows.select_related("organization", "addressee", "batch__campaign__host")
    asked = get_object_or_404(related, pk=pk)
    return _download(papers.instruction_letter(asked), asked.organization.name)


def visit_docx(request: HttpRequest, pk: int) -> FileResponse:
    """The record of a visit."""
    rows = Visit.objects.visible_to(request.user).select_related("organization", "group")
    visit = get_object_or_404(rows, pk=pk)
    return _download(papers.visit_record(visit), visit.organization.name)


def spot_check_docx(request: HttpRequest, pk: int) -> FileResponse:
    """The report of a spot check, once its organisations are drawn."""
    rows = SpotCheck.objects.visible_to(request.user).select_related("organization", "batch__campaign")
    check = get_object_or_404(rows, pk=pk)
    if check.drawn_at is None:
        raise Http404
    return _download(papers.spot_check_report(check), check.organization.name)


@staff_page
def leave_docx(request: HttpRequest, batch: Batch, pk: int) -> FileResponse:
    """The slip of a leave; without the reason for those who may not read it."""
    rows = Leave.objects.visible_to(request.user).select_related("user", "group", "stand_in", "decided_by")
    leave = get_object_or_404(rows, pk=pk)
    content = papers.leave_slip(leave, with_reason=leaves.may_read_reason(request.user, leave))
    return _download(content, str(leave.user))


def _download(content: LetterContent, whose: str) -> FileResponse:
    name = f"{content.title}（{whose}）.docx"
    return FileResponse(io.BytesIO(letter_docx(content)), as_attachment=True, filename=name)
