"""What the dossier of an organisation tells of its bodies, those who answer in it, and the groups in charge of it."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.dossier import Event, Subject, chapter
from supervision.models import Assignment, Body, BodyMember, DutyHolder, ResponsibilityLetter, SupervisionGroup
from supervision.queries.coverage import steps
from units import access
from units.roles import Right

KEY = "bodies"


@chapter(KEY, gettext_lazy("Bodies and groups in charge"))
def bodies(subject: Subject) -> Iterator[Event]:
    """Groups assigned and ended, changes of leading group and office, duties, letters. Five queries."""
    yield from _assignments(subject)
    yield from _members(subject)
    yield from _holders(subject)
    yield from _letters(subject)


def _assignments(subject: Subject) -> Iterator[Event]:
    """Of the organisation, those below it, and those above through which a group covers it."""
    organization, campaign = subject.organization, subject.participation.batch.campaign_id
    mine = access.scope(subject.reader, Right.VIEW) & access.below(organization.path, "organization")
    groups = SupervisionGroup.objects.visible_to(subject.reader).filter(campaign=campaign)
    rows = Assignment.objects.filter(group__in=groups)
    rows = rows.filter(mine) | rows.filter(organization__path__in=steps(organization.path)[:-1])
    for row in rows.select_related("group", "organization"):
        words = {"group": row.group.name, "name": row.organization.name}
        url, place = reverse("supervision:group", args=[row.group_id]), row.organization.name
        began = _("%(group)s took charge of %(name)s.") % words
        yield Event(at=row.from_date, kind=KEY, title=began, url=url, organization=place)
        if row.to_date is not None:
            ended = _("%(group)s was no longer in charge of %(name)s.") % words
            yield Event(at=row.to_date, kind=KEY, title=ended, url=url, organization=place)


def _members(subject: Subject) -> Iterator[Event]:
    """Who came into a leading group or an office, and who left."""
    rows = BodyMember.objects.filter(
        access.scope(subject.reader, Right.VIEW, "body__organization"),
        access.below(subject.organization.path, "body__organization"),
        body__campaign=subject.participation.batch.campaign_id,
        body__kind__in=[Body.Kind.LEADING_GROUP, Body.Kind.OFFICE],
    )
    for row in rows.select_related("body__organization"):
        words = {"name": row.name, "body": row.body.name, "role": row.get_role_display()}
        url, place = reverse("supervision:body", args=[row.body_id]), row.body.organization.name
        came = _("%(name)s came into %(body)s: %(role)s.") % words
        yield Event(at=row.from_date, kind=KEY, title=came, url=url, organization=place)
        if row.to_date is not None:
            left = _("%(name)s left %(body)s.") % words
            yield Event(at=row.to_date, kind=KEY, title=left, url=url, organization=place)


def _holders(subject: Subject) -> Iterator[Event]:
    """Who answered for the campaign in the units (D-17)."""
    rows = DutyHolder.objects.filter(
        access.scope(subject.reader, Right.VIEW, "participation__organization"),
        access.below(subject.organization.path, "participation__organization"),
        participation__batch=subject.participation.batch_id,
    )
    for row in rows.select_related("participation__organization"):
        words = {"name": row.name, "duty": row.get_duty_display()}
        url = reverse("supervision:duty_holders", args=[row.participation_id])
        place = row.participation.organization.name
        title = _("%(name)s was named: %(duty)s.") % words
        yield Event(at=row.from_date, kind=KEY, title=title, detail=row.field, url=url, organization=place)


def _letters(subject: Subject) -> Iterator[Event]:
    rows = ResponsibilityLetter.objects.visible_to(subject.reader).filter(
        access.below(subject.organization.path, "organization"), campaign=subject.participation.batch.campaign_id
    )
    for row in rows.defer("text").select_related("organization"):
        words = {"name": row.signer, "kind": row.get_kind_display(), "with": row.signed_with}
        title = _("%(name)s signed with %(with)s: %(kind)s.") % words
        url = reverse("supervision:letter", args=[row.pk])
        yield Event(at=row.signed_on, kind=KEY, title=title, url=url, organization=row.organization.name)
