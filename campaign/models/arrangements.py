"""Proposals of special arrangements for members in exceptional situations, and what became of them (A-14)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.models.campaigns import Batch
from units import access
from units.models import Member, Organization
from units.roles import Right


class ArrangementProposalQuerySet(models.QuerySet["ArrangementProposal"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW_MEMBERS) -> ArrangementProposalQuerySet:
        """They name members, so it takes the right to see members there."""
        return self.filter(access.scope(user, right))


class ArrangementProposal(models.Model):
    """An organisation's opinion on how some members take part, put to the level above for its consent."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Not approved")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="arrangement_proposals")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="arrangement_proposals")
    members = models.ManyToManyField(Member, related_name="arrangement_proposals")
    reason = models.CharField(_("Reason"), max_length=200)
    arrangement = models.CharField(_("Arrangement"), max_length=300)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    remark = models.CharField(_("Opinion"), max_length=300, blank=True)

    objects = ArrangementProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal of an arrangement")
        ordering = ["-proposed_at", "-id"]

    def __str__(self) -> str:
        return self.reason
