"""Duty, attendance, discipline and gifts of those who run the campaign (S-01, S-03, S-04, S-08, S-09)."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.messages import Message, in_both_languages
from accounts.models import User
from accounts.templatetags.shell import day as shown_day
from campaign import holidays, workdays
from campaign.models import Batch, Campaign
from supervision import rota
from supervision.actions.refusals import Refused
from supervision.models import Acknowledgement, AttendanceSheet, DutyDay, Gift, StaffAttendance
from supervision.queries import staff as queries
from units import access
from units.roles import Right

PLANNED = audit.action("duty.planned", _("Planned the duty roster"))
HANDED_OVER = audit.action("duty.handed_over", _("Gave a day on duty to another person"))
EXCHANGED = audit.action("duty.exchanged", _("Exchanged days on duty"))
TAKEN = audit.action("staff_attendance.saved", _("Took the attendance of the staff"))
ACKNOWLEDGED = audit.action("discipline.acknowledged", _("Acknowledged the rules of discipline"))
GIFT_RECORDED = audit.action("gift.recorded", _("Recorded a gift"))

NAMED = 6  # how many days a message names


class StaffRefused(Refused):
    """It cannot be done like this; says why."""


class DutyMoved(Exception):
    """Somebody else has changed this day of the roster meanwhile."""


class AttendanceChanged(Exception):
    """Somebody else has saved the attendance of this day meanwhile."""


def _both(day: dt.date) -> dict[str, str]:
    return in_both_languages(lambda: shown_day(day))


# ---------------------------------------------------------------- duty
@dataclass(frozen=True)
class Planned:
    """How many days were given out, and on which nobody could be found."""

    days: int
    gaps: list[dt.date]


KINDS = {"all": (True, False), "workdays": (True,), "days_off": (False,)}


@transaction.atomic
def plan_duty(
    *, by: User, campaign: Campaign, month: dt.date, people: Sequence[User], kind: str = "all", per_day: int = 1
) -> Planned:
    """Share out the days of a month that are still to come; what was planned for them before is replaced (S-01).

    `kind`: a key of KINDS. People on leave are passed over. Raises StaffRefused when the month is over.
    """
    first, last = max(month, clock.today()), queries.last_of(month)
    if first > last:
        raise StaffRefused(Message(gettext_noop("This month is over. What was planned stays as it was.")))
    is_workday = functools.partial(workdays.is_workday, entered=holidays.entered(first, last))
    days = [day for day in rota.days_between(first, last) if is_workday(day) in KINDS[kind]]
    Campaign.objects.select_for_update().get(pk=campaign.pk)  # two plans of one month come one after the other
    DutyDay.objects.filter(campaign=campaign, day__in=days).delete()
    known = {person.pk: person for person in people}
    plan = rota.share_out(
        list(known),
        days,
        per_day=per_day,
        is_workday=is_workday,
        away=queries.away_days(campaign, first, last),
        last_on=queries.last_on_duty(campaign, first),
    )
    DutyDay.objects.bulk_create(
        DutyDay(campaign=campaign, day=day, user=known[pk]) for day, chosen in plan.items() for pk in chosen
    )
    for pk, person in known.items():
        mine = [day for day, chosen in plan.items() if pk in chosen]
        if mine and person != by:
            _tell_planned(person, mine, month)
    gaps = [day for day, chosen in plan.items() if len(chosen) < per_day]
    audit.record(PLANNED, by=by, obj=campaign, organization=campaign.host, data={"month": f"{month:%Y-%m}"})
    return Planned(len(plan), gaps)


def _tell_planned(person: User, days: Sequence[dt.date], month: dt.date) -> None:
    params = {"days": [_both(day) for day in days[:NAMED]], "count": len(days)}
    text = gettext_noop("You are on duty on %(days)s.")
    if len(days) > NAMED:
        text = gettext_noop("You are on duty on %(count)s days, the first of them %(days)s.")
    notify.send([person], text, url=f"{reverse('supervision:duty')}?month={month:%Y-%m}", params=params)


def _movable(duty: DutyDay, to: User) -> None:
    if duty.day < clock.today():
        raise StaffRefused(Message(gettext_noop("This day is over. The roster keeps who was on duty.")))
    if duty.day in queries.away_days(duty.campaign, duty.day, duty.day).get(to.pk, ()):
        params = {"name": str(to), "day": _both(duty.day)}
        raise StaffRefused(Message(gettext_noop("%(name)s is on leave on %(day)s. Choose somebody else."), params))


def _give(duty: DutyDay, to: User) -> None:
    try:
        with transaction.atomic():
            changed = DutyDay.objects.filter(pk=duty.pk, user_id=duty.user_id).update(user=to)
    except IntegrityError as error:
        params = {"name": str(to), "day": _both(duty.day)}
        raise StaffRefused(Message(gettext_noop("%(name)s is on duty on %(day)s already."), params)) from error
    if not changed:
        raise DutyMoved


@transaction.atomic
def hand_over(*, by: User, duty: DutyDay, to: User) -> None:
    """Give a day on duty to another person; both are told. Raises StaffRefused, DutyMoved."""
    _movable(duty, to)
    before = duty.user
    _give(duty, to)
    audit.record(
        HANDED_OVER,
        by=by,
        obj=duty,
        organization=duty.campaign.host,
        data={"from": str(before), "to": str(to), "day": f"{duty.day:%F}"},
    )
    notify.send(
        [person for person in (before, to) if person != by],
        gettext_noop("%(to)s is on duty on %(day)s instead of %(name)s."),
        url=f"{reverse('supervision:duty')}?month={duty.day:%Y-%m}",
        params={"to": str(to), "name": str(before), "day": _both(duty.day)},
    )


@transaction.atomic
def exchange(*, by: User, duty: DutyDay, other: DutyDay) -> None:
    """Let two people exchange their days; both are told. Raises StaffRefused, DutyMoved."""
    one, two = duty.user, other.user
    # Locked in one order, so that two exchanges of the same days wait for each other and never lock each other out.
    list(DutyDay.objects.select_for_update().filter(pk__in=[duty.pk, other.pk]).order_by("pk").values_list("pk"))
    _movable(duty, two)
    _movable(other, one)
    _give(duty, two)
    _give(other, one)
    days = {"day": f"{duty.day:%F}", "other": f"{other.day:%F}", "from": str(one), "to": str(two)}
    audit.record(EXCHANGED, by=by, obj=duty, organization=duty.campaign.host, data=days)
    notify.send(
        [person for person in (one, two) if person != by],
        gettext_noop("%(one)s and %(two)s have exchanged their days on duty: %(two)s %(day)s, %(one)s %(other)s."),
        url=f"{reverse('supervision:duty')}?month={duty.day:%Y-%m}",
        params={"one": str(one), "two": str(two), "day": _both(duty.day), "other": _both(other.day)},
    )


# ---------------------------------------------------------------- attendance
@transaction.atomic
def save_attendance(
    *, by: User, campaign: Campaign, day: dt.date, version: int, rows: Mapping[int, tuple[str, str]]
) -> None:
    """Keep where each was on a day: (state, place) by user (S-01, S-08). Raises StaffRefused, AttendanceChanged."""
    if day > clock.today():
        raise StaffRefused(Message(gettext_noop("This day is still to come. Take its attendance on the day itself.")))
    sheet, _new = AttendanceSheet.objects.get_or_create(campaign=campaign, day=day)
    swapped = AttendanceSheet.objects.filter(pk=sheet.pk, version=version).update(
        version=F("version") + 1, saved_by=by, saved_at=clock.now()
    )
    if not swapped:
        raise AttendanceChanged
    sheet.rows.filter(user__in=rows).delete()
    StaffAttendance.objects.bulk_create(
        StaffAttendance(sheet=sheet, user_id=pk, state=state, place=place)
        for pk, (state, place) in rows.items()
        if state
    )
    audit.record(TAKEN, by=by, obj=sheet, organization=campaign.host, data={"version": version + 1})


# ---------------------------------------------------------------- discipline
@transaction.atomic
def acknowledge(*, by: User, batch: Batch) -> None:
    """One of the staff has read the rules as they stand (S-04, S-09). Raises StaffRefused where there are none."""
    digest = queries.digest_of(batch.campaign.playbook)
    if not digest:
        raise StaffRefused(Message(gettext_noop("The playbook of this campaign sets no rules of discipline.")))
    row, new = Acknowledgement.objects.get_or_create(batch=batch, user=by, digest=digest)
    if new:
        audit.record(ACKNOWLEDGED, by=by, obj=row, organization=batch.campaign.host, data={"digest": digest[:12]})


@dataclass(frozen=True)
class GiftData:
    """What was offered by whom, and what became of it."""

    offered_on: dt.date
    giver: str
    what: str
    outcome: str
    done: str = ""


@transaction.atomic
def record_gift(*, by: User, campaign: Campaign, data: GiftData) -> Gift:
    """One of the staff was offered money or a present; the office is told (S-03)."""
    gift = Gift.objects.create(campaign=campaign, user=by, **vars(data))
    audit.record(GIFT_RECORDED, by=by, obj=gift, organization=campaign.host, data={"outcome": str(data.outcome)})
    notify.send(
        access.holders(Right.SET_UP, campaign.host).exclude(pk=by.pk),
        gettext_noop("%(name)s has recorded a gift that was offered by %(giver)s."),
        url=reverse("supervision:gifts"),
        params={"name": str(by), "giver": data.giver},
    )
    return gift
