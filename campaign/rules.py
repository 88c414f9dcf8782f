"""Who may do what in the core room: a right, a place in the tree, and the state of the record."""

from __future__ import annotations

from typing import Any

from campaign.holds import hold_on
from campaign.models import Activity, Opinion, Participation
from campaign.playbook.work import AFTER, ALL
from campaign.queries import taking_part
from units import access
from units.models import Organization
from units.roles import Right


def phase_of(participation: Participation) -> str:
    """Where its records belong now: the stage's key, "after" the last one, "all" where there are no stages."""
    current = participation.current()
    if current is not None:
        return current.stage
    return AFTER if participation.staged else ALL


def can_record(user: Any, organization: Organization, participation: Participation | None = None) -> bool:
    """Record what an organisation does: with the right at it or above, while it takes part (A-18)."""
    if not access.has(user, Right.RECORD, organization):
        return False
    participation = participation or taking_part(organization)
    return participation is not None and participation.state == Participation.State.ACTIVE


def is_consolidating(participation: Participation | None) -> bool:
    """Closed, in a batch that the office has not closed: long-term work is still entered (decision 12, H-10, H-13)."""
    closed = participation is not None and participation.state == Participation.State.CLOSED
    return closed and participation is not None and participation.batch.closed_on is None


def can_consolidate(user: Any, organization: Organization, participation: Participation | None) -> bool:
    """Enter standing rules, ledger items and records of the consolidation: under way, and after the unit's closing."""
    if not access.has(user, Right.RECORD, organization):
        return False
    return is_consolidating(participation) or can_record(user, organization, participation)


def can_see_members(user: Any, organization: Organization) -> bool:
    """See who attended and who is short of hours."""
    return access.has(user, Right.VIEW_MEMBERS, organization)


def is_open(activity: Activity, participation: Participation | None) -> bool:
    """A record can be mended while its stage lasts; the findings of a completed stage rest on it.

    After the unit's closing only what was recorded since can be mended, until the office closes the batch. What an
    application under review rests on is held meanwhile (campaign.holds).
    """
    if activity.after_closing:
        same = participation is not None and participation.batch_id == activity.batch_id
        return same and is_consolidating(participation)
    return (
        participation is not None
        and participation.batch_id == activity.batch_id
        and participation.state == Participation.State.ACTIVE
        and (phase_of(participation) == activity.stage or not participation.staged)
        and hold_on(activity, participation) is None
    )


def can_change(user: Any, activity: Activity, participation: Participation | None = None) -> bool:
    """Change or delete a record, take attendance: the organisation that recorded it, or one above with the right."""
    if not access.has(user, Right.RECORD, activity.organization):
        return False
    return is_open(activity, participation or taking_part(activity.organization))


def can_set_up(user: Any, organization: Organization) -> bool:
    """Set up a campaign that this organisation hosts, and say who takes part."""
    return access.has(user, Right.SET_UP, organization)


def can_see_plan(user: Any) -> bool:
    """The plan is for all who work on the campaign; a plain member reads it on paper."""
    return access.has_anywhere(user, Right.VIEW) or access.has_anywhere(user, Right.SET_UP)


def can_begin(user: Any, participation: Participation) -> bool:
    """Begin a unit once the batch has begun (A-10)."""
    return participation.state == Participation.State.PREPARING and can_set_up(user, participation.organization)


def can_reschedule(user: Any, participation: Participation) -> bool:
    """Change planned dates of stages to come or under way; a date never moves a stage (A-11)."""
    closed = participation.state == Participation.State.CLOSED
    return participation.staged and not closed and can_set_up(user, participation.organization)


def can_leave(user: Any, participation: Participation) -> bool:
    """Take a unit out of the batch before it begins."""
    return can_begin(user, participation)


# ---------------------------------------------------------------- opinions (N)
def can_gather(user: Any, organization: Organization) -> bool:
    """Enter opinions, open boxes: whoever records for the organisation, and the office."""
    return access.has(user, Right.RECORD, organization) or access.has(user, Right.SET_UP, organization)


def can_sort(user: Any, opinion: Opinion) -> bool:
    """Sort, merge, pass on, set aside: the gatherer, and whom it was passed on to; on a member only by PAPERS."""
    places = [opinion.organization] + ([opinion.concerned] if opinion.passed_on else [])
    if opinion.about_member and not any(access.has(user, Right.PAPERS, place) for place in places):
        return False
    return any(can_gather(user, place) for place in places)


def can_answer(user: Any, opinion: Opinion) -> bool:
    """Answer: the organisation that it concerns, and the office above it."""
    if opinion.about_member and not access.has(user, Right.PAPERS, opinion.concerned):
        return False
    return opinion.state in {"sorted", "passed", "answered"} and can_gather(user, opinion.concerned)


def can_hold_review(user: Any, organization: Organization) -> bool:
    """Open a style review, enter its forms, send the sheets: the office (N-03)."""
    return access.has(user, Right.SET_UP, organization)
