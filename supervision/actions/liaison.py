"""Liaison points: set up, replaced and ended; visits, contacts, models (R-01..R-08, decision 14)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.files import File
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from accounts import audit, notify
from accounts.messages import Message, in_both_languages
from accounts.models import User
from campaign import uploads
from campaign.models import Activity, Batch, Campaign
from supervision import liaison_rules as rules
from supervision.actions.refusals import Refused
from supervision.models import LiaisonContact, LiaisonFile, LiaisonLeader, LiaisonPoint, LiaisonVisit
from units.models import Organization

LEADER_ADDED = audit.action("liaison.leader_added", _("Named a liaison leader"))
LEADER_CHANGED = audit.action("liaison.leader_changed", _("Changed a liaison leader"))
SET_UP = audit.action("liaison.set_up", _("Set up a liaison point"))
ENDED = audit.action("liaison.ended", _("Ended a liaison point"))
VISITED = audit.action("liaison.visited", _("Recorded a leader's visit to a liaison point"))
CONTACTED = audit.action("liaison.contacted", _("Recorded a contact of a liaison point"))
TAKEN_BACK = audit.action("liaison.taken_back", _("Took back a visit or contact of a liaison point"))
MODEL = audit.action("liaison.model", _("Made a liaison point a model"))
NO_MODEL = audit.action("liaison.no_model", _("Took the model back from a liaison point"))


class LiaisonRefused(Refused):
    """The point or leader cannot be changed like this; says why."""


@dataclass(frozen=True)
class LeaderData:
    name: str
    post: str
    user: User | None = None
    left_on: dt.date | None = None


@dataclass(frozen=True)
class PointData:
    """Where a leader's point is: an organisation, or by name a member or household he contacts besides (R-03)."""

    organization: Organization | None = None
    kind: str = LiaisonPoint.Kind.POINT
    what: str = LiaisonPoint.What.ORGANIZATION
    named: str = ""


@dataclass(frozen=True)
class VisitData:
    held_on: dt.date
    what: str
    topic: str
    text: str = ""
    findings: str = ""
    activity: Activity | None = None


def _taken(name: str) -> LiaisonRefused:
    return LiaisonRefused(
        Message(gettext_noop("%(name)s with this post, or this account, is on the list already."), {"name": name})
    )


@transaction.atomic
def add_leader(*, by: User, campaign: Campaign, data: LeaderData) -> LiaisonLeader:
    """Put a leader on the list of those who get points. Raises LiaisonRefused."""
    try:
        with transaction.atomic():
            leader = LiaisonLeader.objects.create(campaign=campaign, **_fields(data))
    except IntegrityError as fault:
        raise _taken(data.name) from fault
    audit.record(LEADER_ADDED, by=by, obj=leader, organization=campaign.host)
    return leader


def _fields(data: LeaderData) -> dict[str, Any]:
    return {"name": data.name, "post": data.post, "user": data.user, "left_on": data.left_on}


@transaction.atomic
def change_leader(*, by: User, leader: LiaisonLeader, data: LeaderData) -> None:
    """Correct a leader, or note that he has left: his points end first. Raises LiaisonRefused."""
    list(LiaisonLeader.objects.select_for_update().filter(pk=leader.pk))
    if data.left_on is not None and leader.points.current().exists():
        raise LiaisonRefused(
            Message(
                gettext_noop("%(name)s still has liaison points. End or replace them first."), {"name": leader.name}
            )
        )
    try:
        with transaction.atomic():
            LiaisonLeader.objects.filter(pk=leader.pk).update(**_fields(data))
    except IntegrityError as fault:
        raise _taken(data.name) from fault
    leader.refresh_from_db()
    audit.record(LEADER_CHANGED, by=by, obj=leader, organization=leader.campaign.host)


def _url(point: LiaisonPoint) -> str:
    return reverse("supervision:liaison_point", args=[point.pk])


