"""What a branch did: activities and study sessions in one record, who was there, and marks per member.

One form serves the secretary for both: a lecture gives study hours, a coverage and counts as a required action.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.models.campaigns import Batch
from campaign.models.kept import DatedFile
from units import access
from units.models import Member, Organization
from units.roles import Right


class ActivityQuerySet(models.QuerySet["Activity"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> ActivityQuerySet:
        return self.filter(access.scope(user, right))

    def within(self, organization: Organization) -> ActivityQuerySet:
        return self.filter(access.below(organization.path, "organization"))

    def sessions(self) -> ActivityQuerySet:
        """Those that give study hours."""
        return self.filter(hours__gt=0)


class Activity(models.Model):
    """One activity of an organisation on one day. With `hours` it is a study session too (E-02..E-04)."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="activities")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="activities")
    stage = models.CharField(max_length=40)
    action = models.CharField(_("Required action"), max_length=60, blank=True)
    title = models.CharField(_("Topic"), max_length=120)
    held_on = models.DateField(_("Date"))
    starts_at = models.TimeField(_("Begins at"), null=True, blank=True)
    place = models.CharField(_("Place"), max_length=80, blank=True)
    led_by = models.CharField(_("Led by"), max_length=80, blank=True)
    hours = models.DecimalField(
        _("Study hours"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.5"))],
    )
    concentrated = models.BooleanField(_("Concentrated training"), default=False)
    others_present = models.PositiveIntegerField(_("Others present"), default=0)
    points = models.JSONField(default=list, blank=True)
    text = models.TextField(_("What was done"), blank=True)
    after_closing = models.BooleanField(default=False)  # of the consolidation, once the unit has closed (H-13)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)
    copied_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="copies")

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        ordering = ["-held_on", "-id"]
        indexes = [
            models.Index(fields=["batch", "organization", "action"], name="activity_action"),
            models.Index(fields=["organization", "-held_on"], name="activity_recent"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(hours=None) | Q(hours__gt=0, hours__lte=24), name="activity_hours_in_a_day"
            ),
            models.UniqueConstraint(
                fields=["copied_from", "organization"],
                condition=Q(copied_from__isnull=False),
                name="activity_copied_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ActivityFile(DatedFile):
    """A photograph or document kept with an activity."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to="activities/%Y/%m/")
    size = models.PositiveIntegerField()

    class Meta:
        """In the order of the table, as its pages have always shown them."""


class Attendance(models.Model):
    """A member at an activity; make-up attendance counts and is marked (decision 7)."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="attendances")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="attendances")
    made_up = models.BooleanField(_("Made up later"), default=False)
    made_up_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "member"], name="attended_once")]


class Invitee(models.Model):
    """Somebody from outside who was invited to an activity by name, whom he stands for, and whether he came (F-22)."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="invitees")
    name = models.CharField(_("Name"), max_length=60)
    stands_for = models.CharField(_("Representative of"), max_length=80)
    came = models.BooleanField(_("Came"), default=True)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("invited guest")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["activity", "name"], name="invited_once")]

    def __str__(self) -> str:
        return self.name


class MemberMarkQuerySet(models.QuerySet["MemberMark"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW_MEMBERS) -> MemberMarkQuerySet:
        return self.filter(member__in=Member.objects.visible_to(user, right))


class MemberMark(models.Model):
    """A required action that a member has done himself: own talk, reading, essay, test (C-13).

    `times` where an action asks for several (E-33); title, text and file where it asks for a document (E-36).
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="marks")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="marks")
    action = models.CharField(max_length=60)
    done_on = models.DateField(_("Done on"))
    score = models.DecimalField(_("Score"), max_digits=5, decimal_places=1, null=True, blank=True)
    note = models.CharField(_("Note"), max_length=200, blank=True)
    times = models.PositiveSmallIntegerField(_("Times"), default=1)
    title = models.CharField(_("Title"), max_length=120, blank=True)
    text = models.TextField(_("Text"), blank=True)
    file = models.FileField(_("File"), upload_to="documents/%Y/%m/", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    objects = MemberMarkQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "member", "action"], name="marked_once")]
