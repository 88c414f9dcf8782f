"""What the members of a supervision group jot down during the week, for its report on Thursday (D-06, K-04, M-08)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import clock
from accounts.models import User
from campaign.models import Participation
from supervision import membership
from supervision.models.groups import SupervisionGroup

LONGEST = 500


class GroupNoteQuerySet(models.QuerySet["GroupNote"]):
    def visible_to(self, user: Any) -> GroupNoteQuerySet:
        """The notes of one's own groups, and for the office those of all groups that it sent."""
        mine = Q(group__in=membership.own_groups(user))
        return self.filter(mine | membership.watched(user, "group__campaign__host"))

    def unused(self) -> GroupNoteQuerySet:
        return self.filter(used_at=None)


class GroupNote(models.Model):
    """One observation of a group member, about one of the group's units or about none, under the week it was made in.

    `used_at`: since when it stands in a report that was sent; from then on it does not change.
    """

    class Kind(models.TextChoices):
        PROBLEM = "problem", pgettext_lazy("note", "Problem")
        MEASURE = "measure", pgettext_lazy("note", "Measure")
        EXPERIENCE = "experience", pgettext_lazy("note", "Experience")
        PROGRESS = "progress", pgettext_lazy("note", "Progress")

    group = models.ForeignKey(SupervisionGroup, on_delete=models.CASCADE, related_name="notes")
    participation = models.ForeignKey(
        Participation, null=True, blank=True, on_delete=models.SET_NULL, related_name="group_notes"
    )
    kind = models.CharField(_("What it is"), max_length=12, choices=Kind, default=Kind.PROBLEM)
    text = models.CharField(_("In a few words"), max_length=LONGEST)
    week = models.DateField(_("Week from"))
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    noted_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True, blank=True)

    objects = GroupNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note of a supervision group")
        ordering = ["-week", "-noted_at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="group_note_says_something")]
        indexes = [models.Index(fields=["group", "week"], name="group_note_week")]

    def __str__(self) -> str:
        return self.text[:60]
