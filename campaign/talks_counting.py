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
from campaign.playbook import Action, Check, TalkPair
from campaign.talking import Matrix, Slot


def matrix_of(evidence: Evidence) -> Matrix:
    return Matrix(evidence.batch, evidence.organizations)


@tools.tool("talks", "campaign:talks")
def talks(evidence: Evidence, _action: Action) -> tools.Counted:
    """Members who have had all talks expected of them; organisations whose team has talked with those below."""
    matrix = matrix_of(evidence)
    return tools.Counted(members=matrix.complete(), organizations=matrix.team_talks)


def _is_due(evidence: Evidence, pair: TalkPair) -> bool:
    """By the end of this stage or of an earlier one; what names no stage is due at any gate that asks."""
    if pair.before is None or evidence.stage is None:
        return True
    return evidence.playbook.stage(pair.before).position <= evidence.stage.position


@check("talks")
def talks_held(evidence: Evidence, rule: Check) -> Iterator[Finding]:
    """The expected talks have been held, or the share of them that the gate asks for; missing pairs by name.

    Those for which the source sets no deadline stand apart and block nothing: the deadline is ours (F-17).
    """
    matrix = matrix_of(evidence)
    due = [slot for slot in matrix.slots if _is_due(evidence, slot.expected.pair)]
    for ours in (False, True):
        slots = [slot for slot in due if slot.expected.pair.before_default is ours]
        if slots:
            yield _finding(evidence, rule, matrix, slots, ours=ours)


def _finding(evidence: Evidence, rule: Check, matrix: Matrix, slots: list[Slot], *, ours: bool) -> Finding:
    share = rule.get("share")
    least = share if isinstance(share, Fraction) else Fraction(1)
    missing = [slot.expected for slot in slots if not slot.done]
    have = len(slots) - len(missing)
    shown, count = names(
        matrix.name(one.who) if one.choice else f"{matrix.name(one.who)}—{matrix.name(one.partners[0])}"
        for one in missing
    )
    return Finding(
        check=rule.check,
        key="talks:ours" if ours else "talks",
        title=Message(gettext_noop("Heart-to-heart talks")),
        required=Message(gettext_noop("%(need)s talks"), {"need": len(slots)}),
        measured=Message(gettext_noop("%(have)s of %(need)s talks"), {"have": have, "need": len(slots)}),
        passed=have * least.denominator >= len(slots) * least.numerator,
        soft=rule.soft or ours,
        overridable=rule.override,
        remark=Message(gettext_noop("The source sets no deadline for these.")) if ours else None,
        missing=shown,
        missing_count=count,
        link=reverse("campaign:talks", args=[evidence.organization.pk]),
        link_label=Message(gettext_noop("See the talks")),
    )
