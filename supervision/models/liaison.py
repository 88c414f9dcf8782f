"""Liaison points: a leader at an organisation in a batch, his visits, what the point does besides (R-01..R-08)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.fields import EncryptedTextField
from accounts.models import User
from campaign.models import Activity, Batch, Campaign
from campaign.models.kept import DatedFile
from units import access
from units.models import Organization
from units.roles import Right


class LiaisonLeaderQuerySet(models.QuerySet["LiaisonLeader"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> LiaisonLeaderQuerySet:
        return self.filter(access.scope(user, right, "campaign__host"))

    def in_office(self) -> LiaisonLeaderQuerySet:
        return self.filter(left_on=None)


class LiaisonLeader(models.Model):
    """A leader who gets liaison points; with an account, if he has one."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="liaison_leaders")
    name = models.CharField(_("Name"), max_length=60)
    post = models.CharField(_("Post"), max_length=80)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="liaison_leaders")
    left_on = models.DateField(_("Left office on"), null=True, blank=True)

    objects = LiaisonLeaderQuerySet.as_manager()

    class Meta:
        verbose_name = _("liaison leader")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "name", "post"], condition=Q(left_on=None), name="liaison_leader_once"
            ),
            models.UniqueConstraint(
                fields=["campaign", "user"],
                condition=Q(left_on=None, user__isnull=False),
                name="liaison_leader_one_account",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LiaisonPointQuerySet(models.QuerySet["LiaisonPoint"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> LiaisonPointQuerySet:
        """Those of organisations in scope and, always, one's own; members and households only from the host."""
        named = Right.VIEW_MEMBERS if right == Right.VIEW else right
        people = Q(organization=None) & access.scope(user, named, "batch__campaign__host")
        own = Q(leader__user=user) if right == Right.VIEW and user.is_authenticated else access.NOTHING
        return self.filter(access.scope(user, right) | people | own)

    def current(self) -> LiaisonPointQuerySet:
        """Not ended."""
        return self.filter(to_date=None)

    def points(self) -> LiaisonPointQuerySet:
        """Those that the plan asks for, one a leader and batch; not what he contacts besides."""
        return self.filter(kind=LiaisonPoint.Kind.POINT)


class LiaisonPoint(models.Model):
    """What a leader is in charge of in a batch. Besides his one point he may contact others (R-03)."""

    class Kind(models.TextChoices):
        POINT = "point", _("Liaison point")
        ALSO = "also", _("Contacted besides")

    class What(models.TextChoices):
        ORGANIZATION = "organization", _("Organisation")
        MEMBER = "member", _("Member")
        HOUSEHOLD = "household", _("Household")

    leader = models.ForeignKey(LiaisonLeader, on_delete=models.PROTECT, related_name="points")
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="liaison_points")
    kind = models.CharField(_("Kind"), max_length=5, choices=Kind, default=Kind.POINT)
    what = models.CharField(_("What he contacts"), max_length=12, choices=What, default=What.ORGANIZATION)
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="liaison_points"
    )
    named = EncryptedTextField(_("Name of the member or householder"), blank=True, default="")
    from_date = models.DateField(_("Point since"), default=clock.today)
    to_date = models.DateField(_("Last day"), null=True, blank=True)
    end_reason = models.CharField(_("Reason"), max_length=200, blank=True)
    model_since = models.DateField(_("Model since"), null=True, blank=True)
    model_reason = models.CharField(_("Why it is a model"), max_length=300, blank=True)
    set_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    set_at = models.DateTimeField(default=clock.now)

    objects = LiaisonPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("liaison point")
        ordering = ["-from_date", "-pk"]
        constraints = [
            # Decision 14: one point a leader and batch.
            models.UniqueConstraint(
                fields=["leader", "batch"], condition=Q(kind="point", to_date=None), name="liaison_point_one_a_batch"
            ),
            models.UniqueConstraint(
                fields=["leader", "batch", "organization"], condition=Q(to_date=None), name="liaison_point_once"
            ),
            models.CheckConstraint(
                condition=Q(what="organization", organization__isnull=False)
                | (~Q(what="organization") & Q(organization=None, kind="also")),
                name="liaison_point_is_an_organization",
            ),
            models.CheckConstraint(
                condition=Q(to_date=None) | Q(to_date__gte=F("from_date")), name="liaison_point_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=Q(model_since=None) | ~Q(model_reason=""), name="liaison_model_says_why"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def unnamed_in_history(self) -> bool:
        """A member or household is not named there."""
        return self.organization_id is None

    @property
    def listed(self) -> str:
        """As lists show it: a member or household by what it is, never by name."""
        return self.organization.name if self.organization else str(self.get_what_display())

    @property
    def label(self) -> str:
        """The organisation's name, or whose member or household it is."""
        return self.organization.name if self.organization else self.named


class LiaisonVisit(models.Model):
    """A leader at his point, on a day: what he did there and what he found (R-02, E-18)."""

    class What(models.TextChoices):
        LECTURE = "lecture", _("Lecture")
        RESEARCH = "research", _("Research on the spot")
        HOMES = "homes", _("Visit to homes")
        TALK = "talk", _("Talk with leaders or members")
        MEETING = "meeting", _("Took part in a meeting")

    point = models.ForeignKey(LiaisonPoint, on_delete=models.CASCADE, related_name="visits")
    held_on = models.DateField(_("Date"))
    what = models.CharField(_("What for"), max_length=10, choices=What)
    topic = models.CharField(_("Topic"), max_length=120)
    text = models.TextField(_("What was done"), blank=True)
    findings = models.TextField(_("What was seen"), blank=True)
    activity = models.ForeignKey(Activity, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("visit to a liaison point")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["point", "activity"], condition=Q(activity__isnull=False), name="liaison_visit_linked_once"
            )
        ]

    def __str__(self) -> str:
        return self.topic


class LiaisonFile(DatedFile):
    """A photograph or document of a visit."""

    visit = models.ForeignKey(LiaisonVisit, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to="liaison/%Y/%m/")
    size = models.PositiveIntegerField()


class LiaisonContact(models.Model):
    """One of the point's own duties done on a day: a report, a talk, a contact (R-06); `duty` is the playbook's key."""

    point = models.ForeignKey(LiaisonPoint, on_delete=models.CASCADE, related_name="contacts")
    duty = models.CharField(_("Which duty"), max_length=60)
    held_on = models.DateField(_("Date"))
    text = models.CharField(_("What it was about"), max_length=500)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("contact of a liaison point")
        ordering = ["-held_on", "-pk"]
        indexes = [models.Index(fields=["point", "duty", "-held_on"], name="liaison_contact_last")]
