"""The register of model members' deeds (先进典型事迹, C-14)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.models.activities import Activity
from campaign.models.campaigns import Batch
from units import access
from units.models import Member, Organization
from units.roles import Right


class ModelDeedQuerySet(models.QuerySet["ModelDeed"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> ModelDeedQuerySet:
        return self.filter(access.scope(user, right))

    def within(self, organization: Organization) -> ModelDeedQuerySet:
        return self.filter(access.below(organization.path, "organization"))


class ModelDeed(models.Model):
    """What a member did that others are to learn from, and where it was told. `organization`: his when entered."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="model_deeds")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="model_deeds")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="model_deeds", verbose_name=_("Member"))
    title = models.CharField(_("Title"), max_length=120)
    deed = models.TextField(_("Deed"))
    put_up_by = models.CharField(_("Put up by"), max_length=80)
    told_on = models.DateField(_("Told on"), null=True, blank=True)
    activity = models.ForeignKey(
        Activity,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="model_deeds",
        verbose_name=_("Told at"),
    )
    version = models.PositiveIntegerField(default=1)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    objects = ModelDeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("deed of a model member")
        ordering = ["organization__path", "member__name", "member_id", "pk"]
        constraints = [models.UniqueConstraint(fields=["batch", "member", "title"], name="model_deed_entered_once")]

    def __str__(self) -> str:
        return self.title
