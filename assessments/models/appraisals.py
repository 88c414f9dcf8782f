"""Democratic appraisal: the opinion on each member, his answer to it, appeals, report-outs, member tests."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.fields import EncryptedTextField
from accounts.models import User
from campaign.models import Batch
from units import access
from units.models import Member, Organization
from units.roles import Right


class ConfidentialQuerySet(models.QuerySet[Any]):
    """Records on one member, kept by his branch (decision 20)."""

    def visible_to(self, user: Any, right: Right = Right.PAPERS) -> ConfidentialQuerySet:
        """In the scope of a post that carries the right, and always one's own."""
        own = Q(member__user=user) if user.is_authenticated else access.NOTHING
        return self.filter(access.scope(user, right) | own)


class Basis(models.TextChoices):
    """What an opinion rests on (F-28, F-30)."""

    CONSTITUTION = "constitution", _("The party constitution")
    CONCRETES = "concretes", _("The two concretes")
    SELF_REVIEW = "self_review", _("His own review")
    MUTUAL_REVIEW = "mutual_review", _("Review by other members")
    MASSES = "masses", _("Opinions of the masses")
    CONDUCT = "conduct", _("Usual conduct")


class Appraisal(models.Model):
    """The opinion on one member in one batch: drafted, decided, shown, and what he said to it (decision 13)."""

    class State(models.TextChoices):
        DRAFTED = "drafted", _("Being drafted")
        DECIDED = "decided", _("Decided, not shown yet")
        SHOWN = "shown", _("Shown to the member")
        SIGNED = "signed", _("Signed")
        DISSENT = "dissent", _("Signed with a dissent")
        DECLINED = "declined", _("Declined to sign")

    class DecidedIn(models.TextChoices):
        COMMITTEE = "branch_committee", _("Branch committee")
        BRANCH = "branch", _("Branch meeting")

    STANDING = (State.DECIDED, State.SHOWN, State.SIGNED, State.DISSENT, State.DECLINED)
    ANSWERED = (State.SIGNED, State.DISSENT, State.DECLINED)

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="appraisals")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="appraisals")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="appraisals")
    basis = models.JSONField(_("Rests on"), default=list, blank=True)
    opinion = EncryptedTextField(_("Opinion"), blank=True, default="")
    shortcomings = EncryptedTextField(_("Shortcomings"), blank=True, default="")
    scope = models.CharField(_("Scope of the appraisal"), max_length=120, blank=True)  # of leaders (F-34)
    verdict = models.CharField(_("Verdict"), max_length=40, blank=True)  # a grade of the playbook
    adverse = models.BooleanField(default=False)  # the grade leads to help and handling: unqualified
    state = models.CharField(max_length=10, choices=State, default=State.DRAFTED)
    version = models.PositiveIntegerField(default=1)
    drafted_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_in = models.CharField(_("Decided by"), max_length=20, choices=DecidedIn, blank=True)
    decided_on = models.DateField(_("Decided on"), null=True, blank=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    shown_on = models.DateField(_("Shown on"), null=True, blank=True)
    answered_on = models.DateField(_("Signed on"), null=True, blank=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    on_paper = models.BooleanField(default=False)
    witness = models.CharField(_("Witness"), max_length=60, blank=True)
    answer = EncryptedTextField(blank=True, default="")  # the dissent, or why he declined

    objects = ConfidentialQuerySet.as_manager()

    class Meta:
        verbose_name = _("appraisal")
        constraints = [
            models.UniqueConstraint(fields=["batch", "member"], name="appraised_once_in_a_batch"),
            models.CheckConstraint(
                condition=Q(state="drafted") | (~Q(verdict="") & Q(decided_on__isnull=False)),
                name="appraisal_decided_has_a_verdict",
            ),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(witness=""), name="declined_before_a_witness"),
        ]
        indexes = [models.Index(fields=["batch", "organization"], name="appraisal_of_branch")]

    unnamed_in_history = True  # it tells something of a member

    def __str__(self) -> str:
        return str(self.member)

    @property
    def grade_name(self) -> str:
        """The verdict in the playbook's words; needs the batch's campaign."""
        grade = self.batch.campaign.playbook.appraisal.grade(self.verdict)
        return str(grade.name) if grade else self.verdict

    @property
    def basis_names(self) -> list[str]:
        """What it rests on, in words."""
        labels = dict(Basis.choices)
        return [str(labels[key]) for key in self.basis if key in labels]

    @property
    def stands(self) -> bool:
        return self.state in self.STANDING

    @property
    def answered(self) -> bool:
        return self.state in self.ANSWERED


class Appeal(models.Model):
    """A member's appeal to the superior organisation; while it is open the gate waits for him alone (decision 13)."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        UPHELD = "upheld", _("Upheld")
        DISMISSED = "dismissed", _("Dismissed")

    appraisal = models.ForeignKey(Appraisal, on_delete=models.CASCADE, related_name="appeals")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="appeals")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    text = EncryptedTextField(_("Appeal"))
    filed_on = models.DateField(_("Filed on"))
    filed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reason = EncryptedTextField(_("Reason"), blank=True, default="")
    verdict_before = models.CharField(max_length=40, blank=True)
    verdict_after = models.CharField(max_length=40, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = ConfidentialQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        ordering = ["-filed_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["appraisal"], condition=Q(state="open"), name="one_open_appeal"),
            models.CheckConstraint(
                condition=Q(state="open") | Q(decided_on__isnull=False), name="appeal_decided_on_a_day"
            ),
        ]

    unnamed_in_history = True  # it tells something of a member

    def __str__(self) -> str:
        return str(self.member)

    @property
    def on_paper(self) -> bool:
        """Handed in on paper, and entered by somebody else than the member."""
        return self.filed_by_id != self.member.user_id or self.filed_by_id is None


class ReportOutQuerySet(models.QuerySet["ReportOut"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> ReportOutQuerySet:
        return self.filter(access.scope(user, right))


class ReportOut(models.Model):
    """The masses were told of the appraisal (F-31) or of a meeting (F-32): when, to whom, how. It names no member."""

    class About(models.TextChoices):
        APPRAISAL = "appraisal", _("The appraisal of members")
        ORGANIZATION_LIFE = "organization_life", _("The special organisation-life meeting")
        DEMOCRATIC_LIFE = "democratic_life", _("The special democratic-life meeting of the team")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="report_outs")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="report_outs")
    about = models.CharField(_("About"), max_length=20, choices=About, default=About.APPRAISAL)
    held_on = models.DateField(_("Date"))
    scope = models.CharField(_("Told to"), max_length=120)
    how = models.CharField(_("How"), max_length=120)
    people = models.PositiveIntegerField(_("People told"), null=True, blank=True)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    objects = ReportOutQuerySet.as_manager()

    class Meta:
        verbose_name = _("report-out")
        ordering = ["-held_on", "-id"]

    def __str__(self) -> str:
        return f"{self.organization} · {self.held_on}"


class MemberTest(models.Model):
    """One round of the test of one member's report: ballots counted on paper (F-24, I-02). The last one decides.

    `counts` holds the votes by answer of the playbook's instrument; ballots beyond their sum are void.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="member_tests")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="report_tests")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="member_tests")
    round = models.PositiveSmallIntegerField(_("Round"))
    held_on = models.DateField(_("Held on"))
    voters = models.PositiveIntegerField(_("Voters"))
    counts = models.JSONField(default=dict)
    entered_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    entered_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ConfidentialQuerySet.as_manager()

    class Meta:
        verbose_name = _("member test")
        ordering = ["member", "round"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "member", "round"], name="member_test_round_once"),
            models.CheckConstraint(condition=Q(voters__gt=0), name="member_test_has_voters"),
        ]
        indexes = [models.Index(fields=["batch", "organization"], name="member_test_of_branch")]

    unnamed_in_history = True  # it tells something of a member

    def __str__(self) -> str:
        return f"{self.member} · {self.round}"

    @property
    def valid(self) -> int:
        """Ballots that gave an answer; rates are shares of these (decision 1)."""
        return sum(self.counts.values())


__all__ = ["Appeal", "Appraisal", "Basis", "ConfidentialQuerySet", "MemberTest", "ReportOut", "ReportOutQuerySet"]
