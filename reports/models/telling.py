"""What is told? Periodic reports of the units and of the supervision groups, and the bulletins of the office."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.models import Batch, Campaign, Participation
from reports.distribution import WAYS, copies, printed
from reports.documents import words
from reports.reporter import Reporter, group_reporter
from supervision import membership
from supervision.models import SupervisionGroup
from units import access
from units.roles import Right


def one_reporter(name: str) -> models.CheckConstraint:
    """A row belongs to a unit or to a supervision group, never to both or to none."""
    unit, group = models.Q(participation__isnull=False), models.Q(group__isnull=False)
    return models.CheckConstraint(condition=(unit & ~group) | (group & ~unit), name=name)


class ByReporterQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> ByReporterQuerySet:
        """Those of units in scope; those of one's own supervision groups, and for the office of all that it sent."""
        groups = models.Q(group__in=membership.own_groups(user))
        groups |= membership.watched(user, "group__campaign__host", right)
        return self.filter(access.scope(user, right, "participation__organization") | groups)


class ReportQuerySet(ByReporterQuerySet):
    def submitted(self) -> ReportQuerySet:
        """Sent at least once and not sent back."""
        return self.filter(state__in=[Report.State.SUBMITTED, Report.State.ACCEPTED])


class Report(models.Model):
    """A report for one week under one of the playbook's report rules, of a unit (K-01, K-02) or a group (K-04).

    `contents` holds the rule's fields by key; `first_submitted_at` decides whether it was late (decision 18).
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        RETURNED = "returned", _("Returned")
        ACCEPTED = "accepted", _("Accepted")

    participation = models.ForeignKey(
        Participation, null=True, blank=True, on_delete=models.CASCADE, related_name="reports"
    )
    group = models.ForeignKey(SupervisionGroup, null=True, blank=True, on_delete=models.CASCADE, related_name="reports")
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
            models.UniqueConstraint(fields=["participation", "rule", "week", "sequence"], name="one_report_a_week"),
            models.UniqueConstraint(fields=["group", "rule", "week", "sequence"], name="one_group_report_a_week"),
            one_reporter("report_of_unit_or_group"),
        ]
        indexes = [models.Index(fields=["rule", "week", "state"], name="report_week")]

    def __str__(self) -> str:
        return f"{self.participation or self.group} · {self.week:%F}"

    @cached_property
    def reporter(self) -> Reporter:
        """Whose report it is."""
        return _reporter(self)


class ReportException(models.Model):
    """A dated exception for one unit or group and week, with a reason (decision 18)."""

    participation = models.ForeignKey(
        Participation, null=True, blank=True, on_delete=models.CASCADE, related_name="report_exceptions"
    )
    group = models.ForeignKey(
        SupervisionGroup, null=True, blank=True, on_delete=models.CASCADE, related_name="report_exceptions"
    )
    rule = models.CharField(max_length=40)
    week = models.DateField()
    due_at = models.DateTimeField(_("New deadline; empty means excused"), null=True, blank=True)
    reason = models.CharField(_("Reason"), max_length=200)
    granted_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    granted_at = models.DateTimeField(default=clock.now)

    objects = ByReporterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participation", "rule", "week"], name="one_exception_a_week"),
            models.UniqueConstraint(fields=["group", "rule", "week"], name="one_group_exception_a_week"),
            one_reporter("exception_of_unit_or_group"),
        ]

    @cached_property
    def reporter(self) -> Reporter:
        """Whom it is granted to."""
        return _reporter(self)


class ReportReminder(models.Model):
    """That a unit or a group was reminded: by the office (once a day), a day before the deadline, at the deadline.

    `on` is the day of the office's reminder, or the day of the deadline, so that a repeated run sends nothing twice.
    """

    class Kind(models.TextChoices):
        OFFICE = "office", _("By the office")
        DAY_BEFORE = "day_before", _("A day before the deadline")
        DEADLINE = "deadline", _("At the deadline")
        SUPERIOR = "superior", _("Told to the superior organisation")

    participation = models.ForeignKey(
        Participation, null=True, blank=True, on_delete=models.CASCADE, related_name="report_reminders"
    )
    group = models.ForeignKey(
        SupervisionGroup, null=True, blank=True, on_delete=models.CASCADE, related_name="report_reminders"
    )
    rule = models.CharField(max_length=40)
    week = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind)
    on = models.DateField()
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["participation", "rule", "week", "kind", "on"], name="reminded_once"),
            models.UniqueConstraint(fields=["group", "rule", "week", "kind", "on"], name="group_reminded_once"),
            one_reporter("reminder_of_unit_or_group"),
        ]


def _reporter(row: Report | ReportException) -> Reporter:
    if row.participation is not None:
        return row.participation
    if row.group is None:
        raise LookupError(row.pk)
    return group_reporter(row.group, row.week)


def issue_name(kind: str, number: int) -> str:
    """Issue 3, supplement 2, special issue 4, in the reader's language."""
    words = {
        "supplement": gettext("Supplement %(number)s"),
        "special": gettext("Special issue %(number)s"),
    }
    return words.get(kind, gettext("Issue %(number)s")) % {"number": number}


