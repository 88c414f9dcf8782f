"""Who asks: one person for each role, one without a post, and nobody. The groups give the declarations short words.

A name is the role's key, but for two branch secretaries: `BRANCH` works under a committee that takes part as a unit,
`UNIT_BRANCH` leads a branch that takes part by itself.
"""

from __future__ import annotations

from units.roles import Role

Who = frozenset[str]


def who(*names: str) -> Who:
    return frozenset(names)


# At the county: all of the jurisdiction.
HEAD, GENERAL, PUBLICITY = who("office_head"), who("office_general"), who("office_publicity")
CHECKERS, LECTURE = who("office_supervision"), who("office_lecture")
LEADER = who("leading_group_head")
SYSADMIN, SECADMIN, AUDITOR = who("system_administrator"), who("security_administrator"), who("auditor")
# At the health committee, which takes part as one unit.
SUPERVISOR = who("supervisor")  # by an assignment of a group
SECRETARY, PARTY_LEADER = who("organization_secretary"), who("party_affairs_leader")
# At a branch under that committee.
BRANCH, COMMITTEE, MEMBER = who("branch_secretary"), who("branch_committee"), who("member")
# At the archives, a branch that is a unit of its own.
UNIT_BRANCH = who("unit_branch_secretary")
# Nowhere.
OUTSIDER, ANONYMOUS = who("outsider"), who("anonymous")

ADMINS = SYSADMIN | SECADMIN | AUDITOR
BELOW = BRANCH | COMMITTEE
UNIT = SECRETARY | PARTY_LEADER | UNIT_BRANCH
TOP = HEAD | GENERAL | PUBLICITY | CHECKERS | LECTURE | LEADER
READERS = TOP | SUPERVISOR | UNIT | BELOW  # see organisations and members
UPPER = READERS - BELOW  # see what the unit as a whole hands in
SET_UP = HEAD | GENERAL
RECORDERS = UNIT | BELOW
ORDERERS = SET_UP | CHECKERS | SUPERVISOR
CHASERS = HEAD | GENERAL | PUBLICITY
POSTED = READERS | ADMINS | MEMBER  # hold a post
EVERYONE = POSTED | OUTSIDER
COUNTY = TOP | ADMINS  # nothing of the county lies outside their scope
SCOPED = EVERYONE - COUNTY

ROLE_OF = {name: "branch_secretary" if name in UNIT_BRANCH else name for name in POSTED}
assert set(ROLE_OF.values()) == set(Role.registry), "each role needs a person here"
