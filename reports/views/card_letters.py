"""Papers of supervision as Word files: make-up notice, yellow card notice, record of an admonition (J-13..J-16)."""

from __future__ import annotations

import io

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404

from reports.card_letters import admonition_record, card_notice, makeup_notice
from reports.documents.content import LetterContent
from reports.documents.word import letter_docx
from supervision.models import Admonition, MakeUpOrder, YellowCard


def makeup_docx(request: HttpRequest, pk: int) -> FileResponse:
    """The notice of a make-up."""
    rows = MakeUpOrder.objects.visible_to(request.user)
    related = rows.select_related("organization", "participation__batch__campaign").prefetch_related("items")
    order = get_object_or_404(related, pk=pk)
    return _download(makeup_notice(order), order.organization.name)


def card_docx(request: HttpRequest, pk: int) -> FileResponse:
    """The yellow card notice."""
    rows = YellowCard.objects.visible_to(request.user).select_related("organization", "batch__campaign")
    card = get_object_or_404(rows, pk=pk)
    return _download(card_notice(card), card.organization.name)


def admonition_docx(request: HttpRequest, pk: int) -> FileResponse:
    """The record of a collective admonition."""
    rows = Admonition.objects.visible_to(request.user)
    related = rows.select_related("work_unit", "participation__organization", "batch__campaign")
    admonition = get_object_or_404(related, pk=pk)
    return _download(admonition_record(admonition), admonition.unit_name)


def _download(content: LetterContent, whose: str) -> FileResponse:
    name = f"{content.title}（{whose}）.docx"
    return FileResponse(io.BytesIO(letter_docx(content)), as_attachment=True, filename=name)
