"""Days by which a required action is to be done, set by the office for a batch (E-27, E-28).

Sources word such days by the calendar of their year (“before the Spring Festival”); a playbook keeps the words, and
only who knows the year can say which day it is.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaign.models.campaigns import Batch


class ActionDate(models.Model):
    """`action` is a key of the playbook; due means by the end of the day (decision 18)."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="action_dates")
    action = models.CharField(max_length=60)
    due_on = models.DateField(_("To be done by"))

    class Meta:
        verbose_name = _("day of a required action")
        ordering = ["due_on", "action"]
        constraints = [models.UniqueConstraint(fields=["batch", "action"], name="one_day_an_action")]

    def __str__(self) -> str:
        return f"{self.action} {self.due_on}"
