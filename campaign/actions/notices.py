"""Giving a public notice, and taking it down (decision 11)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit, clock
from accounts.models import User
from campaign.models import Batch, PublicNotice
from units.models import Organization

GIVEN = audit.action("notice.given", _("Gave public notice"))
WITHDRAWN = audit.action("notice.withdrawn", _("Took down a public notice"))


@transaction.atomic
def give_notice(
    *,
    by: User,
    batch: Batch,
    organization: Organization,
    kind: str,
    title: str,
    text: str = "",
    scope: str,
    days: int,
    starts_on: dt.date | None = None,
) -> PublicNotice:
    """Show something within `scope` for `days` days, the first one included (F-08, O-01..O-03)."""
    first = starts_on or clock.today()
    notice = PublicNotice.objects.create(
        batch=batch,
        organization=organization,
        kind=kind,
        title=title[:200],
        text=text,
        scope=scope,
        starts_on=first,
        ends_on=first + dt.timedelta(days=days - 1),
        given_by=by,
    )
    audit.record(GIVEN, by=by, obj=notice, organization=organization, data={"scope": scope, "days": days})
    return notice


@transaction.atomic
def withdraw_notice(*, by: User, notice: PublicNotice, reason: str) -> None:
    """Take a notice down before its time; it then counts as never given. A second person finds it done."""
    if PublicNotice.objects.filter(pk=notice.pk, withdrawn_at=None).update(withdrawn_at=clock.now()):
        audit.record(WITHDRAWN, by=by, obj=notice, organization=notice.organization, data={"reason": reason})
