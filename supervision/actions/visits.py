"""Visits: planned, changed, called off, and written down afterwards with what was seen (M-01, M-08)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.core.files import File
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.messages import Message
from accounts.models import User
from campaign import uploads
from campaign.models import Participation
from supervision import visiting
from supervision.actions.refusals import Refused
from supervision.models import Visit
from supervision.words import day_words
from units.models import Organization

PLANNED = audit.action("visit.planned", _("Planned a supervision visit"))
CHANGED = audit.action("visit.changed", _("Changed the plan of a supervision visit"))
CALLED_OFF = audit.action("visit.called_off", _("Called off a supervision visit"))
LOGGED = audit.action("visit.logged", _("Wrote down a supervision visit"))
CORRECTED = audit.action("visit.corrected", _("Corrected the record of a supervision visit"))

State = Visit.State


class VisitRefused(Refused):
    """The visit cannot be planned, changed or written down like this."""


@dataclass(frozen=True, kw_only=True)
class VisitPlan:
    """Whither, when, how, what for and who goes."""

    organization: Organization
    planned_on: dt.date
    purpose: str
    goers: str
    way: str = Visit.Way.SPOT


@dataclass(frozen=True, kw_only=True)
class VisitLog:
    """What became of it: what was seen, problems, suggestions, and with how many people one talked."""

    held_on: dt.date
    findings: str
    problems: str = ""
    suggestions: str = ""
    talked_to: int = 0


@transaction.atomic
def plan_visit(
    *, by: User, participation: Participation, plan: VisitPlan, sender: visiting.Sender = visiting.AT_LARGE
) -> Visit:
    """Put a visit into the plan; the secretaries there are told. Raises VisitRefused."""
    if plan.planned_on < clock.today():
        raise VisitRefused(
            Message(gettext_noop("A visit is planned from today on; one that was made is written down as made."))
        )
    visit = _create(by, participation, plan, sender)
    _tell(visit, by, gettext_noop("%(sender)s plans a visit to %(name)s on %(day)s: %(purpose)s"))
    return visit


def _create(by: User, participation: Participation, plan: VisitPlan, sender: visiting.Sender) -> Visit:
    refused = visiting.why_not_send(by, participation, plan.organization, sender)
    if refused is not None:
        raise VisitRefused(refused)
    visit = Visit.objects.create(
        participation=participation,
        group=sender.group,
        from_body=sender.from_body,
        planned_by=by,
        **{name: getattr(plan, name) for name in VisitPlan.__dataclass_fields__},
    )
    data = {"day": plan.planned_on.isoformat(), "purpose": plan.purpose, "goers": plan.goers}
    audit.record(PLANNED, by=by, obj=visit, organization=visit.organization, data=data)
    return visit


def _tell(visit: Visit, by: User, message: str, **params: object) -> None:
    known = {
        "sender": visit.from_body or (visit.group.name if visit.group else {"zh": "督导组", "en": "Supervision group"}),
        "name": visit.organization.name,
        "day": day_words(visit.day),
        "purpose": visit.purpose,
    }
    to = [user for user in visiting.hosts(visit) if user != by]
    notify.send(to, message, params={**known, **params}, url=reverse("supervision:visit", args=[visit.pk]))


def _need_keeper(by: User, visit: Visit) -> None:
    if not visiting.can_keep(by, visit):
        raise VisitRefused(Message(gettext_noop("Only the supervision group in charge can do this.")))


def _swap(visit: Visit, states: tuple[str, ...], **fields: object) -> None:
    """Write if nobody else has since the page was read. Raises VisitRefused."""
    same = Visit.objects.filter(pk=visit.pk, version=visit.version, state__in=states)
    if not same.update(version=F("version") + 1, **fields):
        raise VisitRefused(Message(gettext_noop("Somebody else has changed this visit meanwhile. Look at it again.")))
    visit.refresh_from_db()


@transaction.atomic
def change_visit(*, by: User, visit: Visit, plan: VisitPlan) -> None:
    """Another day, purpose or company; the secretaries are told of another day. Raises VisitRefused."""
    _need_keeper(by, visit)
    if plan.organization.pk != visit.organization_id:
        raise VisitRefused(Message(gettext_noop("A visit elsewhere is another visit. Call this one off and plan it.")))
    if plan.planned_on < clock.today():
        raise VisitRefused(Message(gettext_noop("The new day of a visit cannot lie in the past.")))
    before = visit.planned_on
    given = {name: getattr(plan, name) for name in ("planned_on", "purpose", "goers", "way")}
    _swap(visit, (State.PLANNED,), **given)
    data = {"from": before.isoformat(), "to": plan.planned_on.isoformat(), "purpose": plan.purpose}
    audit.record(CHANGED, by=by, obj=visit, organization=visit.organization, data=data)
    if plan.planned_on != before:
        _tell(visit, by, gettext_noop("The visit of %(sender)s to %(name)s is now planned on %(day)s."))


@transaction.atomic
def call_off(*, by: User, visit: Visit, reason: str) -> None:
    """Take a planned visit out of the plan; the secretaries are told why. Raises VisitRefused."""
    _need_keeper(by, visit)
    if not reason.strip():
        raise VisitRefused(Message(gettext_noop("Say why the visit is called off.")))
    _swap(visit, (State.PLANNED,), state=State.CALLED_OFF, reason=reason.strip())
    audit.record(CALLED_OFF, by=by, obj=visit, organization=visit.organization, data={"reason": reason.strip()})
    text = gettext_noop("The visit of %(sender)s to %(name)s on %(day)s is called off: %(reason)s")
    _tell(visit, by, text, reason=reason.strip()[:200])


@transaction.atomic
def log_visit(*, by: User, visit: Visit, log: VisitLog, files: Iterable[File] = ()) -> None:
    """Write down a visit, or correct what was written; the secretaries are told once. Raises VisitRefused."""
    _need_keeper(by, visit)
    _check_log(visit, log)
    again = visit.state == State.DONE
    _swap(visit, (State.PLANNED, State.DONE), state=State.DONE, logged_by=by, logged_at=clock.now(), **asdict(log))
    names = [file.name for file in uploads.keep(visit.files, files, by=by)]
    data = {"day": log.held_on.isoformat(), "talked_to": log.talked_to, "files": names}
    audit.record(CORRECTED if again else LOGGED, by=by, obj=visit, organization=visit.organization, data=data)
    if not again:
        _tell(visit, by, gettext_noop("%(sender)s has written down its visit to %(name)s on %(day)s."))


def _check_log(visit: Visit, log: VisitLog) -> None:
    if log.held_on > clock.today():
        raise VisitRefused(Message(gettext_noop("A visit is written down once it has been made.")))
    if log.held_on < visit.participation.batch.starts_on:
        raise VisitRefused(Message(gettext_noop("The batch had not begun on that day.")))
    if not log.findings.strip():
        raise VisitRefused(Message(gettext_noop("Write down what was seen.")))


@transaction.atomic
def record_visit(
    *,
    by: User,
    participation: Participation,
    plan: VisitPlan,
    log: VisitLog,
    sender: visiting.Sender = visiting.AT_LARGE,
    files: Iterable[File] = (),
) -> Visit:
    """A visit that was in no plan, written down at once. Raises VisitRefused."""
    visit = _create(by, participation, plan, sender)
    log_visit(by=by, visit=visit, log=log, files=files)
    return visit
