"""Requests for instruction and absences of principals in the dossier of an organisation and on a unit's page
(D-21, S-06, S-07)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.dossier import Event, Subject, chapter
from campaign.models import Participation
from campaign.unit_links import Link, unit_link
from supervision.models import InstructionRequest, PrincipalAbsence
from units import access
from units.roles import Right


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


@unit_link
def absences_of_unit(user: Any, participation: Participation) -> Link | None:
    """From a unit's page to the absences of its principal, where the playbook has such a rule. One query."""
    rule = participation.batch.campaign.playbook.staffing
    if not (rule.travel or rule.party_school) or not access.has(user, Right.VIEW, participation.organization):
        return None
    rows = PrincipalAbsence.objects.standing().filter(participation=participation)
    found = rows.aggregate(all=Count("pk"), against=Count("pk", filter=Q(exception="")))
    if found["against"]:
        text = _("%(all)s on record, %(against)s of them against the rule") % found
    else:
        text = _("%(all)s on record") % found if found["all"] else _("Trips and party-school courses")
    url = reverse("supervision:unit_absences", args=[participation.pk])
    return Link(_("Absences of principals"), text, url, "calendar-off")
