"""Visits and supervision opinions in the dossier of an organisation."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.dossier import Event, Subject, chapter
from supervision.models import SupervisionOpinion, Visit
from units import access


@chapter("visits", gettext_lazy("Visits of supervision"))
def visits(subject: Subject) -> Iterator[Event]:
    """Visits made, and those called off. One query."""
    rows = Visit.objects.visible_to(subject.reader).filter(
        access.below(subject.organization.path, "organization"), participation__batch=subject.participation.batch
    )
    for visit in rows.exclude(state=Visit.State.PLANNED).select_related("organization", "group"):
        made = visit.state == Visit.State.DONE
        words = {"sender": visit.sender, "way": visit.get_way_display()}
        yield Event(
            visit.day,
            "visits",
            _("%(sender)s: %(way)s") % words if made else _("%(sender)s: visit called off") % words,
            visit.findings if made else visit.reason,
            visit.goers,
            reverse("supervision:visit", args=[visit.pk]),
            "" if made else "late",
            organization=visit.organization.name,
        )


@chapter("supervision_opinions", gettext_lazy("Supervision opinions"))
def opinions(subject: Subject) -> Iterator[Event]:
    """Each opinion when it was given, and how it ended. Two queries."""
    rows = SupervisionOpinion.objects.visible_to(subject.reader).filter(
        access.below(subject.organization.path, "organization"), participation__batch=subject.participation.batch
    )
    related = rows.select_related("organization", "group", "given_by", "checked_by").prefetch_related("points")
    for opinion in related:
        url, name = reverse("supervision:opinion", args=[opinion.pk]), opinion.organization.name
        told = {"sender": opinion.sender, "title": opinion.title}
        points = "；".join(f"{point.position}. {point.text}" for point in opinion.points.all())
        yield Event(
            opinion.given_at,
            "supervision_opinions",
            _("%(sender)s gave an opinion: %(title)s") % told,
            points,
            str(opinion.given_by or ""),
            url,
            "info",
            organization=name,
        )
        if opinion.checked_at and opinion.state in {opinion.State.CLOSED, opinion.State.WITHDRAWN}:
            closed = opinion.state == opinion.State.CLOSED
            sentence = _("Opinion followed up to the end: %(title)s") if closed else _("Opinion taken back: %(title)s")
            yield Event(
                opinion.checked_at,
                "supervision_opinions",
                sentence % told,
                opinion.reason,
                str(opinion.checked_by or ""),
                url,
                "ok" if closed else "",
                organization=name,
            )
