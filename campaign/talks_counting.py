"""What talks count for: the required action, and the check at the end of a stage (F-16..F-18, E-27)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.messages import Message
from campaign import tools
from campaign.evidence import Evidence
from campaign.findings import Finding, check, names
from campaign.playbook import Action, Check
from campaign.talking import Matrix


def matrix_of(evidence: Evidence) -> Matrix:
    return Matrix(evidence.batch, evidence.organizations)


@tools.tool("talks", "campaign:talks")
def talks(evidence: Evidence, _action: Action) -> tools.Counted:
    """Members who have had all talks expected of them; organisations whose team has talked with those below."""
    matrix = matrix_of(evidence)
    return tools.Counted(members=matrix.complete(), organizations=matrix.team_talks)


@check("talks")
def talks_held(evidence: Evidence, rule: Check) -> Iterator[Finding]:
    """The expected talks have been held, or the share of them that the gate asks for; missing pairs by name."""
    slots = matrix_of(evidence)
    expected = slots.slots
    if not expected:
        return
    share = rule.get("share")
    least = share if isinstance(share, Fraction) else Fraction(1)
    missing = [slot.expected for slot in expected if not slot.done]
    have = len(expected) - len(missing)
    shown, count = names(
        slots.name(one.who) if one.choice else f"{slots.name(one.who)}—{slots.name(one.partners[0])}" for one in missing
    )
    yield Finding(
        check=rule.check,
        key="talks",
        title=Message(gettext_noop("Heart-to-heart talks")),
        required=Message(gettext_noop("%(need)s talks"), {"need": len(expected)}),
        measured=Message(gettext_noop("%(have)s of %(need)s talks"), {"have": have, "need": len(expected)}),
        passed=have * least.denominator >= len(expected) * least.numerator,
        soft=rule.soft,
        overridable=rule.override,
        missing=shown,
        missing_count=count,
        link=reverse("campaign:talks", args=[evidence.organization.pk]),
        link_label=Message(gettext_noop("See the talks")),
    )
