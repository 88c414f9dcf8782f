"""What follows an appraisal: one-to-one help, registration and handling, the oath that somebody did not take."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.fields import EncryptedTextField
from accounts.models import User
from assessments.models.appraisals import ConfidentialQuerySet
from campaign.models import Batch
from units.models import Member, Organization


class Help(models.Model):
    """One-to-one help (P-01, F-33): who helps whom, by what plan, until when, with what result."""

    class Cause(models.TextChoices):
        UNQUALIFIED = "unqualified", _("Found unqualified")
        TEST = "test", _("Low result of the member test")
        DUTIES = "duties", _("Does not perform duties, or not fully qualified")
        BACKWARD = "backward", _("Backward member")

    class State(models.TextChoices):
        OPEN = "open", _("Under way")
        IMPROVED = "improved", _("Ended: marked change")
        UNCHANGED = "unchanged", _("Ended: no marked change")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="helps")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="helps")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="helps")
    cause = models.CharField(_("Because"), max_length=12, choices=Cause)
    helper = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="helping", verbose_name=_("Helper")
    )
    helper_name = models.CharField(_("Helper from elsewhere"), max_length=60, blank=True)
    plan = EncryptedTextField(_("Plan"))
    begun_on = models.DateField(_("Begins on"))
    until = models.DateField(_("To be finished by"))
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    result = EncryptedTextField(_("Result"), blank=True, default="")
    ended_on = models.DateField(_("Ended on"), null=True, blank=True)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = ConfidentialQuerySet.as_manager()

    class Meta:
        verbose_name = _("one-to-one help")
        ordering = ["-begun_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "member"], condition=Q(state="open"), name="one_open_help"),
            models.CheckConstraint(
                condition=Q(helper__isnull=False) | ~Q(helper_name=""), name="help_names_its_helper"
            ),
            models.CheckConstraint(condition=Q(until__gte=models.F("begun_on")), name="help_ends_after_it_begins"),
        ]

    unnamed_in_history = True  # it tells something of a member

    def __str__(self) -> str:
        return str(self.member)

    @property
    def who_helps(self) -> str:
        return str(self.helper) if self.helper_id else self.helper_name


class Handling(models.Model):
    """A member's registration or handling: application, criteria, branch meeting, the superior's consent (P-02..P-08).

    A dated outcome has `until`; when it comes the branch says whether the member has mended (P-10).
    """

    class Cause(models.TextChoices):
        UNQUALIFIED = "unqualified", _("Found unqualified")
        AFTER_HELP = "after_help", _("No marked change after help")
        OATH = "oath", _("Does not take the oath")
        ASKS_TO_LEAVE = "asks_to_leave", _("Asks to leave the party")
        LEFT = "left", _("Has left by himself")
        NO_APPLICATION = "no_application", _("Hands in no application")
        NOT_MENDED = "not_mended", _("Did not mend by the date")

    class State(models.TextChoices):
        OPEN = "open", _("Being prepared")
        PROPOSED = "proposed", _("Waits for the superior's consent")
        DECIDED = "decided", _("Decided")
        DROPPED = "dropped", _("Dropped")

    class Application(models.TextChoices):
        NONE = "none", _("Not handed in yet")
        WRITTEN = "written", _("Handed in, text below")
        PAPER = "paper", _("Handed in on paper, kept by the branch")
        UNWILLING = "unwilling", _("Will not hand one in")

    class Gravity(models.TextChoices):
        LIGHT = "light", _("Light")
        CONSIDERABLE = "considerable", _("Considerable")
        GRAVE = "grave", _("Grave")

    class Outcome(models.TextChoices):
        MENDED = "mended", _("Has mended")
        NOT_MENDED = "not_mended", _("Has not mended")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="handlings")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="handlings")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="handlings")
    cause = models.CharField(_("Because"), max_length=20, choices=Cause)
    application = models.CharField(_("Written application"), max_length=10, choices=Application, default="none")
    application_text = EncryptedTextField(_("Text of the application"), blank=True, default="")
    applied_on = models.DateField(_("Handed in on"), null=True, blank=True)
    problems = EncryptedTextField(_("Main problems"), blank=True, default="")
    gravity = models.CharField(_("Gravity"), max_length=12, choices=Gravity, blank=True)
    attitude = EncryptedTextField(_("Own attitude"), blank=True, default="")
    conduct = EncryptedTextField(_("Usual conduct"), blank=True, default="")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    outcome = models.CharField(_("Outcome"), max_length=40, blank=True)
    until = models.DateField(_("To mend by"), null=True, blank=True)
    meeting_on = models.DateField(_("Branch meeting on"), null=True, blank=True)
    opened_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    opened_on = models.DateField()
    proposed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    returned_reason = EncryptedTextField(blank=True, default="")
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_on = models.DateField(null=True, blank=True)
    mended = models.CharField(_("At the date"), max_length=12, choices=Outcome, blank=True)
    mended_on = models.DateField(null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True)

    objects = ConfidentialQuerySet.as_manager()

    class Meta:
        verbose_name = _("handling")
        ordering = ["-opened_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "member"], condition=Q(state__in=["open", "proposed"]), name="one_open_handling"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["proposed", "decided"]) | (~Q(outcome="") & Q(meeting_on__isnull=False)),
                name="handling_proposed_by_a_meeting",
            ),
            models.CheckConstraint(
                condition=~Q(state="decided") | Q(decided_on__isnull=False), name="handling_decided_on_a_day"
            ),
        ]

    unnamed_in_history = True  # it tells something of a member

    def __str__(self) -> str:
        return str(self.member)

    @property
    def waits_for_its_date(self) -> bool:
        """Decided with a date by which the member has to mend, and nobody has said yet whether he did."""
        return self.state == self.State.DECIDED and self.until is not None and not self.mended

    def overdue(self, on: dt.date) -> bool:
        return self.waits_for_its_date and self.until is not None and self.until < on


class OathAbsence(models.Model):
    """Somebody who was not at the oath: refused it, or was kept away, and why (G-08, P-08)."""

    class Kind(models.TextChoices):
        REFUSED = "refused", _("Refused")
        ABSENT = "absent", _("Was kept away")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="oath_absences")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="oath_absences")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="oath_absences")
    kind = models.CharField(_("How"), max_length=10, choices=Kind)
    reason = EncryptedTextField(_("Reason"))
    on = models.DateField(_("Date"))
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    objects = ConfidentialQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence from the oath")
        constraints = [models.UniqueConstraint(fields=["batch", "member"], name="absent_from_the_oath_once")]

    unnamed_in_history = True  # it tells something of a member

    def __str__(self) -> str:
        return str(self.member)


__all__ = ["Handling", "Help", "OathAbsence"]
