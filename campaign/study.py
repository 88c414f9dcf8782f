"""The study of an organisation's members as its pages show it: hours, days, coverages, and what does not count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_noop

from accounts.messages import Message
from campaign import workdays
from campaign.evidence import ActivityRow, Evidence, RollMember
from campaign.models import Participation, StageProgress
from campaign.playbook import Check, Coverage, Playbook, Study

NONE = Decimal(0)


@dataclass(frozen=True)
class MemberStudy:
    """One member's study: hours in study hours; `missed` are sessions of the own branch that counted without him."""

    member: RollMember
    hours: Decimal
    days: int
    missed: int
    short_hours: Decimal
    short_days: int

    @property
    def enough(self) -> bool:
        return not self.short_hours and not self.short_days


@dataclass(frozen=True)
class CoverageRow:
    """How far one coverage has got (E-26), and whom it has not reached, by organisation."""

    coverage: Coverage
    reached: int
    base: int
    missing: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def short(self) -> int:
        return self.base - self.reached


def member_rows(evidence: Evidence) -> list[MemberStudy]:
    """A row for each member on the roll; who is furthest behind comes first."""
    study = evidence.playbook.study
    sessions: dict[int, list[ActivityRow]] = {}
    for row in evidence.activities.values():
        if evidence.counts(row):
            sessions.setdefault(row.organization_id, []).append(row)
    rows = [
        MemberStudy(
            member=member,
            hours=(hours := evidence.hours.get(member.id, NONE)),
            days=(days := evidence.concentrated_days.get(member.id, 0)),
            missed=sum(
                member.id not in evidence.attendance.get(session.id, ())
                for session in sessions.get(member.organization_id, ())
            ),
            short_hours=max(NONE, (study.hours or NONE) - hours),
            short_days=max(0, (study.concentrated_days or 0) - days),
        )
        for member in evidence.roll
    ]
    return sorted(rows, key=lambda row: (-row.short_hours, -row.short_days, row.hours))


def coverage_rows(evidence: Evidence) -> list[CoverageRow]:
    """One row a coverage, in the playbook's order."""
    rows = []
    for coverage in evidence.playbook.study.coverages:
        reached = evidence.covered(coverage.key)
        missing: dict[str, list[str]] = {}
        for member in evidence.roll:
            if member.id not in reached:
                missing.setdefault(member.organization_name, []).append(member.name)
        base = len(evidence.roll)
        short = sum(map(len, missing.values()))
        by_place = tuple((place, tuple(people)) for place, people in missing.items())
        rows.append(CoverageRow(coverage, base - short, base, by_place))
    return rows


def stage_for(participation: Participation, wanted: Iterable[str], chosen: str = "") -> StageProgress | None:
    """The stage that a study page is about: the chosen one, else the latest begun whose gate asks for it, else now."""
    begun = [p for p in participation.progress.all() if p.state != StageProgress.State.AHEAD]
    for progress in begun:
        if progress.stage == chosen:
            return progress
    playbook = participation.batch.campaign.playbook
    checks = set(wanted)

    def asks(gate: tuple[Check, ...]) -> bool:
        return any(check.check in checks for check in gate)

    asking = [p for p in begun if asks(playbook.stage(p.stage).gate)]
    return max(asking, key=lambda p: p.position, default=participation.current())


@dataclass(frozen=True)
class LeaderRow:
    """A leader's two kinds of study: as a member in his branch, and in the team's central group (C-11, E-16)."""

    member: RollMember
    in_branch: int
    in_team: int

    @property
    def lacking(self) -> bool:
        return not (self.in_branch and self.in_team)


def leader_rows(evidence: Evidence) -> list[LeaderRow]:
    """A row a leader, those who lack one of both first. No query beyond the evidence's own.

    The team's are sessions of actions asked of a team, and study that an organisation above the branch held.
    """
    of_teams = {action.key for action in evidence.playbook.actions if "team" in action.pers}
    rows = []
    for member in evidence.roll:
        if not member.leader:
            continue
        seen = [r for r in evidence.activities.values() if member.id in evidence.attendance.get(r.id, ())]
        study = [row for row in seen if row.hours > 0 or row.action in of_teams]
        team = [r for r in study if r.action in of_teams or r.organization_id != member.organization_id]
        rows.append(LeaderRow(member, len(study) - len(team), len(team)))
    return sorted(rows, key=lambda row: not row.lacking)


# ---------------------------------------------------------------- a session that counts less than one may think
def is_short(study: Study, hours: Decimal | None, concentrated: bool) -> bool:
    """Too short to count (E-04); a concentrated session counts whatever its length."""
    return bool(hours and study.session_min and not concentrated and hours < study.session_min)


def remarks(
    playbook: Playbook,
    *,
    held_on: dt.date,
    starts_at: dt.time | None,
    hours: Decimal | None,
    concentrated: bool,
    entered: workdays.Entered = workdays.NOTHING,
) -> list[Message]:
    """What the recorder should know about a session: warnings, never refusals (E-04, E-05)."""
    found = []
    study = playbook.study
    if is_short(study, hours, concentrated) and study.session_min:
        found.append(
            Message(
                gettext_noop("Recorded, but it gives no study hours: a session counts from %(least)s study hours."),
                {"least": f"{study.session_min.normalize():f}"},
            )
        )
    if concentrated and study.offhours and workdays.falls_in_working_hours(held_on, starts_at, hours, entered):
        found.append(
            Message(
                gettext_noop(
                    "This took working time. Concentrated training should as a rule be held at weekends or after work."
                )
            )
        )
        if workdays.is_provisional(held_on, entered):
            found.append(
                Message(
                    gettext_noop(
                        "The holidays of %(year)s are not known here yet; Monday to Friday were taken as working days."
                    ),
                    {"year": str(held_on.year)},
                )
            )
    return found
