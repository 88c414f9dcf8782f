"""What rectification asks of people: items to confirm, overdue, their own; plans to agree to and to write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts import clock
from accounts.messages import Message
from campaign.models import Participation, RectificationItem, RectificationPlan
from campaign.playbook import Playbook
from campaign.queries import taking_part
from campaign.rectification import plan_rule
from campaign.rules import phase_of
from campaign.todo import Todo, provider
from units import access
from units.models import Organization
from units.roles import Right

MENU = "campaign:rectification_overview"
_SHOWN = 3


def _own(user: Any) -> list[Organization]:
    """Organisations where the user himself records; what lies below is for those below, then for him to confirm."""
    return [post.organization for post in access.posts_of(user) if Right.RECORD in post.rights]


def _todo(items: list[RectificationItem], title: str, button: str, url: str, **more: Any) -> Todo:
    named = {"titles": [str(item)[:20] for item in items[:_SHOWN]]}
    detail = Message(gettext_noop("%(titles)s"), named)
    return Todo(len(items), Message(title), detail, url, Message(button), menu=MENU, **more)


@provider
def ledger_to_tend(user: Any) -> Iterator[Todo]:
    """Overdue items of one's own organisations, and what others reported done there or directly below."""
    own = _own(user)
    if not own:
        return
    open_batch = RectificationItem.objects.filter(batch__closed_on=None).order_by("deadline", "pk")
    here = reverse("campaign:rectification", args=[own[0].pk])
    overdue = list(open_batch.filter(organization__in=own).overdue(clock.today()))
    if overdue:
        title = gettext_noop("Rectification items are overdue")
        yield _todo(
            overdue, title, gettext_noop("See the ledger"), f"{here}?overdue=on", due=overdue[0].deadline, late=True
        )
    near = Q(organization__in=own)
    for organization in own:
        below = access.below(organization.path, "organization")
        near |= below & Q(organization__depth=organization.depth + 1)
    reported = list(open_batch.filter(near, state="reported").exclude(reported_by=user))
    if reported:
        title = gettext_noop("Confirm the close-out of rectification items")
        yield _todo(reported, title, gettext_noop("Confirm"), f"{here}?state=reported")


@provider
def again_under_supervision(user: Any) -> Iterator[Todo]:
    """What the superior had opened again after the closing survey, in one's own organisations and below (H-04)."""
    own = _own(user)
    if not own:
        return
    inside = Q(pk__in=[])
    for organization in own:
        inside |= access.below(organization.path, "organization")
    rows = RectificationItem.objects.filter(inside, reopened=True, state="open", batch__closed_on=None)
    items = list(rows.order_by("deadline", "pk"))
    if items:
        title = gettext_noop("Rectify again under supervision after the closing survey")
        url = f"{reverse('campaign:rectification', args=[own[0].pk])}?state=again"
        late = items[0].is_overdue
        yield _todo(items, title, gettext_noop("See the ledger"), url, due=items[0].deadline, late=late)


@provider
def own_items(user: Any) -> Iterator[Todo]:
    """Items for which the user himself is responsible."""
    member = getattr(user, "member", None)
    if member is None:
        return
    mine = RectificationItem.objects.filter(responsible_member=member, state="open", batch__closed_on=None)
    items = list(mine.order_by("deadline", "pk"))
    if items:
        first = items[0]
        late = first.deadline is not None and first.deadline < clock.today()
        url = reverse("campaign:rectification_item", args=[first.pk])
        title = gettext_noop("You are responsible for rectification items")
        yield _todo(items, title, gettext_noop("Note progress"), url, due=first.deadline, late=late)


@provider
def plans_to_agree(user: Any) -> Iterator[Todo]:
    """Organisations' plans directly below whose notice has run out (O-02)."""
    own = _own(user)
    if not own:
        return
    below = Q(pk__in=[])
    for organization in own:
        inside = access.below(organization.path, "organization")
        below |= inside & Q(organization__depth=organization.depth + 1)
    rows = RectificationPlan.objects.filter(below, owner="organization", state="notice", batch__closed_on=None)
    ready = list(rows.filter(notice__ends_on__lt=clock.today()).select_related("organization").order_by("pk"))
    if ready:
        yield Todo(
            len(ready),
            Message(gettext_noop("Agree to rectification plans whose notice has run out")),
            Message(gettext_noop("%(titles)s"), {"titles": [str(plan) for plan in ready[:_SHOWN]]}),
            reverse("campaign:rectification_plan", args=[ready[0].pk]),
            Message(gettext_noop("See the plan")),
        )


def asks_members(playbook: Playbook, participation: Participation) -> bool:
    """Does the present stage ask each member for a plan?"""
    actions = playbook.actions_for(phase_of(participation), "member")
    plans = any(action.tool == "plans" or action.key == "rectification_plans" for action in actions)
    return plans and plan_rule(playbook, "member") is not None


@provider
def own_plan(user: Any) -> Iterator[Todo]:
    """A member's own plan, from the stage that asks for it on (O-01)."""
    member = getattr(user, "member", None)
    participation = taking_part(member.organization) if member is not None else None
    if participation is None or participation.state != Participation.State.ACTIVE:
        return
    if not asks_members(participation.batch.campaign.playbook, participation):
        return
    plan = RectificationPlan.objects.filter(batch=participation.batch, member=member).first()
    if plan is not None and plan.state != RectificationPlan.State.DRAFT:
        return
    yield Todo(
        1,
        Message(gettext_noop("Put your rectification plan on public notice"))
        if plan
        else Message(gettext_noop("Write your rectification plan")),
        None,
        reverse("campaign:my_plan"),
        Message(gettext_noop("Open the plan")) if plan else Message(gettext_noop("Write the plan")),
    )
