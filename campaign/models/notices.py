"""Public notices (公示): what is shown, to whom, for how many days (decision 11)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.models.campaigns import Batch
from units import access
from units.models import Organization
from units.roles import Right


class PublicNoticeQuerySet(models.QuerySet["PublicNotice"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> PublicNoticeQuerySet:
        """Notices of organisations in scope; and a member sees those of his own branch and above."""
        reach = access.scope(user, right)
        member = getattr(user, "member", None) if user.is_authenticated else None
        if member is not None:
            path = member.organization.path
            reach |= models.Q(organization__path__in=[path[:end] for end in range(4, len(path) + 1, 4)])
        return self.filter(reach)

    def running(self, on: dt.date) -> PublicNoticeQuerySet:
        """Shown on that day."""
        return self.filter(starts_on__lte=on, ends_on__gte=on, withdrawn_at=None)


class PublicNotice(models.Model):
    """A paper or plan shown within a scope from one day to another, both included."""

    class Scope(models.TextChoices):
        BRANCH = "branch", _("The branch")
        UNIT = "unit", _("The work unit")
        PUBLIC = "public", _("The public")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="notices")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=30)  # what is shown: self_analysis, plan, ledger, appraisal
    title = models.CharField(_("Title"), max_length=200)
    text = models.TextField(_("Text"), blank=True)
    scope = models.CharField(_("Shown to"), max_length=10, choices=Scope)
    starts_on = models.DateField(_("Shown from"))
    ends_on = models.DateField(_("Shown until"))
    given_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = PublicNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("public notice")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_on__gte=F("starts_on")), name="notice_ends_after_it_begins")
        ]

    def __str__(self) -> str:
        return self.title

    def has_run_out(self, on: dt.date) -> bool:
        """Its last day has passed, and nobody took it down before: only then may a plan be adopted (decision 11)."""
        return self.withdrawn_at is None and self.ends_on < on
