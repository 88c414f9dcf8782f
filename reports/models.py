"""What is told? Periodic reports of the units and the bulletins of the office."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.models import Batch, Campaign, Participation
from units import access
from units.roles import Right


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> ReportQuerySet:
        return self.filter(access.scope(user, right, "participation__organization"))

    def submitted(self) -> ReportQuerySet:
        """Sent at least once and not sent back."""
        return self.filter(state__in=[Report.State.SUBMITTED, Report.State.ACCEPTED])


class Report(models.Model):
    """A report of one participation for one week under one of the playbook's report rules (K-01, K-02).

    `contents` holds the rule's fields by key; `first_submitted_at` decides whether it was late (decision 18).
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        RETURNED = "returned", _("Returned")
        ACCEPTED = "accepted", _("Accepted")

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="reports")
    rule = models.CharField(max_length=40)
    week = models.DateField(_("Week from"))
    sequence = models.PositiveSmallIntegerField(default=1)
    due_at = models.DateTimeField(_("Due"))
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    contents = models.JSONField(default=dict, blank=True)
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    first_submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    late = models.BooleanField(default=False)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.TextField(blank=True)
    updated_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        ordering = ["-week", "participation__organization__path", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["participation", "rule", "week", "sequence"], name="one_report_a_week")
        ]
        indexes = [models.Index(fields=["rule", "week", "state"], name="report_week")]

    def __str__(self) -> str:
        return f"{self.participation} · {self.week:%F}"


class ReportException(models.Model):
    """A dated exception for one participation and week, with a reason (decision 18)."""

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="report_exceptions")
    rule = models.CharField(max_length=40)
    week = models.DateField()
    due_at = models.DateTimeField(_("New deadline; empty means excused"), null=True, blank=True)
    reason = models.CharField(_("Reason"), max_length=200)
    granted_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    granted_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participation", "rule", "week"], name="one_exception_a_week")]


class ReportReminder(models.Model):
    """That a unit was reminded: by the office (once a day), a day before the deadline, at the deadline.

    `on` is the day of the office's reminder, or the day of the deadline, so that a repeated run sends nothing twice.
    """

    class Kind(models.TextChoices):
        OFFICE = "office", _("By the office")
        DAY_BEFORE = "day_before", _("A day before the deadline")
        DEADLINE = "deadline", _("At the deadline")

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="report_reminders")
    rule = models.CharField(max_length=40)
    week = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind)
    on = models.DateField()
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["participation", "rule", "week", "kind", "on"], name="reminded_once")
        ]


class BulletinQuerySet(models.QuerySet["Bulletin"]):
    def visible_to(self, user: Any) -> BulletinQuerySet:
        """Issued ones for all who take part; drafts for those who edit bulletins at the host."""
        editors = Campaign.objects.filter(access.scope(user, Right.EDIT_BULLETIN, "host"))
        issued = models.Q(state=Bulletin.State.ISSUED, campaign__in=Campaign.objects.visible_to(user))
        return self.filter(issued | models.Q(campaign__in=editors))


class Bulletin(models.Model):
    """One issue of the office's bulletin (K-07). Numbered when issued; never changed afterwards."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ISSUED = "issued", _("Issued")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="bulletins")
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="bulletins")
    week = models.DateField(_("Week from"))
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    number = models.PositiveIntegerField(_("Issue number"), null=True, blank=True)
    issued_on = models.DateField(_("Issued on"), null=True, blank=True)
    issued_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    editor_note = models.TextField(_("Editor's note"), blank=True)
    figures = models.JSONField(default=dict, blank=True)
    report_to = models.CharField(_("To superiors"), max_length=300, blank=True)
    copy_to = models.CharField(_("To peers"), max_length=300, blank=True)
    distribute_to = models.CharField(_("To subordinates"), max_length=300, blank=True)
    copies = models.PositiveIntegerField(_("Copies printed"), null=True, blank=True)
    content = models.JSONField(default=dict, blank=True)
    docx = models.FileField(upload_to="bulletins/%Y/", blank=True)
    pdf = models.FileField(upload_to="bulletins/%Y/", blank=True)
    drafted_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    objects = BulletinQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulletin")
        ordering = ["-week", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "number"],
                condition=models.Q(number__isnull=False),
                name="bulletin_number_once",
            ),
            models.UniqueConstraint(fields=["batch", "week"], name="one_bulletin_a_week"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign.bulletin_name or self.campaign.short_name} {self.number or '-'}"


class BulletinItem(models.Model):
    """One entry of an issue: taken from a report's field or written by the office, edited, ordered, or left out."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.CASCADE, related_name="items")
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.SET_NULL, related_name="used_in")
    source_field = models.CharField(max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    chosen = models.BooleanField(default=False)
    title = models.CharField(_("Title"), max_length=120)
    text = models.TextField(_("Text"))
    source_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-chosen", "position", "pk"]
