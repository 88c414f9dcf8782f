"""What a dossier tells of the lectures of leaders: drafts sent to the supervision group, and its advice (E-19)."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.dossier import Event, Subject, chapter
from supervision.models import LectureDraft
from units import access


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
