"""Supervision and guidance groups: who is in them and whom they cover (D-09, D-10)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.models import Campaign
from supervision.models.secondment import Secondment
from units.models import Organization

ASSIGNED = "assignment:"  # what the source of a post begins with that a supervision assignment gave


class SupervisionGroupQuerySet(models.QuerySet["SupervisionGroup"]):
    def visible_to(self, user: Any) -> SupervisionGroupQuerySet:
        """Groups of the campaigns one takes part in: who supervises whom is no secret."""
        return self.filter(campaign__in=Campaign.objects.visible_to(user))


class CurrentQuerySet(models.QuerySet[Any]):
    def current(self) -> CurrentQuerySet:
        """Not ended."""
        return self.filter(to_date=None)


class SupervisionGroup(models.Model):
    """A supervision group sent by the host, or a guidance group one level down (D-09, D-10).

    `owner`: the organisation below the host that sends it to its own subordinates (M-11); None: the host's. `parent`:
    the group whose sub-group it is (D-03).
    """

    class Kind(models.TextChoices):
        SUPERVISION = "supervision", _("Supervision group")
        GUIDANCE = "guidance", _("Guidance group")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(_("Name"), max_length=60)
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind, default=Kind.SUPERVISION)
    owner = models.ForeignKey(
        Organization,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="groups_sent",
        verbose_name=_("Sent by"),
    )
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="subgroups",
        verbose_name=_("Sub-group of"),
    )
    phone = models.CharField(_("Telephone"), max_length=40, blank=True)

    objects = SupervisionGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("supervision group")
        ordering = ["campaign", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "name"], condition=Q(owner=None), name="group_name_once"),
            models.UniqueConstraint(
                fields=["campaign", "owner", "name"], condition=Q(owner__isnull=False), name="sent_group_name_once"
            ),
            models.CheckConstraint(condition=~Q(parent=F("pk")), name="group_is_not_its_own_part"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def sender(self) -> Organization:
        """The organisation that sends the group."""
        return self.owner if self.owner is not None else self.campaign.host

    def may_cover(self, organization: Organization) -> bool:
        """The host's groups cover all of its tree; a guidance group only what stands below those who send it."""
        path = self.sender.path
        return organization.path.startswith(path) and (self.owner_id is None or organization.path != path)


class GroupMember(Secondment):
    """A person in a group, from when to when."""

    group = models.ForeignKey(SupervisionGroup, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="supervision_memberships")
    head = models.BooleanField(_("Head"), default=False)
    from_date = models.DateField(default=clock.today)
    to_date = models.DateField(null=True, blank=True)

    objects = CurrentQuerySet.as_manager()

    class Meta(Secondment.Meta):
        ordering = ["-head", "pk"]
        constraints = [
            *Secondment.Meta.constraints,
            models.UniqueConstraint(fields=["group", "user"], condition=Q(to_date=None), name="group_member_once"),
        ]


class Assignment(models.Model):
    """A group in charge of an organisation and all below it; its members get posts there while it lasts."""

    group = models.ForeignKey(SupervisionGroup, on_delete=models.CASCADE, related_name="assignments")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="assignments")
    from_date = models.DateField(default=clock.today)
    to_date = models.DateField(null=True, blank=True)

    objects = CurrentQuerySet.as_manager()

    @property
    def source(self) -> str:
        """What marks the posts that this assignment gives."""
        return f"{ASSIGNED}{self.pk}"

    class Meta:
        ordering = ["organization__path"]
        constraints = [
            models.UniqueConstraint(fields=["group", "organization"], condition=Q(to_date=None), name="assigned_once")
        ]
