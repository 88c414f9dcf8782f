"""Who may do what with reports: a right, a place in the tree or in a group, and the state of the report."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from campaign.models import Participation
from reports.models import Report
from reports.reporter import GroupReporter, Reporter
from supervision import membership
from units import access
from units.roles import Right


def is_writer(user: Any, reporter: Reporter) -> bool:
    """Do its reports belong to the user: by a right in the unit, or as a member of the group?"""
    if isinstance(reporter, GroupReporter):
        return membership.is_member(user, reporter.group)
    return access.has(user, Right.REPORT, reporter.organization)


def can_write(user: Any, reporter: Reporter) -> bool:
    """Write reports of a unit while it takes part, of a group while the batch is open."""
    if isinstance(reporter, GroupReporter):
        active = reporter.batch.closed_on is None
    else:
        active = reporter.state == Participation.State.ACTIVE
    return active and is_writer(user, reporter)


def can_edit(user: Any, report: Report) -> bool:
    open_states = {Report.State.DRAFT, Report.State.RETURNED}
    return report.state in open_states and can_write(user, report.reporter)


def can_withdraw(user: Any, report: Report) -> bool:
    """Take back what nobody has decided on."""
    return report.state == Report.State.SUBMITTED and can_write(user, report.reporter)


def can_read(user: Any, report: Report) -> bool:
    """A draft is its writers' own; once sent, all in whose scope it lies may read it."""
    return report.state != Report.State.DRAFT or is_writer(user, report.reporter)


def can_decide(user: Any, report: Report) -> bool:
    """Accept or return: from above the unit or the office that sent the group, and never one's own report."""
    mine = report.author_id == user.pk
    return report.state == Report.State.SUBMITTED and can_chase(user, report.reporter) and not mine


def can_enter_use(user: Any, report: Report) -> bool:
    """Enter that the superior office used it: whoever decides on such reports, once it is accepted."""
    mine = report.author_id == user.pk
    return report.state == Report.State.ACCEPTED and can_chase(user, report.reporter) and not mine


def can_chase(user: Any, reporter: Reporter) -> bool:
    """Remind a unit or a group, grant it an exception."""
    if isinstance(reporter, GroupReporter):
        watches = membership.watches(user, reporter.group, Right.ACCEPT_REPORT)
        return watches and not membership.is_member(user, reporter.group)
    return access.has_above(user, Right.ACCEPT_REPORT, reporter.organization)


def groups_chased_by(user: Any) -> Q:
    """can_chase as a condition on supervision groups."""
    watched = membership.watched(user, "campaign__host", Right.ACCEPT_REPORT)
    return watched & ~Q(pk__in=membership.own_groups(user))


def rows_chased_by(user: Any) -> Q:
    """can_chase as a condition on reports and exceptions, of units and of groups."""
    watched = membership.watched(user, "group__campaign__host", Right.ACCEPT_REPORT)
    groups = watched & ~Q(group__in=membership.own_groups(user))
    return chased_by(user, "participation__organization") | groups


def chased_by(user: Any, field: str = "organization") -> Q:
    """The filter to what lies strictly below the user's posts that accept reports: can_chase as a condition."""
    reach = access.NOTHING
    for post in access.posts_of(user):
        if Right.ACCEPT_REPORT in post.rights:
            path = post.organization.path
            under = access.below(path, field) & ~Q(**{f"{field}__path": path})
            reach = under if reach is access.NOTHING else reach | under
    return reach
