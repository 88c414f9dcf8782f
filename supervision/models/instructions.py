"""Requests for instruction (请示报告): asked upward, always with a proposal of one's own (D-21, S-05)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import clock
from accounts.models import User
from campaign.models import Batch
from campaign.models.kept import KeptFile
from units import access
from units.models import Organization
from units.roles import Right

ANSWERING = frozenset({"organization_secretary", "party_affairs_leader"})  # who answers in a superior organisation


class InstructionQuerySet(models.QuerySet["InstructionRequest"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> InstructionQuerySet:
        return self.filter(access.scope(user, right) | Q(asked_by=user))

    def open(self) -> InstructionQuerySet:
        return self.filter(state__in=InstructionRequest.OPEN)

    def waiting_for(self, user: Any) -> InstructionQuerySet:
        """Those that stand at a body for which the user speaks; never his own."""
        secretary_at = [post.organization_id for post in access.posts_of(user) if post.role in ANSWERING]
        at = InstructionRequest.At
        mine = Q(at=at.ORGANIZATION, addressee__in=secretary_at)
        mine |= Q(at=at.OFFICE) & access.scope(user, Right.SET_UP, "addressee")
        mine |= Q(at=at.LEADING_GROUP) & access.scope(user, Right.LEAD, "addressee")
        return self.open().filter(mine).exclude(asked_by=user)

    def known_to(self, user: Any) -> InstructionQuerySet:
        """Known answers given by a body above a post of the user, or at it."""
        above = {
            post.organization.path[:end]
            for post in access.posts_of(user)
            for end in range(post.organization.steplen, len(post.organization.path) + 1, post.organization.steplen)
        }
        return self.filter(known=True, addressee__path__in=above)


class InstructionRequest(models.Model):
    """A matter put before the superior. `addressee` and `at` say where it stands: passed up they rise."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("instruction", "Asked")
        PASSED_UP = "passed_up", _("Passed up")
        ANSWERED = "answered", pgettext_lazy("instruction", "Answered")
        CLOSED = "closed", pgettext_lazy("instruction", "Closed")

    class At(models.TextChoices):
        ORGANIZATION = "organization", _("Superior organisation")
        OFFICE = "office", _("Campaign office")
        LEADING_GROUP = "leading_group", _("Leading group")

    class Urgency(models.TextChoices):
        NORMAL = "normal", pgettext_lazy("instruction", "Normal")
        URGENT = "urgent", _("Urgent")

    OPEN = (State.ASKED, State.PASSED_UP)

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="instruction_requests")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="instruction_requests")
    addressee = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    at = models.CharField(max_length=16, choices=At)
    matter = models.CharField(_("Matter"), max_length=120)
    facts = models.TextField(_("Facts"))
    proposal = models.TextField(_("Our proposal"))
    urgency = models.CharField(_("Urgency"), max_length=8, choices=Urgency, default=Urgency.NORMAL)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED, db_index=True)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="instruction_requests")
    asked_at = models.DateTimeField(default=clock.now)
    answer = models.TextField(_("Instruction"), blank=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    known = models.BooleanField(default=False)
    known_matter = models.CharField(_("Matter, in general words"), max_length=120, blank=True)
    known_answer = models.TextField(_("What holds"), blank=True)

    objects = InstructionQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for instruction")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(proposal=""), name="instruction_with_a_proposal"),
            models.CheckConstraint(
                condition=~Q(state="answered") | ~Q(answer=""), name="instruction_answered_in_words"
            ),
            models.CheckConstraint(
                condition=Q(known=False) | (~Q(known_matter="") & ~Q(known_answer="") & ~Q(answer="")),
                name="known_answer_says_something",
            ),
        ]

    def __str__(self) -> str:
        return self.matter


class InstructionStep(models.Model):
    """One thing that happened to a request."""

    class Kind(models.TextChoices):
        ASKED = "asked", _("Asked for instruction")
        PASSED_UP = "passed_up", _("Passed up")
        ANSWERED = "answered", _("Gave the instruction")
        CLOSED = "closed", pgettext_lazy("instruction", "Closed")
        WITHDRAWN = "withdrawn", _("Taken back")
        KNOWN = "known", _("Made it a known answer")
        UNKNOWN = "unknown", _("No longer a known answer")

    request = models.ForeignKey(InstructionRequest, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)
    text = models.TextField(blank=True)
    body = models.CharField(max_length=16, choices=InstructionRequest.At, blank=True)
    organization = models.ForeignKey(Organization, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]


class InstructionFile(KeptFile):
    """A photograph or document that belongs to a request."""

    request = models.ForeignKey(InstructionRequest, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to="instructions/%Y/%m/")
