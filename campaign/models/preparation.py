"""What a unit does before it begins: its checklist, its plan, the training of those who carry it (A-16, A-17, D-19)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.models.campaigns import Batch
from campaign.models.participations import Participation
from units import access
from units.models import Organization
from units.roles import Right


class PreparationTickQuerySet(models.QuerySet["PreparationTick"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> PreparationTickQuerySet:
        return self.filter(participation__in=Participation.objects.visible_to(user, right))


class PreparationTick(models.Model):
    """One item of the checklist, done: when, by whom, with a note and the paper that shows it (A-16)."""

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="preparation")
    item = models.CharField(max_length=60)
    done_on = models.DateField(_("Done on"))
    note = models.CharField(_("Note"), max_length=300, blank=True)
    file = models.FileField(_("File"), upload_to="preparation/%Y/%m/", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    ticked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    ticked_at = models.DateTimeField(default=clock.now)

    objects = PreparationTickQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participation", "item"], name="prepared_once")]


class UnitPlanQuerySet(models.QuerySet["UnitPlan"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> UnitPlanQuerySet:
        return self.filter(participation__in=Participation.objects.visible_to(user, right))


class UnitPlan(models.Model):
    """The implementation plan (实施方案) of a unit: its required texts, and whether the office agrees (A-17)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        AGREED = "agreed", _("Agreed")
        RETURNED = "returned", _("Returned")

    participation = models.OneToOneField(Participation, on_delete=models.CASCADE, related_name="unit_plan")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    contents = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    remark = models.TextField(_("What is to be changed"), blank=True)

    objects = UnitPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("implementation plan")

    def __str__(self) -> str:
        return str(self.participation)


class TrainingQuerySet(models.QuerySet["Training"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> TrainingQuerySet:
        return self.filter(access.scope(user, right))

    def within(self, organization: Organization) -> TrainingQuerySet:
        return self.filter(access.below(organization.path, "organization"))


class Training(models.Model):
    """A training of those who carry the campaign: when, at which level, how many of each post (D-19, D-25)."""

    class Post(models.TextChoices):
        LEADER = "leader", _("Leaders")
        SECRETARY = "secretary", _("Secretaries of committees and general branches")
        BRANCH_SECRETARY = "branch_secretary", _("Branch secretaries")
        OFFICE = "office", _("Office staff")
        SUPERVISOR = "supervisor", _("Members of supervision groups")
        OTHER = "other", _("Other backbone")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="trainings")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="trainings")
    title = models.CharField(_("Topic"), max_length=120)
    held_on = models.DateField(_("Date"))
    level = models.CharField(_("Level"), max_length=20)
    section = models.CharField(_("Batch or section"), max_length=60, blank=True)
    place = models.CharField(_("Place"), max_length=80, blank=True)
    trainees = models.JSONField(default=dict)  # post -> number of persons
    note = models.CharField(_("Note"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = _("backbone training")
        ordering = ["-held_on", "-id"]

    def __str__(self) -> str:
        return self.title

    @property
    def count(self) -> int:
        return sum(self.trainees.values())
