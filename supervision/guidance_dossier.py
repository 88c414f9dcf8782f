"""What a dossier tells of guidance: which groups were in charge, and the drafts of lectures (D-09, E-19)."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.dossier import Event, Subject, chapter
from supervision.models import Assignment, LectureDraft, SupervisionGroup
from units import access


@chapter("groups", gettext_lazy("Supervision groups in charge"))
def groups(subject: Subject) -> Iterator[Event]:
    """Assignments to the organisation, to those above it and below it. One query."""
    organization = subject.organization
    step = organization.steplen
    above = [organization.path[:end] for end in range(step, len(organization.path), step)]
    concerned = Assignment.objects.filter(access.below(organization.path, "organization"))
    concerned |= Assignment.objects.filter(organization__path__in=above)
    seen = SupervisionGroup.objects.visible_to(subject.reader).filter(campaign=subject.participation.batch.campaign_id)
    for row in concerned.filter(group__in=seen).select_related("group", "organization"):
        common = {"kind": "groups", "organization": row.organization.name}
        url = reverse("supervision:group", args=[row.group_id])
        name = {"group": row.group.name}
        yield Event(at=row.from_date, title=_("%(group)s put in charge") % name, url=url, **common)
        if row.to_date:
            yield Event(at=row.to_date, title=_("%(group)s no longer in charge") % name, url=url, **common)


@chapter("lectures", gettext_lazy("Lectures of leaders"))
def lectures(subject: Subject) -> Iterator[Event]:
    """Drafts sent to the supervision group, and its advice. One query."""
    rows = (
        LectureDraft.objects.visible_to(subject.reader)
        .filter(
            access.below(subject.organization.path, "participation__organization"),
            participation__batch=subject.participation.batch,
        )
        .defer("text")
        .select_related("participation__organization", "sent_by", "advised_by")
    )
    for row in rows:
        name = {"title": row.title, "who": row.lecturer}
        url = reverse("supervision:lecture", args=[row.pk])
        place = row.participation.organization.name
        yield Event(
            at=row.sent_at,
            kind="lectures",
            title=_("Draft of the lecture “%(title)s” sent to the supervision group") % name,
            detail=_("To be held by %(who)s.") % name,
            who=str(row.sent_by or ""),
            url=url,
            organization=place,
        )
        if row.advised_at:
            yield Event(
                at=row.advised_at,
                kind="lectures",
                title=_("The supervision group advised on the lecture “%(title)s”") % name,
                detail=row.advice,
                who=str(row.advised_by or ""),
                url=url,
                tone="ok",
                organization=place,
            )
