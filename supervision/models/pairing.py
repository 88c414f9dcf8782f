"""Pairing: organisations with organisations, members with households; visits and help (R-04, R-05, E-29)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.fields import EncryptedTextField
from accounts.models import User
from campaign.models import Campaign
from units import access
from units.models import Member, Organization
from units.roles import Right


class PairingQuerySet(models.QuerySet["Pairing"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> PairingQuerySet:
        """Pairs of organisations in scope; those of members name people, and ask for that right too."""
        named = Right.VIEW_MEMBERS if right == Right.VIEW else right
        return self.filter(Q(member=None) & access.scope(user, right) | access.scope(user, named))

    def current(self) -> PairingQuerySet:
        """Not ended."""
        return self.filter(to_date=None)

    def within(self, organization: Organization) -> PairingQuerySet:
        return self.filter(access.below(organization.path, "organization"))


class Pairing(models.Model):
    """An organisation with another, or a member with a household or person; `kind` is the playbook's key.

    The householder's name and place are sealed at rest; `digest` finds the same pair again without opening them.
    """

    class Household(models.TextChoices):
        FARMER = "farmer", _("Poor farmer's household")
        WORKER = "worker", _("Poor worker's household")
        RESIDENT = "resident", _("Poor resident's household")
        POOR_MEMBER = "poor_member", _("Poor member's household")
        SPECIALISED = "specialised", _("Specialised household")
        MEMBER = "member", _("Member's household")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="pairings")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="pairings")
    kind = models.CharField(_("Kind"), max_length=60)
    member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="pairings")
    partner = models.ForeignKey(Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    partner_name = models.CharField(_("Organisation paired with"), max_length=120, blank=True)
    household = models.CharField(_("Kind of household"), max_length=12, choices=Household, blank=True)
    householder = EncryptedTextField(_("Householder"), blank=True, default="")
    place = EncryptedTextField(_("Village or community"), blank=True, default="")
    digest = models.CharField(max_length=64, editable=False)
    from_date = models.DateField(_("Paired since"), default=clock.today)
    to_date = models.DateField(_("Last day"), null=True, blank=True)
    end_reason = models.CharField(_("Reason"), max_length=200, blank=True)
    paired_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    paired_at = models.DateTimeField(default=clock.now)

    objects = PairingQuerySet.as_manager()

    class Meta:
        verbose_name = _("pairing")
        ordering = ["-from_date", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "digest"], condition=Q(to_date=None), name="paired_once"
            ),
            models.CheckConstraint(
                condition=Q(member=None, household="") & ~Q(partner_name="")
                | Q(member__isnull=False, partner=None, partner_name="") & ~Q(household=""),
                name="paired_as_organization_or_member",
            ),
            models.CheckConstraint(
                condition=Q(to_date=None) | Q(to_date__gte=F("from_date")), name="pairing_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def unnamed_in_history(self) -> bool:
        """A householder is not named there."""
        return self.member_id is not None

    @property
    def label(self) -> str:
        """With whom: the organisation, or the householder."""
        return self.partner_name or self.householder


class PairingEntry(models.Model):
    """A visit, or help given, on a day; value in yuan (money and goods), hours of work."""

    class What(models.TextChoices):
        VISIT = "visit", _("Visit")
        MONEY = "money", _("Money")
        GOODS = "goods", _("Goods")
        WORK = "work", _("Work")
        JOINT = "joint", _("Joint activity")
        ADVICE = "advice", _("Advice or information")

    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="entries")
    held_on = models.DateField(_("Date"))
    what = models.CharField(_("Visit or help"), max_length=6, choices=What)
    text = models.CharField(_("What was done"), max_length=500)
    value = models.DecimalField(
        _("Value in yuan"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    hours = models.DecimalField(
        _("Hours of work"),
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.5"))],
    )
    result = models.CharField(_("What came of it"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("pairing entry")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(value=None) | Q(value__gt=0), name="pairing_value_above_nothing"),
            models.CheckConstraint(condition=Q(hours=None) | Q(hours__gt=0), name="pairing_hours_above_nothing"),
        ]
