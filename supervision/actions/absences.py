"""Absences of principals: recorded by their units, seen above (S-06, S-07)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.models import AuditEntry, User
from campaign.models import Batch, Participation
from supervision import rules
from supervision.models import PrincipalAbsence
from units.models import Post
from units.roles import Right, with_right

RECORDED = audit.action("absence.recorded", _("Recorded the absence of a principal"))
WITHDRAWN = audit.action("absence.withdrawn", _("Took back the absence of a principal"))
REMINDED = audit.action("absence.reminded", _("Reminded the units of the rule on trips of principals"))


class AbsenceWithdrawn(Exception):
    """It has been taken back meanwhile."""


class RemindedToday(Exception):
    """The units have been reminded today."""


@dataclass(frozen=True)
class AbsenceData:
    """`exception` is a key of the playbook's exceptions; without one `reason` says why all the same."""

    kind: str
    person: str
    place: str
    from_date: dt.date
    to_date: dt.date
    position: str = ""
    exception: str = ""
    reason: str = ""


def _overseers(participation: Participation) -> list[User]:
    wanted = {Right.SET_UP, Right.REVIEW}
    return rules.people_above(participation.organization, lambda post: bool(wanted & post.rights))


@transaction.atomic
def record_absence(*, by: User, participation: Participation, data: AbsenceData) -> PrincipalAbsence:
    """Keep a trip or a course. One that goes against the rule is never blocked: those above are told (S-06, S-07)."""
    absence = PrincipalAbsence.objects.create(participation=participation, recorded_by=by, **vars(data))
    organization = participation.organization
    audit.record(RECORDED, by=by, obj=absence, organization=organization, data={"exception": data.exception})
    if absence.against_rule:
        notify.send(
            [user for user in _overseers(participation) if user != by],
            gettext_noop("%(unit)s: %(person)s will be away although the rule asks principals to stay."),
            confidential=True,
            url=reverse("supervision:unit_absences", args=[participation.pk]),
            params={"unit": participation.label, "person": data.person},
        )
    return absence


@transaction.atomic
def withdraw_absence(*, by: User, absence: PrincipalAbsence) -> None:
    """The principal stays after all, or it was a mistake; the record remains. Raises AbsenceWithdrawn."""
    rows = PrincipalAbsence.objects.filter(pk=absence.pk, withdrawn_at=None)
    if not rows.update(withdrawn_at=clock.now(), withdrawn_by=by):
        raise AbsenceWithdrawn
    audit.record(WITHDRAWN, by=by, obj=absence, organization=absence.participation.organization)


def reminded_today(batch: Batch) -> bool:
    since = timezone.make_aware(dt.datetime.combine(clock.today(), dt.time.min))
    told = AuditEntry.objects.filter(action=REMINDED, object_type="campaign.batch", object_id=str(batch.pk))
    return told.filter(at__gte=since).exists()


@transaction.atomic
def remind_units(*, by: User, batch: Batch) -> int:
    """Tell the secretaries of all units of the rule; how many units. Raises RemindedToday."""
    Batch.objects.select_for_update().get(pk=batch.pk)
    if reminded_today(batch):
        raise RemindedToday
    places = dict(Participation.objects.filter(batch=batch).values_list("organization", "pk"))
    posts = Post.objects.current(clock.today()).filter(role__in=with_right(Right.APPLY), user__is_active=True)
    reached: dict[int, list[User]] = {}
    for post in posts.filter(organization__in=places).select_related("user"):
        reached.setdefault(post.organization_id, []).append(post.user)
    rule = batch.campaign.playbook.staffing
    texts = [{"zh": text.zh, "en": text.en} for text in (rule.travel, rule.party_school) if text]
    for organization, people in reached.items():
        notify.send(
            people,
            gettext_noop("Please remember, and enter the trips of your principals: %(rules)s"),
            url=reverse("supervision:unit_absences", args=[places[organization]]),
            params={"rules": texts},
            kind=notify.REMINDER,
        )
    audit.record(REMINDED, by=by, obj=batch, organization=batch.campaign.host, data={"units": len(reached)})
    return len(reached)
