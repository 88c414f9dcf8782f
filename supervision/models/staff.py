"""Those who run the campaign: duty roster, attendance, what they have acknowledged, gifts (S-01, S-03, S-04, S-08)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import clock
from accounts.models import User
from campaign.models import Batch, Campaign
from supervision import staffing
from units import access
from units.roles import Right


class OfStaffQuerySet(models.QuerySet[Any]):
    """Records on those who run a campaign: for themselves and for the leading group."""

    def visible_to(self, user: Any) -> Any:
        if not staffing.belongs(user):
            return self.none()
        return self.filter(campaign__in=Campaign.objects.visible_to(user))


class DutyDay(models.Model):
    """Who is on duty on a day; several may be (S-01)."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="duty_days")
    day = models.DateField(_("Day"))
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="duty_days")
    note = models.CharField(_("Remark"), max_length=120, blank=True)

    objects = OfStaffQuerySet.as_manager()

    class Meta:
        verbose_name = _("day on duty")
        ordering = ["day", "pk"]
        constraints = [models.UniqueConstraint(fields=["campaign", "day", "user"], name="on_duty_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day:%F} {self.user}"


class AttendanceSheet(models.Model):
    """The attendance of one day; `version` rises with each saving, so that nobody overwrites what he has not seen."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="attendance_sheets")
    day = models.DateField()
    version = models.PositiveIntegerField(default=0)
    saved_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    saved_at = models.DateTimeField(null=True, blank=True)

    objects = OfStaffQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance of the staff")
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["campaign", "day"], name="staff_attendance_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day:%F}"


class StaffAttendance(models.Model):
    """Where one person was on that day."""

    class State(models.TextChoices):
        PRESENT = "present", pgettext_lazy("attendance of staff", "Here")
        DUTY = "duty", _("On duty")
        OUT = "out", _("At a unit")
        LEAVE = "leave", _("On leave")
        ABSENT = "absent", _("Absent")

    sheet = models.ForeignKey(AttendanceSheet, on_delete=models.CASCADE, related_name="rows")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="staff_attendance")
    state = models.CharField(max_length=8, choices=State)
    place = models.CharField(_("Where"), max_length=60, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["sheet", "user"], name="staff_attendance_once")]


class Acknowledgement(models.Model):
    """A person has read the rules of discipline as they stood; `digest` tells which wording (S-03, S-04, S-09)."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="acknowledgements")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="acknowledgements")
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("acknowledgement of the rules")
        constraints = [models.UniqueConstraint(fields=["batch", "user", "digest"], name="acknowledged_once")]

    def __str__(self) -> str:
        return str(self.user)


class GiftQuerySet(models.QuerySet["Gift"]):
    def visible_to(self, user: Any) -> GiftQuerySet:
        """One's own, and for the office and the leading group all of the campaign."""
        if not staffing.belongs(user):
            return self.none()
        overseen = access.scope(user, Right.SET_UP, "campaign__host") | access.scope(user, Right.LEAD, "campaign__host")
        return self.filter(Q(user=user) | overseen)


class Gift(models.Model):
    """Money or a present that a unit offered to one of the staff, and what became of it (S-03)."""

    class Outcome(models.TextChoices):
        REFUSED = "refused", _("Refused on the spot")
        RETURNED = "returned", _("Returned to the giver")
        HANDED_IN = "handed_in", pgettext_lazy("gift", "Handed in")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="gifts")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="gifts")
    offered_on = models.DateField(_("Offered on"))
    giver = models.CharField(pgettext_lazy("gift", "From whom"), max_length=120)
    what = models.CharField(pgettext_lazy("gift", "What"), max_length=200)
    outcome = models.CharField(_("What became of it"), max_length=10, choices=Outcome)
    done = models.CharField(_("What was done"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(default=clock.now)

    objects = GiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("gift")
        ordering = ["-offered_on", "-pk"]

    def __str__(self) -> str:
        return self.what
