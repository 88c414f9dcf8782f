"""Yellow cards and collective admonitions (J-14..J-16, decision 6)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.messages import localised
from accounts.models import User
from campaign.models import Batch, Participation
from supervision.models.makeups import MakeUpOrder
from supervision.models.transitions import Transition
from units import access
from units.models import Member, Organization, WorkUnit
from units.roles import Right


class YellowCardQuerySet(models.QuerySet["YellowCard"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> YellowCardQuerySet:
        return self.filter(access.scope(user, right))

    def proposed(self) -> YellowCardQuerySet:
        return self.filter(state=YellowCard.State.PROPOSED)

    def counting(self) -> YellowCardQuerySet:
        """Issued and not revoked: what the rule counts (J-15)."""
        return self.filter(state=YellowCard.State.ISSUED)


class YellowCard(models.Model):
    """A warning to a party organisation: proposed by what happened, issued by the office, maybe revoked (J-14).

    `event_key` names what happened, so that one event gives one card whatever rules it touches. `work_units` are the
    units for which it counts; where there is none it counts for the participation.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed, to be issued")
        ISSUED = "issued", _("Card issued")
        REVOKED = "revoked", _("Revoked")

    class Trigger(models.TextChoices):
        FIRST_TRANSITION = "first_transition_failed", _("Not passed at the first attempt")
        MAKEUP = "makeup", _("Ordered to make up")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="cards")
    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="cards")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="cards")
    work_units = models.ManyToManyField(WorkUnit, blank=True, related_name="cards")
    stage = models.CharField(max_length=40)
    trigger = models.CharField(max_length=30, choices=Trigger)
    event_key = models.CharField(max_length=80, unique=True)
    transition = models.ForeignKey(Transition, null=True, blank=True, on_delete=models.SET_NULL, related_name="cards")
    makeup = models.ForeignKey(MakeUpOrder, null=True, blank=True, on_delete=models.SET_NULL, related_name="cards")
    cause = models.CharField(max_length=40)
    cause_words = models.JSONField(default=dict)
    rule_words = models.JSONField(default=dict)
    reason = models.TextField(_("Reason"), blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    number = models.CharField(_("Number of the notice"), max_length=60, blank=True)
    issued_on = models.DateField(_("Date of the notice"), null=True, blank=True)
    issued_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    issued_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(_("Why it is revoked"), max_length=500, blank=True)

    objects = YellowCardQuerySet.as_manager()

    class Meta:
        verbose_name = _("yellow card")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], condition=~Q(number=""), name="card_number_once"),
            models.CheckConstraint(
                condition=~Q(state="issued") | (~Q(number="") & Q(issued_on__isnull=False)),
                name="card_issued_with_number_and_date",
            ),
            models.CheckConstraint(condition=~Q(state="revoked") | ~Q(revoked_reason=""), name="card_revoked_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.number or self.stage}"

    @property
    def cause_name(self) -> str:
        return str(localised(self.cause_words))

    @property
    def rule(self) -> str:
        """The playbook's rule as it was when the card was proposed."""
        return str(localised(self.rule_words))


class AdmonitionQuerySet(models.QuerySet["Admonition"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> AdmonitionQuerySet:
        """For whom the whole unit lies in scope: it is about its leadership team."""
        return self.filter(access.scope(user, right, "participation__organization"))

    def open(self) -> AdmonitionQuerySet:
        return self.filter(state=Admonition.State.OPEN)


class Admonition(models.Model):
    """The collective admonition of a unit's leadership team, opened by the card that reached the number (J-15).

    `work_unit` empty: the organisation has no unit, and the cards are those of the participation.
    """

    class State(models.TextChoices):
        OPEN = "open", _("To be held")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="admonitions")
    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="admonitions")
    work_unit = models.ForeignKey(WorkUnit, null=True, blank=True, on_delete=models.PROTECT, related_name="admonitions")
    cards = models.ManyToManyField(YellowCard, related_name="admonitions")
    number_needed = models.PositiveSmallIntegerField()
    rule_words = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField(default=clock.now)
    held_on = models.DateField(_("Day of the admonition"), null=True, blank=True)
    place = models.CharField(_("Place"), max_length=80, blank=True)
    admonisher = models.CharField(_("Who admonished"), max_length=120, blank=True)
    content = models.TextField(_("What was said to the team"), blank=True)
    undertaking = models.TextField(_("What the team undertakes"), blank=True)
    absent_note = models.CharField(_("Why somebody was absent, and what follows"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_reason = models.CharField(max_length=500, blank=True)

    objects = AdmonitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("collective admonition")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "work_unit"],
                condition=~Q(state="cancelled") & Q(work_unit__isnull=False),
                name="one_admonition_a_unit",
            ),
            models.UniqueConstraint(
                fields=["participation"],
                condition=~Q(state="cancelled") & Q(work_unit__isnull=True),
                name="one_admonition_without_unit",
            ),
            models.CheckConstraint(
                condition=~Q(state="held")
                | (Q(held_on__isnull=False) & ~Q(place="") & ~Q(admonisher="") & ~Q(content="") & ~Q(undertaking="")),
                name="admonition_held_says_how",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_reason=""), name="admonition_cancelled_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.unit_name

    @property
    def unit_name(self) -> str:
        return self.work_unit.name if self.work_unit is not None else self.participation.organization.name

    @property
    def rule(self) -> str:
        """The playbook's rule as it was when it was opened."""
        return str(localised(self.rule_words))


class AdmonitionAttendance(models.Model):
    """One of the leadership team, and whether he was there; `member` empty: named by hand."""

    admonition = models.ForeignKey(Admonition, on_delete=models.CASCADE, related_name="team")
    member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=60)
    position = models.CharField(max_length=60, blank=True)
    present = models.BooleanField(default=True)

    class Meta:
        ordering = ["-present", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["admonition", "member"], condition=Q(member__isnull=False), name="admonished_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
