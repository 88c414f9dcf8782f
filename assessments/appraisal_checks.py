"""The judging of members in a gate: opinions, appeals, report-outs, member tests, help (J-17)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.messages import Message
from assessments.appraisal_counting import records_of
from assessments.judging import Judged, report_outs
from assessments.member_tests import exempts_retired
from assessments.models import Appraisal
from campaign.evidence import Evidence, RollMember
from campaign.findings import Finding, check, names
from campaign.playbook import Check


def _finding(
    evidence: Evidence,
    rule: Check,
    *,
    key: str,
    title: str,
    required: Message,
    short: list[str],
    base: int,
    page: str = "appraisals",
    unit: str = gettext_noop("%(have)s of %(base)s members"),
    remark: Message | None = None,
) -> Finding:
    shown, count = names(short)
    return Finding(
        check=rule.check,
        key=key,
        title=Message(title),
        required=required,
        measured=Message(unit, {"have": base - len(short), "base": base}),
        passed=not short,
        soft=rule.soft,
        overridable=rule.override,
        remark=remark,
        missing=shown,
        missing_count=count,
        link=reverse(f"assessments:{page}", args=[evidence.organization.pk]),
        link_label=Message(gettext_noop("See members")),
    )


def _short(evidence: Evidence, done: Callable[[RollMember, Judged], bool]) -> list[str]:
    found = records_of(evidence)
    return [member.name for member in evidence.roll if not done(member, found.get(member.id) or Judged())]


@check("appraisals")
def appraisals(evidence: Evidence, rule: Check) -> Iterator[Finding]:
    """An opinion on each member, answered where the playbook asks for it; an open appeal names its member."""
    yield _finding(
        evidence,
        rule,
        key="appraisals:decided",
        title=gettext_noop("Opinions on members"),
        required=Message(gettext_noop("an opinion decided on every member")),
        short=_short(evidence, lambda m, r: r.appraisal is not None and r.appraisal.stands),
        base=len(evidence.roll),
    )
    if evidence.playbook.appraisal.signature:
        yield _finding(
            evidence,
            rule,
            key="appraisals:answered",
            title=gettext_noop("Opinions signed by the members"),
            required=Message(gettext_noop("signed, or the dissent or refusal on record")),
            short=_short(evidence, lambda m, r: r.appraisal is not None and r.appraisal.answered),
            base=len(evidence.roll),
            remark=_dissent(evidence),
        )
    yield from _appeals(evidence, rule)


def _dissent(evidence: Evidence) -> Message | None:
    """How many signed with a dissent, how many declined: shown, not counted against anybody (decision 13)."""
    states = [one.appraisal.state for one in records_of(evidence).values() if one.appraisal is not None]
    dissent, declined = states.count(Appraisal.State.DISSENT), states.count(Appraisal.State.DECLINED)
    if not dissent and not declined:
        return None
    return Message(
        gettext_noop("Signed with a dissent: %(dissent)s; declined to sign: %(declined)s"),
        {"dissent": dissent, "declined": declined},
    )


def _appeals(evidence: Evidence, rule: Check) -> Iterator[Finding]:
    """Open appeals hold up those who appealed, and nobody else (decision 13)."""
    waiting = _short(evidence, lambda m, r: r.appeal is None)
    if waiting:
        yield _finding(
            evidence,
            rule,
            key="appraisals:appeals",
            title=gettext_noop("Appeals against opinions"),
            required=Message(gettext_noop("every appeal decided by the superior organisation")),
            short=waiting,
            base=len(evidence.roll),
            unit=gettext_noop("%(have)s of %(base)s members without an open appeal"),
        )


@check("appraisal_report_out")
def appraisal_report_out(evidence: Evidence, rule: Check) -> Iterator[Finding]:
    """Each branch has told the masses how the appraisal went (F-31, F-32)."""
    told = report_outs(evidence.batch, evidence.subtree("organization"))
    branches = {member.organization_id: member.organization_name for member in evidence.roll}
    yield _finding(
        evidence,
        rule,
        key="appraisals:report_out",
        title=gettext_noop("Appraisal told to the masses"),
        required=Message(gettext_noop("each branch, within a set scope")),
        short=[name for pk, name in branches.items() if pk not in told],
        base=len(branches),
        unit=gettext_noop("%(have)s of %(base)s branches"),
    )


@check("member_tests")
def member_tests(evidence: Evidence, rule: Check) -> Iterator[Finding]:
    """Each member has passed the test of his report; the retired need none (F-24, F-25, C-03)."""
    free = exempts_retired(evidence.playbook)
    asked = [member for member in evidence.roll if not (member.retired and free)]
    found = records_of(evidence)
    results = [(member, found[member.id].test if member.id in found else None) for member in asked]
    failing = sum(result is not None and not result.passed for _member, result in results)
    yield _finding(
        evidence,
        rule,
        key="member_tests",
        title=gettext_noop("Test of members' reports"),
        required=Message(gettext_noop("every member tested, and none below the threshold")),
        short=[member.name for member, result in results if result is None or not result.passed],
        base=len(asked),
        page="member_tests",
        remark=Message(gettext_noop("Below in the last round: %(count)s"), {"count": failing}) if failing else None,
    )


@check("help_given")
def help_given(evidence: Evidence, rule: Check) -> Iterator[Finding]:
    """Whoever is unqualified or failed the test has a helper, a plan and a date (F-33, P-01)."""
    found = records_of(evidence)
    needing = [m for m in evidence.roll if m.id in found and found[m.id].needs_help]
    yield _finding(
        evidence,
        rule,
        key="help_given",
        title=gettext_noop("One-to-one help"),
        required=Message(gettext_noop("a helper for everyone unqualified or below in the test")),
        short=[m.name for m in needing if found[m.id].lacks_help],
        base=len(needing),
    )
