"""Rectification plans: written, shown, adopted in their owner's way, never before the notice is over (O-01..O-04)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from accounts import audit, clock, notify
from accounts.models import User
from campaign import rectification
from campaign.actions.notices import give_notice, withdraw_notice
from campaign.models import Batch, PlanRemark, PlanVersion, RectificationItem, RectificationPlan
from units.models import Member, Organization

WRITTEN = audit.action("plan.written", _("Wrote a rectification plan"))
CHANGED = audit.action("plan.changed", _("Changed a rectification plan"))
SHOWN = audit.action("plan.shown", _("Put a rectification plan on public notice"))
REMARKED = audit.action("plan.remarked", _("Noted an opinion on a rectification plan"))
ADOPTED = audit.action("plan.adopted", _("Recorded the adoption of a rectification plan"))
RETURNED = audit.action("plan.returned", _("Returned a rectification plan"))

State = RectificationPlan.State


class PlanMoved(Exception):
    """Somebody else has changed this plan meanwhile, or its state no longer allows it."""


class NoticeRuns(Exception):
    """The public notice has not run out (decision 11); `until` is its last day."""

    def __init__(self, until: dt.date) -> None:
        super().__init__(until)
        self.until = until


class NotAMajority(Exception):
    """A meeting adopts by more than half of those present (decision 5)."""


@transaction.atomic
def write_plan(
    *,
    by: User,
    batch: Batch,
    owner: str,
    organization: Organization,
    member: Member | None = None,
    contents: str,
    measures: str,
    items: Iterable[RectificationItem] = (),
) -> RectificationPlan:
    """Write the plan of a member, an organisation or a unit. Raises PlanMoved where there is one."""
    key = {"batch": batch, "owner": owner, "member": member}
    if member is None:
        key["organization"] = organization
    defaults: dict[str, Any] = {"organization": organization, "contents": contents, "measures": measures}
    plan, created = RectificationPlan.objects.get_or_create(**key, defaults={**defaults, "written_by": by})
    if not created:
        raise PlanMoved
    plan.items.set(items)
    audit.record(WRITTEN, by=by, obj=plan, organization=organization, data={"owner": owner})
    return plan


def _swap(plan: RectificationPlan, states: Iterable[str], **changes: Any) -> None:
    found = RectificationPlan.objects.filter(pk=plan.pk, state__in=list(states), version=plan.version)
    if not found.update(version=F("version") + 1, **changes):
        raise PlanMoved
    plan.refresh_from_db()


@transaction.atomic
def change_plan(
    *, by: User, plan: RectificationPlan, contents: str, measures: str, items: Iterable[RectificationItem]
) -> None:
    """Change a plan. Once it was shown, its old wording is kept, and it needs a new notice and adoption. PlanMoved."""
    shown = plan.state != State.DRAFT
    if shown:
        PlanVersion.objects.create(
            plan=plan,
            number=plan.versions.count() + 1,
            contents=plan.contents,
            measures=plan.measures,
            state=plan.state,
        )
        if plan.notice is not None and not plan.notice.has_run_out(clock.today()):
            withdraw_notice(by=by, notice=plan.notice, reason=gettext("The plan was changed."))
    fresh = {"adopted_on": None, "present": None, "votes": None, "medium": "", "adopted_by": None, "notice": None}
    _swap(plan, State.values, state=State.DRAFT, contents=contents, measures=measures, **(fresh if shown else {}))
    plan.items.set(items)
    audit.record(CHANGED, by=by, obj=plan, organization=plan.organization, data={"shown_before": shown})


@transaction.atomic
def show_plan(*, by: User, plan: RectificationPlan) -> None:
    """Put it on public notice within the scope and for the days of its rule (decision 11). Raises PlanMoved."""
    if not plan.needs_notice:
        raise PlanMoved
    rule = rectification.plan_rule(plan.batch.campaign.playbook, plan.owner)
    parts = [plan.contents, plan.measures, *(f"· {item.problem}" for item in plan.items.all())]
    notice = give_notice(
        by=by,
        batch=plan.batch,
        organization=plan.organization,
        kind="plan",
        title=gettext("Rectification plan of %(name)s") % {"name": str(plan)},
        text="\n\n".join(part for part in parts if part),
        scope=rectification.notice_scope(plan.owner),
        days=rule.days if rule else 7,
    )
    _swap(plan, [plan.state], state=State.NOTICE, notice=notice, returned="")
    audit.record(SHOWN, by=by, obj=plan, organization=plan.organization, data={"until": notice.ends_on.isoformat()})
    if plan.owner == RectificationPlan.Owner.ORGANIZATION:
        text = gettext_noop(
            "%(organization)s shows its rectification plan until %(day)s; then agree to it or return it"
        )
        params = {"organization": plan.organization.name, "day": notice.ends_on.isoformat()}
        notify.send(rectification.superiors(plan.organization), text, url=_url(plan), params=params)


def _url(plan: RectificationPlan) -> str:
    return reverse("campaign:rectification_plan", args=[plan.pk])


@transaction.atomic
def remark_on_plan(*, by: User, plan: RectificationPlan, source: str, text: str) -> None:
    """Note what was said about it while it was shown. Raises PlanMoved when it is not."""
    if not RectificationPlan.objects.filter(pk=plan.pk, state=State.NOTICE).exists():
        raise PlanMoved
    PlanRemark.objects.create(plan=plan, source=source, text=text, by=by)
    audit.record(REMARKED, by=by, obj=plan, organization=plan.organization)


def _run_out(plan: RectificationPlan, on: dt.date) -> None:
    if plan.notice is None or plan.notice.withdrawn_at is not None:
        raise PlanMoved
    if not plan.notice.has_run_out(on):
        raise NoticeRuns(plan.notice.ends_on)


def _adopt(by: User, plan: RectificationPlan, on: dt.date, **how: Any) -> None:
    _run_out(plan, on)
    _swap(plan, [State.NOTICE], state=State.ADOPTED, adopted_on=on, adopted_by=by, **how)
    data = {"on": on.isoformat(), **{key: value for key, value in how.items() if value != ""}}
    audit.record(ADOPTED, by=by, obj=plan, organization=plan.organization, data=data)


@transaction.atomic
def adopt_by_meeting(*, by: User, plans: Iterable[RectificationPlan], on: dt.date, present: int, votes: int) -> int:
    """The branch members' meeting adopts several members' plans at once, each by the same vote (O-01).

    Raises NotAMajority, NoticeRuns (naming the last day of the latest notice) or PlanMoved; then none is adopted.
    """
    if votes * 2 <= present:
        raise NotAMajority
    chosen = list(plans)
    running = [p.notice.ends_on for p in chosen if p.notice is not None and not p.notice.has_run_out(on)]
    if running:
        raise NoticeRuns(max(running))
    for plan in chosen:
        _adopt(by, plan, on, present=present, votes=votes)
    return len(chosen)


@transaction.atomic
def agree_to_plan(*, by: User, plan: RectificationPlan) -> None:
    """The superior organisation agrees (O-02). Raises NoticeRuns or PlanMoved."""
    _adopt(by, plan, clock.today())
    text = gettext_noop("Your superior agreed to the rectification plan of %(organization)s")
    params = {"organization": plan.organization.name}
    notify.send(rectification.recorders(plan.organization), text, url=_url(plan), params=params)


@transaction.atomic
def return_plan(*, by: User, plan: RectificationPlan, reason: str) -> None:
    """The superior organisation returns it with a reason; changed, it needs a new notice. Raises PlanMoved."""
    PlanVersion.objects.create(
        plan=plan, number=plan.versions.count() + 1, contents=plan.contents, measures=plan.measures, state=plan.state
    )
    notice = plan.notice
    _swap(plan, [State.NOTICE], state=State.DRAFT, notice=None, returned=reason)
    if notice is not None and not notice.has_run_out(clock.today()):
        withdraw_notice(by=by, notice=notice, reason=reason)
    audit.record(RETURNED, by=by, obj=plan, organization=plan.organization, data={"reason": reason})
    text = gettext_noop("Your superior returned the rectification plan of %(organization)s: %(reason)s")
    params = {"organization": plan.organization.name, "reason": reason}
    people = rectification.recorders(plan.organization)
    notify.send(people, text, url=_url(plan), params=params, kind=notify.RETURN)


@transaction.atomic
def commit_publicly(*, by: User, plan: RectificationPlan, on: dt.date, medium: str) -> None:
    """The unit has committed itself in public, by press conference or media (O-03). Raises NoticeRuns or PlanMoved."""
    _adopt(by, plan, on, medium=medium)
