"""Who may do what before the start, in the census, about arrangements and with talks."""

from __future__ import annotations

from typing import Any

from campaign.models import ArrangementProposal, Participation, Talk, UnitPlan
from campaign.rules import can_set_up
from units import access
from units.models import Organization
from units.roles import Right


def can_prepare(user: Any, participation: Participation) -> bool:
    """Tick the checklist and write the plan while the unit prepares: the unit itself, or the office for it (A-16)."""
    organization = participation.organization
    may = access.has(user, Right.RECORD, organization) or can_set_up(user, organization)
    return may and participation.state == Participation.State.PREPARING


def can_decide_plan(user: Any, plan: UnitPlan) -> bool:
    """The office above agrees or returns; on the plan of the top organisation its own office, for none is above."""
    organization = plan.participation.organization
    top = organization.depth == 1 and access.has(user, Right.APPROVE, organization)
    return plan.state == UnitPlan.State.SUBMITTED and (top or access.has_above(user, Right.APPROVE, organization))


def can_record_training(user: Any, organization: Organization) -> bool:
    return access.has(user, Right.RECORD, organization) or can_set_up(user, organization)


def can_census(user: Any, organization: Organization) -> bool:
    """Fill in sheets and solve cases: the organisation, those above it, and the office (T-01)."""
    return access.has(user, Right.RECORD, organization) or can_set_up(user, organization)


def can_propose(user: Any, organization: Organization) -> bool:
    """Put forward how members in exceptional situations take part (A-14)."""
    return access.has(user, Right.APPLY, organization)


def can_decide_proposal(user: Any, proposal: ArrangementProposal) -> bool:
    """Consent is given above the organisation that proposes: by the leading group, or by the office for it (A-14)."""
    above = any(access.has_above(user, right, proposal.organization) for right in (Right.LEAD, Right.APPROVE))
    return proposal.state == ArrangementProposal.State.PROPOSED and above


def can_withdraw_proposal(user: Any, proposal: ArrangementProposal) -> bool:
    return proposal.state == ArrangementProposal.State.PROPOSED and can_propose(user, proposal.organization)


def is_side(user: Any, talk: Talk) -> bool:
    """One of the two who talked."""
    member = getattr(user, "member", None)
    return member is not None and member.pk in (talk.first_id, talk.second_id)


def can_answer_talk(user: Any, talk: Talk) -> bool:
    """The side that did not tick confirms or disputes."""
    return talk.state == Talk.State.RECORDED and is_side(user, talk) and talk.recorded_by_id != user.pk


def can_remove_talk(user: Any, talk: Talk) -> bool:
    """Who ticked it, or who records for one of the branches concerned."""
    records = any(access.has(user, Right.RECORD, side.organization) for side in (talk.first, talk.second))
    return talk.recorded_by_id == user.pk or records
