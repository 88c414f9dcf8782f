"""Anonymous surveys: the opening, who is asked, tickets, the urn, and the ballots once it is closed.

What is *not* here is the point: no row joins a person to a code, no ballot carries a time, and nothing written when a
ballot is cast survives the closing (docs/anonymity.md).
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import clock
from accounts.models import User
from assessments.ballots.questionnaire import Questionnaire, questionnaire
from assessments.models.surveys import Survey
from campaign.models import Batch, Participation
from units import access
from units.models import Organization
from units.roles import Right


class PollQuerySet(models.QuerySet["Poll"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> PollQuerySet:
        """Surveys that one holds, and those in which a unit of one's scope is asked."""
        asked = PollUnit.objects.filter(access.scope(user, right)).values("poll")
        return self.filter(access.scope(user, right) | Q(pk__in=asked))


class Poll(models.Model):
    """One opening of a questionnaire for one or many work units: one key, one deadline, one closing."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Being prepared")
        OPEN = "open", pgettext_lazy("survey", "Open")
        CLOSING = "closing", _("Being counted")
        CLOSED = "closed", _("Closed")

    class Kind(models.TextChoices):
        UNIT = "unit", _("Satisfaction with the unit")
        MEMBERS = "members", _("Test of members")
        STYLE = "style", _("Style review")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="polls")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="polls")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.UNIT)
    title = models.CharField(_("Title"), max_length=100)
    form = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    public_key = models.BinaryField(null=True)
    key_parts = models.JSONField(default=list)
    handover = models.BinaryField(null=True)
    closes_at = models.DateTimeField(_("Closes at"), null=True, blank=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    early_reason = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    public_token = models.CharField(max_length=32, blank=True)
    job = models.ForeignKey("jobs.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    review_id = models.PositiveBigIntegerField(null=True, blank=True)

    objects = PollQuerySet.as_manager()

    class Meta:
        verbose_name = _("anonymous survey")
        ordering = ["-created_at", "-id"]
        constraints = [
            # Once closed there is no key, in whatever form, that could open a ballot of a backup (promise 3).
            models.CheckConstraint(condition=~Q(state="closed") | Q(key_parts=[]), name="closed_poll_has_no_key"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(public_key__isnull=False), name="open_poll_has_a_key"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        """Past its hour; no ballot is taken any more, counted or not."""
        return self.closes_at is not None and clock.now() >= self.closes_at

    @property
    def takes_ballots(self) -> bool:
        return self.state == self.State.OPEN and not self.is_over

    @property
    def officers(self) -> int:
        """How many passphrases open the count."""
        return len(self.key_parts)

    def questionnaire(self) -> Questionnaire:
        """What is asked, without the rows of a unit."""
        return questionnaire(self.form)


class PollUnitQuerySet(models.QuerySet["PollUnit"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> PollUnitQuerySet:
        return self.filter(access.scope(user, right) | access.scope(user, right, "poll__organization"))


class PollUnit(models.Model):
    """A work unit, or a branch, in which ballots are cast. `rows` are those of a matrix: [[key, label], …]."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="units")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    participation = models.ForeignKey(Participation, null=True, on_delete=models.PROTECT, related_name="+")
    survey = models.OneToOneField(Survey, null=True, on_delete=models.PROTECT, related_name="poll_unit")
    name = models.CharField(max_length=120)
    rows = models.JSONField(default=list)

    objects = PollUnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit of an anonymous survey")
        ordering = ["poll", "organization__path", "id"]
        constraints = [models.UniqueConstraint(fields=["poll", "organization", "participation"], name="poll_unit_once")]

    def __str__(self) -> str:
        return self.name

    def questionnaire(self) -> Questionnaire:
        """What is asked here."""
        return questionnaire(self.poll.form, self.rows)


class PollGroup(models.Model):
    """A respondent group at a unit: how many are asked, and how many codes there are for them.

    `codes` = tickets left + ballots cast, at any time.
    """

    unit = models.ForeignKey(PollUnit, on_delete=models.CASCADE, related_name="groups")
    group = models.CharField(max_length=40)
    asked = models.PositiveIntegerField(_("People asked"))
    codes = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["unit", "id"]
        constraints = [models.UniqueConstraint(fields=["unit", "group"], name="poll_group_once")]


class Ticket(models.Model):
    """A code that has not been used: its SHA-256, and where it lets one vote. Using it deletes it."""

    digest = models.CharField(max_length=64, primary_key=True)
    short = models.CharField(max_length=64, unique=True)
    unit = models.ForeignKey(PollUnit, on_delete=models.CASCADE, related_name="tickets")
    group = models.CharField(max_length=40)


class SealedBallot(models.Model):
    """The urn: a ballot under a random key, sealed, without group or time. Emptied when the survey closes."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    unit = models.ForeignKey(PollUnit, on_delete=models.CASCADE, related_name="urn")
    sealed = models.BinaryField()


class Ballot(models.Model):
    """A ballot as it was counted, written in shuffled order at closing. `answers`: option by field, see Place.name."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    unit = models.ForeignKey(PollUnit, on_delete=models.CASCADE, related_name="ballots")
    group = models.CharField(max_length=40)
    answers = models.JSONField()


class PollCommentQuerySet(models.QuerySet["PollComment"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> PollCommentQuerySet:
        return self.filter(
            access.scope(user, right, "unit__organization") | access.scope(user, right, "unit__poll__organization")
        )


class PollComment(models.Model):
    """Words from a ballot, apart from its answers and group, names and numbers blotted out before anyone reads it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("To be read")
        SHOWN = "shown", _("Shown")
        WITHHELD = "withheld", _("Withheld")

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    unit = models.ForeignKey(PollUnit, on_delete=models.CASCADE, related_name="comments")
    text = models.TextField()
    blotted = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)

    objects = PollCommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment of an anonymous survey")
        ordering = ["unit", "key"]


class PollVote(models.Model):
    """Votes on one row of a matrix, by group: what stays of members' tests and style reviews, beside the ballots."""

    unit = models.ForeignKey(PollUnit, on_delete=models.CASCADE, related_name="votes")
    group = models.CharField(max_length=40)
    question = models.CharField(max_length=40)
    row = models.CharField(max_length=40, blank=True)
    option = models.CharField(max_length=40)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "group", "question", "row", "option"], name="poll_vote_once")
        ]


class TurnoutDay(models.Model):
    """How many ballots a unit had at the end of a day, in tens: all that is kept of the course of a survey."""

    unit = models.ForeignKey(PollUnit, on_delete=models.CASCADE, related_name="turnout")
    day = models.DateField()
    tens = models.PositiveIntegerField()

    class Meta:
        ordering = ["unit", "day"]
        constraints = [models.UniqueConstraint(fields=["unit", "day"], name="turnout_once_a_day")]


def in_tens(number: int) -> int:
    """Turnout as it may be shown while a survey is open (promise 5)."""
    return number // 10 * 10


__all__ = [
    "Ballot",
    "Poll",
    "PollComment",
    "PollGroup",
    "PollUnit",
    "PollVote",
    "SealedBallot",
    "Ticket",
    "TurnoutDay",
    "in_tens",
]
