"""Drafts of lectures, sent to the supervision group (E-19)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.models import Participation
from units import access
from units.roles import Right


class LectureDraftQuerySet(models.QuerySet["LectureDraft"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> LectureDraftQuerySet:
        return self.filter(access.scope(user, right, "participation__organization"))

    def waiting(self) -> LectureDraftQuerySet:
        return self.filter(advised_at=None, participation__batch__closed_on=None)


class LectureDraft(models.Model):
    """The draft of a leader's lecture, sent to the supervision group, and what the group advises (E-19)."""

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="lecture_drafts")
    title = models.CharField(_("Title of the lecture"), max_length=120)
    lecturer = models.CharField(_("Lecturer"), max_length=60)
    planned_on = models.DateField(_("Planned on"), null=True, blank=True)
    text = models.TextField(_("Draft"))
    sent_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField(default=clock.now)
    advice = models.TextField(_("Advice"), blank=True)
    advised_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    advised_at = models.DateTimeField(null=True, blank=True)

    objects = LectureDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of a lecture")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(advised_at=None) | ~Q(advice=""), name="lecture_advice_says_something")
        ]

    def __str__(self) -> str:
        return self.title
