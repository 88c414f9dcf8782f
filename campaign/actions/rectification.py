"""The rectification ledger: register, work on, report, close out by a second person, remind, escalate (O-05..O-10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.models import User
from campaign import rectification, uploads
from campaign.models import Batch, ItemNote, RectificationItem
from campaign.models.opinions import Opinion
from units.models import Member, Organization

REGISTERED = audit.action("rectification.registered", _("Registered a rectification item"))
CHANGED = audit.action("rectification.changed", _("Changed a rectification item"))
PROGRESS = audit.action("rectification.progress", _("Noted progress of a rectification item"))
REPORTED = audit.action("rectification.reported", _("Reported a rectification item done"))
CONFIRMED = audit.action("rectification.confirmed", _("Confirmed the close-out of a rectification item"))
RETURNED = audit.action("rectification.returned", _("Sent a rectification item back"))
EXTENDED = audit.action("rectification.extended", _("Moved the deadline of a rectification item"))
REOPENED = audit.action("rectification.reopened", _("Reopened rectification items under supervision"))
ESCALATED = audit.action("rectification.escalated", _("Told the superior of an overdue rectification item"))

State, Kind = RectificationItem.State, ItemNote.Kind


class ItemMoved(Exception):
    """Somebody else has changed this item meanwhile, or its state no longer allows it."""


class SamePerson(Exception):
    """Who reported an item done cannot confirm it himself."""


class DeadlineNotLater(Exception):
    """A deadline is moved to a later day."""


@dataclass(frozen=True, kw_only=True)
class ItemData:
    """What the form holds; `kind` and `wind` are keys of the playbook's lists."""

    problem: str
    kind: str
    measure: str = ""
    departments: str = ""
    explanation: str = ""
    wind: str = ""
    responsible_member: Member | None = None
    responsible_name: str = ""
    deadline: dt.date | None = None
    public: bool = False

    def fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@transaction.atomic
def register_item(
    *,
    by: User,
    batch: Batch,
    organization: Organization,
    stage: str,
    data: ItemData,
    opinions: Iterable[Opinion] = (),
    linked: Iterable[RectificationItem] = (),
) -> RectificationItem:
    """Put a problem into the ledger, in any stage (O-08); the responsible person is told."""
    item = RectificationItem.objects.create(
        batch=batch, organization=organization, stage=stage, registered_by=by, **data.fields()
    )
    sources = list(opinions)
    item.opinions.set(sources)
    item.linked.set(linked)
    audit.record(REGISTERED, by=by, obj=item, organization=organization, data={"opinions": len(sources)})
    _tell_responsible(item, by)
    return item


def _url(item: RectificationItem) -> str:
    return reverse("campaign:rectification_item", args=[item.pk])


def _tell_responsible(item: RectificationItem, by: User) -> None:
    member = item.responsible_member
    if member is not None and member.user is not None and member.user != by:
        text = gettext_noop("You are responsible for a rectification item: %(problem)s")
        notify.send([member.user], text, url=_url(item), params={"problem": str(item)})


def _swap(item: RectificationItem, expected: str, **changes: Any) -> None:
    """Compare-and-swap on state and version. Raises ItemMoved."""
    found = RectificationItem.objects.filter(pk=item.pk, state=expected, version=item.version)
    if not found.update(version=F("version") + 1, **changes):
        raise ItemMoved
    item.refresh_from_db()


@transaction.atomic
def change_item(
    *, by: User, item: RectificationItem, data: ItemData, linked: Iterable[RectificationItem] | None = None
) -> None:
    """Change what an open item says, but for its deadline: that is moved with a reason. Raises ItemMoved."""
    before = item.responsible_member_id
    changes = data.fields()
    if item.deadline is not None:
        changes.pop("deadline")
    _swap(item, State.OPEN, **changes)
    if linked is not None:
        item.linked.set(linked)
    audit.record(CHANGED, by=by, obj=item, organization=item.organization, data={"version": item.version})
    if item.responsible_member_id != before:
        _tell_responsible(item, by)