def _tell(point: LiaisonPoint, by: User, text: str, *, leader: bool = True, point_too: bool = True) -> None:
    """Tell the leader, if he has an account, and those who answer for the point."""
    people = {person.pk: person for person in rules.secretaries(point.organization)} if point_too else {}
    if leader and point.leader.user is not None:
        people[point.leader.user.pk] = point.leader.user
    people.pop(by.pk, None)
    # A member or household is not named in the inbox.
    name = point.label if point.organization else in_both_languages(lambda: gettext("A member or household"))
    params = {"leader": point.leader.name, "name": name}
    notify.send(list(people.values()), text, url=_url(point), params=params)


@transaction.atomic
def set_point(*, by: User, leader: LiaisonLeader, batch: Batch, data: PointData, from_date: dt.date) -> LiaisonPoint:
    """Give a leader his point of a batch, or what he contacts besides (R-01, R-03). Raises LiaisonRefused."""
    if LiaisonLeader.objects.select_for_update().get(pk=leader.pk).left_on is not None:
        raise LiaisonRefused(Message(gettext_noop("%(name)s has left."), {"name": leader.name}))
    try:
        with transaction.atomic():
            point = LiaisonPoint.objects.create(
                leader=leader, batch=batch, from_date=from_date, set_by=by, **_place(data)
            )
    except IntegrityError as fault:
        raise _has_one(leader, batch, data) from fault
    audit.record(SET_UP, by=by, obj=point, organization=point.organization or batch.campaign.host, data=_said(point))
    _tell(point, by, gettext_noop("%(name)s is now a liaison point of %(leader)s."))
    return point


def _place(data: PointData) -> dict[str, Any]:
    return {"organization": data.organization, "kind": data.kind, "what": data.what, "named": data.named}


def _said(point: LiaisonPoint) -> dict[str, Any]:
    """What the history keeps: never the name of a member or householder."""
    return {"leader": point.leader.name, "batch": point.batch.name, "kind": str(point.kind), "what": str(point.what)}


def _has_one(leader: LiaisonLeader, batch: Batch, data: PointData) -> LiaisonRefused:
    found = leader.points.current().filter(batch=batch)
    if data.kind == LiaisonPoint.Kind.POINT and (held := found.points().first()):
        text = gettext_noop("%(leader)s has a liaison point in %(batch)s already: %(name)s. Replace it instead.")
        return LiaisonRefused(Message(text, {"leader": leader.name, "batch": batch.name, "name": held.label}))
    text = gettext_noop("%(leader)s contacts this organisation in %(batch)s already.")
    return LiaisonRefused(Message(text, {"leader": leader.name, "batch": batch.name}))


def _locked(point: LiaisonPoint) -> LiaisonPoint:
    """The point while it lasts, held against others. Raises LiaisonRefused once it has ended."""
    rows = LiaisonPoint.objects.select_for_update(of=("self",)).filter(pk=point.pk, to_date=None)
    found = rows.select_related("leader__user", "batch__campaign__host", "organization").first()
    if found is None:
        raise LiaisonRefused(Message(gettext_noop("This liaison point has ended already.")))
    return found


@transaction.atomic
def end_point(
    *, by: User, point: LiaisonPoint, on: dt.date, reason: str, successor: Organization | None = None
) -> LiaisonPoint | None:
    """End a point, or put another organisation in its place from the same day. Raises LiaisonRefused."""
    held = _locked(point)
    if on < held.from_date:
        raise LiaisonRefused(Message(gettext_noop("A liaison point cannot end before it began.")))
    if not LiaisonPoint.objects.filter(pk=held.pk, to_date=None).update(to_date=on, end_reason=reason):
        raise LiaisonRefused(Message(gettext_noop("This liaison point has ended already.")))
    where = held.organization or held.batch.campaign.host
    audit.record(ENDED, by=by, obj=held, organization=where, data={**_said(held), "reason": reason})
    _tell(held, by, gettext_noop("%(name)s is no longer a liaison point of %(leader)s."))
    if successor is None:
        return None
    data = PointData(organization=successor, kind=held.kind)
    return set_point(by=by, leader=held.leader, batch=held.batch, data=data, from_date=on)


