"""Summing a stage up from below: every member, every branch, then the unit (J-09); who is missing at which level."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import ngettext

from accounts.messages import localised
from campaign.evidence import Evidence
from campaign.models import Participation
from campaign.playbook import Action
from campaign.steps import steps_of
from units.models import Organization

UNIT = "unit"
NAMED = 12  # of those who are missing


@dataclass(frozen=True)
class Level:
    """How many at one level have summed up, and who has not; `key` is one of the playbook's summary levels."""

    key: str
    have: int
    need: int
    missing: tuple[str, ...]

    @property
    def done(self) -> bool:
        return not self.missing


def summary_action(evidence: Evidence) -> Action | None:
    """The document that the stage asks of each of the levels; None where the playbook asks for none."""
    rule = evidence.playbook.transition
    levels = set(rule.summary_levels) if rule else set()
    if not levels:
        return None
    asked = (a for a in evidence.actions if a.evidence == "document" and levels <= set(a.pers))
    return next(asked, None)


def summary_levels(evidence: Evidence) -> list[Level]:
    """The levels from below upwards, each with who is missing; empty where nobody sums up. Bounded queries."""
    action, rule = summary_action(evidence), evidence.playbook.transition
    if action is None or rule is None:
        return []
    by_members = next((step for step in steps_of(action, evidence) if step.unit == "members"), None)
    held = dict(evidence.held(action.key))
    found = []
    for key in rule.summary_levels:
        if key == "member" and by_members is not None:
            found.append(Level(key, by_members.have, by_members.need, by_members.missing))
            continue
        here = [evidence.organization] if key == UNIT else evidence.branches
        missing = tuple(organization.name for organization in here if not held.get(organization.pk))
        found.append(Level(key, len(here) - len(missing), len(here), missing))
    return found


def missing_below(evidence: Evidence) -> list[Level]:
    """The levels under the organisation of the evidence that are not complete: its own summary waits for them.

    Of a branch only its members come before it, whether it stands under a committee or is a unit of its own.
    """
    own = {UNIT, "branch"} if evidence.organization.is_branch else {UNIT}
    return [level for level in summary_levels(evidence) if level.key not in own and not level.done]


def why_not_sum_up(action: Action | None, participation: Participation, organization: Organization) -> str:
    """What is said to an organisation that sums up before all below it have; empty where nothing is missing."""
    evidence = Evidence(participation, participation.current(), organization)
    asked = summary_action(evidence)
    missing = missing_below(evidence) if asked is not None and asked == action else []
    names = [name for level in missing for name in level.missing]
    if not names:
        return ""
    text = ngettext(
        "%(count)d below has not summed the stage up yet: %(names)s.",
        "%(count)d below have not summed the stage up yet: %(names)s.",
        len(names),
    )
    return text % {"count": len(names), "names": localised(names[:NAMED])}
