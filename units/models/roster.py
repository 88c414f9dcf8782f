"""An uploaded roster workbook on its way from preview to the database."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from jobs.models import Job
from units import access
from units.models.organizations import Organization
from units.roles import Right


class RosterImportQuerySet(models.QuerySet["RosterImport"]):
    def visible_to(self, user: Any) -> RosterImportQuerySet:
        """Who may edit the roster of the organisation that the workbook was uploaded for."""
        first = models.Q(organization=None, uploaded_by=user)  # before there is a tree
        return self.filter(access.scope(user, Right.EDIT_ROSTER) | first)


class RosterImport(models.Model):
    """One workbook. `report` holds counts, faults and examples for the preview, never the rows themselves."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Being checked")
        UNREADABLE = "unreadable", _("Cannot be read")
        PREVIEWED = "previewed", _("Waiting for confirmation")
        APPLYING = "applying", _("Being written")
        APPLIED = "applied", _("Written")
        DISCARDED = "discarded", _("Discarded")

    organization = models.ForeignKey(Organization, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    file = models.FileField(upload_to="rosters/%Y/%m/")
    file_name = models.CharField(max_length=200)
    file_digest = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=State, default=State.UPLOADED)
    report = models.JSONField(default=dict, blank=True)
    marked = models.FileField(upload_to="rosters/%Y/%m/", blank=True)
    faultless_only = models.BooleanField(default=False)
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now)
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = RosterImportQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-id"]

    def __str__(self) -> str:
        return self.file_name
