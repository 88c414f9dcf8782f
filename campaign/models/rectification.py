"""Rectification: the ledger of problems to be mended, and the plans of members, organisations and units (group O)."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import clock
from accounts.models import User
from campaign.models.campaigns import Batch
from campaign.models.kept import KeptFile
from campaign.models.notices import PublicNotice
from campaign.models.opinions import Opinion
from units import access
from units.models import Member, Organization
from units.roles import Right


class RectificationItemQuerySet(models.QuerySet["RectificationItem"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> RectificationItemQuerySet:
        """Items of organisations in scope, and those for which the user himself is responsible."""
        reach = access.scope(user, right)
        member = getattr(user, "member", None) if user.is_authenticated else None
        if member is not None:
            reach |= Q(responsible_member=member)
        return self.filter(reach)

    def within(self, organization: Organization) -> RectificationItemQuerySet:
        return self.filter(access.below(organization.path, "organization"))

    def unclosed(self) -> RectificationItemQuerySet:
        return self.filter(state__in=[RectificationItem.State.OPEN, RectificationItem.State.REPORTED])

    def overdue(self, on: dt.date) -> RectificationItemQuerySet:
        """Not yet reported done although the deadline has passed; due means by the end of the day (decision 18)."""
        return self.filter(state=RectificationItem.State.OPEN, deadline__lt=on)


class RectificationItem(models.Model):
    """One problem in the ledger: what is done about it, by whom, until when, and where it stands (O-05, O-06).

    `kind` is a key of the playbook's `problem_kinds`, `wind` one of its `winds`; `stage` the phase in which it was
    registered, for a problem may be mended in any (O-08). `reopened` marks supervised re-rectification (H-04).
    """

    class State(models.TextChoices):
        OPEN = "open", _("Being rectified")
        REPORTED = "reported", _("Reported done")
        CLOSED = "closed", pgettext_lazy("rectification item", "Closed")
        EXPLAINED = "explained", _("Explained")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rectification_items")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="rectification_items")
    stage = models.CharField(max_length=30)
    problem = models.TextField(_("Problem"))
    kind = models.CharField(_("Treatment"), max_length=30)
    departments = models.CharField(_("Departments concerned"), max_length=200, blank=True)
    explanation = models.TextField(_("Explanation to the masses"), blank=True)
    measure = models.TextField(_("Measure"), blank=True)
    wind = models.CharField(_("Style concerned"), max_length=30, blank=True)
    responsible_member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    responsible_name = models.CharField(_("Responsible person"), max_length=60, blank=True)
    deadline = models.DateField(_("Deadline"), null=True, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.OPEN)
    opinions = models.ManyToManyField(Opinion, blank=True, related_name="rectification_items")
    linked = models.ManyToManyField("self", blank=True)
    public = models.BooleanField(_("Show in the public ledger"), default=False)
    reopened = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    registered_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    registered_at = models.DateTimeField(default=clock.now)
    reported_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    reported_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True)
    overdue_told_on = models.DateField(null=True, blank=True)
    escalated_on = models.DateField(null=True, blank=True)

    objects = RectificationItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("rectification item")
        ordering = ["-registered_at", "-pk"]
        indexes = [models.Index(fields=["batch", "state", "deadline"], name="item_state_deadline")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="time_limit") | Q(deadline__isnull=False), name="time_limit_has_deadline"
            ),
            models.CheckConstraint(condition=~Q(kind="joint") | ~Q(departments=""), name="joint_names_departments"),
            models.CheckConstraint(condition=~Q(kind="explain") | ~Q(explanation=""), name="explain_has_explanation"),
            models.CheckConstraint(
                condition=Q(reported_by=None) | Q(closed_by=None) | ~Q(reported_by=models.F("closed_by")),
                name="item_closed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.problem[:60]

    @property
    def responsible(self) -> str:
        return self.responsible_member.name if self.responsible_member else self.responsible_name

    @property
    def is_unclosed(self) -> bool:
        return self.state in {self.State.OPEN, self.State.REPORTED}

    @property
    def is_overdue(self) -> bool:
        return self.state == self.State.OPEN and self.deadline is not None and self.deadline < clock.today()

    @property
    def days_overdue(self) -> int:
        return (clock.today() - self.deadline).days if self.deadline and self.is_overdue else 0


class ItemNote(models.Model):
    """One line of an item's history: progress, report, close-out, sending back, a moved deadline."""

    class Kind(models.TextChoices):
        PROGRESS = "progress", pgettext_lazy("rectification item", "Progress")
        REPORTED = "reported", _("Reported done")
        CONFIRMED = "confirmed", _("Close-out confirmed")
        RETURNED = "returned", _("Sent back")
        EXTENDED = "extended", _("Deadline moved")
        ESCALATED = "escalated", _("Told to the superior organisation")
        REOPENED = "reopened", _("To be rectified again under supervision")

    item = models.ForeignKey(RectificationItem, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField(_("Text"), blank=True)
    old_deadline = models.DateField(null=True, blank=True)
    new_deadline = models.DateField(null=True, blank=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-at", "-pk"]


class ItemFile(KeptFile):
    """A photograph or document that proves progress."""

    note = models.ForeignKey(ItemNote, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to="rectification/%Y/%m/")


def _token() -> str:
    return secrets.token_urlsafe(12)


class PublicLedger(models.Model):
    """The work unit's public commitment: a page without sign-in that shows the chosen items (O-03, O-05)."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="public_ledgers")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="public_ledgers")
    token = models.CharField(max_length=24, unique=True, default=_token)
    commitment = models.TextField(_("Public commitment"), blank=True)
    contact = models.CharField(_("Contact for the masses"), max_length=120, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "organization"], name="one_public_ledger")]

    def __str__(self) -> str:
        return self.organization.name


class RectificationPlanQuerySet(models.QuerySet["RectificationPlan"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> RectificationPlanQuerySet:
        """Plans of organisations in scope, of members whose names one may see, and always one's own."""
        reach = access.scope(user, right) & Q(member=None)
        reach |= access.scope(user, Right.VIEW_MEMBERS) & Q(member__isnull=False)
        member = getattr(user, "member", None) if user.is_authenticated else None
        if member is not None:
            reach |= Q(member=member)
        return self.filter(reach)


class RectificationPlan(models.Model):
    """A plan of a member, an organisation or a unit; `organization` is the owner, or the member's own (O-01..O-04)."""

    class Owner(models.TextChoices):
        MEMBER = "member", _("Member")
        ORGANIZATION = "organization", _("Party organisation")
        UNIT = "unit", _("Work unit")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        NOTICE = "notice", _("On public notice")
        ADOPTED = "adopted", _("Adopted")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="plans")
    owner = models.CharField(max_length=12, choices=Owner)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="rectification_plans")
    member = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="rectification_plans"
    )
    contents = models.TextField(_("Key contents of the rectification"))
    measures = models.TextField(_("Measures"))
    items = models.ManyToManyField(RectificationItem, blank=True, related_name="plans")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    notice = models.ForeignKey(PublicNotice, null=True, blank=True, on_delete=models.SET_NULL, related_name="plans")
    returned = models.TextField(blank=True)
    adopted_on = models.DateField(null=True, blank=True)
    present = models.PositiveIntegerField(null=True, blank=True)
    votes = models.PositiveIntegerField(null=True, blank=True)
    medium = models.CharField(max_length=120, blank=True)
    adopted_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    written_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    written_at = models.DateTimeField(default=clock.now)

    objects = RectificationPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("rectification plan")
        ordering = ["organization__path", "-owner", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(owner="member", member__isnull=False) | (~Q(owner="member") & Q(member=None)),
                name="plan_of_a_member_names_him",
            ),
            models.UniqueConstraint(
                fields=["batch", "member"], condition=Q(member__isnull=False), name="one_plan_a_member"
            ),
            models.UniqueConstraint(
                fields=["batch", "organization", "owner"], condition=Q(member=None), name="one_plan_an_owner"
            ),
            models.CheckConstraint(
                condition=Q(votes=None) | Q(votes__lte=models.F("present")), name="no_more_votes_than_present"
            ),
        ]

    @property
    def unnamed_in_history(self) -> bool:
        """A member's plan is told of there by its number."""
        return self.member_id is not None

    def __str__(self) -> str:
        return self.member.name if self.member else self.organization.name

    @property
    def needs_notice(self) -> bool:
        """A draft, or one whose notice was taken down."""
        taken_down = self.notice is None or self.notice.withdrawn_at is not None
        return self.state == self.State.DRAFT or (self.state == self.State.NOTICE and taken_down)


class PlanVersion(models.Model):
    """A plan as it read before it was changed after its notice, with what had become of it."""

    plan = models.ForeignKey(RectificationPlan, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    contents = models.TextField()
    measures = models.TextField()
    state = models.CharField(max_length=10, choices=RectificationPlan.State)
    kept_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once")]


class PlanRemark(models.Model):
    """An opinion on a plan that came in while it was shown."""

    plan = models.ForeignKey(RectificationPlan, on_delete=models.CASCADE, related_name="remarks")
    source = models.CharField(_("Who said it"), max_length=60, blank=True)
    text = models.TextField(_("Opinion"))
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]
