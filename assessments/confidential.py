"""Who may see and do what with opinions on members, their help and their handling (decision 20).

The branch sees its members by name. Above the branch there are counts, and the names of those on whom one must decide.
"""

from __future__ import annotations

from typing import Any

from assessments.models import Appeal, Appraisal, Handling
from campaign.models import Participation
from campaign.queries import taking_part
from units import access
from units.models import Member, Organization
from units.roles import Right


def keeps_papers(user: Any, organization: Organization) -> bool:
    """Does a post at this very organisation carry the right to its members' papers?"""
    return any(p.organization_id == organization.pk and Right.PAPERS in p.rights for p in access.posts_of(user))


def can_count(user: Any, organization: Organization) -> bool:
    """See how many, not who."""
    return access.has(user, Right.PAPERS, organization)


def sees_names(user: Any, organization: Organization) -> bool:
    """A branch by name, for those who keep its papers; a list above it holds figures."""
    return organization.is_branch and keeps_papers(user, organization)


def active(organization: Organization) -> Participation | None:
    """The participation under which an organisation works now; None where it takes no part or is not under way."""
    found = taking_part(organization)
    return found if found is not None and found.state == Participation.State.ACTIVE else None


def can_appraise(user: Any, member: Member) -> bool:
    """Write, decide and show opinions on a member of one's own branch, but not on oneself."""
    return keeps_papers(user, member.organization) and member.user_id != user.pk


def can_read(user: Any, record: Any) -> bool:
    """Read a paper on a member: his branch, and himself."""
    return keeps_papers(user, record.organization) or record.member.user_id == user.pk


def can_decide_on(user: Any, organization: Organization) -> bool:
    """Decide as the superior organisation: through a post above the branch that carries the papers."""
    return access.has_above(user, Right.PAPERS, organization)


def can_decide_appeal(user: Any, appeal: Appeal) -> bool:
    """An open appeal, by somebody above the branch who is not the member."""
    open_ = appeal.state == Appeal.State.OPEN
    return open_ and appeal.member.user_id != user.pk and can_decide_on(user, appeal.organization)


def can_enter_appeal(user: Any, member: Member) -> bool:
    """Enter an appeal that a member handed in on paper: his branch, or the superior; never one's own."""
    own = member.user_id == user.pk
    return not own and (keeps_papers(user, member.organization) or can_decide_on(user, member.organization))


def can_read_appeal(user: Any, appeal: Appeal) -> bool:
    return can_read(user, appeal) or can_decide_on(user, appeal.organization)


def can_answer(user: Any, appraisal: Appraisal) -> bool:
    """Sign one's own opinion."""
    return appraisal.member.user_id == user.pk and appraisal.state in {Appraisal.State.SHOWN, Appraisal.State.DECIDED}


def can_work_on(user: Any, handling: Handling) -> bool:
    """Prepare a case and propose its outcome: the branch, not the member himself."""
    return keeps_papers(user, handling.organization) and handling.member.user_id != user.pk


def can_consent(user: Any, handling: Handling) -> bool:
    """Agree to an outcome, or send it back: somebody above the branch who is not the member."""
    waits = handling.state == Handling.State.PROPOSED
    return waits and handling.member.user_id != user.pk and can_decide_on(user, handling.organization)


def can_read_handling(user: Any, handling: Handling) -> bool:
    """The branch and the member; the superior once it is asked for its consent (P-12)."""
    asked = handling.state in {Handling.State.PROPOSED, Handling.State.DECIDED}
    return can_read(user, handling) or (asked and can_decide_on(user, handling.organization))
