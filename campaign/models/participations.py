"""Who takes part in a batch, where each stands, and the frozen rolls that rates are taken of."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.models.campaigns import Batch
from campaign.playbook import Stage
from units import access
from units.models import Member, Organization, WorkUnit
from units.roles import Right


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> ParticipationQuerySet:
        """In scope of the user's posts: at or above the leading organisation, or inside its subtree."""
        inside = Q()
        for path in access.roots(user, right):
            steps = [path[:end] for end in range(4, len(path), 4)]
            inside |= Q(organization__path__in=steps)
        reach = access.scope(user, right)
        return self.filter(reach | inside) if inside else self.filter(reach)

    def at_or_above(self, organization: Organization) -> ParticipationQuerySet:
        """The participations that could govern an organisation, the nearest first."""
        path = organization.path
        steps = [path[:end] for end in range(organization.steplen, len(path) + 1, organization.steplen)]
        return self.filter(organization__path__in=steps).order_by("-organization__path")

    def active(self) -> ParticipationQuerySet:
        return self.filter(state=Participation.State.ACTIVE)

    def overdue(self, on: dt.date) -> ParticipationQuerySet:
        """Still in a stage whose planned end has passed: shown, never moved (A-11)."""
        return self.filter(progress__state=StageProgress.State.CURRENT, progress__planned_end__lt=on)


class Participation(models.Model):
    """A leading organisation taking part in a batch with its whole subtree, except nested participations.

    docs/adr/0005 says why it hangs on the leading organisation of a work unit.
    """

    class State(models.TextChoices):
        PREPARING = "preparing", _("Preparing")
        ACTIVE = "active", _("Under way")
        CLOSED = "closed", _("Closed")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="participations")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="participations")
    work_unit = models.ForeignKey(
        WorkUnit, null=True, blank=True, on_delete=models.PROTECT, related_name="participations"
    )
    staged = models.BooleanField(_("Goes through the stages"), default=True)
    state = models.CharField(max_length=10, choices=State, default=State.PREPARING)
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        ordering = ["batch", "organization__path"]
        constraints = [models.UniqueConstraint(fields=["batch", "organization"], name="participates_once_in_a_batch")]

    def __str__(self) -> str:
        return self.organization.name

    @property
    def label(self) -> str:
        """The work unit's name where there is one: that is what the office calls it."""
        return self.work_unit.name if self.work_unit_id else self.organization.name

    def current(self) -> StageProgress | None:
        """The stage under way; uses prefetched progress where the caller has it."""
        return next((p for p in self.progress.all() if p.state == StageProgress.State.CURRENT), None)


class StageProgress(models.Model):
    """Where a participation stands in one stage. Only campaign.actions.move_stage changes `state`."""

    class State(models.TextChoices):
        AHEAD = "ahead", _("Not begun")
        CURRENT = "current", _("Under way")
        DONE = "done", _("Completed")

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="progress")
    stage = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.AHEAD)
    planned_start = models.DateField(_("Planned start"))
    planned_end = models.DateField(_("Planned end"))
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["participation", "position"]
        constraints = [
            models.UniqueConstraint(fields=["participation", "stage"], name="one_progress_a_stage"),
            models.UniqueConstraint(fields=["participation"], condition=Q(state="current"), name="one_stage_at_a_time"),
            models.CheckConstraint(
                condition=Q(planned_end__gte=F("planned_start")), name="stage_plan_ends_after_it_begins"
            ),
        ]

    def stage_of(self, batch: Batch | None = None) -> Stage:
        """The playbook's stage behind this row."""
        return (batch or self.participation.batch).campaign.playbook.stage(self.stage)

    def days_left(self, on: dt.date) -> int:
        """Days until the planned end; negative when overrun."""
        return (self.planned_end - on).days


class RollEntry(models.Model):
    """A member on the roll the day a stage began: the frozen denominator (decision 16)."""

    progress = models.ForeignKey(StageProgress, on_delete=models.CASCADE, related_name="roll")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="roll_entries")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["progress", "member"], name="on_a_roll_once")]


class Arrangement(models.Model):
    """An approved special arrangement for a member (A-14): left out of the minimum hours and listed."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="arrangements")
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="arrangements")
    reason = models.CharField(_("Reason"), max_length=200)
    arrangement = models.CharField(_("Arrangement"), max_length=300)
    approved_on = models.DateField(_("Approved on"))
    approved_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "batch"], name="one_arrangement_a_member")]
