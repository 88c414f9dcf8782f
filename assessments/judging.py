"""Where each member stands in the judging: opinion, answer, appeal, test, help, handling, oath.

Read in one go for a branch, a participation or one member: a fixed number of queries, no sealed text opened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from assessments.member_tests import RoundResult, exempts_retired, result_of
from assessments.models import Appeal, Appraisal, Handling, Help, MemberTest, OathAbsence, ReportOut
from campaign.models import Attendance, Batch
from campaign.playbook import Playbook

_SEALED_APPRAISAL = ("opinion", "shortcomings", "answer")
_SEALED_HANDLING = ("application_text", "problems", "attitude", "conduct", "returned_reason")


@dataclass
class Judged:
    """All that is on record of one member, without the texts."""

    appraisal: Appraisal | None = None
    appeal: Appeal | None = None  # the open one
    tests: list[RoundResult] = field(default_factory=list)
    helps: list[Help] = field(default_factory=list)
    cases: list[Handling] = field(default_factory=list)
    absence: OathAbsence | None = None

    @property
    def test(self) -> RoundResult | None:
        """The last round: it decides."""
        return self.tests[-1] if self.tests else None

    @property
    def help(self) -> Help | None:
        """The help under way, else the last."""
        return next((one for one in self.helps if one.state == Help.State.OPEN), self.helps[-1] if self.helps else None)

    @property
    def case(self) -> Handling | None:
        """The last case that was not dropped."""
        kept = [case for case in self.cases if case.state != Handling.State.DROPPED]
        return kept[-1] if kept else None

    @property
    def unqualified(self) -> bool:
        return self.appraisal is not None and self.appraisal.stands and self.appraisal.adverse

    @property
    def failing(self) -> bool:
        return self.test is not None and not self.test.passed

    @property
    def needs_help(self) -> bool:
        """Unqualified, or failing the last test (F-25, F-33)."""
        return self.unqualified or self.failing

    @property
    def lacks_help(self) -> bool:
        """Nobody has been named to help since; help that ended answers only what was found before it began."""
        if not self.needs_help:
            return False
        if self.failing and self.test is not None:
            since = self.test.test.held_on
            return not any(one.state == Help.State.OPEN or one.begun_on >= since for one in self.helps)
        return not self.helps

    @property
    def handled(self) -> bool:
        """Help brought a marked change, or the handling is decided (P-01, P-03)."""
        improved = any(one.state == Help.State.IMPROVED for one in self.helps)
        return self.closed or (improved and not self.case)

    @property
    def closed(self) -> bool:
        return self.case is not None and self.case.state == Handling.State.DECIDED

    def appraised(self, playbook: Playbook) -> bool:
        """The opinion stands, and has been answered where the playbook asks for a signature (F-29)."""
        if self.appraisal is None or not self.appraisal.stands:
            return False
        return self.appraisal.answered or not playbook.appraisal.signature

    @property
    def excused_from_oath(self) -> bool:
        """A refuser is a case, and no longer missing once it is decided (P-08)."""
        return self.absence is not None and self.absence.kind == OathAbsence.Kind.REFUSED and self.closed


def oath_actions(playbook: Playbook) -> list[str]:
    """Keys of the actions whose attendance is the oath."""
    return [action.key for action in playbook.actions if action.tool == "oath" or action.key == "oath"]


def judged(batch: Batch, where: Q) -> dict[int, Judged]:
    """Member id to what is on record, of the records that `where` picks (by `organization` or `member`)."""
    found: dict[int, Judged] = defaultdict(Judged)
    playbook = batch.campaign.playbook
    rows: Any = Appraisal.objects.filter(where, batch=batch).defer(*_SEALED_APPRAISAL)
    for appraisal in rows:
        found[appraisal.member_id].appraisal = appraisal
    for appeal in Appeal.objects.filter(where, appraisal__batch=batch, state=Appeal.State.OPEN).defer("text", "reason"):
        found[appeal.member_id].appeal = appeal
    for test in MemberTest.objects.filter(where, batch=batch, withdrawn_at=None).order_by("member_id", "round"):
        found[test.member_id].tests.append(result_of(test, playbook))
    for help_given in (
        Help.objects.filter(where, batch=batch).defer("plan", "result").select_related("helper").order_by("pk")
    ):
        found[help_given.member_id].helps.append(help_given)
    for case in Handling.objects.filter(where, batch=batch).defer(*_SEALED_HANDLING).order_by("pk"):
        found[case.member_id].cases.append(case)
    for absence in OathAbsence.objects.filter(where, batch=batch).defer("reason"):
        found[absence.member_id].absence = absence
    return found


def oath_takers(batch: Batch, members: Iterable[int]) -> set[int]:
    """Those of `members` who were at the oath, or made it up (G-08)."""
    there = Attendance.objects.filter(activity__batch=batch, activity__action__in=oath_actions(batch.campaign.playbook))
    return set(there.filter(member__in=list(members)).values_list("member_id", flat=True))


def of_members(batch: Batch, members: Iterable[int]) -> dict[int, Judged]:
    """The same for these members, whatever branch kept the record."""
    return judged(batch, Q(member__in=list(members)))


@dataclass(frozen=True)
class Tally:
    """A branch, or a subtree, in figures: for lists above branch level (decision 20)."""

    members: int = 0
    decided: int = 0
    adverse: int = 0
    signed: int = 0
    dissent: int = 0
    declined: int = 0
    appeals: int = 0
    tested: int = 0
    to_test: int = 0
    failing: int = 0
    helped: int = 0
    to_help: int = 0
    cases: int = 0
    closed: int = 0


def tally(people: Iterable[Any], found: dict[int, Judged], playbook: Playbook) -> Tally:
    """Count a branch's members; `people` have `id` and `retired`."""
    listed = [(person, found.get(person.id) or Judged()) for person in people]
    retired_free = exempts_retired(playbook)
    opinions = [one.appraisal for _person, one in listed if one.appraisal is not None and one.appraisal.stands]
    states = [opinion.state for opinion in opinions]
    return Tally(
        members=len(listed),
        decided=len(opinions),
        adverse=sum(opinion.adverse for opinion in opinions),
        signed=sum(opinion.answered for opinion in opinions),
        dissent=states.count(Appraisal.State.DISSENT),
        declined=states.count(Appraisal.State.DECLINED),
        appeals=sum(one.appeal is not None for _person, one in listed),
        tested=sum(one.test is not None for _person, one in listed),
        to_test=sum(not (person.retired and retired_free) for person, _one in listed),
        failing=sum(one.failing for _person, one in listed),
        helped=sum(bool(one.helps) for _person, one in listed if one.needs_help),
        to_help=sum(one.needs_help for _person, one in listed),
        cases=sum(one.case is not None for _person, one in listed),
        closed=sum(one.closed for _person, one in listed),
    )


def report_outs(batch: Batch, where: Q) -> dict[int, int]:
    """Organisation id to how often it told the masses of the appraisal (F-31)."""
    found: dict[int, int] = defaultdict(int)
    told = ReportOut.objects.filter(where, batch=batch, about=ReportOut.About.APPRAISAL)
    for organization in told.values_list("organization_id", flat=True):
        found[organization] += 1
    return found
