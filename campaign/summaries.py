"""Summing a stage up from below: every member, every branch, then the unit (J-09); who is missing at which level."""

from __future__ import annotations

from dataclasses import dataclass

from campaign.evidence import Evidence
from campaign.playbook import Action
from campaign.steps import steps_of

UNIT = "unit"


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
    """The levels under the unit that are not complete: the unit's own summary waits for them."""
    return [level for level in summary_levels(evidence) if level.key != UNIT and not level.done]
