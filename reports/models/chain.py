"""The way up: the office's own report to its superior, what it takes from below, and what it passes on (K-01)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.models import Batch
from reports.models.telling import Report
from units import access
from units.models import Organization
from units.roles import Right


def offices_of(user: Any, right: Right = Right.ACCEPT_REPORT) -> list[int]:
    """Organisations at which the user holds an office post: not those above or below it."""
    return [post.organization_id for post in access.posts_of(user) if right in post.rights]


class UpwardReportQuerySet(models.QuerySet["UpwardReport"]):
    def visible_to(self, user: Any) -> UpwardReportQuerySet:
        """Whoever sees all of the host or stands above it; a draft is its own office's only."""
        seen = self.filter(access.scope(user, Right.VIEW, "batch__campaign__host"))
        own = Q(batch__campaign__host__in=offices_of(user))
        return seen.filter(own | ~Q(state=UpwardReport.State.DRAFT))


class UpwardReport(models.Model):
    """The office's report of a week to its superior office, under a report rule of the playbook for offices (K-01).

    `figures` are summed from below and fixed when it is sent; `contents` hold the rule's fields by key. Where nobody
    of the superior signs in here, the office enters what the superior answered (`answer_entered`).
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        RETURNED = "returned", _("Returned")
        ACCEPTED = "accepted", _("Accepted")

    OPEN = (State.DRAFT, State.RETURNED)

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="upward_reports")
    rule = models.CharField(max_length=40)
    week = models.DateField(_("Week from"))
    due_at = models.DateTimeField(_("Due"))
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.DRAFT)
    contents = models.JSONField(default=dict, blank=True)
    figures = models.JSONField(default=dict, blank=True)
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    first_submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    late = models.BooleanField(default=False)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    answer_entered = models.BooleanField(default=False)
    return_reason = models.TextField(blank=True)
    updated_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    objects = UpwardReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report to the superior office")
        ordering = ["-week", "batch", "rule"]
        constraints = [models.UniqueConstraint(fields=["batch", "rule", "week"], name="one_upward_report_a_week")]
        indexes = [models.Index(fields=["state", "due_at"], name="upward_state")]

    def __str__(self) -> str:
        return f"{self.batch.campaign.office_short_name} · {self.week:%F}"

    @property
    def host(self) -> Organization:
        """Whose office reports."""
        return self.batch.campaign.host


class UpwardPassage(models.Model):
    """What was taken from a report below: which field of it, the words at that moment, and where they were put."""

    upward = models.ForeignKey(UpwardReport, on_delete=models.CASCADE, related_name="passages")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="passages")
    source_field = models.CharField(max_length=40)
    field = models.CharField(max_length=40)
    text = models.TextField()
    source_name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()
    told_at = models.DateTimeField(null=True, blank=True)  # when the author of the report was told

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["upward", "report", "source_field"], name="passage_once")]

    def __str__(self) -> str:
        return self.source_name


class Forwarding(models.Model):
    """That an accepted report was passed on to the superior office as it is, once: by whom, when, to whom."""

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="forwarding")
    to = models.CharField(_("To"), max_length=120)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("forwarding to the superior office")

    def __str__(self) -> str:
        return f"{self.report_id} · {self.to}"
