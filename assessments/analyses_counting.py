"""How self-analyses and organisations' analyses count, and the checks of a gate (F-05, F-07, F-12, F-15)."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.messages import Message
from assessments.models import OrganizationAnalysis
from assessments.queries.analyses import exemption, passed_ids, rechecked_ids
from campaign import tools
from campaign.evidence import Evidence, RollMember
from campaign.findings import Finding, check, names
from campaign.playbook import Action, Check


def _asked(evidence: Evidence) -> list[RollMember]:
    """Members on the roll of whom a paper is asked; the exempt are not missing (C-03, C-04)."""
    rules = evidence.playbook.analysis
    return [member for member in evidence.roll if not exemption(rules, member)]


@tools.tool("self_analysis", "assessments:papers")
def self_analysis(evidence: Evidence, action: Action) -> tools.Counted:
    """Done by whose paper has passed; nothing is asked of the exempt."""
    asked = {member.id for member in _asked(evidence)}
    exempt = {member.id for member in evidence.roll} - asked
    return tools.Counted(members=passed_ids(evidence.batch, asked) | exempt)


@tools.tool("organization_analysis", "assessments:organization_paper")
def organization_analysis(evidence: Evidence, action: Action) -> tools.Counted:
    """Done once by an organisation whose analysis is finished."""
    rows = OrganizationAnalysis.objects.filter(
        evidence.subtree("organization"), batch=evidence.batch, state=OrganizationAnalysis.State.FINISHED
    )
    return tools.Counted(organizations=dict.fromkeys(rows.values_list("organization_id", flat=True), 1))


def _finding(evidence: Evidence, rule: Check, title: str, required: str, done: set[int]) -> Finding:
    asked = _asked(evidence)
    short = [member for member in asked if member.id not in done]
    shown, count = names(member.name for member in short)
    exempt = len(evidence.roll) - len(asked)
    remark = Message(gettext_noop("Exempt: %(count)d members"), {"count": exempt}) if exempt else None
    return Finding(
        check=rule.check,
        key=rule.check,
        title=Message(title),
        required=Message(required),
        measured=Message(
            gettext_noop("%(have)s of %(base)s members"), {"have": len(asked) - len(short), "base": len(asked)}
        ),
        passed=not short,
        soft=rule.soft,
        overridable=rule.override,
        remark=remark,
        missing=shown,
        missing_count=count,
        link=reverse("assessments:papers", args=[evidence.organization.pk]),
        link_label=Message(gettext_noop("See the papers")),
    )


@check("self_analyses")
def self_analyses(evidence: Evidence, rule: Check) -> Iterator[Finding]:
    """Every member of whom a paper is asked has one that passed the review (F-12, F-14)."""
    done = passed_ids(evidence.batch, [member.id for member in evidence.roll])
    title, required = gettext_noop("Self-analyses"), gettext_noop("passed the review, of every member asked to write")
    yield _finding(evidence, rule, title, required, done)


@check("self_analyses_rechecked")
def self_analyses_rechecked(evidence: Evidence, rule: Check) -> Iterator[Finding]:
    """Every paper was looked at again after the meetings and stands (F-15)."""
    done = rechecked_ids(evidence.batch, [member.id for member in evidence.roll])
    title, required = gettext_noop("Re-check of the self-analyses"), gettext_noop("each re-checked after the meetings")
    yield _finding(evidence, rule, title, required, done)
