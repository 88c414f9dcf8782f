"""What waits for people before the start and about talks: plans, proposals, cases that are late, talks to answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts import clock
from accounts.messages import Message
from campaign.ground_rules import can_decide_plan
from campaign.models import ArrangementProposal, Batch, CensusCase, CensusSheet, Participation, Talk, UnitPlan
from campaign.preparing import launch_of, readinesses
from campaign.todo import Todo, provider
from units import access
from units.models import Organization
from units.roles import Right

CENSUS_LEAD = dt.timedelta(days=61)  # two months before the start (T-09), where the playbook is silent


@provider
def plans_to_decide(user: Any) -> Iterator[Todo]:
    """Implementation plans that the office has not answered (A-17)."""
    if not access.has_anywhere(user, Right.APPROVE):
        return
    reach = access.scope(user, Right.APPROVE, "participation__organization")
    rows = UnitPlan.objects.filter(reach, state=UnitPlan.State.SUBMITTED)
    waiting = [plan for plan in rows.select_related("participation__organization") if can_decide_plan(user, plan)]
    if waiting:
        names = [plan.participation.organization.name for plan in waiting[:3]]
        yield Todo(
            len(waiting),
            Message(gettext_noop("Agree to implementation plans, or return them")),
            Message(gettext_noop("%(names)s"), {"names": names}),
            reverse("campaign:unit_plan", args=[waiting[0].participation_id]),
            Message(gettext_noop("Read the plan")),
        )


@provider
def proposals_to_decide(user: Any) -> Iterator[Todo]:
    """Special arrangements that wait for the level above (A-14)."""
    if not (access.has_anywhere(user, Right.APPROVE) or access.has_anywhere(user, Right.LEAD)):
        return
    own = [post.organization_id for post in access.posts_of(user)]
    reach = access.scope(user, Right.APPROVE) | access.scope(user, Right.LEAD)
    rows = ArrangementProposal.objects.filter(reach, state=ArrangementProposal.State.PROPOSED)
    count = rows.exclude(organization__in=own).count()
    if count:
        yield Todo(
            count,
            Message(gettext_noop("Decide on special arrangements")),
            Message(gettext_noop("Members in exceptional situations")),
            reverse("campaign:arrangements_waiting"),
            Message(gettext_noop("Decide")),
        )


@provider
def preparation_to_finish(user: Any) -> Iterator[Todo]:
    """Of the units where the user himself holds a post: what is not ready yet (A-07, A-16)."""
    own = [post.organization_id for post in access.posts_of(user) if Right.RECORD in post.rights]
    if not own:
        return
    rows = Participation.objects.filter(
        organization__in=own, state=Participation.State.PREPARING, batch__closed_on=None
    )
    units = list(rows.select_related("organization", "batch__campaign"))
    for pk, ready in readinesses(units).items():
        unit = next(one for one in units if one.pk == pk)
        open_items = ready.all_count - ready.done_count
        if open_items:
            wished = launch_of(unit).wished
            yield Todo(
                open_items,
                Message(gettext_noop("Prepare the start of the campaign")),
                Message(gettext_noop("%(done)s of %(all)s done"), {"done": ready.done_count, "all": ready.all_count}),
                reverse("campaign:preparation", args=[unit.organization_id]),
                Message(gettext_noop("Go to the checklist")),
                due=wished,
                late=wished is not None and wished < clock.today(),
            )


@provider
def cases_late(user: Any) -> Iterator[Todo]:
    """Cases of the census at one's own organisation whose deadline has passed (T-08)."""
    own = [post.organization for post in access.posts_of(user) if Right.RECORD in post.rights]
    if not own:
        return
    rows = CensusCase.objects.filter(
        organization__in=own, state=CensusCase.State.OPEN, deadline__lt=clock.today(), batch__closed_on=None
    )
    late = list(rows.values_list("organization_id", "deadline"))
    if late:
        yield Todo(
            len(late),
            Message(gettext_noop("Solve cases of the census")),
            None,
            reverse("campaign:census_organization", args=[late[0][0]]),
            Message(gettext_noop("See the cases")),
            due=min(deadline for _pk, deadline in late),
            late=True,
        )


@provider
def census_to_take(user: Any) -> Iterator[Todo]:
    """In the two months before a batch begins: organisations without a census sheet (T-09). Three queries.

    Who records is told of his own organisations, the office of all of its tree.
    """
    today = clock.today()
    soon = Batch.objects.filter(closed_on=None, starts_on__range=(today, today + CENSUS_LEAD))
    batch = soon.select_related("campaign__host").order_by("starts_on").first() if _takes_census(user) else None
    if batch is None:
        return
    own = [post.organization_id for post in access.posts_of(user) if Right.RECORD in post.rights]
    reach = Q(pk__in=own) | access.scope(user, Right.SET_UP, "")
    surveyed = CensusSheet.objects.filter(batch=batch, work_unit=None).values("organization")
    rows = Organization.objects.active().within(batch.campaign.host).filter(reach).exclude(pk__in=surveyed)
    missing = list(rows.order_by("path").values_list("pk", "name"))
    if missing:
        alone = len(missing) == 1
        yield Todo(
            len(missing),
            Message(gettext_noop("Take the census before the batch begins")),
            Message(gettext_noop("%(names)s"), {"names": [name for _pk, name in missing[:3]]}),
            reverse("campaign:census_sheet", args=[missing[0][0]]) if alone else reverse("campaign:census"),
            Message(gettext_noop("Fill in the sheet")) if alone else Message(gettext_noop("See the census")),
            due=batch.starts_on,
            menu="campaign:census",
        )


def _takes_census(user: Any) -> bool:
    return access.has_anywhere(user, Right.RECORD) or access.has_anywhere(user, Right.SET_UP)


@provider
def talks_to_answer(user: Any) -> Iterator[Todo]:
    """Talks that the other side has ticked, to be confirmed or disputed (F-18)."""
    member = getattr(user, "member", None)
    if member is None:
        return
    sides = Q(first=member) | Q(second=member)
    rows = Talk.objects.filter(sides, state=Talk.State.RECORDED, batch__closed_on=None)
    count = rows.exclude(recorded_by=user).count()
    if count:
        yield Todo(
            count,
            Message(gettext_noop("Confirm heart-to-heart talks")),
            None,
            reverse("campaign:my_talks"),
            Message(gettext_noop("See my talks")),
        )
