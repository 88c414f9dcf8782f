"""Where an organisation stands with each required action of a stage: what is done, what is needed, who is missing.

Used by the branch's checklist and by the gate: measured once, in one place.
"""

from __future__ import annotations

from dataclasses import dataclass

from campaign.evidence import Evidence, RollMember
from campaign.playbook import Action, Text
from units.models import Organization


@dataclass(frozen=True)
class Step:
    """Progress of one action: `have` of `need`, counted in `unit` ("times", "members" or "organisations").

    `unticked`: required boxes that no record of a single organisation has ticked (E-08).
    """

    action: Action
    have: int
    need: int
    unit: str
    missing: tuple[str, ...]
    unticked: tuple[Text, ...] = ()

    @property
    def done(self) -> bool:
        return self.have >= self.need and not self.unticked

    @property
    def begun(self) -> bool:
        return self.have > 0

    @property
    def status(self) -> str:
        """full, half or empty: the circle of the checklist."""
        return "full" if self.done else "half" if self.begun else "empty"


def is_asked_of(action: Action, organization: Organization, leading: Organization) -> bool:
    """Is an action asked of this organisation itself (or of its members), under the organisation that leads?"""
    alone = organization.pk == leading.pk
    return any(
        per == "member"
        or (per in {"unit", "team"} and alone)
        or (per == "organization" and (alone or not organization.is_branch))
        or (per == "branch" and organization.is_branch)
        for per in action.pers
    )


def concerned(action: Action, evidence: Evidence) -> list[RollMember]:
    """The members whom a member's action concerns (C-02..C-05); the unqualified are those an appraisal found so."""
    tests = {
        "all": lambda m: True,
        "leaders": lambda m: m.leader,
        "can_write": lambda m: m.can_write,
        "not_retired": lambda m: not m.retired,
        "retired": lambda m: m.retired,
        "unqualified": lambda m: m.id in evidence.concerned("unqualified"),
    }
    return [member for member in evidence.roll if tests[action.who](member)]


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
    people = concerned(action, evidence)
    if action.count > 1:  # so many of each member (E-33)
        done = {member for member, times in evidence.times(action.key).items() if times >= action.count}
    else:
        done = evidence.marks.get(action.key, set()) | evidence.attended(action.key)
    done |= evidence.counted(action).members
    missing = tuple(member.name for member in people if member.id not in done)
    return Step(action, len(people) - len(missing), len(people), "members", missing)


def _unticked(action: Action, evidence: Evidence, organization: Organization) -> tuple[Text, ...]:
    ticked = evidence.ticked(action.key, organization.pk)
    return tuple(field.name for field in action.fields if field.required and field.key not in ticked)


def _held(action: Action, evidence: Evidence) -> dict[int, int]:
    """Organisation id to how often it did the action: activities by hand, and what its tool counts."""
    held = dict(evidence.held(action.key))
    for organization, times in evidence.counted(action).organizations.items():
        held[organization] = held.get(organization, 0) + times
    return held


def _by_organizations(action: Action, evidence: Evidence) -> Step:
    needed = doers(action, evidence)
    held = _held(action, evidence)
    if len(needed) == 1:
        have = held.get(needed[0].pk, 0)
        missing = () if have >= action.count else (needed[0].name,)
        unticked = _unticked(action, evidence, needed[0]) if evidence.held(action.key) else ()
        return Step(action, have, action.count, "times", missing, unticked)
    lacking = tuple(o.name for o in needed if held.get(o.pk, 0) < action.count or _unticked(action, evidence, o))
    return Step(action, len(needed) - len(lacking), len(needed), "organisations", lacking)


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
        for action in evidence.actions
        if action.recorded and (action.gate or not required_only)
        for step in steps_of(action, evidence)
    ]
