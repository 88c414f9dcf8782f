"""How completed look-backs count for the required action, and the look-back's line in a gate (F-40, F-49)."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.messages import Message
from assessments.models import LookBackRecord
from campaign import tools
from campaign.evidence import Evidence
from campaign.findings import Finding, both, check
from campaign.playbook import Action, Check


@tools.tool("lookback", "assessments:lookbacks")
def count_lookbacks(evidence: Evidence, action: Action) -> tools.Counted:
    """An organisation has done it once for each completed look-back of the phase."""
    keys = [one.key for one in evidence.playbook.lookbacks if one.phase == action.phase]
    done: dict[int, int] = {}
    rows = LookBackRecord.objects.filter(
        evidence.subtree("organization"), batch=evidence.batch, key__in=keys, state=LookBackRecord.State.COMPLETED
    )
    for organization in rows.values_list("organization_id", flat=True):
        done[organization] = done.get(organization, 0) + 1
    return tools.Counted(organizations=done)


@check("lookback")
def lookback(evidence: Evidence, rule: Check) -> Iterator[Finding]:
    """Each look-back of the phase is completed by the leading organisation; what is still short is a remark."""
    for one in evidence.playbook.lookbacks:
        if one.phase != evidence.phase:
            continue
        record = (
            LookBackRecord.objects.filter(
                batch=evidence.batch, organization=evidence.participation.organization, key=one.key
            )
            .prefetch_related("answers")
            .first()
        )
        answers = list(record.answers.all()) if record else []
        short = sum(answer.open for answer in answers)
        yield Finding(
            check=rule.check,
            key=f"lookback:{one.key}",
            title=Message(gettext_noop("%(name)s"), {"name": both(one.name)}),
            required=Message(gettext_noop("%(all)s questions answered and completed"), {"all": len(one.questions)}),
            measured=Message(
                gettext_noop("%(done)s of %(all)s answered"), {"done": len(answers), "all": len(one.questions)}
            ),
            passed=record is not None and record.state == LookBackRecord.State.COMPLETED,
            soft=rule.soft,
            overridable=rule.override,
            remark=Message(gettext_noop("%(short)s found short and not mended yet"), {"short": short})
            if short
            else None,
            link=reverse("assessments:lookback", args=[evidence.participation.organization_id, one.key]),
            link_label=Message(gettext_noop("Open the look-back")),
        )