def _note(item: RectificationItem, kind: str, by: User | None, text: str = "", **more: Any) -> ItemNote:
    return ItemNote.objects.create(item=item, kind=kind, by=by, text=text, **more)


@transaction.atomic
def note_progress(*, by: User, item: RectificationItem, text: str, files: Iterable[File] = ()) -> ItemNote:
    """Say how far it has come, with photographs. Raises ItemMoved once it is closed."""
    if not RectificationItem.objects.filter(pk=item.pk).unclosed().exists():
        raise ItemMoved
    note = _note(item, Kind.PROGRESS, by, text)
    uploads.keep(note.files, files)
    audit.record(PROGRESS, by=by, obj=item, organization=item.organization)
    return note


@transaction.atomic
def report_done(*, by: User, item: RectificationItem, text: str, files: Iterable[File] = ()) -> None:
    """The responsible side says it is done, and how one can see that; another person confirms it. Raises ItemMoved."""
    _swap(item, State.OPEN, state=State.REPORTED, reported_by=by, reported_at=clock.now())
    uploads.keep(_note(item, Kind.REPORTED, by, text).files, files)
    audit.record(REPORTED, by=by, obj=item, organization=item.organization)
    others = [*rectification.recorders(item.organization), *rectification.superiors(item.organization)]
    text_id = gettext_noop("%(organization)s reports a rectification item done; confirm it: %(problem)s")
    params = {"organization": item.organization.name, "problem": str(item)}
    notify.send([user for user in others if user != by], text_id, url=_url(item), params=params)


@transaction.atomic
def confirm_done(*, by: User, item: RectificationItem, text: str = "") -> None:
    """The second person closes it; what could only be explained is closed as explained. SamePerson, ItemMoved."""
    if item.reported_by_id == by.pk:
        raise SamePerson
    meant = rectification.treatment(item.batch.campaign.playbook, item.kind)
    state = State.EXPLAINED if meant == rectification.EXPLAIN else State.CLOSED
    _swap(item, State.REPORTED, state=state, closed_by=by, closed_at=clock.now())
    _note(item, Kind.CONFIRMED, by, text)
    audit.record(CONFIRMED, by=by, obj=item, organization=item.organization, data={"state": state.value})
    _tell_reporter(item, by, gettext_noop("The close-out of a rectification item was confirmed: %(problem)s"))


@transaction.atomic
def send_back(*, by: User, item: RectificationItem, reason: str) -> None:
    """The second person finds it not done: it is open again, with the reason. SamePerson, ItemMoved."""
    if item.reported_by_id == by.pk:
        raise SamePerson
    reporter = item.reported_by
    _swap(item, State.REPORTED, state=State.OPEN, reported_by=None, reported_at=None)
    _note(item, Kind.RETURNED, by, reason)
    audit.record(RETURNED, by=by, obj=item, organization=item.organization, data={"reason": reason})
    item.reported_by = reporter  # only for the message; the row has none
    text = gettext_noop("A rectification item was sent back to you: %(problem)s")
    _tell_reporter(item, by, text, kind=notify.RETURN)
    item.reported_by = None


def _tell_reporter(item: RectificationItem, by: User, message: str, kind: str = notify.NEWS) -> None:
    people = {user.pk: user for user in [*rectification.concerned(item), item.reported_by] if user is not None}
    people.pop(by.pk, None)
    notify.send(people.values(), message, url=_url(item), params={"problem": str(item)}, kind=kind)


@transaction.atomic
def extend_deadline(*, by: User, item: RectificationItem, deadline: dt.date, reason: str) -> None:
    """Move the deadline to a later day with a reason; the history keeps the old one. DeadlineNotLater, ItemMoved."""
    old = item.deadline
    if old is not None and deadline <= old:
        raise DeadlineNotLater
    _swap(item, State.OPEN, deadline=deadline, reminded_on=None, overdue_told_on=None, escalated_on=None)
    _note(item, Kind.EXTENDED, by, reason, old_deadline=old, new_deadline=deadline)
    data = {"from": old.isoformat() if old else "", "to": deadline.isoformat(), "reason": reason}
    audit.record(EXTENDED, by=by, obj=item, organization=item.organization, data=data)


