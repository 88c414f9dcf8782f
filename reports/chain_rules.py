"""Who writes the office's report to its superior, who answers it, who passes a report of a unit on (K-01)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from campaign.models import Campaign
from campaign.playbook import ReportRule
from reports import rules
from reports.models import Report, UpwardReport
from reports.models.chain import offices_of
from units import access
from units.models import Organization
from units.roles import Right

OFFICE = "office"  # the playbook's word for who reports


def upward_rules(campaign: Campaign) -> list[ReportRule]:
    """The reports that the office itself owes its superior."""
    return [rule for rule in campaign.playbook.reports if rule.reporter == OFFICE]


def superior_of(campaign: Campaign) -> str:
    """The superior office by name, as the first of those reports names it; empty where the playbook does not say."""
    return next((rule.to.zh for rule in upward_rules(campaign) if rule.to), "")


def superiors_here(host: Organization) -> QuerySet[User]:
    """Who accepts reports at a superior of the host and signs in here; none where the superior works elsewhere."""
    return access.holders(Right.ACCEPT_REPORT, host, strictly_above=True)


def keeps(user: Any, campaign: Campaign) -> bool:
    """Is the user of this campaign's own office? One of an office above it is not."""
    return campaign.host_id in offices_of(user)


def can_edit(user: Any, upward: UpwardReport) -> bool:
    open_batch = upward.batch.closed_on is None
    return open_batch and upward.state in UpwardReport.OPEN and keeps(user, upward.batch.campaign)


def can_withdraw(user: Any, upward: UpwardReport) -> bool:
    return upward.state == UpwardReport.State.SUBMITTED and keeps(user, upward.batch.campaign)


def can_decide(user: Any, upward: UpwardReport) -> bool:
    """Accept or return it: from above the host, and never one's own."""
    mine = upward.author_id == user.pk
    return (
        upward.state == UpwardReport.State.SUBMITTED
        and not mine
        and access.has_above(user, Right.ACCEPT_REPORT, upward.host)
    )


def can_enter_answer(user: Any, upward: UpwardReport) -> bool:
    """Enter what the superior answered by letter or telephone: where nobody of the superior signs in here."""
    return can_withdraw(user, upward) and not superiors_here(upward.host).exists()


def can_forward(user: Any, report: Report) -> bool:
    """Pass an accepted report of a unit on as it is: the office that decides on it, never its author."""
    unit = report.participation
    return unit is not None and rules.can_enter_use(user, report) and keeps(user, unit.batch.campaign)


def decided_by(user: Any) -> Q:
    """can_decide as a condition on rows, but for their state."""
    reach = access.NOTHING
    for post in access.posts_of(user):
        if Right.ACCEPT_REPORT in post.rights:
            path = post.organization.path
            under = access.below(path, "batch__campaign__host") & ~Q(batch__campaign__host__path=path)
            reach = under if reach is access.NOTHING else reach | under
    return reach & (Q(author=None) | ~Q(author=user.pk))
