"""How knowledge tests count: as the tool of a required action, and as a line of a gate (E-36)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.messages import Message
from assessments.knowledge import best_scores
from assessments.models import KnowledgeTest
from campaign import tools
from campaign.evidence import Evidence
from campaign.findings import Finding, check, names
from campaign.playbook import Action, Check


def passed_members(evidence: Evidence) -> set[int]:
    """Members of the roll who passed a test of the batch, or have a score where no pass mark is set. Three queries."""
    tests = {test.pk: test for test in KnowledgeTest.objects.filter(batch=evidence.batch)}
    roll = {member.id for member in evidence.roll}
    return {
        member
        for pk, scores in best_scores(tests.values()).items()
        for member, score in scores.items()
        if member in roll and tests[pk].passes(score)
    }


@tools.tool("knowledge_test", "assessments:knowledge")
def knowledge_test(evidence: Evidence, action: Action) -> tools.Counted:
    return tools.Counted(members=passed_members(evidence))


@check("knowledge_test")
def knowledge_test_passed(evidence: Evidence, rule: Check) -> Iterator[Finding]:
    """Each member has a result: passed, or a score; members on approved arrangements are left out."""
    done = passed_members(evidence)
    counted = [member for member in evidence.roll if not member.arranged]
    short = [member for member in counted if member.id not in done]
    share = rule.get("share")
    least = share if isinstance(share, Fraction) else Fraction(1)
    have, base = len(counted) - len(short), len(counted)
    shown, count = names(member.name for member in short)
    yield Finding(
        check=rule.check,
        key="knowledge_test",
        title=Message(gettext_noop("Knowledge test")),
        required=Message(gettext_noop("every member")),
        measured=Message(gettext_noop("%(have)s of %(base)s members"), {"have": have, "base": base}),
        passed=have * least.denominator >= base * least.numerator,
        soft=rule.soft,
        overridable=rule.override,
        missing=shown,
        missing_count=count,
        link=reverse("assessments:knowledge", args=[evidence.organization.pk]),
        link_label=Message(gettext_noop("See results")),
    )
