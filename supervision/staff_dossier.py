"""Requests for instruction and absences of principals in the dossier of an organisation (D-21, S-06, S-07)."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.dossier import Event, Subject, chapter
from supervision.models import InstructionRequest, PrincipalAbsence
from units import access


@chapter("instructions", gettext_lazy("Requests for instruction"))
def instructions(subject: Subject) -> Iterator[Event]:
    """Each request when it was asked and when it was answered. One query."""
    rows = InstructionRequest.objects.visible_to(subject.reader).filter(
        access.below(subject.organization.path, "organization"), batch=subject.participation.batch
    )
    for row in rows.select_related("organization", "asked_by", "answered_by"):
        url, name = reverse("supervision:instruction", args=[row.pk]), row.organization.name
        told = {"matter": row.matter}
        asked = _("Asked for instruction: %(matter)s") % told
        yield Event(
            row.asked_at, "instructions", asked, row.proposal, str(row.asked_by or ""), url, "info", organization=name
        )
        if row.answered_at:
            given = _("Instruction given: %(matter)s") % told
            who = str(row.answered_by or "")
            yield Event(row.answered_at, "instructions", given, row.answer, who, url, "ok", organization=name)


@chapter("absences", gettext_lazy("Absences of principals"))
def absences(subject: Subject) -> Iterator[Event]:
    """Trips and courses of the principals that stand. One query."""
    rows = PrincipalAbsence.objects.visible_to(subject.reader).standing()
    rows = rows.filter(
        access.below(subject.organization.path, "participation__organization"),
        participation__batch=subject.participation.batch,
    )
    for row in rows.select_related("participation__organization", "recorded_by"):
        words = {"person": row.person, "kind": row.get_kind_display(), "place": row.place}
        yield Event(
            row.from_date,
            "absences",
            _("%(person)s: %(kind)s, %(place)s") % words,
            row.reason,
            str(row.recorded_by or ""),
            reverse("supervision:unit_absences", args=[row.participation_id]),
            "late" if row.against_rule else "",
            organization=row.participation.organization.name,
        )
