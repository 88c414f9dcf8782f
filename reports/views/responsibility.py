"""Blank responsibility letters as Word files (D-15)."""

from __future__ import annotations

import io

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404

from campaign.queries import batch_for
from reports.documents.word import letter_docx
from reports.responsibility_letter import responsibility_letter
from supervision.body_rules import can_record_for
from units.models import Organization


def blank_docx(request: HttpRequest, pk: int) -> FileResponse:
    """The letter of one organisation, to be signed by hand and put on record."""
    rows = Organization.objects.visible_to(request.user).select_related("parent")
    organization = get_object_or_404(rows, pk=pk)
    batch = batch_for(request.user)
    if batch is None:
        raise Http404
    if not can_record_for(request.user, organization):
        raise PermissionDenied
    content = responsibility_letter(batch, organization)
    name = f"{content.title}（{organization.name}）.docx"
    return FileResponse(io.BytesIO(letter_docx(content)), as_attachment=True, filename=name)
