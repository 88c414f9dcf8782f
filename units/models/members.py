"""Members of the party and their moves."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.fields import EncryptedTextField
from accounts.models import User
from units import access
from units.models.organizations import Organization, WorkUnit
from units.roles import Right


class MemberQuerySet(models.QuerySet["Member"]):
    def on_roll(self) -> MemberQuerySet:
        """Members who have not left."""
        return self.filter(left_on=None)

    def within(self, organization: Organization) -> MemberQuerySet:
        return self.filter(access.below(organization.path, "organization"))

    def visible_to(self, user: Any, right: Right = Right.VIEW_MEMBERS) -> MemberQuerySet:
        """Members in the scope of the user's posts, and always oneself."""
        own = Q(user=user) if right in {Right.VIEW, Right.VIEW_MEMBERS} and user.is_authenticated else access.NOTHING
        return self.filter(access.scope(user, right) | own)


class Member(models.Model):
    """A party member with the roster's columns and the campaign's categories (C-01..C-10).

    `id_number` and `phone` are sealed at rest; `id_digest` finds a member by number without opening anything.
    """

    class Sex(models.TextChoices):
        MALE = "male", _("Male")
        FEMALE = "female", _("Female")

    class Category(models.TextChoices):
        FULL = "full", _("Full member")
        PROBATIONARY = "probationary", _("Probationary member")

    class MembershipState(models.TextChoices):
        NORMAL = "normal", _("Normal")
        SUSPENDED = "suspended", _("Suspended")

    class PostLevel(models.TextChoices):
        LEADER = "leader", _("Section-level post and above")
        STAFF = "staff", _("General cadre")
        WORKER = "worker", _("Worker")

    class Schooling(models.TextChoices):
        COLLEGE = "college", _("College and above")
        SECONDARY = "secondary", _("Upper secondary")
        JUNIOR = "junior", _("Lower secondary and below")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="members")
    work_unit = models.ForeignKey(WorkUnit, null=True, blank=True, on_delete=models.PROTECT, related_name="members")
    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="member")
    name = models.CharField(_("Name"), max_length=60)
    pinyin = models.CharField(max_length=200, blank=True, db_index=True, editable=False)
    initials = models.CharField(max_length=30, blank=True, db_index=True, editable=False)
    id_number = EncryptedTextField(_("ID number"))
    id_digest = models.CharField(max_length=64, unique=True, editable=False)
    sex = models.CharField(_("Sex"), max_length=6, choices=Sex)
    ethnicity = models.CharField(_("Ethnic group"), max_length=20, blank=True)
    birth_date = models.DateField(_("Date of birth"))
    education = models.CharField(_("Education"), max_length=30, blank=True)
    schooling = models.CharField(_("Schooling"), max_length=10, choices=Schooling, blank=True)
    category = models.CharField(_("Category"), max_length=12, choices=Category, default=Category.FULL)
    joined_on = models.DateField(_("Joined the party on"), null=True, blank=True)
    full_on = models.DateField(_("Full member since"), null=True, blank=True)
    position = models.CharField(_("Occupation"), max_length=60, blank=True)
    phone = EncryptedTextField(_("Mobile telephone"), blank=True, default="")
    landline = EncryptedTextField(_("Landline"), blank=True, default="")
    address = EncryptedTextField(_("Home address"), blank=True, default="")
    membership_state = models.CharField(
        _("Membership"), max_length=10, choices=MembershipState, default=MembershipState.NORMAL
    )
    lost_contact = models.BooleanField(_("Out of contact"), default=False)
    lost_since = models.DateField(_("Out of contact since"), null=True, blank=True)
    floating = models.BooleanField(_("Floating member"), default=False)
    floating_to = models.CharField(_("Floating to"), max_length=120, blank=True)
    post_level = models.CharField(_("Post level"), max_length=10, choices=PostLevel, blank=True)
    retired = models.BooleanField(_("Retired"), default=False)
    awaiting_retirement = models.BooleanField(_("Awaiting retirement"), default=False)
    can_write = models.BooleanField(_("Able to write"), default=True)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    left_on = models.DateField(_("Left on"), null=True, blank=True)
    left_reason = models.CharField(_("Reason for leaving"), max_length=200, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        ordering = ["organization__path", "pk"]
        indexes = [models.Index(fields=["organization", "left_on"], name="member_roll")]
        constraints = [
            models.CheckConstraint(
                condition=Q(full_on=None) | Q(joined_on=None) | Q(full_on__gte=F("joined_on")),
                name="member_full_after_joining",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def id_masked(self) -> str:
        """First four and last four characters: enough to tell two members apart."""
        return f"{self.id_number[:4]}**********{self.id_number[-4:]}" if self.id_number else ""

    @property
    def phone_masked(self) -> str:
        return f"{self.phone[:3]}****{self.phone[-4:]}" if len(self.phone) >= 7 else ""

    def age_on(self, day: dt.date) -> int:
        """Completed years of age on a day."""
        return day.year - self.birth_date.year - ((day.month, day.day) < (self.birth_date.month, self.birth_date.day))


class MemberMove(models.Model):
    """A dated joining, transfer or leaving. Records stay with the organisation that made them (decision 17)."""

    class Kind(models.TextChoices):
        JOINED = "joined", _("Entered the roster")
        TRANSFERRED = "transferred", _("Transferred")
        LEFT = "left", _("Left the roster")
        RETURNED = "returned", _("Returned to the roster")

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="moves")
    kind = models.CharField(max_length=12, choices=Kind)
    from_organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    to_organization = models.ForeignKey(Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    moved_on = models.DateField(_("Date of the move"))
    reason = models.CharField(_("Reason"), max_length=200, blank=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-moved_on", "-id"]
