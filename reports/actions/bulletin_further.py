"""Issues beside the weekly one: supplements, special issues, and those that correct an issue (K-07)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit, clock
from accounts.models import User
from campaign.models import Batch
from reports import weeks
from reports.actions.bulletins import DRAFTED, NoBulletinRule, WeekOutside, beginning, take_candidates
from reports.models import Bulletin, BulletinItem
from reports.queries import bulletin as queries

CORRECTED = audit.action("bulletin.correction_drafted", _("Drafted a correction of a bulletin"))

BESIDE = frozenset({Bulletin.Kind.SUPPLEMENT, Bulletin.Kind.SPECIAL})


class NotIssuedYet(Exception):
    """A draft is edited, not corrected."""


@transaction.atomic
def draft_further(*, by: User, batch: Batch, week: dt.date, kind: str) -> Bulletin:
    """A supplement or a special issue about a week, without the week's figures until they are switched on.

    Asked for again while the first is still untouched, it is the same one. Raises NoBulletinRule or WeekOutside.
    """
    if kind not in BESIDE:
        raise ValueError(kind)
    if batch.campaign.playbook.bulletin is None:
        raise NoBulletinRule
    monday = weeks.monday(week)
    if not weeks.monday(batch.starts_on) <= monday <= weeks.monday(clock.today()):
        raise WeekOutside
    Batch.objects.select_for_update().get(pk=batch.pk)  # a button pressed twice drafts one
    same = {"batch": batch, "week": monday, "kind": kind, "corrects": None, "state": Bulletin.State.DRAFT}
    untouched = Bulletin.objects.filter(**same, version=1).first()
    if untouched is not None:
        return untouched
    fields = beginning(batch, monday)
    fields["figures"] = fields["figures"] | {"on": False}
    bulletin = Bulletin.objects.create(**same, **fields)
    taken = take_candidates(bulletin, queries.candidates(batch, monday))
    _record(DRAFTED, by, bulletin, kind=kind, items=taken)
    return bulletin


@transaction.atomic
def correct(*, by: User, bulletin: Bulletin) -> Bulletin:
    """Draft the issue that corrects an issued one; the latter stays as it is.

    What was printed comes along as items to choose from. One correction at a time is in hand: asked for again, it is
    the same draft. Raises NotIssuedYet.
    """
    if bulletin.state != Bulletin.State.ISSUED:
        raise NotIssuedYet
    Bulletin.objects.select_for_update().get(pk=bulletin.pk)
    fields = {
        "campaign": bulletin.campaign,
        "batch": bulletin.batch,
        "week": bulletin.week,
        "kind": bulletin.kind,
        "figures": bulletin.figures | {"on": False},
        "report_to": bulletin.report_to,
        "copy_to": bulletin.copy_to,
        "distribute_to": bulletin.distribute_to,
        "copies": bulletin.copies,
    }
    draft, created = Bulletin.objects.get_or_create(corrects=bulletin, state=Bulletin.State.DRAFT, defaults=fields)
    if created:
        _as_printed(draft, bulletin)
        _record(CORRECTED, by, draft, corrects=bulletin.pk, number=bulletin.number)
    return draft


def _as_printed(draft: Bulletin, bulletin: Bulletin) -> None:
    """The items of the corrected issue in its frozen words. Tied to no report: none is told of it twice."""
    printed = queries.content_of(bulletin).items
    rows = [
        BulletinItem(
            bulletin=draft,
            title=item.title,
            text="\n".join(item.paragraphs),
            source_name=item.source or "",
        )
        for item in printed
    ]
    BulletinItem.objects.bulk_create(rows)


def _record(action: str, by: User, bulletin: Bulletin, **data: object) -> None:
    known = {"week": bulletin.week.isoformat(), "version": bulletin.version, **data}
    audit.record(action, by=by, obj=bulletin, organization=bulletin.campaign.host, data=known)
