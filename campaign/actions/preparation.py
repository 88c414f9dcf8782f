"""What a unit does before it begins: ticking its checklist, writing its plan, training its backbone (A-16, A-17)."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping

from django.core.files import File
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.models import User
from campaign.models import Batch, Participation, PreparationTick, Training, UnitPlan
from units import access
from units.models import Organization
from units.roles import Right

TICKED = audit.action("preparation.ticked", _("Ticked a preparation"))
UNTICKED = audit.action("preparation.unticked", _("Took back a preparation"))
PLAN_WRITTEN = audit.action("unit_plan.written", _("Wrote the implementation plan"))
PLAN_SUBMITTED = audit.action("unit_plan.submitted", _("Submitted the implementation plan"))
PLAN_DECIDED = audit.action("unit_plan.decided", _("Decided on an implementation plan"))
TRAINED = audit.action("training.recorded", _("Recorded a backbone training"))
TRAINING_DELETED = audit.action("training.deleted", _("Deleted a backbone training"))


class HasStarted(Exception):
    """The unit has begun; its preparation is history."""


class PlanMoved(Exception):
    """Somebody else has saved, submitted or decided on the plan meanwhile."""


class PlanIncomplete(Exception):
    """Required contents are still empty; `missing` are their keys."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


def _still_preparing(participation: Participation) -> None:
    if not Participation.objects.filter(pk=participation.pk, state=Participation.State.PREPARING).exists():
        raise HasStarted


@transaction.atomic
def tick_preparation(
    *, by: User, participation: Participation, item: str, done_on: dt.date, note: str = "", file: File | None = None
) -> PreparationTick:
    """Tick an item of the checklist, or change what its tick says (A-16). Raises HasStarted."""
    _still_preparing(participation)
    said = {"done_on": done_on, "note": note, "ticked_by": by, "ticked_at": clock.now()}
    if file is not None:
        said |= {"file": file, "file_name": str(file.name)[:200]}
    tick, _new = PreparationTick.objects.update_or_create(participation=participation, item=item, defaults=said)
    data = {"item": item, "on": done_on.isoformat()}
    audit.record(TICKED, by=by, obj=participation, organization=participation.organization, data=data)
    return tick


@transaction.atomic
def untick_preparation(*, by: User, participation: Participation, item: str) -> None:
    """Take back a tick that was set by mistake, and its file. Raises HasStarted."""
    _still_preparing(participation)
    for tick in PreparationTick.objects.filter(participation=participation, item=item):
        if tick.file:
            transaction.on_commit(functools.partial(tick.file.storage.delete, tick.file.name))
        tick.delete()
        audit.record(UNTICKED, by=by, obj=participation, organization=participation.organization, data={"item": item})


@transaction.atomic
def write_plan(*, by: User, participation: Participation, contents: Mapping[str, str], version: int) -> UnitPlan:
    """Save the texts; `version` is the one the person saw (0: none yet). Raises PlanMoved.

    A plan under review is not written, and one that is agreed stays as the office has agreed to it.
    """
    plan, new = UnitPlan.objects.get_or_create(
        participation=participation, defaults={"contents": dict(contents), "written_by": by}
    )
    if not new or version:
        open_states = [UnitPlan.State.DRAFT, UnitPlan.State.RETURNED]
        rows = UnitPlan.objects.filter(pk=plan.pk, version=version, state__in=open_states)
        if not rows.update(contents=dict(contents), written_by=by, version=F("version") + 1):
            raise PlanMoved
        plan.refresh_from_db()
    audit.record(PLAN_WRITTEN, by=by, obj=plan, organization=participation.organization)
    return plan


@transaction.atomic
def submit_plan(*, by: User, plan: UnitPlan, required: list[str]) -> None:
    """Put the plan to the office. Raises PlanIncomplete, PlanMoved."""
    missing = [key for key in required if not plan.contents.get(key, "").strip()]
    if missing:
        raise PlanIncomplete(missing)
    open_states = [UnitPlan.State.DRAFT, UnitPlan.State.RETURNED]
    rows = UnitPlan.objects.filter(pk=plan.pk, version=plan.version, state__in=open_states)
    if not rows.update(state=UnitPlan.State.SUBMITTED, submitted_at=clock.now(), version=F("version") + 1):
        raise PlanMoved
    organization = plan.participation.organization
    audit.record(PLAN_SUBMITTED, by=by, obj=plan, organization=organization)
    notify.send(
        access.holders(Right.APPROVE, organization, strictly_above=True),
        gettext_noop("%(name)s has submitted its implementation plan."),
        url=reverse("campaign:unit_plan", args=[plan.participation_id]),
        params={"name": plan.participation.label},
    )


@transaction.atomic
def decide_plan(*, by: User, plan: UnitPlan, agree: bool, remark: str = "") -> None:
    """The office agrees, or returns it with what is to be changed. Raises PlanMoved."""
    state = UnitPlan.State.AGREED if agree else UnitPlan.State.RETURNED
    rows = UnitPlan.objects.filter(pk=plan.pk, version=plan.version, state=UnitPlan.State.SUBMITTED)
    done = {"state": state, "decided_by": by, "decided_at": clock.now(), "remark": remark}
    if not rows.update(version=F("version") + 1, **done):
        raise PlanMoved
    organization = plan.participation.organization
    audit.record(PLAN_DECIDED, by=by, obj=plan, organization=organization, data={"agreed": agree, "remark": remark})
    agreed = gettext_noop("The office agrees to the implementation plan of %(name)s.")
    returned = gettext_noop("The implementation plan of %(name)s was returned: %(remark)s")
    notify.send(
        access.holders(Right.RECORD, organization),
        agreed if agree else returned,
        url=reverse("campaign:unit_plan", args=[plan.participation_id]),
        params={"name": plan.participation.label, "remark": remark},
        kind=notify.NEWS if agree else notify.RETURN,
    )


@transaction.atomic
def record_training(
    *,
    by: User,
    batch: Batch,
    organization: Organization,
    title: str,
    held_on: dt.date,
    level: str,
    trainees: Mapping[str, int],
    section: str = "",
    place: str = "",
    note: str = "",
) -> Training:
    """Record a backbone training with the trainees by post (D-19)."""
    training = Training.objects.create(
        batch=batch,
        organization=organization,
        title=title,
        held_on=held_on,
        level=level,
        section=section,
        place=place,
        trainees={post: count for post, count in trainees.items() if count},
        note=note,
        recorded_by=by,
    )
    audit.record(TRAINED, by=by, obj=training, organization=organization, data={"trainees": training.count})
    return training


@transaction.atomic
def delete_training(*, by: User, training: Training) -> None:
    """Take back a training entered by mistake; the history keeps what it said."""
    data = {"title": training.title, "held_on": training.held_on.isoformat(), "trainees": training.trainees}
    audit.record(TRAINING_DELETED, by=by, obj=training, organization=training.organization, data=data)
    training.delete()
