"""Tests of members' reports: a round of ballots for each member, counted on paper (F-24, I-02)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts import audit, clock
from accounts.models import User
from assessments.member_tests import not_to_be_tested_yet
from assessments.models import MemberTest
from campaign.models import Batch
from units.models import Member, Organization

ENTERED = audit.action("member_test.entered", _("Entered ballots of member tests"))
WITHDRAWN = audit.action("member_test.withdrawn", _("Withdrew a wrongly entered member test"))


class NotReviewed(Exception):
    """The playbook lets nobody be tested before his paper has passed review; `names` are those."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


class TooManyVotes(Exception):
    """More answers than voters."""


class RoundMoved(Exception):
    """Somebody else has entered or withdrawn this round meanwhile."""


@dataclass(frozen=True)
class Tally:
    """The ballots on one member: votes by answer of the instrument."""

    member: Member
    counts: Mapping[str, int]


@transaction.atomic
def enter_tests(
    *, by: User, batch: Batch, organization: Organization, on: dt.date, voters: int, tallies: list[Tally]
) -> list[MemberTest]:
    """Enter a new round for each member in `tallies`; nothing is saved unless all of it is right."""
    waiting = not_to_be_tested_yet(batch, [tally.member for tally in tallies])
    if waiting:
        raise NotReviewed([member.name for member in waiting])
    if any(sum(tally.counts.values()) > voters for tally in tallies):
        raise TooManyVotes
    last = dict(
        MemberTest.objects.filter(batch=batch, member__in=[t.member for t in tallies])
        .order_by()
        .values_list("member_id")
        .annotate(last=Max("round"))
    )
    rows = [
        MemberTest(
            batch=batch,
            member=tally.member,
            organization=organization,
            round=last.get(tally.member.pk, 0) + 1,
            held_on=on,
            voters=voters,
            counts=dict(tally.counts),
            entered_by=by,
        )
        for tally in tallies
    ]
    try:
        with transaction.atomic():
            MemberTest.objects.bulk_create(rows)
    except IntegrityError as taken:
        raise RoundMoved from taken
    audit.record(ENTERED, by=by, organization=organization, data={"members": len(rows), "voters": voters})
    return rows


@transaction.atomic
def withdraw_test(*, by: User, test: MemberTest, reason: str) -> None:
    """Take a round back that was entered wrongly; it stays on record and no longer counts."""
    if not MemberTest.objects.filter(pk=test.pk, withdrawn_at=None).update(withdrawn_at=clock.now()):
        raise RoundMoved
    audit.record(WITHDRAWN, by=by, obj=test, organization=test.organization, data={"reason": reason})
