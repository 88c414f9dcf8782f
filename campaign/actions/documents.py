"""Documents that members hand in: study notes, essays, entries of a contest (E-35, E-36)."""

from __future__ import annotations

import datetime as dt
import functools

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit, clock
from accounts.models import User
from campaign.models import Batch, MemberMark
from units.models import Member

HANDED_IN = audit.action("document.handed_in", _("Handed in a member's document"))


@transaction.atomic
def hand_in(
    *,
    by: User,
    batch: Batch,
    member: Member,
    action: str,
    done_on: dt.date,
    title: str,
    text: str = "",
    file: File | None = None,
) -> MemberMark:
    """Keep a member's document for an action, which marks the action as done; a later one replaces it."""
    mark, _new = MemberMark.objects.select_for_update().get_or_create(
        batch=batch, member=member, action=action, defaults={"done_on": done_on, "recorded_by": by}
    )
    mark.title, mark.text, mark.done_on = title, text, done_on
    mark.recorded_by, mark.recorded_at = by, clock.now()
    if file is not None:
        if mark.file:
            transaction.on_commit(functools.partial(mark.file.storage.delete, mark.file.name))
        mark.file_name = str(file.name)[:200]
        mark.file.save(str(file.name), file, save=False)
    mark.save()
    told = {"action": action, "title": title, "file": mark.file_name}
    audit.record(HANDED_IN, by=by, obj=member, organization=member.organization, data=told)
    return mark
