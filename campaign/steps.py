"""Where an organisation stands with each required action of a stage: what is done, what is needed, who is missing.

Used by the branch's checklist and by the gate: measured once, in one place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from campaign.evidence import Evidence, RollMember
from campaign.playbook import Action
from units.models import Organization


@dataclass(frozen=True)
class Step:
    """Progress of one action: `have` of `need`, counted in `unit` ("times", "members" or "organisations")."""

    action: Action
    have: int
    need: int
    unit: str
    missing: tuple[str, ...]
    ours: bool

    @property
    def done(self) -> bool:
        return self.have >= self.need

    @property
    def begun(self) -> bool:
        return self.have > 0


def concerned(action: Action, members: Iterable[RollMember]) -> list[RollMember]:
    """The members whom a member's action concerns (C-02..C-05)."""
    tests = {
        "all": lambda m: True,
        "leaders": lambda m: m.leader,
        "can_write": lambda m: m.can_write,
        "not_retired": lambda m: not m.retired,
        "retired": lambda m: m.retired,
        "unqualified": lambda m: False,  # nobody, until an appraisal says so
    }
    return [member for member in members if tests[action.who](member)]


def doers(action: Action, evidence: Evidence) -> list[Organization]:
    """The organisations that must each do an action: the leading one, all above branch level, or each branch."""
    found: dict[int, Organization] = {}
    for per in action.pers:
        if per in {"unit", "team"} and evidence.whole:
            found[evidence.organization.pk] = evidence.organization
        elif per == "organization" and (evidence.whole or not evidence.organization.is_branch):
            found.update((o.pk, o) for o in evidence.uppers)
        elif per == "branch":
            found.update((o.pk, o) for o in evidence.branches)
    return list(found.values())


def _by_members(action: Action, evidence: Evidence) -> Step:
    people = concerned(action, evidence.roll)
    done = evidence.marks.get(action.key, set()) | evidence.attended(action.key)
    missing = tuple(member.name for member in people if member.id not in done)
    return Step(action, len(people) - len(missing), len(people), "members", missing, ours=True)


def _by_organizations(action: Action, evidence: Evidence) -> Step:
    needed = doers(action, evidence)
    held = evidence.held(action.key)
    if len(needed) == 1:
        have = held.get(needed[0].pk, 0)
        missing = () if have >= action.count else (needed[0].name,)
        return Step(action, have, action.count, "times", missing, ours=True)
    lacking = tuple(o.name for o in needed if held.get(o.pk, 0) < action.count)
    return Step(action, len(needed) - len(lacking), len(needed), "organisations", lacking, ours=bool(needed))


def steps_of(action: Action, evidence: Evidence) -> list[Step]:
    """The progress of one recorded action: by organisations, by members, or both ("member+org")."""
    found = []
    if doers(action, evidence):
        found.append(_by_organizations(action, evidence))
    if "member" in action.pers:
        found.append(_by_members(action, evidence))
    return found


def checklist(evidence: Evidence, *, required_only: bool = False) -> list[Step]:
    """The recorded actions of the stage that this organisation has a part in, in the playbook's order."""
    return [
        step
        for action in evidence.playbook.actions_for(evidence.progress.stage)
        if action.recorded and (action.gate or not required_only)
        for step in steps_of(action, evidence)
    ]
