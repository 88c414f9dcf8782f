"""The campaign, its playbook's snapshot, its batches and their stage windows (group A)."""

from __future__ import annotations

import functools
import json
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.playbook import Playbook, from_snapshot
from units import access
from units.models import Organization


@functools.lru_cache(maxsize=16)
def _playbook(snapshot: str) -> Playbook:
    return from_snapshot(json.loads(snapshot))


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def visible_to(self, user: Any) -> CampaignQuerySet:
        """Campaigns whose host's tree the user has a post in."""
        posts = access.posts_of(user)
        steps = {p.organization.path[:end] for p in posts for end in range(4, len(p.organization.path) + 1, 4)}
        member = getattr(user, "member", None) if user.is_authenticated else None
        if member is not None:
            path = member.organization.path
            steps |= {path[:end] for end in range(4, len(path) + 1, 4)}
        return self.filter(host__path__in=steps)


class Campaign(models.Model):
    """One jurisdiction's campaign. It keeps a snapshot of its playbook; the file can change without touching it."""

    name = models.CharField(_("Name of the campaign"), max_length=120)
    short_name = models.CharField(_("Short name"), max_length=30)
    host = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="campaigns")
    office_name = models.CharField(_("Full name of the campaign office"), max_length=120)
    office_short_name = models.CharField(_("Short name of the campaign office"), max_length=40)
    bulletin_name = models.CharField(_("Masthead of the bulletin"), max_length=60, blank=True)
    superior_name = models.CharField(_("Campaign of the superior"), max_length=120, blank=True)
    superior_document = models.CharField(_("Its document"), max_length=160, blank=True)
    playbook_key = models.CharField(max_length=60)
    snapshot = models.JSONField()
    created_at = models.DateTimeField(default=clock.now)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def playbook(self) -> Playbook:
        """The rules, typed; parsed once for each content, and looked up once for each snapshot that is set."""
        kept = self.__dict__.get("_rules")
        if kept is None or kept[0] is not self.snapshot:
            kept = (self.snapshot, _playbook(json.dumps(self.snapshot, sort_keys=True, ensure_ascii=False)))
            self.__dict__["_rules"] = kept
        return kept[1]


class PlaybookVersion(models.Model):
    """Each state that the snapshot has had: who changed it, when and why."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    snapshot = models.JSONField()
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="playbook_version_number")]


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, user: Any) -> BatchQuerySet:
        return self.filter(campaign__in=Campaign.objects.visible_to(user))


class Batch(models.Model):
    """A batch (批次): its window, and the windows of its stages as plan for all who take part (A-03, A-04)."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="batches")
    number = models.PositiveSmallIntegerField(_("Number"))
    name = models.CharField(_("Name"), max_length=120)
    starts_on = models.DateField(_("Starts on"))
    ends_on = models.DateField(_("Ends on"))
    launch_by = models.DateField(_("Latest day of the launch"), null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch")
        ordering = ["campaign", "number"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="batch_number_once"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="batch_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BatchStage(models.Model):
    """The planned window of one stage; a participation copies it and may differ (A-10). No date moves a stage."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="stages")
    stage = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    starts_on = models.DateField(_("Starts on"))
    ends_on = models.DateField(_("Ends on"))

    class Meta:
        ordering = ["batch", "position"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "stage"], name="batch_stage_once"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="batch_stage_ends_after_it_begins",
            ),
        ]
