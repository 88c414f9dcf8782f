"""Publishing the ranking of units as a notice (通报): numbered in the register, told to all, never changed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.models import User
from campaign.models import Campaign, Participation
from reports.actions import register
from reports.documents.word import letter_docx
from reports.models import RankingNotice, RegisterEntry
from reports.queries import notices as queries
from reports.queries.adoption import Asked
from reports.queries.reporters import reporters

ISSUED = audit.action("notice.issued", _("Issued a notice of the ranking"))


class NothingToTell(Exception):
    """No unit owed the report in that time."""


class AlreadyIssued(Exception):
    """These weeks have been published, and a notice is never changed. Carries the notice."""

    def __init__(self, notice: RankingNotice) -> None:
        super().__init__(notice.pk)
        self.notice = notice


@transaction.atomic
def issue_notice(*, by: User, asked: Asked, title: str, texts: Mapping[str, str]) -> RankingNotice:
    """Issue the notice under the register's next number and tell every unit in its table.

    The table is counted here, never typed (decision 19). Raises NothingToTell, or AlreadyIssued (of two who issue at
    once, the second).
    """
    campaign = Campaign.objects.select_for_update().get(pk=asked.batch.campaign_id)
    found = queries.proposal(asked)
    if found is None:
        raise NothingToTell
    period = {"batch": asked.batch, "rule": asked.rule.key, "first": found.first, "last": found.last}
    there = RankingNotice.objects.filter(**period).first()
    if there is not None:
        raise AlreadyIssued(there)
    on, name = clock.today(), title.strip() or found.title
    content = {key: texts.get(key, "").strip() for key in queries.TEXTS}
    content |= {"headers": list(found.headers), "rows": [list(row) for row in found.rows]}
    kind = RegisterEntry.Kind.PASSING
    data = register.EntryData(title=name, sender=campaign.office_name, recipient=queries.TO_ALL, dated=on)
    entry = register.enter(by=by, campaign=campaign, kind=kind, data=data)
    written = letter_docx(queries.letter(campaign, content, title=name, on=on, number=entry.number))
    data = dataclasses.replace(data, document_number=queries.number_of(campaign, entry.year, entry.number))
    file = f"{name}.docx"
    register.change(by=by, entry=entry, version=entry.version, data=data, files=[ContentFile(written, file)])
    notice = RankingNotice(
        **period,
        title=name,
        content=content,
        year=entry.year,
        number=entry.number,
        issued_on=on,
        issued_by=by,
        entry=entry,
    )
    notice.docx.save(f"{on:%Y%m%d}-{entry.number}.docx", ContentFile(written), save=False)
    notice.save(force_insert=True)
    audit.record(ISSUED, by=by, obj=notice, organization=campaign.host, data={"number": entry.number})
    _tell(notice, asked, but=by)
    return notice


def _tell(notice: RankingNotice, asked: Asked, *, but: User) -> None:
    units: list[Participation] = list(asked.units.select_related("organization"))
    people = {user.pk: user for found in reporters(units).values() for user in found}
    notify.send(
        [user for user in people.values() if user != but],
        gettext_noop("The campaign office has published: %(title)s"),
        params={"title": notice.title},
        url=reverse("reports:ranking_notice", args=[notice.pk]),
    )
