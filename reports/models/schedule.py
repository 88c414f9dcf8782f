"""Summary workbooks made every week: who has which one made, for whom, and those that were made (K-12)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import clock
from accounts.models import User
from campaign.models import Batch
from units import access
from units.models import Organization
from units.roles import Right


class SummaryScheduleQuerySet(models.QuerySet["SummarySchedule"]):
    def visible_to(self, user: Any) -> SummaryScheduleQuerySet:
        """Those of organisations whose summaries one may have."""
        return self.filter(access.scope(user, Right.EXPORT))

    def running(self) -> SummaryScheduleQuerySet:
        """Of batches under way."""
        under_way = Q(batch__closed_on=None, batch__starts_on__lte=clock.today())
        return self.filter(under_way, state=SummarySchedule.State.ACTIVE)


class SummarySchedule(models.Model):
    """A summary workbook that is made every week, with the rights of `owner`, who set or changed it last.

    `done_until` is the moment up to which nothing is owed any more: a due moment after it is still to be made, and
    is taken by a compare-and-swap on this very field, so that it is made once.
    """

    class State(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("schedule", "Running")
        PAUSED = "paused", pgettext_lazy("schedule", "Paused")
        STOPPED = "stopped", pgettext_lazy("schedule", "Stopped: whoever set it lost the right")

    class Period(models.TextChoices):
        WEEK = "week", _("The week just ended")
        STAGE = "stage", _("The present stage so far")
        WHOLE = "whole", _("The whole batch so far")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="summary_schedules")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="summary_schedules")
    tables = models.JSONField(default=list, blank=True)
    period = models.CharField(_("Period"), max_length=6, choices=Period, default=Period.WEEK)
    weekday = models.PositiveSmallIntegerField(_("Weekday"))
    hour = models.PositiveSmallIntegerField(_("Hour"))
    recipients = models.ManyToManyField(User, related_name="summary_schedules", blank=True)
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(_("State"), max_length=8, choices=State, default=State.ACTIVE)
    done_until = models.DateTimeField(default=clock.now)
    created_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    objects = SummaryScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = _("weekly summary workbook")
        ordering = ["organization__path", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="summary_schedule_weekday"),
            models.CheckConstraint(condition=Q(hour__lte=23), name="summary_schedule_hour"),
        ]

    def __str__(self) -> str:
        return str(self.organization)


class SummaryEditionQuerySet(models.QuerySet["SummaryEdition"]):
    def visible_to(self, user: Any) -> SummaryEditionQuerySet:
        """For who may have that organisation's summaries; with confidential tables only for who may count papers."""
        mine = self.filter(access.scope(user, Right.EXPORT))
        return mine.filter(Q(papers=False) | access.scope(user, Right.PAPERS))


class SummaryEdition(models.Model):
    """One workbook that a schedule had made; it stays when the schedule goes."""

    schedule = models.ForeignKey(SummarySchedule, null=True, on_delete=models.SET_NULL, related_name="editions")
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField(_("Due"))
    first = models.DateField()
    last = models.DateField()
    tables = models.JSONField(default=list, blank=True)
    papers = models.BooleanField(default=False)
    job = models.OneToOneField("jobs.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    file = models.FileField(upload_to="summaries/%Y/%m/", blank=True)
    name = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)

    objects = SummaryEditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("weekly summary workbook")
        ordering = ["-due_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["schedule", "due_at"], name="summary_edition_once")]

    def __str__(self) -> str:
        return self.name or str(self.organization)
