"""What a group's members jot down during the week, until it stands in a report that was sent (D-06, K-04, M-08)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit, clock
from accounts.models import User
from campaign.models import Participation
from supervision.models import GroupNote, SupervisionGroup

NOTED = audit.action("note.noted", _("Noted something for the supervision group's report"))
CHANGED = audit.action("note.changed", _("Changed a note of the supervision group"))
DELETED = audit.action("note.deleted", _("Deleted a note of the supervision group"))


class NoteTold(Exception):
    """The note stands in a report that was sent, or somebody has changed or deleted it meanwhile."""


def this_week() -> dt.date:
    """The Monday of the week that a note made now belongs to."""
    today = timezone.localdate(clock.now())
    return today - dt.timedelta(days=today.weekday())


def _one_line(text: str) -> str:
    """Without line breaks: so it is found again in a report, whichever way the browser sends them."""
    return " ".join(text.split())


@transaction.atomic
def write_note(
    *, by: User, group: SupervisionGroup, kind: str, text: str, participation: Participation | None = None
) -> GroupNote:
    """Jot something down for this week's report."""
    note = GroupNote.objects.create(
        group=group,
        participation=participation,
        kind=kind,
        text=_one_line(text),
        week=this_week(),
        author=by,
        noted_at=clock.now(),
    )
    _record(NOTED, by, note)
    return note


@transaction.atomic
def change_note(*, by: User, note: GroupNote, kind: str, text: str, participation: Participation | None = None) -> None:
    """Put one's own note in other words, as long as it has not been told. Raises NoteTold."""
    rows = GroupNote.objects.unused().filter(pk=note.pk, author=by)
    if not rows.update(kind=kind, text=_one_line(text), participation=participation):
        raise NoteTold
    note.refresh_from_db()
    _record(CHANGED, by, note)


@transaction.atomic
def delete_note(*, by: User, note: GroupNote) -> None:
    """Take away one's own note that has not been told; the history keeps that it was there. Raises NoteTold."""
    if not GroupNote.objects.unused().filter(pk=note.pk, author=by).delete()[0]:
        raise NoteTold
    _record(DELETED, by, note)


def _record(action: str, by: User, note: GroupNote) -> None:
    data = {"kind": note.kind, "week": note.week.isoformat()}
    audit.record(action, by=by, obj=note, organization=note.group.campaign.host, data=data)


@transaction.atomic
def mark_told(*, group: SupervisionGroup, since: dt.date, until: dt.date, texts: Iterable[str]) -> int:
    """Close the notes of those weeks whose words stand in `texts`, what was sent; open the others again.

    Returns how many stand there. The reports' own history says who sent them.
    """
    whole = "\n".join(texts)
    rows = GroupNote.objects.filter(group=group, week__gte=since, week__lte=until)
    told = [pk for pk, text in rows.values_list("pk", "text") if text in whole]
    rows.exclude(pk__in=told).exclude(used_at=None).update(used_at=None)
    rows.filter(pk__in=told, used_at=None).update(used_at=clock.now())
    return len(told)
