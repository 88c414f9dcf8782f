"""Bodies of the campaign and their people (D-01..D-08, D-11, D-17, D-18). Each change is dated and in the history.

Being in a body gives no right: rights come from posts alone, which are given on their own page.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.messages import Message
from accounts.models import User
from campaign.models import Campaign, Participation
from supervision.actions.refusals import Refused
from supervision.models import Body, BodyMember, DutyHolder
from units.models import Organization

SET_UP = audit.action("body.set_up", _("Set up a body of the campaign"))
CHANGED = audit.action("body.changed", _("Changed a body of the campaign"))
DISSOLVED = audit.action("body.dissolved", _("Dissolved a body of the campaign"))
JOINED = audit.action("body.joined", _("Named somebody to a body of the campaign"))
MEMBER_CHANGED = audit.action("body.member_changed", _("Changed what is known of a member of a body"))
LEFT = audit.action("body.left", _("Took somebody out of a body of the campaign"))
HOLDER_NAMED = audit.action("duty.named", _("Named who answers for the campaign in a unit"))
HOLDER_ENDED = audit.action("duty.ended", _("Ended a duty for the campaign in a unit"))


class BodyRefused(Refused):
    """The body cannot be changed like this."""


@dataclass(frozen=True)
class BodyFacts:
    """What is said of a body."""

    name: str
    phone: str = ""
    place: str = ""
    mode: str = ""


@dataclass(frozen=True)
class Seconded:
    """From where a person comes and since when in place; None as `in_place_on`: still awaited (D-18)."""

    title: str = ""
    seconded_from: str = ""
    expected_on: dt.date | None = None
    in_place_on: dt.date | None = None
    note: str = ""


@transaction.atomic
def set_up_body(
    *,
    by: User,
    campaign: Campaign,
    organization: Organization,
    kind: str,
    facts: BodyFacts,
    on: dt.date | None = None,
) -> Body:
    """Set up a body at an organisation of the campaign. Raises BodyRefused when it has one of this kind."""
    if not organization.path.startswith(campaign.host.path):
        names = {"name": organization.name, "campaign": campaign.short_name}
        raise BodyRefused(Message(gettext_noop("%(name)s does not belong to %(campaign)s."), names))
    day = on or clock.today()
    try:
        with transaction.atomic():
            body = Body.objects.create(
                campaign=campaign, organization=organization, kind=kind, set_up_on=day, **asdict(facts)
            )
    except IntegrityError:
        names = {"organization": organization.name, "kind": str(Body.Kind(kind).label)}
        raise BodyRefused(Message(gettext_noop("%(organization)s has a body of this kind already: %(kind)s."), names))
    audit.record(SET_UP, by=by, obj=body, organization=organization, data={"kind": str(kind)})
    return body


@transaction.atomic
def change_body(*, by: User, body: Body, facts: BodyFacts) -> None:
    """Change name, telephone, place or way of working. Raises BodyRefused when it has been dissolved."""
    new = asdict(facts)
    changed = {key: [getattr(body, key), value] for key, value in new.items() if getattr(body, key) != value}
    if not Body.objects.filter(pk=body.pk, dissolved_on=None).update(**new):
        raise _gone()
    if changed:
        audit.record(CHANGED, by=by, obj=body, organization=body.organization, data=changed)


@transaction.atomic
def dissolve_body(*, by: User, body: Body) -> None:
    """End a body and the membership of all in it; its record stays. Raises BodyRefused."""
    today = clock.today()
    if not Body.objects.filter(pk=body.pk, dissolved_on=None).update(dissolved_on=today):
        raise _gone()
    ended = BodyMember.objects.filter(body=body, to_date=None).update(to_date=today)
    audit.record(DISSOLVED, by=by, obj=body, organization=body.organization, data={"members": ended})


def _gone() -> BodyRefused:
    return BodyRefused(Message(gettext_noop("This body has been dissolved.")))


@transaction.atomic
def name_to_body(
    *,
    by: User,
    body: Body,
    name: str,
    user: User | None = None,
    role: str = BodyMember.Role.MEMBER,
    seconded: Seconded | None = None,
) -> BodyMember:
    """Take a person into a body: with an account, or only by name. Raises BodyRefused."""
    if not Body.objects.select_for_update().filter(pk=body.pk, dissolved_on=None).exists():
        raise _gone()
    facts = seconded or Seconded(in_place_on=clock.today())
    member = BodyMember(body=body, user=user, name=name, role=role, from_date=clock.today(), **asdict(facts))
    _keep(member)
    audit.record(JOINED, by=by, obj=body, organization=body.organization, data={"name": name, "role": str(role)})
    notify.send(
        [user] if user is not None and user.pk != by.pk else [],
        gettext_noop("You have been named to %(body)s."),
        url=reverse("supervision:body", args=[body.pk]),
        params={"body": body.name},
    )
    return member


@transaction.atomic
def change_member(*, by: User, member: BodyMember, role: str, seconded: Seconded) -> None:
    """Change role, unit, day of taking up the work or note. Raises BodyRefused when the person has left."""
    if not BodyMember.objects.select_for_update().filter(pk=member.pk, to_date=None).exists():
        raise _left()
    new = {"role": str(role), **asdict(seconded)}
    changed = {key: [str(getattr(member, key)), str(value)] for key, value in new.items()}
    changed = {key: pair for key, pair in changed.items() if pair[0] != pair[1]}
    for key, value in new.items():
        setattr(member, key, value)
    _keep(member)
    if changed:
        body = member.body
        audit.record(
            MEMBER_CHANGED, by=by, obj=body, organization=body.organization, data={"name": member.name, **changed}
        )


def _keep(member: BodyMember) -> None:
    """Save; the database says whether the body has a head already, or the person is in it."""
    try:
        with transaction.atomic():
            member.save()
    except IntegrityError as fault:
        others = BodyMember.objects.current().filter(body=member.body).exclude(pk=member.pk)
        head = others.filter(role=BodyMember.Role.HEAD).first() if member.role == BodyMember.Role.HEAD else None
        if head is not None:
            text = gettext_noop("%(name)s heads this body. Take out or change %(name)s first.")
            raise BodyRefused(Message(text, {"name": head.name})) from fault
        if member.user_id is not None and others.filter(user=member.user_id).exists():
            text = gettext_noop("%(name)s is in this body already.")
            raise BodyRefused(Message(text, {"name": member.name})) from fault
        raise


@transaction.atomic
def take_out(*, by: User, member: BodyMember) -> None:
    """End somebody's membership today. Raises BodyRefused."""
    if not BodyMember.objects.filter(pk=member.pk, to_date=None).update(to_date=clock.today()):
        raise _left()
    audit.record(LEFT, by=by, obj=member.body, organization=member.body.organization, data={"name": member.name})
    notify.send(
        [member.user] if member.user is not None and member.user_id != by.pk else [],
        gettext_noop("You are no longer in %(body)s."),
        url=reverse("supervision:body", args=[member.body_id]),
        params={"body": member.body.name},
    )


