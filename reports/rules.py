"""Who may do what with reports: a right, a place in the tree, and the state of the report."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from campaign.models import Participation
from reports.models import Report
from units import access
from units.roles import Right


def can_write(user: Any, participation: Participation) -> bool:
    """Write reports of a unit while it takes part."""
    active = participation.state == Participation.State.ACTIVE
    return active and access.has(user, Right.REPORT, participation.organization)


def can_edit(user: Any, report: Report) -> bool:
    open_states = {Report.State.DRAFT, Report.State.RETURNED}
    return report.state in open_states and can_write(user, report.participation)


def can_withdraw(user: Any, report: Report) -> bool:
    """Take back what nobody has decided on."""
    return report.state == Report.State.SUBMITTED and can_write(user, report.participation)


def can_read(user: Any, report: Report) -> bool:
    """A draft is the unit's own; once sent, all in whose scope it lies may read it."""
    return report.state != Report.State.DRAFT or access.has(user, Right.REPORT, report.participation.organization)


def can_decide(user: Any, report: Report) -> bool:
    """Accept or return: through a post above the unit, and never one's own report."""
    above = access.has_above(user, Right.ACCEPT_REPORT, report.participation.organization)
    return report.state == Report.State.SUBMITTED and above and report.author_id != user.pk


def can_chase(user: Any, participation: Participation) -> bool:
    """Remind a unit, grant it an exception."""
    return access.has_above(user, Right.ACCEPT_REPORT, participation.organization)


def chased_by(user: Any, field: str = "organization") -> Q:
    """The filter to what lies strictly below the user's posts that accept reports: can_chase as a condition."""
    reach = access.NOTHING
    for post in access.posts_of(user):
        if Right.ACCEPT_REPORT in post.rights:
            path = post.organization.path
            under = access.below(path, field) & ~Q(**{f"{field}__path": path})
            reach = under if reach is access.NOTHING else reach | under
    return reach
