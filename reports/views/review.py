"""Letters as Word files: review of a batch (H-12), decision on commendation (Q-01), special arrangements (A-14)."""

from __future__ import annotations

import io

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from assessments.models import Commendation
from campaign.models import ArrangementProposal, Batch
from reports.arrangement_letter import arrangement_letter
from reports.commendation import commendation_decision
from reports.documents.content import LetterContent
from reports.documents.word import letter_docx
from reports.review import batch_review
from units import access
from units.roles import Right


def batch_of_office(request: HttpRequest, pk: int) -> Batch:
    """A batch on which the user writes for the office."""
    batch = get_object_or_404(Batch.objects.visible_to(request.user).select_related("campaign__host"), pk=pk)
    if not access.has(request.user, Right.EDIT_BULLETIN, batch.campaign.host):
        raise PermissionDenied
    return batch


def batch_review_docx(request: HttpRequest, pk: int) -> FileResponse:
    """A draft with the figures as they are now; the office writes on in Word."""
    return _download(batch_review(batch_of_office(request, pk)))


def commendation_docx(request: HttpRequest, pk: int) -> HttpResponse:
    """The decision with its lists, under the document number given (?number=); there must be somebody commended."""
    batch = batch_of_office(request, pk)
    rows = Commendation.objects.visible_to(request.user).filter(batch=batch).select_related("member", "organization")
    if not any(row.state == Commendation.State.APPROVED for row in rows):
        messages.error(request, _("Nobody has been commended yet, so there is no decision to write."))
        return redirect("assessments:commendations")
    return _download(commendation_decision(batch, rows, number=request.GET.get("number", "")[:60]))


def arrangement_docx(request: HttpRequest, pk: int) -> FileResponse:
    """A proposal of special arrangements as the letter that goes to the level above."""
    rows = ArrangementProposal.objects.visible_to(request.user)
    proposal = get_object_or_404(rows.select_related("organization", "batch__campaign"), pk=pk)
    return _download(arrangement_letter(proposal))


def _download(content: LetterContent) -> FileResponse:
    return FileResponse(io.BytesIO(letter_docx(content)), as_attachment=True, filename=f"{content.title}.docx")