# ---------------------------------------------------------------- what happens there
@transaction.atomic
def note_visit(*, by: User, point: LiaisonPoint, data: VisitData, files: Iterable[File] = ()) -> LiaisonVisit:
    """Write down a visit of the leader, with photographs (R-02). Raises LiaisonRefused."""
    held = _locked(point)
    try:
        with transaction.atomic():
            visit = LiaisonVisit.objects.create(
                point=held, recorded_by=by, **{key: getattr(data, key) for key in data.__dataclass_fields__}
            )
    except IntegrityError as fault:
        raise LiaisonRefused(Message(gettext_noop("This activity is linked to a visit already."))) from fault
    uploads.keep(visit.files, files, by=by)
    where = held.organization or held.batch.campaign.host
    audit.record(VISITED, by=by, obj=held, organization=where, data={"on": data.held_on.isoformat(), "what": data.what})
    _tell(held, by, gettext_noop("A visit of %(leader)s to %(name)s has been recorded."))
    return visit


@transaction.atomic
def note_contact(*, by: User, point: LiaisonPoint, duty: str, held_on: dt.date, text: str) -> LiaisonContact:
    """Write down that the point did one of its own duties (R-06). The leader is told. Raises LiaisonRefused."""
    held = _locked(point)
    contact = LiaisonContact.objects.create(point=held, duty=duty, held_on=held_on, text=text, recorded_by=by)
    where = held.organization or held.batch.campaign.host
    audit.record(CONTACTED, by=by, obj=held, organization=where, data={"duty": duty, "on": held_on.isoformat()})
    _tell(held, by, gettext_noop("%(name)s has recorded what it did as a liaison point."), point_too=False)
    return contact


@transaction.atomic
def take_back(*, by: User, record: LiaisonVisit | LiaisonContact) -> None:
    """Remove a visit or contact entered by mistake; the history keeps what it was. Raises LiaisonRefused."""
    held = _locked(record.point)
    kept = {"on": record.held_on.isoformat()}
    taken: list[LiaisonFile] = []
    if isinstance(record, LiaisonVisit):
        kept |= {"what": str(record.what), "topic": record.topic}
        taken = list(record.files.all())
    else:
        kept |= {"duty": record.duty, "text": record.text}
    if not type(record)._default_manager.filter(pk=record.pk).delete()[0]:
        raise LiaisonRefused(Message(gettext_noop("This record has been taken back already.")))
    where = held.organization or held.batch.campaign.host
    audit.record(TAKEN_BACK, by=by, obj=held, organization=where, data=kept)
    uploads.discard(taken)


@transaction.atomic
def make_model(*, by: User, point: LiaisonPoint, on: dt.date, reason: str) -> None:
    """Mark the point as a model, with the reason (R-02). Raises LiaisonRefused."""
    held = _locked(point)
    if not LiaisonPoint.objects.filter(pk=held.pk, model_since=None).update(model_since=on, model_reason=reason):
        raise LiaisonRefused(Message(gettext_noop("This liaison point is a model already.")))
    audit.record(MODEL, by=by, obj=held, organization=held.organization, data={"reason": reason})
    _tell(held, by, gettext_noop("%(name)s, liaison point of %(leader)s, has been made a model."))


@transaction.atomic
def take_model_back(*, by: User, point: LiaisonPoint, reason: str) -> None:
    """Take the mark back; the history keeps why it was given and taken. Raises LiaisonRefused."""
    held = _locked(point)
    marked = LiaisonPoint.objects.filter(pk=held.pk, model_since__isnull=False)
    if not marked.update(model_since=None, model_reason=""):
        raise LiaisonRefused(Message(gettext_noop("This liaison point is no model.")))
    audit.record(
        NO_MODEL, by=by, obj=held, organization=held.organization, data={"was": held.model_reason, "reason": reason}
    )
    _tell(held, by, gettext_noop("%(name)s, liaison point of %(leader)s, is no longer a model."))
