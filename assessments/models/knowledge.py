"""Knowledge tests: question banks, tests taken online with a time limit, and scores of tests on paper (E-36)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.models import Batch
from units import access
from units.models import Member, Organization
from units.roles import Right

GRACE = dt.timedelta(seconds=30)  # what a slow line may take after the limit


class QuestionBankQuerySet(models.QuerySet["QuestionBank"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> QuestionBankQuerySet:
        """Banks at or below one's posts, and those of the organisations above them."""
        above = Q(pk__in=[])
        for path in access.roots(user, right):
            step = Organization.steplen
            above |= Q(organization__path__in=[path[:end] for end in range(step, len(path) + 1, step)])
        return self.filter(access.scope(user, right) | above)


class QuestionBank(models.Model):
    """A collection of questions that an organisation keeps, for itself and those below."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="question_banks")
    name = models.CharField(_("Name"), max_length=80)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    objects = QuestionBankQuerySet.as_manager()

    class Meta:
        verbose_name = _("question bank")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="bank_named_once")]

    def __str__(self) -> str:
        return self.name


class Question(models.Model):
    """A question under its number; `answer` holds the keys of the right options, sorted: "A", "ABD", "T", "F"."""

    class Kind(models.TextChoices):
        SINGLE = "single", _("Single choice")
        MULTIPLE = "multiple", _("Multiple choice")
        BOOLEAN = "boolean", _("True or false")

    bank = models.ForeignKey(QuestionBank, on_delete=models.CASCADE, related_name="questions")
    number = models.PositiveIntegerField(_("Number"))
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind)
    text = models.CharField(_("Question"), max_length=500)
    options = models.JSONField(default=list, blank=True)
    answer = models.CharField(_("Answer"), max_length=6)
    active = models.BooleanField(_("In use"), default=True)

    class Meta:
        verbose_name = _("question")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["bank", "number"], name="question_number_once")]

    def __str__(self) -> str:
        return self.text


class BankImport(models.Model):
    """A workbook that was read without a fault and waits to be confirmed; the rows as they will be written."""

    bank = models.ForeignKey(QuestionBank, on_delete=models.CASCADE, related_name="imports")
    file_name = models.CharField(max_length=200)
    rows = models.JSONField()
    uploaded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)


class KnowledgeTestQuerySet(models.QuerySet["KnowledgeTest"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> KnowledgeTestQuerySet:
        """Tests held in one's scope, and those held above for everybody below."""
        above = Q(pk__in=[])
        for path in access.roots(user, right):
            step = Organization.steplen
            above |= Q(organization__path__in=[path[:end] for end in range(step, len(path) + 1, step)])
        return self.filter(access.scope(user, right) | above)

    def taken_by(self, member: Member) -> KnowledgeTestQuerySet:
        """Online tests that a member may be asked to take: held by his branch or above it."""
        path, step = member.organization.path, Organization.steplen
        paths = [path[:end] for end in range(step, len(path) + 1, step)]
        return self.filter(organization__path__in=paths, mode=KnowledgeTest.Mode.ONLINE)


class KnowledgeTest(models.Model):
    """A test for all members of a subtree: taken online, or on paper with the scores entered.

    Scores are of 100. `pass_mark` None: whoever has a score has taken it.
    """

    class Mode(models.TextChoices):
        ONLINE = "online", _("Online")
        PAPER = "paper", _("On paper")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="knowledge_tests")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="knowledge_tests")
    title = models.CharField(_("Title"), max_length=80)
    mode = models.CharField(_("How it is held"), max_length=6, choices=Mode, default=Mode.ONLINE)
    bank = models.ForeignKey(QuestionBank, null=True, blank=True, on_delete=models.PROTECT, related_name="tests")
    singles = models.PositiveSmallIntegerField(_("Single choice questions"), default=0)
    multiples = models.PositiveSmallIntegerField(_("Multiple choice questions"), default=0)
    booleans = models.PositiveSmallIntegerField(_("True-or-false questions"), default=0)
    pass_mark = models.DecimalField(
        _("Pass mark (of 100)"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(1)), MaxValueValidator(Decimal(100))],
    )
    minutes = models.PositiveSmallIntegerField(_("Time limit in minutes"), null=True, blank=True)
    attempts_allowed = models.PositiveSmallIntegerField(_("Attempts allowed"), default=1)
    opens_at = models.DateTimeField(_("Open from"))
    closes_at = models.DateTimeField(_("Open until"))
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    objects = KnowledgeTestQuerySet.as_manager()

    class Meta:
        verbose_name = _("knowledge test")
        ordering = ["-opens_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="test_closes_after_it_opens"),
            models.CheckConstraint(
                condition=Q(mode="paper") | (Q(bank__isnull=False) & Q(minutes__gt=0)), name="test_online_complete"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def online(self) -> bool:
        return self.mode == self.Mode.ONLINE

    @property
    def size(self) -> int:
        """How many questions each draws."""
        return self.singles + self.multiples + self.booleans

    def is_open(self, at: dt.datetime) -> bool:
        return self.opens_at <= at < self.closes_at

    def passes(self, score: Decimal | None) -> bool:
        """Without a pass mark every score will do."""
        return score is not None and (self.pass_mark is None or score >= self.pass_mark)


class TestAttempt(models.Model):
    """One go at a test: what was drawn, until when, what came out. `due_at` is fixed when it begins."""

    __test__ = False

    class State(models.TextChoices):
        OPEN = "open", _("Being taken")
        DONE = "done", _("Handed in")

    test = models.ForeignKey(KnowledgeTest, on_delete=models.PROTECT, related_name="attempts")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="test_attempts")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=4, choices=State, default=State.OPEN)
    started_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    right = models.PositiveSmallIntegerField(default=0)
    score = models.DecimalField(_("Score"), max_digits=4, decimal_places=1, null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["test", "member", "number"], name="attempt_number_once"),
            models.UniqueConstraint(fields=["test", "member"], condition=Q(state="open"), name="attempt_one_open"),
        ]

    def seconds_left(self, at: dt.datetime) -> int:
        """By the server's clock; never below nought."""
        return max(0, int((self.due_at - at).total_seconds()))

    def takes_answers(self, at: dt.datetime) -> bool:
        """Until the limit and a small grace for a slow line."""
        return self.state == self.State.OPEN and at <= self.due_at + GRACE


class DrawnQuestion(models.Model):
    """A question as it was drawn, with what was answered; the bank may change afterwards."""

    attempt = models.ForeignKey(TestAttempt, on_delete=models.CASCADE, related_name="drawn")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Question.Kind)
    text = models.CharField(max_length=500)
    options = models.JSONField(default=list)
    answer = models.CharField(max_length=6)
    chosen = models.CharField(max_length=6, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["attempt", "position"], name="drawn_once")]

    @property
    def correct(self) -> bool:
        return self.chosen == self.answer


class TestScore(models.Model):
    """The score of a test on paper, entered by the branch."""

    __test__ = False

    test = models.ForeignKey(KnowledgeTest, on_delete=models.CASCADE, related_name="scores")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="test_scores")
    score = models.DecimalField(_("Score"), max_digits=4, decimal_places=1)
    entered_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    entered_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["test", "member"], name="scored_once"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=100), name="score_of_a_hundred"),
        ]
