"""Papers of a transition as Word files: the application, the reply, the record of the meeting."""

from __future__ import annotations

import io

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from reports.documents.content import LetterContent
from reports.documents.word import letter_docx
from reports.transition_letters import application_letter, meeting_record, reply_letter
from supervision.models import Transition


def _transition(request: HttpRequest, pk: int) -> Transition:
    rows = Transition.objects.visible_to(request.user).select_related(
        "participation__organization", "participation__work_unit", "participation__batch__campaign__host", "reply"
    )
    return get_object_or_404(rows.prefetch_related("decisions"), pk=pk)


def application_docx(request: HttpRequest, pk: int) -> FileResponse:
    """The application with its report and findings, as it was handed in."""
    return _download(application_letter(_transition(request, pk)))


def reply_docx(request: HttpRequest, pk: int) -> HttpResponse:
    """The reply, once the review has ended."""
    transition = _transition(request, pk)
    under_review = transition.state in {Transition.State.SUBMITTED, Transition.State.WITHDRAWN}
    if under_review or not transition.decisions.all():
        messages.error(request, _("There is no reply to this application."))
        return redirect("supervision:transition", pk=pk)
    return _download(reply_letter(transition))


def meeting_docx(request: HttpRequest, pk: int) -> HttpResponse:
    """The record of the meeting, once it is recorded."""
    transition = _transition(request, pk)
    if transition.meeting_on is None:
        messages.error(request, _("No meeting has been recorded for this application."))
        return redirect("supervision:transition", pk=pk)
    return _download(meeting_record(transition))


def _download(content: LetterContent) -> FileResponse:
    return FileResponse(io.BytesIO(letter_docx(content)), as_attachment=True, filename=f"{content.title}.docx")
