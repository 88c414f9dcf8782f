"""Opinions gathered (征求意见): what was said, never who said it (group N, F-02)."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import clock
from accounts.models import User
from campaign.models.campaigns import Batch
from units import access
from units.models import Member, Organization
from units.roles import Right

FEWEST = 5  # voices below which nothing is shown that could tell who spoke (docs: anonymity)


def _token() -> str:
    return secrets.token_urlsafe(12)


class TargetKind(models.TextChoices):
    """Whom an opinion is about (N-07)."""

    ORGANIZATION = "organization", _("The organisation")
    TEAM = "team", _("Its leadership team")
    MEMBER = "member", _("A member")


class OpinionBoxQuerySet(models.QuerySet["OpinionBox"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> OpinionBoxQuerySet:
        return self.filter(access.scope(user, right))


class OpinionBox(models.Model):
    """A public page on which anybody may leave an opinion without signing in (N-01). It knows nothing of a visitor."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="opinion_boxes")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="opinion_boxes")
    concerned = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    target = models.CharField(_("About"), max_length=12, choices=TargetKind, default=TargetKind.ORGANIZATION)
    title = models.CharField(_("Title"), max_length=100)
    token = models.CharField(max_length=24, unique=True, default=_token)
    until = models.DateField(_("Open until"))
    closed_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)

    objects = OpinionBoxQuerySet.as_manager()

    class Meta:
        verbose_name = _("opinion box")
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(target=TargetKind.MEMBER), name="a_box_is_not_about_one_member")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Until the end of its last day, unless somebody has closed it."""
        return self.closed_at is None and clock.today() <= self.until


class OpinionQuerySet(models.QuerySet["Opinion"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> OpinionQuerySet:
        """Those gathered in scope, and those passed on to an organisation in scope; about a member only by PAPERS."""

        def reach(by: Right) -> Q:
            passed = ~Q(passed_on=None) & access.scope(user, by, "concerned")
            return access.scope(user, by, "organization") | passed

        about_member = Q(target=TargetKind.MEMBER)
        return self.filter(reach(right) & (~about_member | reach(Right.PAPERS)))

    def of(self, organization: Organization) -> OpinionQuerySet:
        """The register of an organisation: what it and those below it gathered or were handed."""
        inside = access.below(organization.path, "organization")
        handed = ~Q(passed_on=None) & access.below(organization.path, "concerned")
        return self.filter(inside | handed)

    def concerning(self, organization: Organization) -> OpinionQuerySet:
        return self.filter(access.below(organization.path, "concerned"))

    def standing(self) -> OpinionQuerySet:
        """Those that speak for themselves: neither merged into another nor set aside."""
        return self.exclude(state__in=[Opinion.State.MERGED, Opinion.State.ASIDE])

    def ready_for_rectification(self) -> OpinionQuerySet:
        """Sorted, passed on or answered: what a rectification item may be made of (O-05)."""
        return self.filter(state__in=[Opinion.State.SORTED, Opinion.State.PASSED, Opinion.State.ANSWERED])


class Opinion(models.Model):
    """One opinion, and how many said it. No field says who did, nor the hour."""

    Target = TargetKind

    class Channel(models.TextChoices):
        """N-01; the sixth, "network", and what else there is."""

        MEETING = "meeting", _("Discussion meeting")
        INTERVIEW = "interview", _("Interview")
        QUESTIONNAIRE = "questionnaire", _("Questionnaire")
        BOX = "box", _("Opinion box")
        HOTLINE = "hotline", _("Hotline")
        NETWORK = "network", _("Network")
        REVIEW = "review", _("Style review")
        OTHER = "other", pgettext_lazy("channel", "Other")

    class Source(models.TextChoices):
        """N-07, and the representatives of a style review (N-03)."""

        BASE_UNIT = "base_unit", _("Base units")
        SERVICE = "service", _("Service objects")
        STAFF = "staff", _("Own staff")
        MASSES_INSIDE = "masses_inside", _("Masses inside the party")
        MASSES_OUTSIDE = "masses_outside", _("Masses outside the party")
        REPRESENTATIVE = "representative", _("Representatives")
        UNKNOWN = "unknown", _("Not stated")

    class Category(models.TextChoices):
        """F-03, N-10."""

        THOUGHT = "thought", pgettext_lazy("opinion", "Thought")
        ORGANISATION = "organisation", pgettext_lazy("opinion", "Organisation")
        WORK = "work", pgettext_lazy("opinion", "Work")
        STYLE = "style", pgettext_lazy("opinion", "Style")

    class Problem(models.TextChoices):
        """The four kinds to find (G-10) and the five difficulties (G-12)."""

        MEMBERSHIP = "membership", _("Members and organisations")
        CONDUCT = "conduct", _("Party, government and industry style")
        DEVELOPMENT = "development", _("Reform, development, stability")
        INTERESTS = "interests", _("The masses' own interests")
        WATER = "water", _("Drinking water")
        ROAD = "road", _("Roads")
        DOCTOR = "doctor", _("Seeing a doctor")
        SCHOOL = "school", _("Schooling")
        JOB = "job", _("Jobs")

    class State(models.TextChoices):
        NEW = "new", pgettext_lazy("opinion", "New")
        SORTED = "sorted", pgettext_lazy("opinion", "Sorted")
        PASSED = "passed", pgettext_lazy("opinion", "Passed on")
        ANSWERED = "answered", pgettext_lazy("opinion", "Answered")
        MERGED = "merged", pgettext_lazy("opinion", "Merged")
        ASIDE = "aside", pgettext_lazy("opinion", "Set aside")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="opinions")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="opinions")
    concerned = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="opinions_concerning")
    target = models.CharField(_("About"), max_length=12, choices=TargetKind, default=TargetKind.ORGANIZATION)
    member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="opinions")
    channel = models.CharField(_("Channel"), max_length=16, choices=Channel)
    source = models.CharField(_("Source"), max_length=16, choices=Source, default=Source.UNKNOWN)
    source_kind = models.CharField(max_length=40, blank=True)  # the playbook's kind of representative
    category = models.CharField(_("Category"), max_length=16, choices=Category, blank=True)
    problem = models.CharField(_("Kind of problem"), max_length=16, choices=Problem, blank=True)
    text = models.TextField(_("Opinion"))
    received_on = models.DateField(_("Received on"))
    voices = models.PositiveIntegerField(_("Voices"), default=1)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.NEW)
    before_merge = models.CharField(max_length=10, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    passed_on = models.DateField(_("Passed on"), null=True, blank=True)
    answer = models.TextField(_("Answer"), blank=True)
    answered_on = models.DateField(_("Answered on"), null=True, blank=True)
    answer_public = models.BooleanField(_("Publish the answer"), default=False)
    reason = models.CharField(_("Reason"), max_length=200, blank=True)
    box = models.ForeignKey(OpinionBox, null=True, blank=True, on_delete=models.SET_NULL, related_name="opinions")

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = _("opinion")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["batch", "organization", "state"], name="opinion_gathered"),
            models.Index(fields=["batch", "concerned", "state"], name="opinion_concerns"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(voices__gte=1), name="opinion_has_a_voice"),
            models.CheckConstraint(
                condition=Q(target=TargetKind.MEMBER, member__isnull=False)
                | (~Q(target=TargetKind.MEMBER) & Q(member__isnull=True)),
                name="opinion_names_a_member_if_about_one",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="opinion_merged_into_another",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="opinion_not_merged_into_itself"),
        ]

    def __str__(self) -> str:
        """For history and headings; an opinion on a member is not told there."""
        return str(_("Opinion on a member")) if self.target == TargetKind.MEMBER else self.text[:40]

    @property
    def about_member(self) -> bool:
        return self.target == TargetKind.MEMBER

    @property
    def tells_origin(self) -> bool:
        """May source and day be shown? Only when too many said it to tell one from the other."""
        return self.voices >= FEWEST

    @property
    def is_standing(self) -> bool:
        return self.state not in {self.State.MERGED, self.State.ASIDE}
