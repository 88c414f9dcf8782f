"""What a dossier tells of liaison points and pairing: set up, visited, model, ended; pairs by kind (R)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.dossier import Event, Subject, chapter
from supervision.models import LiaisonPoint, LiaisonVisit, Pairing
from supervision.queries.pairing import kinds_of
from units import access


def _event(point: LiaisonPoint, at: Any, title: str, **more: Any) -> Event:
    url = reverse("supervision:liaison_point", args=[point.pk])
    place = point.organization.name if point.organization else ""
    return Event(at=at, kind="liaison", title=title, url=url, organization=place, **more)


@chapter("liaison", gettext_lazy("Liaison points"))
def liaison(subject: Subject) -> Iterator[Event]:
    """Points at the organisation or below it in this batch, and the leaders' visits. Two queries."""
    here = LiaisonPoint.objects.visible_to(subject.reader).filter(
        access.below(subject.organization.path, "organization"), batch=subject.participation.batch_id
    )
    for point in here.select_related("leader", "organization", "set_by"):
        names = {"leader": point.leader.name, "post": point.leader.post}
        title = _("Liaison point of %(leader)s (%(post)s)") % names
        yield _event(point, point.from_date, title, who=str(point.set_by or ""))
        if point.model_since:
            yield _event(
                point, point.model_since, _("Liaison point made a model"), detail=point.model_reason, tone="ok"
            )
        if point.to_date:
            title = _("No longer liaison point of %(leader)s") % names
            yield _event(point, point.to_date, title, detail=point.end_reason)
    visits = LiaisonVisit.objects.filter(point__in=here)
    for visit in visits.select_related("point__leader", "point__organization", "recorded_by"):
        names = {"leader": visit.point.leader.name, "topic": visit.topic}
        title = _("%(leader)s at the liaison point: %(topic)s") % names
        yield _event(visit.point, visit.held_on, title, detail=visit.findings, who=str(visit.recorded_by or ""))


@chapter("pairing", gettext_lazy("Pairing"))
def pairing(subject: Subject) -> Iterator[Event]:
    """Pairs of organisations by name, of members without one. One query."""
    rows = Pairing.objects.visible_to(subject.reader).filter(
        access.below(subject.organization.path, "organization"), campaign=subject.participation.batch.campaign_id
    )
    names = {kind.key: str(kind.name) for kind in kinds_of(subject.participation.batch.campaign.playbook)}
    for row in rows.defer("householder", "place").select_related("organization", "paired_by"):
        kind = names.get(row.kind, row.kind)
        other = row.partner_name or str(row.get_household_display())
        said = {"name": other, "kind": kind}
        common: dict[str, Any] = {
            "kind": "pairing",
            "organization": row.organization.name,
            "url": reverse("supervision:pairing", args=[row.pk]),
        }
        yield Event(
            at=row.from_date, title=_("Paired: %(name)s") % said, detail=kind, who=str(row.paired_by or ""), **common
        )
        if row.to_date:
            yield Event(at=row.to_date, title=_("Pairing ended: %(name)s") % said, detail=row.end_reason, **common)
