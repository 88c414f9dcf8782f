"""Applications to pass a stage, and what each body said (J)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from assessments.models.analyses import principals_of
from campaign.findings import Finding, Gate
from campaign.models import Campaign, Participation
from units import access
from units.roles import Right


def stood_in_for(user: Any) -> list[User]:
    """Whose deputy the user is today (assessments.Deputy); read once per user object."""
    if not hasattr(user, "_stood_in_for"):
        others = [pk for pk in principals_of(user) if pk != user.pk]
        user._stood_in_for = list(User.objects.filter(pk__in=others)) if others else []
    return user._stood_in_for


class TransitionQuerySet(models.QuerySet["Transition"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> TransitionQuerySet:
        """In the user's scope; to see also in the scope of those whose deputy he is on this day."""
        reach = access.scope(user, right, "participation__organization")
        if right == Right.VIEW:
            for principal in stood_in_for(user):
                reach |= access.scope(principal, right, "participation__organization")
        return self.filter(reach)

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
    answers = models.JSONField(default=dict, blank=True)  # objection key -> what was done about it since
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
    meeting_secretary = models.BooleanField(_("The secretary attended and spoke"), default=False)
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
    on_behalf_of = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["transition", "body"], name="one_word_a_body")]

    def __str__(self) -> str:
        return f"{self.transition} · {self.body} · {self.verdict}"

    @property
    def who(self) -> str:
        """Who said it; a deputy with the one he stood in for."""
        if self.on_behalf_of is None:
            return str(self.by or "–")
        names = {"name": self.by or "–", "principal": self.on_behalf_of}
        return gettext("%(name)s, for %(principal)s") % names


class Reply(models.Model):
    """The written answer to an application that ended its review (批复, J-11): numbered in the year of its campaign."""

    transition = models.OneToOneField(Transition, on_delete=models.CASCADE, related_name="reply")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="replies")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    issued_on = models.DateField()
    issued_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("reply")
        constraints = [models.UniqueConstraint(fields=["campaign", "year", "number"], name="reply_number_once")]

    def __str__(self) -> str:
        return f"〔{self.year}〕{self.number}号"
