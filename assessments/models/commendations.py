"""Commendation (表彰): who is put forward for which list, and what the office decided (Q-01, Q-02)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.models import Batch
from units import access
from units.models import Member, Organization
from units.roles import Right


class CommendationQuerySet(models.QuerySet["Commendation"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> CommendationQuerySet:
        return self.filter(access.scope(user, right))


class Commendation(models.Model):
    """A member or an organisation on one of the playbook's lists. `member` empty: the organisation itself."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Put forward")
        APPROVED = "approved", _("Commended")
        DECLINED = "declined", _("Not commended")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="commendations")
    list_key = models.CharField(max_length=60)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="commendations")
    member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="commendations")
    merits = models.CharField(_("Merits"), max_length=500)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = CommendationQuerySet.as_manager()

    class Meta:
        verbose_name = _("commendation")
        ordering = ["list_key", "organization__path", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "list_key", "member"], condition=Q(member__isnull=False), name="member_on_a_list_once"
            ),
            models.UniqueConstraint(
                fields=["batch", "list_key", "organization"],
                condition=Q(member=None),
                name="organization_on_a_list_once",
            ),
        ]

    @property
    def unnamed_in_history(self) -> bool:
        """Who was put forward and not chosen is nobody's business there."""
        return self.member_id is not None

    def __str__(self) -> str:
        return self.member.name if self.member_id and self.member else self.organization.name
