"""Self-analyses (党性分析材料): drafts, versions, layered review, deputies (F-05..F-15); organisations' own (F-07)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import clock
from accounts.fields import EncryptedTextField
from accounts.models import User
from campaign.models import Batch, PublicNotice
from units import access
from units.models import Member, Organization, Post
from units.roles import Right


class Deputy(models.Model):
    """Who stands in for an absent reviewer or decider, from when to when, and why; both days included."""

    principal = models.ForeignKey(User, on_delete=models.CASCADE, related_name="deputies")
    deputy = models.ForeignKey(User, on_delete=models.CASCADE, related_name="deputises")
    from_date = models.DateField(_("From"), default=clock.today)
    to_date = models.DateField(_("To"))
    reason = models.CharField(_("Reason"), max_length=200)
    set_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-from_date", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(to_date__gte=F("from_date")), name="deputy_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(deputy=F("principal")), name="deputy_is_another"),
        ]


def principals_of(user: Any) -> list[int]:
    """Ids of those for whom the user reviews and decides today, himself first; read once per user object."""
    if not getattr(user, "is_authenticated", False):
        return []
    if not hasattr(user, "_principals"):
        today = clock.today()
        rows = Deputy.objects.filter(deputy=user, from_date__lte=today, to_date__gte=today, principal__is_active=True)
        user._principals = [user.pk, *rows.values_list("principal_id", flat=True)]
    return user._principals


def deputies_of(people: Iterable[int]) -> list[User]:
    """Who stands in for any of these people today: whom to tell beside them. One query."""
    today = clock.today()
    rows = Deputy.objects.filter(
        principal__in=list(people), from_date__lte=today, to_date__gte=today, deputy__is_active=True
    )
    return list({row.deputy_id: row.deputy for row in rows.select_related("deputy")}.values())


def _held_by(people: Any) -> models.QuerySet[Post]:
    """Posts of these people today that fit the paper's reviewer (inside a query on papers)."""
    current = Post.objects.current(clock.today()).filter(user__is_active=True)
    fitting = current.filter(role=OuterRef("reviewer_role"), organization=OuterRef("reviewer_organization"))
    return fitting.filter(user__in=people) if people is not None else fitting


class SelfAnalysisQuerySet(models.QuerySet["SelfAnalysis"]):
    def own(self, user: Any) -> SelfAnalysisQuerySet:
        return self.filter(member__user=user) if user.is_authenticated else self.none()

    def reviewable_by(self, user: Any) -> SelfAnalysisQuerySet:
        """Handed in and routed to a post of the user's, to him by hand, or to whom he stands in for; never his own."""
        people = principals_of(user)
        if not people:
            return self.none()
        by_post = Q(assigned_reviewer=None) & Exists(_held_by(people))
        routed = self.filter(Q(assigned_reviewer__in=people) | by_post).exclude(member__user=user)
        return routed.exclude(last_number=0)

    def visible_to(self, user: Any, right: Right = Right.PAPERS) -> SelfAnalysisQuerySet:
        """Oneself, the reviewer or deputy, the branch committee and secretaries above, the head of the office."""
        mine = Q(pk__in=self.own(user).values("pk")) | Q(pk__in=self.reviewable_by(user).values("pk"))
        return self.filter(access.scope(user, right) | mine)

    def waiting(self) -> SelfAnalysisQuerySet:
        return self.filter(state__in=[SelfAnalysis.State.SUBMITTED, SelfAnalysis.State.IN_REVIEW])

    def unrouted(self) -> SelfAnalysisQuerySet:
        """Waiting, with nobody who may review: no route, or the post has fallen vacant (decision 8)."""
        return self.waiting().filter(assigned_reviewer=None).exclude(_somebody())

    def passed(self) -> SelfAnalysisQuerySet:
        return self.filter(state=SelfAnalysis.State.PASSED)


def _somebody() -> Q:
    """Papers whose post somebody else holds. Without an account `user <> NULL` would exclude every holder."""
    others = _held_by(None).exclude(user=OuterRef("member__user_id"))
    return (Q(member__user=None) & Exists(_held_by(None))) | (Q(member__user__isnull=False) & Exists(others))


