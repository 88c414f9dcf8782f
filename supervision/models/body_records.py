"""What the bodies of the campaign put on record: their meetings (D-20) and responsibility letters (D-15)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.models import Campaign
from campaign.models.kept import KeptFile
from supervision.models.bodies import DutyHolder
from units import access
from units.models import Organization
from units.roles import Right


class RecordQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> RecordQuerySet:
        """Of the organisations in scope only: what a body above decided is not for those below to read here."""
        return self.filter(access.scope(user, right))


class BodyMeeting(models.Model):
    """A meeting of those who lead the campaign at an organisation, on one day (D-20)."""

    class Kind(models.TextChoices):
        LEADING_GROUP = "leading_group", _("Meeting of the leading group")
        STANDING_COMMITTEE = "standing_committee", _("Meeting of the standing committee")
        STUDY_GROUP = "study_group", _("Meeting of the study group")
        GROUP_HEADS = "group_heads", _("Meeting of the heads of supervision groups")
        OFFICE = "office", _("Meeting of the campaign office")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="body_meetings")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="body_meetings")
    kind = models.CharField(_("Kind of meeting"), max_length=20, choices=Kind)
    held_on = models.DateField(_("Date of the meeting"))
    topic = models.CharField(_("Topic"), max_length=120)
    chair = models.CharField(_("In the chair"), max_length=60, blank=True)
    present = models.PositiveIntegerField(_("People present"))
    names = models.CharField(_("Who was present"), max_length=500, blank=True)
    decision = models.TextField(_("What was decided"), blank=True)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting of a body")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(present__gte=1), name="somebody_met"),
            models.UniqueConstraint(fields=["organization", "kind", "held_on", "topic"], name="body_met_once"),
        ]

    def __str__(self) -> str:
        return self.topic


class MeetingFile(KeptFile):
    """A photograph or a document of a meeting."""

    meeting = models.ForeignKey(BodyMeeting, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to="meetings/%Y/%m/")
    size = None


class ResponsibilityLetter(models.Model):
    """Who has put his name to what, before whom, and on which day: a letter, or a commitment made in public (D-15)."""

    class Kind(models.TextChoices):
        LETTER = "letter", _("Responsibility letter")
        COMMITMENT = "commitment", _("Public commitment")

    class Level(models.TextChoices):
        UNIT = "unit", _("Unit")
        BRANCH = "branch", _("Branch")
        LEADER = "leader", _("Leader")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="responsibility_letters")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="responsibility_letters")
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind, default=Kind.LETTER)
    level = models.CharField(_("Signed for"), max_length=6, choices=Level)
    holder = models.ForeignKey(DutyHolder, null=True, blank=True, on_delete=models.SET_NULL, related_name="letters")
    signer = models.CharField(_("Signed by"), max_length=60)
    signed_with = models.CharField(_("Signed with"), max_length=120)
    signed_on = models.DateField(_("Signed on"))
    text = models.TextField(_("Text of the letter"), blank=True)
    file = models.FileField(upload_to="letters/%Y/%m/", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("responsibility letter")
        ordering = ["-signed_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "kind", "level", "organization", "signer", "signed_on"], name="signed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.signer}"
