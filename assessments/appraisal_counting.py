"""How the tools of the judging count: appraisal, member test, handling, oath; and who is unqualified."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Set

from assessments.judging import Judged, judged
from assessments.member_tests import exempts_retired
from assessments.models import ReportOut
from campaign import tools
from campaign.evidence import Evidence, RollMember
from campaign.playbook import Action

Done = Callable[[RollMember, Judged], bool]


def records_of(evidence: Evidence) -> dict[int, Judged]:
    """All records of the evidence's subtree; read once for the evidence."""
    known: dict[int, Judged] | None = evidence.__dict__.get("_judged")
    if known is None:
        known = judged(evidence.batch, evidence.subtree("organization"))
        evidence.__dict__["_judged"] = known
    return known


def _count(evidence: Evidence, concerned: Callable[[RollMember, Judged], bool], done: Done) -> tools.Counted:
    """Members who are done; and each branch once, when all of its members whom it concerns are."""
    found, members = records_of(evidence), set()
    open_branches: dict[int, bool] = defaultdict(lambda: True)
    for member in evidence.roll:
        record = found.get(member.id) or Judged()
        finished = done(member, record)
        if finished:
            members.add(member.id)
        if concerned(member, record):
            open_branches[member.organization_id] &= finished
    return tools.Counted(members, {branch: 1 for branch, complete in open_branches.items() if complete})


@tools.tool("appraisal", "assessments:appraisals")
def appraisal(evidence: Evidence, action: Action) -> tools.Counted:
    """Members whose opinion stands and, where asked for, is answered (F-27..F-29)."""
    return _count(evidence, lambda m, r: True, lambda m, r: r.appraised(evidence.playbook))


@tools.tool("member_test", "assessments:member_tests")
def member_test(evidence: Evidence, action: Action) -> tools.Counted:
    """Members who passed their last round (F-24, F-25)."""
    free = exempts_retired(evidence.playbook)
    return _count(
        evidence,
        lambda m, r: not (m.retired and free),
        lambda m, r: r.test is not None and r.test.passed,
    )


@tools.tool("handling", "assessments:handlings")
def handling(evidence: Evidence, action: Action) -> tools.Counted:
    """Members who changed through help or whose handling is decided (P-01..P-03).

    A branch has done its part once all its opinions stand and nobody is left; one without an unqualified member too.
    """
    return _count(
        evidence,
        lambda m, r: r.unqualified or r.case is not None or not r.appraised(evidence.playbook),
        lambda m, r: r.handled or (r.appraised(evidence.playbook) and not r.unqualified and r.case is None),
    )


@tools.tool("report_out", "assessments:report_out")
def report_out(evidence: Evidence, action: Action) -> tools.Counted:
    """A branch told of its organisation-life meeting, a team of its democratic-life meeting (F-32). One query."""
    about = ReportOut.About
    rows = ReportOut.objects.filter(evidence.subtree("organization"), batch=evidence.batch)
    rows = rows.exclude(about=about.APPRAISAL).values_list("organization_id", "about")
    branches = {branch.pk for branch in evidence.branches}
    leading = evidence.participation.organization_id
    told: Counter[int] = Counter()
    for organization, kind in rows:
        as_branch = organization in branches and kind == about.ORGANIZATION_LIFE
        as_team = organization == leading and kind == about.DEMOCRATIC_LIFE
        told[organization] += as_branch or as_team
    return tools.Counted(organizations=told)


@tools.tool("oath", "assessments:oath")
def oath(evidence: Evidence, action: Action) -> tools.Counted:
    """Beside those who attended (the checklist knows them): refusers whose case is decided (G-08, P-08)."""
    found = records_of(evidence)
    return tools.Counted({m.id for m in evidence.roll if (found.get(m.id) or Judged()).excused_from_oath})


@tools.concern("unqualified")
def unqualified(evidence: Evidence) -> Set[int]:
    """Members whom a standing opinion found unqualified (P-07)."""
    return {member for member, record in records_of(evidence).items() if record.unqualified}
