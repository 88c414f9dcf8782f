"""Required reading: the titles of a batch, and ticks by the member or his branch (E-39)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from campaign.models import Batch, ReadingTick, ReadingTitle
from units.models import Organization

ADDED = audit.action("reading.added", _("Added a title to the required reading"))
REMOVED = audit.action("reading.removed", _("Removed a title from the required reading"))
TICKED = audit.action("reading.ticked", _("Recorded who has read what"))


class TitleListed(Exception):
    """The batch has this title already."""


class TitleInUse(Exception):
    """Somebody has read it: it stays on the list."""


@transaction.atomic
def add_title(*, by: User, batch: Batch, name: str, stage: str = "", who: str = "all") -> ReadingTitle:
    """Put a title at the end of the list. Raises TitleListed."""
    last = ReadingTitle.objects.filter(batch=batch).order_by("-position").values_list("position", flat=True).first()
    try:
        with transaction.atomic():
            title = ReadingTitle.objects.create(batch=batch, name=name, stage=stage, who=who, position=(last or 0) + 1)
    except IntegrityError as error:
        raise TitleListed from error
    audit.record(ADDED, by=by, obj=title, organization=batch.campaign.host, data={"stage": stage, "who": who})
    return title


@transaction.atomic
def remove_title(*, by: User, title: ReadingTitle) -> None:
    """Take a title off the list while nobody has read it. Raises TitleInUse."""
    if title.ticks.exists():
        raise TitleInUse
    audit.record(REMOVED, by=by, obj=title, organization=title.batch.campaign.host)
    title.delete()


@transaction.atomic
def set_reading(
    *,
    by: User,
    organization: Organization,
    on: dt.date,
    read: Iterable[tuple[int, int]] = (),
    unread: Iterable[tuple[int, int]] = (),
) -> tuple[int, int]:
    """Add and take back ticks, as (title id, member id); returns how many of each. A tick keeps its first day."""
    wanted, gone = set(read), set(unread)
    known = ReadingTick.objects.filter(
        title_id__in={title for title, _m in wanted | gone}, member_id__in={member for _t, member in wanted | gone}
    )
    there = {(title, member): pk for pk, title, member in known.values_list("pk", "title_id", "member_id")}
    new = [
        ReadingTick(title_id=title, member_id=member, done_on=on, recorded_by=by)
        for title, member in sorted(wanted - set(there))
    ]
    ReadingTick.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    removed, _rows = ReadingTick.objects.filter(pk__in=[there[pair] for pair in gone if pair in there]).delete()
    if new or removed:
        audit.record(TICKED, by=by, organization=organization, data={"read": len(new), "taken_back": removed})
    return len(new), removed
