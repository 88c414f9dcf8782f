"""Who runs the campaign: leading groups, offices and their groups, with their people (D-01..D-08, D-11, D-17)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.models import Campaign, Participation
from supervision.models.groups import CurrentQuerySet
from supervision.models.secondment import Secondment
from units import access
from units.models import Organization
from units.roles import Right


def reach_up(user: Any, field: str = "organization") -> Q:
    """What belongs to the organisations in scope, and to those above them: whom to turn to is no secret.

    `field` leads to the organisation; '' for the organisation itself.
    """
    step = Organization.steplen
    roots = access.roots(user, Right.VIEW)
    above = {path[:end] for path in roots for end in range(step, len(path), step)}
    path = f"{field}__path__in" if field else "path__in"
    return access.scope(user, Right.VIEW, field) | Q(**{path: sorted(above)})


class BodyQuerySet(models.QuerySet["Body"]):
    def visible_to(self, user: Any) -> BodyQuerySet:
        return self.filter(reach_up(user))

    def standing(self) -> BodyQuerySet:
        """Not dissolved."""
        return self.filter(dissolved_on=None)


class Body(models.Model):
    """A body of the campaign at an organisation: leading group, office, one of its groups, lecture corps."""

    class Kind(models.TextChoices):
        LEADING_GROUP = "leading_group", _("Leading group")
        OFFICE = "office", _("Campaign office")
        GENERAL = "general", _("General group")
        PUBLICITY = "publicity", _("Publicity group")
        SUPERVISION = "supervision", _("Supervision group")
        LECTURE = "lecture", _("Lecture group")
        LECTURE_CORPS = "lecture_corps", _("Lecture corps")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="bodies")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="bodies")
    kind = models.CharField(_("Kind"), max_length=16, choices=Kind)
    name = models.CharField(_("Name"), max_length=80)
    phone = models.CharField(_("Telephone"), max_length=40, blank=True)
    place = models.CharField(_("Where it works"), max_length=120, blank=True)
    mode = models.CharField(_("How it works"), max_length=200, blank=True)
    set_up_on = models.DateField(_("Set up on"), default=clock.today)
    dissolved_on = models.DateField(_("Dissolved on"), null=True, blank=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("body of the campaign")
        ordering = ["organization__path", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organization", "kind"], condition=Q(dissolved_on=None), name="body_once"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="body_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class BodyMember(Secondment):
    """A person in a body, with an account or only by name, from when to when."""

    class Role(models.TextChoices):
        HEAD = "head", _("Head")
        DEPUTY = "deputy", _("Deputy head")
        MEMBER = "member", _("Member of the body")

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="body_memberships")
    name = models.CharField(_("Name"), max_length=60)
    role = models.CharField(_("Role in the body"), max_length=8, choices=Role, default=Role.MEMBER)
    from_date = models.DateField(default=clock.today)
    to_date = models.DateField(null=True, blank=True)

    objects = CurrentQuerySet.as_manager()

    class Meta(Secondment.Meta):
        ordering = ["pk"]
        constraints = [
            *Secondment.Meta.constraints,
            models.CheckConstraint(condition=~Q(name=""), name="body_member_has_a_name"),
            models.UniqueConstraint(
                fields=["body", "user"], condition=Q(to_date=None, user__isnull=False), name="in_a_body_once"
            ),
            models.UniqueConstraint(fields=["body"], condition=Q(to_date=None, role="head"), name="one_head_of_a_body"),
        ]

    def __str__(self) -> str:
        return self.name


class DutyHolder(models.Model):
    """Who answers for the campaign in a unit: the principal, the deputy in charge, the rest of the team (D-17)."""

    class Duty(models.TextChoices):
        PRINCIPAL = "principal", _("Principal")
        DEPUTY = "deputy", _("Deputy in charge")
        TEAM = "team", _("Member of the leading team")

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="duty_holders")
    duty = models.CharField(_("Duty for the campaign"), max_length=10, choices=Duty)
    name = models.CharField(_("Name"), max_length=60)
    post = models.CharField(_("Post"), max_length=60, blank=True)
    field = models.CharField(_("Answers for"), max_length=200, blank=True)
    from_date = models.DateField(default=clock.today)
    to_date = models.DateField(null=True, blank=True)

    objects = CurrentQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty holder")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "duty"],
                condition=Q(to_date=None, duty__in=["principal", "deputy"]),
                name="one_principal_and_one_deputy",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="duty_holder_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
