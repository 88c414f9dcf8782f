"""Trips and party-school courses of principals during their batch: kept, warned about, never blocked (S-06, S-07)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import clock
from accounts.models import User
from campaign.models import Participation
from units import access
from units.roles import Right


class PrincipalAbsenceQuerySet(models.QuerySet["PrincipalAbsence"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> PrincipalAbsenceQuerySet:
        return self.filter(access.scope(user, right, "participation__organization"))

    def standing(self) -> PrincipalAbsenceQuerySet:
        """Not taken back."""
        return self.filter(withdrawn_at=None)


class PrincipalAbsence(models.Model):
    """A principal is away. `exception` is the key of one that the playbook allows; without one it goes against the
    rule, and says why."""

    class Kind(models.TextChoices):
        TRIP = "trip", pgettext_lazy("absence", "Trip")
        PARTY_SCHOOL = "party_school", _("Party-school course")

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="principal_absences")
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind)
    person = models.CharField(_("Principal"), max_length=60)
    position = models.CharField(_("Position"), max_length=60, blank=True)
    place = models.CharField(_("Where to"), max_length=80)
    from_date = models.DateField(_("From"))
    to_date = models.DateField(_("To"))
    exception = models.CharField(max_length=40, blank=True)
    reason = models.TextField(_("Reason"), blank=True)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = PrincipalAbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence of a principal")
        ordering = ["-from_date", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(to_date__gte=F("from_date")), name="absence_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(exception="", reason=""), name="absence_allowed_or_explained"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.from_date:%F}"

    @property
    def days(self) -> int:
        return (self.to_date - self.from_date).days + 1

    @property
    def against_rule(self) -> bool:
        return not self.exception
