"""Spot checks: a random draw that is recorded, and what was found at each organisation drawn (M-07, J-12)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.models import Batch
from campaign.models.kept import SignedFile
from supervision.models.makeups import MakeUpOrder
from units import access
from units.models import Organization
from units.roles import Right


class SpotCheckQuerySet(models.QuerySet["SpotCheck"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> SpotCheckQuerySet:
        """Those above what is checked: who is drawn learns the result, not the draw."""
        return self.filter(access.scope(user, right))


class SpotCheck(models.Model):
    """One check over a part of the tree. The draw can be repeated from `population`, `seed` and `drawn` alone.

    `population` is frozen by the draw: [[id, code, name], …] in the order of the tree.
    """

    class Kind(models.TextChoices):
        UNIT = "unit", _("Spot check by the unit's own office")
        GROUP = "group", _("Spot check by the supervision group")
        ROVING = "roving", _("Roving inspection by the campaign office")

    class State(models.TextChoices):
        PREPARED = "prepared", _("Prepared, to be drawn")
        DRAWN = "drawn", _("Drawn, being checked")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="spot_checks")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="spot_checks")
    kind = models.CharField(_("Who checks"), max_length=8, choices=Kind)
    subject = models.CharField(_("What is checked"), max_length=200)
    of_kind = models.CharField(max_length=20, choices=Organization.Kind, blank=True)
    stage = models.CharField(max_length=40, blank=True)
    wanted = models.PositiveSmallIntegerField(_("How many are drawn"))
    state = models.CharField(max_length=10, choices=State, default=State.PREPARED)
    redraw_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="redraws")
    redraw_reason = models.CharField(max_length=300, blank=True)
    population = models.JSONField(default=list)
    seed = models.CharField(max_length=64, blank=True)
    algorithm = models.CharField(max_length=40, blank=True)
    opened_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)
    drawn_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    drawn_at = models.DateTimeField(null=True, blank=True)
    summary = models.TextField(_("Summary"), blank=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = SpotCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("spot check")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(drawn_at=None) | (~Q(seed="") & ~Q(algorithm="")), name="a_draw_can_be_repeated"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["drawn", "closed"]) | Q(drawn_at__isnull=False), name="checked_what_was_drawn"
            ),
            models.CheckConstraint(condition=Q(redraw_of=None) | ~Q(redraw_reason=""), name="a_redraw_says_why"),
            models.CheckConstraint(condition=~Q(state="closed") | ~Q(summary=""), name="a_closed_check_is_summed_up"),
        ]

    def __str__(self) -> str:
        return self.subject


class SpotResultQuerySet(models.QuerySet["SpotResult"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> SpotResultQuerySet:
        """Those who see the check; and the organisation itself, once its result is recorded."""
        above = access.scope(user, right, "check_of__organization")
        return self.filter(above | (access.scope(user, right) & ~Q(result="")))


class SpotResult(models.Model):
    """One organisation drawn, and what was found there."""

    class Result(models.TextChoices):
        GOOD = "good", _("Meets the standard")
        PROBLEMS = "problems", _("Problems found")
        BAD = "bad", _("Below the standard")

    check_of = models.ForeignKey(SpotCheck, on_delete=models.CASCADE, related_name="results")
    position = models.PositiveSmallIntegerField()
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="spot_results")
    result = models.CharField(_("Result"), max_length=10, choices=Result, blank=True)
    findings = models.TextField(_("What the check found"), blank=True)
    checked_on = models.DateField(_("Checked on"), null=True, blank=True)
    checked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(null=True, blank=True)
    makeup = models.OneToOneField(
        MakeUpOrder, null=True, blank=True, on_delete=models.SET_NULL, related_name="spot_result"
    )

    objects = SpotResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("result of a spot check")
        ordering = ["check_of", "position"]
        constraints = [
            models.UniqueConstraint(fields=["check_of", "organization"], name="spot_drawn_once"),
            models.UniqueConstraint(fields=["check_of", "position"], name="spot_drawn_in_order"),
            models.CheckConstraint(
                condition=Q(result="") | (~Q(findings="") & Q(checked_on__isnull=False)),
                name="spot_result_says_what_was_found",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organization)


class SpotFile(SignedFile):
    """A photograph or document from the place."""

    row = models.ForeignKey(SpotResult, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to="spot_checks/%Y/%m/")
