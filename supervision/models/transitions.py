"""Applications to pass a stage, and what each body said (J)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.findings import Finding, Gate
from campaign.models import Participation
from units import access
from units.roles import Right


class TransitionQuerySet(models.QuerySet["Transition"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> TransitionQuerySet:
        return self.filter(access.scope(user, right, "participation__organization"))

    def open(self) -> TransitionQuerySet:
        return self.filter(state__in=Transition.OPEN)

    def under_review(self) -> TransitionQuerySet:
        return self.filter(state=Transition.State.SUBMITTED)


class Transition(models.Model):
    """One attempt to pass from a stage to the next: application, frozen findings, decisions, meeting (J)."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("Under review")
        APPROVED = "approved", _("Approved, meeting to be held")
        COMPLETED = "completed", _("Passed")
        RETURNED = "returned", _("Returned")
        MADE_UP = "make_up", _("Make-up ordered")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    OPEN = ("submitted", "approved")

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="transitions")
    stage = models.CharField(max_length=40)
    target = models.CharField(max_length=40, blank=True)
    attempt = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.SUBMITTED)
    parts = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    passed_count = models.PositiveSmallIntegerField(default=0)
    findings_count = models.PositiveSmallIntegerField(default=0)
    override_reason = models.CharField(max_length=300, blank=True)
    applied_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    applied_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    meeting_on = models.DateField(_("Meeting held on"), null=True, blank=True)
    meeting_place = models.CharField(_("Place"), max_length=80, blank=True)
    meeting_speaker = models.CharField(_("Who spoke"), max_length=60, blank=True)
    meeting_present = models.PositiveIntegerField(_("Present"), null=True, blank=True)
    meeting_note = models.TextField(_("Record of the meeting"), blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)

    objects = TransitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("transition")
        ordering = ["-applied_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["participation"],
                condition=Q(state__in=["submitted", "approved"]),
                name="one_open_transition",
            ),
            models.UniqueConstraint(fields=["participation", "stage", "attempt"], name="transition_attempt_once"),
        ]

    def __str__(self) -> str:
        return f"{self.participation} · {self.stage} · {self.attempt}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def gate(self) -> Gate:
        """The findings as they were when the application was handed in."""
        return Gate(tuple(Finding.from_json(row) for row in self.findings))


class Decision(models.Model):
    """What one body of the consent chain said: each body once an attempt.

    `sections` of a return: {"parts": {part of the report: what is wrong with it}, "findings": [keys]}.
    """

    class Verdict(models.TextChoices):
        AGREE = "agree", _("Agreed")
        RETURN = "return", _("Returned")
        MAKE_UP = "make_up", _("Make-up ordered")

    transition = models.ForeignKey(Transition, on_delete=models.CASCADE, related_name="decisions")
    body = models.CharField(max_length=30)
    verdict = models.CharField(max_length=10, choices=Verdict)
    reason = models.TextField(blank=True)
    sections = models.JSONField(default=dict, blank=True)
    mend_by = models.DateField(_("To be mended by"), null=True, blank=True)
    unsolid_work = models.BooleanField(_("Cause: work not solid"), default=False)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["transition", "body"], name="one_word_a_body")]

    def __str__(self) -> str:
        return f"{self.transition} · {self.body} · {self.verdict}"
