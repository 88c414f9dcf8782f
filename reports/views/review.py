"""The batch review as a Word file (H-12)."""

from __future__ import annotations

import io

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404

from campaign.models import Batch
from reports.documents.word import letter_docx
from reports.review import batch_review
from units import access
from units.roles import Right


def batch_review_docx(request: HttpRequest, pk: int) -> FileResponse:
    """A draft with the figures as they are now; the office writes on in Word."""
    batch = get_object_or_404(Batch.objects.visible_to(request.user).select_related("campaign__host"), pk=pk)
    if not access.has(request.user, Right.EDIT_BULLETIN, batch.campaign.host):
        raise PermissionDenied
    content = batch_review(batch)
    return FileResponse(io.BytesIO(letter_docx(content)), as_attachment=True, filename=f"{content.title}.docx")
