"""Who may write, read, review and re-check a self-analysis (decision 20)."""

from __future__ import annotations

from typing import Any

from assessments.models import OrganizationAnalysis, SelfAnalysis
from campaign.models import Participation
from campaign.queries import taking_part
from units import access
from units.models import Member, Organization
from units.roles import Right


def is_author(user: Any, member: Member) -> bool:
    return member.user_id is not None and member.user_id == user.pk


def _runs(participation: Participation | None) -> bool:
    return participation is not None and participation.state == Participation.State.ACTIVE


def enters_papers(user: Any, organization: Organization) -> bool:
    """The secretaries and the branch committee of the organisation or above it; the office only reads."""
    return access.has(user, Right.PAPERS, organization) and access.has(user, Right.RECORD, organization)


def can_write(user: Any, member: Member, paper: SelfAnalysis | None, participation: Participation | None) -> bool:
    """The member himself; for one who does not write in the page himself, who enters papers of the branch."""
    if not _runs(participation) or member.left_on is not None:
        return False
    if is_author(user, member):
        return True
    begun_by_himself = paper is not None and member.user_id is not None and paper.saved_by_id == member.user_id
    return enters_papers(user, member.organization) and not begun_by_himself


def can_review(user: Any, paper: SelfAnalysis) -> bool:
    """Whoever the routing names, a deputy, or whom the office named; never the author (decision 8)."""
    if is_author(user, paper.member):
        return False
    return paper.waits and SelfAnalysis.objects.reviewable_by(user).filter(pk=paper.pk).exists()


def can_recheck(user: Any, paper: SelfAnalysis) -> bool:
    """Once passed: the reviewer again, or who answers for the papers of the branch (F-15)."""
    if is_author(user, paper.member) or paper.state != SelfAnalysis.State.PASSED:
        return False
    routed = SelfAnalysis.objects.reviewable_by(user).filter(pk=paper.pk).exists()
    return routed or access.has(user, Right.PAPERS, paper.organization)


def assigns(user: Any, organization: Organization) -> bool:
    """The head of the office names reviewers by hand and sees to deputies."""
    return access.has(user, Right.PAPERS, organization) and access.has(user, Right.APPROVE, organization)


def can_assign(user: Any, paper: SelfAnalysis) -> bool:
    return paper.waits and assigns(user, paper.organization)


def can_notice(user: Any, paper: SelfAnalysis) -> bool:
    """Put a passed paper on notice: who enters papers of the branch, while the campaign runs (F-08)."""
    if paper.state != SelfAnalysis.State.PASSED or paper.notice_id:
        return False
    return enters_papers(user, paper.organization) and _runs(taking_part(paper.organization))


def can_note_opinion(user: Any, paper: SelfAnalysis) -> bool:
    return paper.notice_id is not None and enters_papers(user, paper.organization)


def sees_names(user: Any, organization: Organization) -> bool:
    """See whose paper stands where; others see counts (decision 20)."""
    return access.has(user, Right.PAPERS, organization)


def can_remind(user: Any, organization: Organization) -> bool:
    return sees_names(user, organization)


def can_write_organization(user: Any, organization: Organization, paper: OrganizationAnalysis | None) -> bool:
    """The organisation's own secretaries write its analysis until it is finished (F-07)."""
    finished = paper is not None and paper.state == OrganizationAnalysis.State.FINISHED
    return not finished and enters_papers(user, organization) and _runs(taking_part(organization))


def can_notice_organization(user: Any, organization: Organization, paper: OrganizationAnalysis | None) -> bool:
    finished = paper is not None and paper.state == OrganizationAnalysis.State.FINISHED
    return bool(finished and paper and not paper.notice_id and enters_papers(user, organization))


def can_set_deputy(user: Any) -> bool:
    """Whoever reviews or decides, for himself; the head of the office for anybody in his reach."""
    rights = (Right.REVIEW, Right.APPROVE, Right.LEAD, Right.PAPERS)
    return any(access.has_anywhere(user, right) for right in rights)
