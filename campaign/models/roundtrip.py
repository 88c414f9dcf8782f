"""A list that was edited in Excel and sent back: what it would change, until that is applied or given up."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import clock
from accounts.models import User

KEPT_HOURS = 4  # how long one may look before one applies


class SentWorkbookQuerySet(models.QuerySet["SentWorkbook"]):
    def visible_to(self, user: Any) -> SentWorkbookQuerySet:
        """One's own: what another means to change is his until he does."""
        return self.filter(sent_by=user) if user.is_authenticated else self.none()

    def waiting(self) -> SentWorkbookQuerySet:
        """Neither applied nor given up, and not too old."""
        oldest = clock.now() - dt.timedelta(hours=KEPT_HOURS)
        return self.filter(state=SentWorkbook.State.WAITING, sent_at__gte=oldest)


class SentWorkbook(models.Model):
    """`lines` are the rows that would change, emptied once they have; the file itself is never kept.

    `ledger` and `place` name the list (campaign.roundtrip.description).
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for confirmation")
        APPLIED = "applied", pgettext_lazy("workbook", "Applied")

    ledger = models.CharField(max_length=30)
    place = models.PositiveBigIntegerField()
    sent_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    sent_at = models.DateTimeField(default=clock.now)
    file_name = models.CharField(max_length=200)
    sheet = models.CharField(max_length=60)
    lines = models.JSONField(default=list)
    ignored = models.JSONField(default=list)
    same = models.PositiveIntegerField(default=0)
    changes = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = SentWorkbookQuerySet.as_manager()

    class Meta:
        verbose_name = _("list edited in Excel")
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["sent_by", "state"], name="sent_workbook_waiting")]

    def __str__(self) -> str:
        return self.file_name
