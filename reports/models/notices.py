"""The ranking of units published as a notice (通报): issued once, and never changed."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.models import Batch, Campaign
from reports.models.register import RegisterEntry


class RankingNoticeQuerySet(models.QuerySet["RankingNotice"]):
    def visible_to(self, user: Any) -> RankingNoticeQuerySet:
        """A notice goes to all who take part: whoever sees the campaign may read it."""
        return self.filter(batch__campaign__in=Campaign.objects.visible_to(user))


class RankingNotice(models.Model):
    """How the units ranked in some weeks, as it was published. `content` holds paragraphs and table as printed."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="ranking_notices")
    rule = models.CharField(max_length=40)
    first = models.DateField(_("First day"))
    last = models.DateField(_("Last day"))
    title = models.CharField(_("Title"), max_length=120)
    content = models.JSONField()
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(_("Number"))
    issued_on = models.DateField(_("Issued on"), default=clock.today)
    issued_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    entry = models.OneToOneField(RegisterEntry, on_delete=models.PROTECT, related_name="ranking_notice")
    docx = models.FileField(upload_to="notices/%Y/")

    objects = RankingNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice of the ranking")
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "rule", "first", "last"], name="one_notice_a_period"),
            models.CheckConstraint(
                condition=models.Q(last__gte=models.F("first")), name="ranking_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.title
