"""May it pass? Supervision groups, transitions with their decisions, make-up orders."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.findings import Finding, Gate
from campaign.models import Campaign, Participation
from units import access
from units.models import Organization
from units.roles import Right

ASSIGNED = "assignment:"  # what the source of a post begins with that a supervision assignment gave


class SupervisionGroupQuerySet(models.QuerySet["SupervisionGroup"]):
    def visible_to(self, user: Any) -> SupervisionGroupQuerySet:
        """Groups of the campaigns one takes part in: who supervises whom is no secret."""
        return self.filter(campaign__in=Campaign.objects.visible_to(user))


class CurrentQuerySet(models.QuerySet[Any]):
    def current(self) -> CurrentQuerySet:
        """Not ended."""
        return self.filter(to_date=None)


class SupervisionGroup(models.Model):
    """A supervision group sent by the host, or a guidance group one level down (D-09, D-10)."""

    class Kind(models.TextChoices):
        SUPERVISION = "supervision", _("Supervision group")
        GUIDANCE = "guidance", _("Guidance group")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(_("Name"), max_length=60)
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind, default=Kind.SUPERVISION)

    objects = SupervisionGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("supervision group")
        ordering = ["campaign", "pk"]
        constraints = [models.UniqueConstraint(fields=["campaign", "name"], name="group_name_once")]

    def __str__(self) -> str:
        return self.name


class GroupMember(models.Model):
    """A person in a group, from when to when."""

    group = models.ForeignKey(SupervisionGroup, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="supervision_memberships")
    head = models.BooleanField(_("Head"), default=False)
    from_date = models.DateField(default=clock.today)
    to_date = models.DateField(null=True, blank=True)

    objects = CurrentQuerySet.as_manager()

    class Meta:
        ordering = ["-head", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["group", "user"], condition=Q(to_date=None), name="group_member_once")
        ]


class Assignment(models.Model):
    """A group in charge of an organisation and all below it; its members get posts there while it lasts."""

    group = models.ForeignKey(SupervisionGroup, on_delete=models.CASCADE, related_name="assignments")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="assignments")
    from_date = models.DateField(default=clock.today)
    to_date = models.DateField(null=True, blank=True)

    objects = CurrentQuerySet.as_manager()

    @property
    def source(self) -> str:
        """What marks the posts that this assignment gives."""
        return f"{ASSIGNED}{self.pk}"

    class Meta:
        ordering = ["organization__path"]
        constraints = [
            models.UniqueConstraint(fields=["group", "organization"], condition=Q(to_date=None), name="assigned_once")
        ]


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


class MakeUpOrderQuerySet(models.QuerySet["MakeUpOrder"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> MakeUpOrderQuerySet:
        return self.filter(access.scope(user, right))

    def open(self) -> MakeUpOrderQuerySet:
        return self.exclude(state=MakeUpOrder.State.CLOSED)

    def overdue(self, on: Any) -> MakeUpOrderQuerySet:
        return self.filter(state=MakeUpOrder.State.OPEN, due_on__lt=on)


class MakeUpOrder(models.Model):
    """An order to make up (补课): who ordered it, why, what, until when, and how it ended (J-13)."""

    class Trigger(models.TextChoices):
        TRANSITION = "transition", _("Stage not up to standard")
        SURVEY = "survey", _("Survey result")
        SPOT_CHECK = "spot_check", _("Spot check")
        MASSES = "masses", _("Most people dissatisfied")

    class State(models.TextChoices):
        OPEN = "open", _("Being made up")
        REPORTED = "reported", _("Reported, to be re-checked")
        CLOSED = "closed", _("Re-checked and closed")

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="makeups")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="makeups")
    transition = models.ForeignKey(Transition, null=True, blank=True, on_delete=models.SET_NULL, related_name="makeups")
    stage = models.CharField(max_length=40)
    trigger = models.CharField(max_length=12, choices=Trigger)
    reason = models.TextField(_("Reason"))
    unsolid_work = models.BooleanField(_("Cause: work not solid"), default=False)
    survey_again = models.BooleanField(_("A new survey round is needed"), default=False)
    due_on = models.DateField(_("To be made up by"))
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    ordered_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    ordered_at = models.DateTimeField(default=clock.now)
    reported_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    check_note = models.TextField(blank=True)

    objects = MakeUpOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("make-up order")
        ordering = ["-ordered_at", "-id"]

    def __str__(self) -> str:
        return f"{self.organization} · {self.due_on}"

    @property
    def days_over(self) -> int:
        """Days past the deadline while it is not reported; 0 in time."""
        return max(0, (clock.today() - self.due_on).days) if self.state == self.State.OPEN else 0


class MakeUpItem(models.Model):
    """One thing to be made up, and what was done."""

    order = models.ForeignKey(MakeUpOrder, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("What is to be made up"), max_length=300)
    done_on = models.DateField(_("Done on"), null=True, blank=True)
    evidence = models.TextField(_("What was done"), blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="makeup_item_position"),
            models.CheckConstraint(
                condition=Q(done_on=None) | ~Q(evidence=""), name="makeup_item_done_says_what_was_done"
            ),
        ]

    def __str__(self) -> str:
        return self.text


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
