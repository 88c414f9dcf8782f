"""Required reading: the titles that the office names for a batch, and who has read what (E-39)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.models.campaigns import Batch
from units.models import Member
from units.roles import Right


class ReadingTitle(models.Model):
    """A book or document to be read in a batch; `stage` empty: all along."""

    class Who(models.TextChoices):
        ALL = "all", _("Every member")
        LEADERS = "leaders", _("Leaders")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="readings")
    name = models.CharField(_("Title"), max_length=120)
    stage = models.CharField(_("Stage"), max_length=40, blank=True)
    who = models.CharField(_("Required of"), max_length=10, choices=Who, default=Who.ALL)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("reading title")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["batch", "name"], name="reading_named_once")]

    def __str__(self) -> str:
        return self.name


class ReadingTickQuerySet(models.QuerySet["ReadingTick"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW_MEMBERS) -> ReadingTickQuerySet:
        return self.filter(member__in=Member.objects.visible_to(user, right))


class ReadingTick(models.Model):
    """A member has read a title: ticked by himself or by the branch."""

    title = models.ForeignKey(ReadingTitle, on_delete=models.CASCADE, related_name="ticks")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="readings")
    done_on = models.DateField(_("Read on"))
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    objects = ReadingTickQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["title", "member"], name="read_once")]
