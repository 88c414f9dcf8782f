"""Who was held to account in the concentrated rectification action (O-11): confidential, as handling is."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.fields import EncryptedTextField
from accounts.models import User
from campaign.models import Batch
from units import access
from units.models import Member, Organization
from units.roles import Right


class AccountabilityQuerySet(models.QuerySet["Accountability"]):
    def visible_to(self, user: Any, right: Right = Right.PAPERS) -> AccountabilityQuerySet:
        """Of organisations whose papers one may count; who reads the names, assessments.confidential says."""
        return self.filter(access.scope(user, right))


class Accountability(models.Model):
    """One cadre held to account: for what, with what result, when. Not on the roll: by name."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="accountabilities")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="accountabilities")
    member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="accountabilities")
    name = models.CharField(_("Name"), max_length=60, blank=True)
    duty = models.CharField(_("Duty"), max_length=80, blank=True)
    cause = EncryptedTextField(_("Held to account for"))
    result = EncryptedTextField(_("Result"))
    decided_on = models.DateField(_("Decided on"))
    version = models.PositiveIntegerField(default=1)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    objects = AccountabilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("accountability of a cadre")
        ordering = ["-decided_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(member__isnull=False) | ~Q(name=""), name="accountability_names_somebody"
            )
        ]

    unnamed_in_history = True  # it tells something of a member

    def __str__(self) -> str:
        return self.member.name if self.member_id and self.member else self.name
