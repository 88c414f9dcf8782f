"""Visits of supervision groups: planned, made or called off, with what was seen there (M-01, M-08)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.models import Participation
from campaign.models.kept import DatedFile
from supervision.models.groups import SupervisionGroup
from units import access
from units.models import Organization
from units.roles import Right


def sender_of(record: Any) -> str:
    """From whom a visit or an opinion is: a superior body in words, the group, or the supervision group at large."""
    if record.from_body:
        return str(record.from_body)
    return str(record.group) if record.group else gettext("Supervision group")


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> VisitQuerySet:
        return self.filter(access.scope(user, right))

    def planned(self) -> VisitQuerySet:
        return self.filter(state=Visit.State.PLANNED)

    def done(self) -> VisitQuerySet:
        return self.filter(state=Visit.State.DONE)


class Visit(models.Model):
    """One visit to a unit or an organisation in it. `from_body` names a superior body whose visit the office keeps."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        DONE = "done", _("Made")
        CALLED_OFF = "called_off", _("Called off")

    class Way(models.TextChoices):
        SPOT = "spot", _("Visit on the spot")
        TALK = "talk", _("Talk with the leaders")
        CALL = "call", _("By telephone")

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="visits")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="visits")
    group = models.ForeignKey(SupervisionGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="visits")
    from_body = models.CharField(_("Superior body"), max_length=80, blank=True)
    way = models.CharField(_("Kind of visit"), max_length=8, choices=Way, default=Way.SPOT)
    planned_on = models.DateField(_("Planned on"))
    purpose = models.CharField(_("Purpose"), max_length=300)
    goers = models.CharField(_("Who goes"), max_length=200)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.PLANNED)
    held_on = models.DateField(_("Made on"), null=True, blank=True)
    findings = models.TextField(_("What was seen"), blank=True)
    problems = models.TextField(_("Problems"), blank=True)
    suggestions = models.TextField(_("Suggestions"), blank=True)
    talked_to = models.PositiveIntegerField(_("People talked to"), default=0)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    planned_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    planned_at = models.DateTimeField(default=clock.now)
    logged_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    logged_at = models.DateTimeField(null=True, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("supervision visit")
        ordering = ["-planned_on", "-pk"]
        indexes = [models.Index(fields=["state", "planned_on"], name="visit_state_day")]
        constraints = [
            models.CheckConstraint(condition=Q(group=None) | Q(from_body=""), name="visit_from_one_body"),
            models.CheckConstraint(
                condition=~Q(state="done") | (Q(held_on__isnull=False) & ~Q(findings="")), name="visit_made_is_told"
            ),
            models.CheckConstraint(condition=~Q(state="called_off") | ~Q(reason=""), name="visit_called_off_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.day}"

    @property
    def day(self) -> dt.date:
        return self.held_on or self.planned_on

    @property
    def sender(self) -> str:
        return sender_of(self)

    @property
    def days_over(self) -> int:
        """Days since the planned day while nothing has been written down; 0 before."""
        return max(0, (clock.today() - self.planned_on).days) if self.state == self.State.PLANNED else 0


class VisitFile(DatedFile):
    """A photograph or document of a visit."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to="visits/%Y/%m/")
