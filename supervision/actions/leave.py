"""Asking for leave, granting it, and coming back (S-02)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.messages import Message, in_both_languages
from accounts.models import User
from accounts.templatetags.shell import day as shown_day
from campaign.models import Campaign
from supervision.actions.staff import StaffRefused
from supervision.models import Leave
from supervision.queries import leave as queries
from supervision.staffing import Team

ASKED = audit.action("leave.asked", _("Asked for leave"))
GRANTED = audit.action("leave.granted", _("Granted a leave"))
REFUSED = audit.action("leave.refused", _("Refused a leave"))
WITHDRAWN = audit.action("leave.withdrawn", _("Took back a request for leave"))
BACK = audit.action("leave.back", _("Noted the return from leave"))

State = Leave.State


class LeaveMoved(Exception):
    """The leave has been answered, taken back or ended meanwhile."""


class NotYoursToGrant(Exception):
    """The route of the playbook does not lead to this person, or the leave is his own."""


def _url(leave: Leave) -> str:
    return reverse("supervision:leave", args=[leave.pk])


def _days(leave: Leave) -> dict[str, object]:
    names = {"from": in_both_languages(lambda: shown_day(leave.from_date))}
    return {**names, "to": in_both_languages(lambda: shown_day(leave.to_date)), "name": str(leave.user)}


@transaction.atomic
def ask_leave(
    *,
    by: User,
    campaign: Campaign,
    team: Team,
    from_date: dt.date,
    to_date: dt.date,
    reason: str,
    stand_in: User | None = None,
) -> Leave:
    """Ask for leave of whom the playbook says; they are told, but not why. Raises StaffRefused for a double leave."""
    User.objects.select_for_update().get(pk=by.pk)  # two requests of one person come one after the other
    running = Leave.objects.filter(campaign=campaign, user=by, state__in=[State.ASKED, State.GRANTED])
    if running.filter(from_date__lte=to_date, to_date__gte=from_date).exists():
        text = gettext_noop("You have asked for leave on some of these days already. Take that back first.")
        raise StaffRefused(Message(text))
    leave = Leave.objects.create(
        campaign=campaign,
        user=by,
        group=team.group,
        team=team.key if team.group is None else "",
        as_head=team.head,
        to=campaign.playbook.staffing.leave_to("group_head" if team.head else "group_member"),
        from_date=from_date,
        to_date=to_date,
        reason=reason,
        stand_in=stand_in,
    )
    audit.record(ASKED, by=by, obj=leave, organization=campaign.host, data={"to": leave.to})
    asked = gettext_noop("%(name)s asks for leave from %(from)s to %(to)s.")
    notify.send(queries.deciders(leave), asked, url=_url(leave), params=_days(leave))
    return leave


@transaction.atomic
def decide_leave(*, by: User, leave: Leave, grant: bool, answer: str = "") -> None:
    """Grant or refuse it; a refusal takes a reason. Raises NotYoursToGrant, LeaveMoved, StaffRefused."""
    if not Leave.objects.decidable_by(by).filter(pk=leave.pk).exists():
        raise NotYoursToGrant
    if not grant and not answer.strip():
        raise StaffRefused(Message(gettext_noop("Say why the leave is refused.")))
    state = State.GRANTED if grant else State.REFUSED
    given = {"state": state, "answer": answer, "decided_by": by, "decided_at": clock.now()}
    if not Leave.objects.filter(pk=leave.pk, state=State.ASKED).update(**given):
        raise LeaveMoved
    audit.record(GRANTED if grant else REFUSED, by=by, obj=leave, organization=leave.campaign.host)
    text = gettext_noop("Your leave from %(from)s to %(to)s has been refused.")
    if grant:
        text = gettext_noop("Your leave from %(from)s to %(to)s has been granted.")
    notify.send([leave.user], text, url=_url(leave), params=_days(leave))
    if grant and leave.stand_in is not None and leave.stand_in != by:
        stands_in = gettext_noop("You stand in for %(name)s from %(from)s to %(to)s.")
        notify.send([leave.stand_in], stands_in, url=_url(leave), params=_days(leave))


@transaction.atomic
def withdraw_leave(*, by: User, leave: Leave) -> None:
    """The person himself takes it back while it is asked, or granted and not begun. Raises LeaveMoved."""
    own = Leave.objects.filter(pk=leave.pk, user=by)
    taken = own.filter(state=State.ASKED).update(state=State.WITHDRAWN, withdrawn_at=clock.now())
    if not taken:
        waiting = own.filter(state=State.GRANTED, from_date__gt=clock.today())
        taken = waiting.update(state=State.WITHDRAWN, withdrawn_at=clock.now())
    if not taken:
        raise LeaveMoved
    audit.record(WITHDRAWN, by=by, obj=leave, organization=leave.campaign.host)
    told = {user.pk: user for user in [*queries.deciders(leave), leave.stand_in, leave.decided_by] if user}
    text = gettext_noop("%(name)s has taken back the leave from %(from)s to %(to)s.")
    notify.send(told.values(), text, url=_url(leave), params=_days(leave))


@transaction.atomic
def report_back(*, by: User, leave: Leave, returned_on: dt.date) -> None:
    """The person is back at work from that day on; who granted it is told. Raises LeaveMoved, StaffRefused."""
    if not leave.from_date <= returned_on <= clock.today():
        text = gettext_noop("The day of return lies between the first day of the leave and today.")
        raise StaffRefused(Message(text))
    if not Leave.objects.filter(pk=leave.pk, state=State.GRANTED).update(state=State.BACK, returned_on=returned_on):
        raise LeaveMoved
    audit.record(BACK, by=by, obj=leave, organization=leave.campaign.host, data={"on": f"{returned_on:%F}"})
    told = [user for user in (leave.decided_by, leave.user) if user and user != by]
    params = {"name": str(leave.user), "day": in_both_languages(lambda: shown_day(returned_on))}
    notify.send(told, gettext_noop("%(name)s is back at work since %(day)s."), url=_url(leave), params=params)
