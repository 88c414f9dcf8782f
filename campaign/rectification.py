"""What the rectification ledger knows beside its rows: kinds of treatment, styles, who may do what, whom to tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.models import Participation, PublicNotice, RectificationItem, RectificationPlan
from campaign.playbook import Playbook
from campaign.playbook.judging import PlanRule
from campaign.queries import governing
from units import access
from units.models import Organization, Post
from units.roles import Right, with_right

TIME_LIMIT, JOINT, EXPLAIN, IMMEDIATE = "time_limit", "joint", "explain", "immediate"
_SUPERVISING = (Right.RECORD, Right.APPROVE, Right.ACCEPT_REPORT, Right.REVIEW)
SECRETARIES = {"branch_secretary", "organization_secretary", "party_affairs_leader"}

# Where a playbook has no `problem_kinds`: the four of sources 000 and 004 (O-06).
_USUAL = {
    IMMEDIATE: _("Solvable at once: at once"),
    TIME_LIMIT: _("Needs time: with a time limit"),
    JOINT: _("Complex: together with the departments concerned"),
    EXPLAIN: _("Not now, or barred by policy: explained"),
}


def kinds(playbook: Playbook) -> dict[str, str]:
    """Keys and names of the treatments (O-06)."""
    listed = playbook.items("problem_kinds")
    return {item.key: str(item.name) for item in listed} or {key: str(name) for key, name in _USUAL.items()}


AT_ONCE = "at_once"
# What the usual keys mean by themselves; the database asks for what three of them need.
_MEANT = {IMMEDIATE: AT_ONCE, TIME_LIMIT: TIME_LIMIT, JOINT: JOINT, EXPLAIN: EXPLAIN}


def treatment(playbook: Playbook, kind: str) -> str:
    """What the ledger asks for with a kind of problem: at once, a date, others, an explanation; or nothing (O-06)."""
    said = next((one.treatment for one in playbook.problem_kinds if one.key == kind), None)
    return _MEANT.get(kind) or said or ""


def winds(playbook: Playbook) -> dict[str, str]:
    """Keys and names of the styles that are rectified (G-03); empty: no such rule."""
    return {item.key: str(item.name) for item in playbook.items("winds")}


def plan_rule(playbook: Playbook, owner: str) -> PlanRule | None:
    return next((rule for rule in playbook.plans if rule.owner == owner), None)


def notice_scope(owner: str) -> str:
    """A member's plan is shown in the branch, an organisation's in the unit, a unit's to the public (O-01..O-03)."""
    scopes = PublicNotice.Scope
    return {"member": scopes.BRANCH, "organization": scopes.UNIT}.get(owner, scopes.PUBLIC).value


# ---------------------------------------------------------------- who may
def _active(participation: Participation | None) -> bool:
    return participation is not None and participation.state == Participation.State.ACTIVE


def is_responsible(user: Any, item: RectificationItem) -> bool:
    member = getattr(user, "member", None)
    return member is not None and member.pk == item.responsible_member_id


def can_work_on(user: Any, item: RectificationItem) -> bool:
    """Note progress and report it done: who records for the organisation, or the responsible person himself."""
    return item.is_unclosed and (is_responsible(user, item) or access.has(user, Right.RECORD, item.organization))


def can_change_item(user: Any, item: RectificationItem) -> bool:
    """Change what it says, move the deadline: only while it is open."""
    return item.state == RectificationItem.State.OPEN and access.has(user, Right.RECORD, item.organization)


def can_confirm(user: Any, item: RectificationItem) -> bool:
    """Close out what another reported: the secretary, a superior or the supervision group; never who reported it."""
    if item.state != RectificationItem.State.REPORTED or item.reported_by_id == user.pk:
        return False
    here = item.organization
    if item.reopened:  # under the supervision of the superior (H-04): nobody of the unit closes it
        unit = governing(here, item.batch)
        return any(access.has_above(user, right, unit.organization if unit else here) for right in _SUPERVISING)
    above = any(access.has_above(user, right, here) for right in (Right.RECORD, Right.APPROVE, Right.ACCEPT_REPORT))
    return above or access.has(user, Right.REVIEW, here) or access.holds_post_at(user, here, SECRETARIES)


def can_publish(user: Any, organization: Organization) -> bool:
    """Publish the ledger, give and take down notices: the secretary, or one who records above."""
    return access.holds_post_at(user, organization, SECRETARIES) or access.has_above(user, Right.RECORD, organization)


def can_write_plan(user: Any, plan: RectificationPlan) -> bool:
    """A member writes his own; the secretary on behalf, and those of the organisation and the unit."""
    if access.has(user, Right.RECORD, plan.organization):
        return True
    member = getattr(user, "member", None)
    return member is not None and member.pk == plan.member_id


def can_agree(user: Any, plan: RectificationPlan) -> bool:
    """The superior party organisation agrees to an organisation's plan, through a post above it (O-02)."""
    rights = (Right.RECORD, Right.APPROVE)
    return any(access.has_above(user, right, plan.organization) for right in rights)


# ---------------------------------------------------------------- again, after a poor closing survey
Offer = Callable[[Any, Participation], str]
_offers: list[Offer] = []


def offers_again(function: Offer) -> Offer:
    """Register (user, participation) -> address where its ledger is opened again; a higher room knows the survey."""
    _offers.append(function)
    return function


def again_url(user: Any, participation: Participation | None) -> str:
    """Where the user can open the unit's ledger again now (H-04); empty where nothing calls for it."""
    if participation is None:
        return ""
    return next((url for offer in _offers if (url := offer(user, participation))), "")


# ---------------------------------------------------------------- whom to tell
def recorders(organization: Organization) -> QuerySet[User]:
    """Who records at exactly this organisation."""
    posts = Post.objects.current(clock.today()).filter(organization=organization, role__in=with_right(Right.RECORD))
    return access.people(posts)


def superiors(organization: Organization) -> list[User]:
    """Those of the nearest organisation above who record there; where there are none, the campaign office."""
    for above in reversed(organization.ancestors_and_self()[:-1]):
        found = list(recorders(above))
        if found:
            return found
    return list(access.holders(Right.ACCEPT_REPORT, organization, strictly_above=True))


def concerned(item: RectificationItem) -> list[User]:
    """The responsible person, if he has an account, and those who record for the organisation."""
    member = item.responsible_member
    own = [member.user] if member is not None and member.user is not None else []
    return [*own, *recorders(item.organization)]
