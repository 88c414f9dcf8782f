"""Drafts of leaders' lectures: sent to the supervision group, which advises (E-19)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.models import User
from campaign.models import Participation
from supervision import rules
from supervision.models import LectureDraft

SENT = audit.action("lecture.sent", _("Sent the draft of a lecture to the supervision group"))
ADVISED = audit.action("lecture.advised", _("Advised on the draft of a lecture"))


class LectureAdvised(Exception):
    """Somebody else of the group has advised on this draft already."""


@transaction.atomic
def send_lecture(
    *, by: User, participation: Participation, title: str, lecturer: str, text: str, planned_on: dt.date | None = None
) -> LectureDraft:
    """Put a draft before the supervision group; its members are told."""
    draft = LectureDraft.objects.create(
        participation=participation, title=title, lecturer=lecturer, text=text, planned_on=planned_on, sent_by=by
    )
    audit.record(SENT, by=by, obj=draft, organization=participation.organization)
    notify.send(
        [person for person in rules.lecture_advisers(participation) if person != by],
        gettext_noop("%(unit)s has sent the draft of a lecture: “%(title)s”."),
        url=reverse("supervision:lecture", args=[draft.pk]),
        params={"unit": participation.label, "title": title},
    )
    return draft


@transaction.atomic
def advise_lecture(*, by: User, draft: LectureDraft, advice: str) -> None:
    """Note what the group advises; who sent the draft is told. Raises LectureAdvised."""
    rows = LectureDraft.objects.filter(pk=draft.pk, advised_at=None)
    if not rows.update(advice=advice, advised_by=by, advised_at=clock.now()):
        raise LectureAdvised
    audit.record(ADVISED, by=by, obj=draft, organization=draft.participation.organization)
    if draft.sent_by is not None:
        notify.send(
            [draft.sent_by],
            gettext_noop("The supervision group has advised on the lecture “%(title)s”."),
            url=reverse("supervision:lecture", args=[draft.pk]),
            params={"title": draft.title},
        )
