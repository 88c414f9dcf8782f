"""Look-backs (回头看): what an organisation found when it looked at its own work, question by question (F-40, H-02)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.models import Batch
from units import access
from units.models import Organization
from units.roles import Right


class LookBackRecordQuerySet(models.QuerySet["LookBackRecord"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> LookBackRecordQuerySet:
        return self.filter(access.scope(user, right))


class LookBackRecord(models.Model):
    """One look-back of an organisation. It is rolling: answers are mended while it is open (F-40)."""

    class State(models.TextChoices):
        OPEN = "open", _("Being looked at")
        COMPLETED = "completed", _("Completed")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="lookbacks")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="lookbacks")
    key = models.CharField(max_length=60)  # of the playbook's look-back
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    saved_at = models.DateTimeField(default=clock.now)
    completed_on = models.DateField(null=True, blank=True)

    objects = LookBackRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("look-back")
        constraints = [
            models.UniqueConstraint(fields=["batch", "organization", "key"], name="one_lookback_an_organization"),
            models.CheckConstraint(
                condition=Q(state="open", completed_on=None) | Q(state="completed", completed_on__isnull=False),
                name="lookback_completed_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.key}"


class LookBackAnswer(models.Model):
    """What was found on one question, and what is done about it where it is not up to standard."""

    class Verdict(models.TextChoices):
        GOOD = "good", _("Up to standard")
        PARTLY = "partly", _("Partly")
        NOT = "not", _("Not up to standard")

    record = models.ForeignKey(LookBackRecord, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=60)
    verdict = models.CharField(max_length=6, choices=Verdict)
    finding = models.CharField(_("What was found"), max_length=500, blank=True)
    remedy = models.CharField(_("What is done about it"), max_length=500, blank=True)
    due_on = models.DateField(_("By when"), null=True, blank=True)
    mended_on = models.DateField(_("Mended on"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["record", "question"], name="answered_once")]

    @property
    def open(self) -> bool:
        """Found short, and not mended yet."""
        return self.verdict != self.Verdict.GOOD and self.mended_on is None
