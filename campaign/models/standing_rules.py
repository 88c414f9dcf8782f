"""The register of standing rules (建章立制, G-07)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import clock
from accounts.models import User
from campaign.models.campaigns import Batch
from units import access
from units.models import Organization
from units.roles import Right


class StandingRuleQuerySet(models.QuerySet["StandingRule"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> StandingRuleQuerySet:
        return self.filter(access.scope(user, right))

    def within(self, organization: Organization) -> StandingRuleQuerySet:
        return self.filter(access.below(organization.path, "organization"))


class StandingRule(models.Model):
    """A rule that an organisation has issued, revised or abolished; `mechanism` is a key of the list `long_term`."""

    class Kind(models.TextChoices):
        ISSUED = "issued", pgettext_lazy("standing rule", "Issued")
        REVISED = "revised", _("Revised")
        ABOLISHED = "abolished", _("Abolished")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="standing_rules")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="standing_rules")
    title = models.CharField(_("Title"), max_length=200)
    mechanism = models.CharField(_("Mechanism"), max_length=30, blank=True)
    kind = models.CharField(_("What was done"), max_length=10, choices=Kind, default=Kind.ISSUED)
    number = models.CharField(_("Document number"), max_length=60, blank=True)
    dated = models.DateField(_("Date"))
    file = models.FileField(_("File"), upload_to="standing_rules/%Y/%m/", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    objects = StandingRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing rule")
        ordering = ["-dated", "-pk"]

    def __str__(self) -> str:
        return self.title