def _left() -> BodyRefused:
    return BodyRefused(Message(gettext_noop("This person has left the body already.")))


# ---------------------------------------------------------------- who answers in a unit
@transaction.atomic
def name_holder(
    *, by: User, participation: Participation, duty: str, name: str, post: str = "", field: str = ""
) -> DutyHolder:
    """Name who answers for the campaign in a unit; a new principal or deputy takes the place of the old (D-17)."""
    replaced = ""
    if duty != DutyHolder.Duty.TEAM:
        Participation.objects.select_for_update().get(pk=participation.pk)
        present = DutyHolder.objects.current().filter(participation=participation, duty=duty)
        replaced = ", ".join(present.values_list("name", flat=True))
        present.update(to_date=clock.today())
    holder = DutyHolder.objects.create(participation=participation, duty=duty, name=name, post=post, field=field)
    data = {"name": name, "duty": str(duty), "replaced": replaced}
    audit.record(HOLDER_NAMED, by=by, obj=holder, organization=participation.organization, data=data)
    return holder


@transaction.atomic
def end_holder(*, by: User, holder: DutyHolder) -> None:
    """End a duty today. Raises BodyRefused."""
    if not DutyHolder.objects.filter(pk=holder.pk, to_date=None).update(to_date=clock.today()):
        raise BodyRefused(Message(gettext_noop("This duty has ended already.")))
    audit.record(HOLDER_ENDED, by=by, obj=holder, organization=holder.participation.organization)
