"""Sign-in sheets (签到表): who is expected at a meeting or an activity, with room to sign and lines for guests.

The document is an official one, so it is Chinese in every language of the pages.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from accounts import clock
from accounts.messages import Message
from campaign.forms.activities import people_of
from campaign.models import Activity, Participation
from reports.documents.content import SignInContent, SignInGroup
from reports.documents.words import long_date
from supervision.models import Body, BodyMember, DutyHolder
from units.models import Member, Organization

MEMBERS, LEADERS, BODY = "members", "leaders", "body-"
MOST = 600  # names on one sheet: beyond that people cannot find their line
GUESTS = 6
TITLE = "签到表"


class SheetTooLong(Exception):
    """More people than a sheet can hold; says what to do."""

    def __init__(self, count: int) -> None:
        text = gettext_noop(
            "%(count)s members are too many for one sheet: it holds %(most)s. Make a sheet for each branch."
        )
        super().__init__(str(Message(text, {"count": count, "most": MOST})))


@dataclass(frozen=True)
class Occasion:
    """What the sheet is for. What is not known yet is left blank, to be written in."""

    topic: str
    held_on: dt.date | None = None
    starts_at: dt.time | None = None
    place: str = ""
    led_by: str = ""

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        at = f"{self.starts_at:%H:%M}" if self.starts_at else ""
        day = f"{long_date(self.held_on)}{at}" if self.held_on else ""
        return (("内容", self.topic), ("时间", day), ("地点", self.place), ("主持", self.led_by))


def bodies_of(organization: Organization) -> list[Body]:
    """The bodies of the campaign that stand at the organisation."""
    return list(Body.objects.standing().filter(organization=organization).order_by("pk"))


def sign_in_sheet(
    organization: Organization,
    participation: Participation | None,
    occasion: Occasion,
    *,
    who: Collection[str],
    guests: int,
) -> SignInContent:
    """The sheet of those chosen: bodies first, then the leading team, then members by branch. Raises SheetTooLong."""
    groups = [*_bodies(organization, who)]
    if LEADERS in who and participation is not None:
        groups.append(_leaders(participation))
    if MEMBERS in who:
        groups += _members(organization)
    if guests:
        groups.append(SignInGroup("列席人员、群众代表", (), guests))
    return _sheet(organization, occasion, groups)


def activity_sheet(activity: Activity) -> SignInContent:
    """The sheet of an activity on record: its members, those invited by name, lines for others. Raises SheetTooLong."""
    occasion = Occasion(activity.title, activity.held_on, activity.starts_at, activity.place, activity.led_by)
    invited = tuple(one.name for one in activity.invitees.all())
    groups = [*_members(activity.organization), SignInGroup("列席人员、群众代表", invited, GUESTS)]
    return _sheet(activity.organization, occasion, groups)


def _sheet(organization: Organization, occasion: Occasion, groups: list[SignInGroup]) -> SignInContent:
    day = occasion.held_on or clock.today()
    return SignInContent(TITLE, occasion.facts, tuple(groups), organization.name, day)


def _bodies(organization: Organization, who: Collection[str]) -> Iterator[SignInGroup]:
    wanted = [body for body in bodies_of(organization) if f"{BODY}{body.pk}" in who]
    people = BodyMember.objects.current().filter(body__in=wanted).order_by("pk")
    rank = {BodyMember.Role.HEAD: 0, BodyMember.Role.DEPUTY: 1}
    for body in wanted:
        inside = sorted((one for one in people if one.body_id == body.pk), key=lambda one: rank.get(one.role, 2))
        yield SignInGroup(body.name, tuple(one.name for one in inside), 0 if inside else GUESTS)


def _leaders(participation: Participation) -> SignInGroup:
    rows = DutyHolder.objects.current().filter(participation=participation).order_by("pk")
    names = tuple(dict.fromkeys(rows.values_list("name", flat=True)))
    return SignInGroup("领导班子成员", names, 0 if names else GUESTS)


def _members(organization: Organization) -> Iterator[SignInGroup]:
    """By branch; those with whom contact is lost are not expected."""
    count = Member.objects.on_roll().within(organization).filter(lost_contact=False).count()
    if count > MOST:
        raise SheetTooLong(count)
    for group in people_of(organization):
        names = tuple(member.name for member in group.members if not member.lost_contact)
        yield SignInGroup(f"{group.organization.name}（{len(names)}人）", names)
