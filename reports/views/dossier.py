"""The dossier of an organisation as a Word file."""

from __future__ import annotations

import io

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404

from reports.documents.word import letter_docx
from reports.dossier_document import dossier_document
from supervision.forms.dossiers import DossierFilter
from supervision.queries.dossiers import subject_of
from units.models import Organization


def dossier_docx(request: HttpRequest, pk: int) -> FileResponse:
    """What the page shows with the same filter, on paper."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    subject, _choices = subject_of(organization, request.user, request.GET.get("batch", ""))
    if subject is None:
        raise Http404
    content = dossier_document(subject, DossierFilter(request.GET, subject=subject).wanted)
    return FileResponse(io.BytesIO(letter_docx(content)), as_attachment=True, filename=f"{content.title}.docx")