class BulletinQuerySet(models.QuerySet["Bulletin"]):
    def visible_to(self, user: Any) -> BulletinQuerySet:
        """Issued ones for all who take part; drafts for those who edit bulletins at the host."""
        editors = Campaign.objects.filter(access.scope(user, Right.EDIT_BULLETIN, "host"))
        issued = models.Q(state=Bulletin.State.ISSUED, campaign__in=Campaign.objects.visible_to(user))
        return self.filter(issued | models.Q(campaign__in=editors))


class Bulletin(models.Model):
    """One issue of the office's bulletin (K-07). Numbered when issued; never changed afterwards.

    `number` counts within `year`, supplements in a series of their own; `total` counts all issues of the campaign
    but supplements. An error is put right by a further issue that `corrects` the one it stands in.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ISSUED = "issued", _("Issued")

    class Kind(models.TextChoices):
        REGULAR = "regular", _("Regular issue")
        SUPPLEMENT = "supplement", _("Supplement")
        SPECIAL = "special", _("Special issue")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="bulletins")
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="bulletins")
    week = models.DateField(_("Week from"))
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind, default=Kind.REGULAR)
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by")
    number = models.PositiveIntegerField(_("Issue number"), null=True, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    total = models.PositiveIntegerField(_("Total issue"), null=True, blank=True)
    issued_on = models.DateField(_("Issued on"), null=True, blank=True)
    issued_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    editor_note = models.TextField(_("Editor's note"), blank=True)
    figures = models.JSONField(default=dict, blank=True)
    report_to = models.TextField(_("To superiors"), blank=True)
    copy_to = models.TextField(_("To peers"), blank=True)
    distribute_to = models.TextField(_("To subordinates"), blank=True)
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
                fields=["campaign", "year", "number"],
                condition=models.Q(number__isnull=False) & ~models.Q(kind="supplement"),
                name="bulletin_number_once",
            ),
            models.UniqueConstraint(
                fields=["campaign", "year", "number"],
                condition=models.Q(number__isnull=False, kind="supplement"),
                name="supplement_number_once",
            ),
            models.UniqueConstraint(
                fields=["campaign", "total"], condition=models.Q(total__isnull=False), name="bulletin_total_once"
            ),
            models.UniqueConstraint(
                fields=["batch", "week"],
                condition=models.Q(kind="regular", corrects__isnull=True),
                name="one_bulletin_a_week",
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                condition=models.Q(corrects__isnull=False, state="draft"),
                name="one_correction_in_hand",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign.bulletin_name or self.campaign.short_name} {self.number or '-'}"

    @property
    def issue_name(self) -> str:
        """How it is called where it is spoken of."""
        return gettext("Draft") if self.number is None else issue_name(self.kind, self.number)


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


class DistributionListQuerySet(models.QuerySet["DistributionList"]):
    def visible_to(self, user: Any) -> DistributionListQuerySet:
        """Those of the campaigns whose bulletin one edits."""
        return self.filter(campaign__in=Campaign.objects.filter(access.scope(user, Right.EDIT_BULLETIN, "host")))


class DistributionList(models.Model):
    """A preset of a campaign for whom an issue goes to: 报, 送, 发, an addressee and its copies to a line (K-07)."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="distribution_lists")
    name = models.CharField(_("Name"), max_length=60)
    report_to = models.TextField(_("To superiors"), blank=True)
    copy_to = models.TextField(_("To peers"), blank=True)
    distribute_to = models.TextField(_("To subordinates"), blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = DistributionListQuerySet.as_manager()

    class Meta:
        verbose_name = _("distribution list")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["campaign", "name"], name="distribution_list_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def copies(self) -> int | None:
        """The sum over all addressees; None where no number stands behind any of them."""
        return copies(self.report_to, self.copy_to, self.distribute_to)

    @property
    def lines(self) -> list[tuple[str, str]]:
        """报, 送 and 发 as the foot of the last page names them."""
        return list(words.distribution(*(printed(getattr(self, way)) for way in WAYS)))