class SelfAnalysis(models.Model):
    """One member's paper in a batch: the draft, and where it stands. What was handed in stands in the versions.

    The reviewer is kept as a post (role and organisation), so that whoever holds it today reviews (F-13).
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("paper", "Being written")
        SUBMITTED = "submitted", pgettext_lazy("paper", "Handed in")
        IN_REVIEW = "in_review", pgettext_lazy("paper", "In review")
        RETURNED = "returned", pgettext_lazy("paper", "To be rewritten")
        PASSED = "passed", pgettext_lazy("paper", "Passed")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="self_analyses")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="self_analyses")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="self_analyses")
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.DRAFT)
    earlier_campaign = models.BooleanField(_("Took part in the “Three Stresses” education"), default=False)

    sources = EncryptedTextField(blank=True, default="")  # JSON: source of the problems to what it showed (F-04)
    text = EncryptedTextField(_("Text"), blank=True, default="")
    views = EncryptedTextField(_("Views of power, position and interest"), blank=True, default="")
    measures = EncryptedTextField(_("Measures since the “Three Stresses” education"), blank=True, default="")
    characters = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    original = models.ForeignKey("AnalysisFile", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    last_number = models.PositiveSmallIntegerField(default=0)
    submitted_at = models.DateTimeField(null=True, blank=True)
    passed_at = models.DateTimeField(null=True, blank=True)
    rechecked_at = models.DateTimeField(null=True, blank=True)
    author_kind = models.CharField(max_length=20, blank=True)
    reviewer_kind = models.CharField(max_length=30, blank=True)
    reviewer_role = models.CharField(max_length=30, blank=True)
    reviewer_organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    assigned_reviewer = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    notice = models.ForeignKey(PublicNotice, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = SelfAnalysisQuerySet.as_manager()

    class Meta:
        verbose_name = _("self-analysis")
        ordering = ["organization__path", "member_id"]
        constraints = [models.UniqueConstraint(fields=["batch", "member"], name="one_self_analysis_a_batch")]
        indexes = [models.Index(fields=["reviewer_role", "reviewer_organization", "state"], name="paper_queue")]

    unnamed_in_history = True  # it tells something of a member

    def __str__(self) -> str:
        return str(self.member)

    @property
    def is_open(self) -> bool:
        """May the author write? Not while somebody reviews it, nor once it has passed."""
        return self.state in {self.State.DRAFT, self.State.RETURNED}

    @property
    def waits(self) -> bool:
        return self.state in {self.State.SUBMITTED, self.State.IN_REVIEW}

    @property
    def days_waiting(self) -> int | None:
        """Days since it was handed in, while it waits for the reviewer."""
        if not self.waits or self.submitted_at is None:
            return None
        return (clock.now() - self.submitted_at).days


class AnalysisFile(models.Model):
    """The Word file that a text was read from, sealed like the text itself (base64 of its bytes)."""

    analysis = models.ForeignKey(SelfAnalysis, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    sealed = EncryptedTextField()
    added_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(default=clock.now)


class AnalysisVersion(models.Model):
    """What was handed in, for good (F-14: every version is kept)."""

    class Source(models.TextChoices):
        PAGE = "page", _("Written in the page")
        DOCX = "docx", _("From a Word file")

    analysis = models.ForeignKey(SelfAnalysis, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    sources = EncryptedTextField(blank=True, default="")
    text = EncryptedTextField()
    views = EncryptedTextField(blank=True, default="")
    measures = EncryptedTextField(blank=True, default="")
    characters = models.PositiveIntegerField()
    source = models.CharField(max_length=5, choices=Source)
    original = models.ForeignKey(AnalysisFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    handed_in_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    handed_in_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["analysis", "number"]
        constraints = [models.UniqueConstraint(fields=["analysis", "number"], name="paper_version_once")]


class PaperReview(models.Model):
    """A reviewer's word on one version; `comments` is sealed JSON: [{"paragraph": 3, "text": "…"}], from 0."""

    class Kind(models.TextChoices):
        REVIEW = "review", _("Review")
        RECHECK = "recheck", _("Re-check after the meetings")

    class Verdict(models.TextChoices):
        PASS = "pass", _("Passed")
        RETURN = "return", _("To be rewritten")

    version = models.ForeignKey(AnalysisVersion, on_delete=models.CASCADE, related_name="reviews")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.REVIEW)
    reviewer = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    for_principal = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    verdict = models.CharField(max_length=6, choices=Verdict)
    overall = EncryptedTextField(blank=True, default="")
    comments = EncryptedTextField(blank=True, default="")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version"], condition=Q(kind="review"), name="one_review_a_version")
        ]


class PaperOpinion(models.Model):
    """What was said about a paper while its notice hung (F-08). Nobody is named: the words are what counts."""

    analysis = models.ForeignKey(SelfAnalysis, on_delete=models.CASCADE, related_name="opinions")
    text = EncryptedTextField()
    noted_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    noted_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["noted_at", "pk"]


class OrganizationAnalysisQuerySet(models.QuerySet["OrganizationAnalysis"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> OrganizationAnalysisQuerySet:
        return self.filter(access.scope(user, right))


class OrganizationAnalysis(models.Model):
    """An organisation's own analysis (F-03, F-07): written, finished, and put on notice."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("paper", "Being written")
        FINISHED = "finished", pgettext_lazy("paper", "Finished")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="organization_analyses")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="analyses")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    text = EncryptedTextField(_("Text"), blank=True, default="")
    characters = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    notice = models.ForeignKey(PublicNotice, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = OrganizationAnalysisQuerySet.as_manager()

    class Meta:
        verbose_name = _("analysis of the organisation")
        constraints = [
            models.UniqueConstraint(fields=["batch", "organization"], name="one_organization_analysis_a_batch")
        ]

    def __str__(self) -> str:
        return str(self.organization)


__all__ = [
    "AnalysisFile",
    "AnalysisVersion",
    "Deputy",
    "OrganizationAnalysis",
    "PaperOpinion",
    "PaperReview",
    "SelfAnalysis",
    "deputies_of",
    "principals_of",
]