@transaction.atomic
def reopen_for_survey(
    *,
    by: User | None,
    items: Iterable[RectificationItem],
    deadline: dt.date,
    reason: str,
) -> int:
    """Closed items are rectified again under the superior's supervision after a failed closing survey (H-04, O-10).

    Marked for good, with a new deadline; returns how many. One that is open already only gets the mark.
    """
    reopened = 0
    for item in items:
        fresh = {"reported_by": None, "reported_at": None, "closed_by": None, "closed_at": None}
        told = {"reminded_on": None, "overdue_told_on": None, "escalated_on": None}
        found = RectificationItem.objects.filter(pk=item.pk, version=item.version)
        old = item.deadline
        changes = {"state": State.OPEN, "reopened": True, "deadline": deadline, **fresh, **told}
        if not found.update(version=F("version") + 1, **changes):
            raise ItemMoved
        item.refresh_from_db()
        _note(item, Kind.REOPENED, by, reason, old_deadline=old, new_deadline=deadline)
        audit.record(REOPENED, by=by, obj=item, organization=item.organization, data={"reason": reason})
        text = gettext_noop("To be rectified again under supervision: %(problem)s")
        notify.send(rectification.concerned(item), text, url=_url(item), params={"problem": str(item)})
        reopened += 1
    return reopened


# ---------------------------------------------------------------- what the clock does
_OPEN = ("organization", "responsible_member__user", "batch")


def remind_items() -> int:
    """Tell of items due tomorrow or today, of overdue ones, and their superiors after days overdue (O-07).

    Each of the three is told once per deadline: the day is noted by compare-and-swap, so that two workers or a
    second run tell nobody twice. Returns how many lines were sent.
    """
    today = clock.today()
    open_items = RectificationItem.objects.filter(state=State.OPEN, batch__closed_on=None).select_related(*_OPEN)
    sent = 0
    soon = open_items.filter(deadline__range=(today, today + dt.timedelta(days=1)), reminded_on=None)
    for item in soon:
        sent += _tell_once(item, "reminded_on", gettext_noop("A rectification item is due on %(day)s: %(problem)s"))
    for item in open_items.filter(deadline__lt=today, overdue_told_on=None):
        text = gettext_noop("A rectification item is overdue since %(day)s: %(problem)s")
        sent += _tell_once(item, "overdue_told_on", text)
    for batch in Batch.objects.filter(closed_on=None).select_related("campaign"):
        late = today - dt.timedelta(days=batch.campaign.playbook.ledger.escalation_days)
        for item in open_items.filter(batch=batch, deadline__lte=late, escalated_on=None):
            sent += _escalate(item)
    return sent


def _mark(item: RectificationItem, field: str) -> bool:
    same = RectificationItem.objects.filter(pk=item.pk, state=State.OPEN, deadline=item.deadline, **{field: None})
    return bool(same.update(**{field: clock.today()}))


@transaction.atomic
def _tell_once(item: RectificationItem, field: str, message: str) -> int:
    if not _mark(item, field):
        return 0
    params = {"day": item.deadline.isoformat() if item.deadline else "", "problem": str(item)}
    notify.send(rectification.concerned(item), message, url=_url(item), params=params, kind=notify.REMINDER)
    return 1


@transaction.atomic
def _escalate(item: RectificationItem) -> int:
    if not _mark(item, "escalated_on"):
        return 0
    _note(item, Kind.ESCALATED, None)
    audit.record(ESCALATED, by=None, obj=item, organization=item.organization)
    params = {"organization": item.organization.name, "problem": str(item), "days": item.days_overdue}
    text = gettext_noop("%(organization)s: a rectification item is %(days)s days overdue: %(problem)s")
    notify.send(rectification.superiors(item.organization), text, url=_url(item), params=params)
    return 1
