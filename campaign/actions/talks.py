"""Teams and talks: who is in a team, who has talked with whom, and what the other side says of it (F-16..F-18)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.models import User
from campaign.models import Batch, Talk, TeamMember, TeamTalk
from units.models import Member, Organization

TEAM_SET = audit.action("team.set", _("Changed a team"))
TALKED = audit.action("talk.recorded", _("Recorded heart-to-heart talks"))
TALK_ANSWERED = audit.action("talk.answered", _("Confirmed or disputed a talk"))
TALK_REMOVED = audit.action("talk.removed", _("Took back a talk"))
TEAM_TALKED = audit.action("team_talk.recorded", _("Recorded a collective talk"))
TEAM_TALK_REMOVED = audit.action("team_talk.removed", _("Deleted a collective talk"))


class TalkMoved(Exception):
    """The talk has been answered or taken back meanwhile."""


@transaction.atomic
def set_team_member(
    *,
    by: User,
    organization: Organization,
    member: Member,
    duty: str,
    position: str = "",
    in_charge: Iterable[Organization] = (),
) -> TeamMember:
    """Put a member into a team, or change his duty there (B-13, D-17)."""
    row, _new = TeamMember.objects.update_or_create(
        organization=organization, member=member, defaults={"duty": duty, "position": position}
    )
    row.in_charge.set(in_charge)
    audit.record(TEAM_SET, by=by, obj=row, organization=organization, data={"duty": duty})
    return row


@transaction.atomic
def leave_team(*, by: User, row: TeamMember) -> None:
    """Take a member out of a team; talks that were held stay."""
    audit.record(TEAM_SET, by=by, obj=row, organization=row.organization, data={"left": True})
    row.delete()


@transaction.atomic
def tick_talks(
    *,
    by: User,
    batch: Batch,
    organization: Organization,
    pairs: Iterable[tuple[Member, Member]],
    held_on: dt.date,
    kinds: dict[frozenset[int], str] | None = None,
    place: str = "",
    gist: str = "",
) -> int:
    """Record that these have talked; a pair that is ticked already, from whichever side, counts once.

    A disputed talk is put again. Returns how many are new. The sides that did not tick are told.
    """
    wanted = {}
    for one, other in pairs:
        low, high = sorted((one, other), key=lambda member: member.pk)
        wanted[low.pk, high.pk] = (low, high)
    known = {
        (talk.first_id, talk.second_id): talk
        for talk in Talk.objects.select_for_update().filter(
            batch=batch, first__in=[low for low, _high in wanted], second__in=[high for _low, high in wanted]
        )
    }
    fresh: list[Talk] = []
    said = {"held_on": held_on, "place": place, "gist": gist, "recorded_by": by, "recorded_at": clock.now()}
    for key, (low, high) in wanted.items():
        kind = (kinds or {}).get(frozenset(key), "")
        if key not in known:
            fresh.append(Talk(batch=batch, kind=kind, first=low, second=high, **said))
        elif known[key].state == Talk.State.DISPUTED:
            for field, value in {**said, "state": Talk.State.RECORDED, "objection": ""}.items():
                setattr(known[key], field, value)
            known[key].save()
            _tell(by, known[key])
    before = Talk.objects.filter(batch=batch).count()
    Talk.objects.bulk_create(fresh, ignore_conflicts=True)  # the other side may tick in the same moment
    new = Talk.objects.filter(batch=batch).count() - before
    for talk in fresh:
        _tell(by, talk)
    if new:
        audit.record(TALKED, by=by, organization=organization, data={"talks": new, "on": held_on.isoformat()})
    return new


def _tell(by: User, talk: Talk) -> None:
    """Each side that did not tick itself may confirm or dispute."""
    for member, other in ((talk.first, talk.second), (talk.second, talk.first)):
        if member.user_id and member.user_id != by.pk:
            notify.send(
                User.objects.filter(pk=member.user_id),
                gettext_noop("A talk with %(name)s was recorded. Confirm it, or say that it was not so."),
                url=reverse("campaign:my_talks"),
                params={"name": other.name},
                confidential=True,
            )


@transaction.atomic
def answer_talk(*, by: User, talk: Talk, confirm: bool, objection: str = "") -> None:
    """The other side confirms or disputes; a disputed talk no longer counts. Raises TalkMoved."""
    state = Talk.State.CONFIRMED if confirm else Talk.State.DISPUTED
    rows = Talk.objects.filter(pk=talk.pk, state=Talk.State.RECORDED)
    if not rows.update(state=state, objection=objection):
        raise TalkMoved
    organization = talk.first.organization
    audit.record(TALK_ANSWERED, by=by, obj=talk, organization=organization, data={"confirmed": confirm})
    if not confirm and talk.recorded_by_id and talk.recorded_by_id != by.pk:
        notify.send(
            User.objects.filter(pk=talk.recorded_by_id),
            gettext_noop("The talk of %(first)s and %(second)s is disputed: %(objection)s"),
            url=reverse("campaign:talks", args=[organization.pk]),
            params={"first": talk.first.name, "second": talk.second.name, "objection": objection},
            confidential=True,
        )


@transaction.atomic
def remove_talk(*, by: User, talk: Talk) -> None:
    """Take back what was ticked by mistake. Raises TalkMoved if it is gone already."""
    data = {"first": talk.first.name, "second": talk.second.name, "held_on": talk.held_on.isoformat()}
    audit.record(TALK_REMOVED, by=by, obj=talk, organization=talk.first.organization, data=data)
    gone, _rows = Talk.objects.filter(pk=talk.pk).delete()
    if not gone:
        raise TalkMoved


@transaction.atomic
def record_team_talk(
    *,
    by: User,
    batch: Batch,
    organization: Organization,
    held_on: dt.date,
    present: Iterable[Member] = (),
    place: str = "",
    gist: str = "",
    others_present: str = "",
) -> TeamTalk:
    """Record the collective talk of a team with the heads below it (E-27)."""
    talk = TeamTalk.objects.create(
        batch=batch,
        organization=organization,
        held_on=held_on,
        place=place,
        gist=gist,
        others_present=others_present,
        recorded_by=by,
    )
    talk.present.set(present)
    audit.record(TEAM_TALKED, by=by, obj=talk, organization=organization, data={"on": held_on.isoformat()})
    return talk


@transaction.atomic
def remove_team_talk(*, by: User, talk: TeamTalk) -> None:
    """Take back a collective talk entered by mistake."""
    data = {"held_on": talk.held_on.isoformat()}
    audit.record(TEAM_TALK_REMOVED, by=by, obj=talk, organization=talk.organization, data=data)
    talk.delete()
