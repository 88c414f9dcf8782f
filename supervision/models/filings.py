"""The stage summary on file with the office, beside the approval of the transition (J-08, J-10)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from supervision.models.transitions import Transition
from units import access
from units.roles import Right


class FilingQuerySet(models.QuerySet["Filing"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> FilingQuerySet:
        return self.filter(access.scope(user, right, "transition__participation__organization"))

    def waiting(self) -> FilingQuerySet:
        """Sent in, and not acknowledged by the office yet."""
        return self.filter(state=Filing.State.SENT)


class Filing(models.Model):
    """A stage summary with the survey result, sent to the office for its register; the office acknowledges it."""

    class State(models.TextChoices):
        SENT = "sent", _("Sent in, to be acknowledged")
        RECEIVED = "received", _("On file")

    transition = models.OneToOneField(Transition, on_delete=models.CASCADE, related_name="filing")
    state = models.CharField(max_length=8, choices=State, default=State.SENT)
    parts = models.JSONField(default=dict)  # heading of the playbook's summary -> text
    survey = models.JSONField(default=list, blank=True)  # findings on surveys, as they were in the application
    sent_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField(default=clock.now)
    received_on = models.DateField(_("Received on"), null=True, blank=True)
    received_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    remark = models.CharField(_("Remark"), max_length=200, blank=True)

    objects = FilingQuerySet.as_manager()

    class Meta:
        verbose_name = _("stage summary on file")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", received_on=None) | Q(state="received", received_on__isnull=False),
                name="filing_received_has_its_day",
            )
        ]

    def __str__(self) -> str:
        return str(self.transition)
