"""Leadership teams and branch committees, and the heart-to-heart talks that follow from them (D-17, F-16..F-18)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.fields import EncryptedTextField
from accounts.models import User
from campaign.models.campaigns import Batch
from units import access
from units.models import Member, Organization
from units.roles import Right


class TeamMemberQuerySet(models.QuerySet["TeamMember"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW_MEMBERS) -> TeamMemberQuerySet:
        return self.filter(access.scope(user, right))


class TeamMember(models.Model):
    """A member's duty in the team of an organisation or the committee of a branch (B-13, D-17)."""

    class Duty(models.TextChoices):
        PRINCIPAL = "principal", _("Principal")  # the secretary
        DEPUTY = "deputy", _("Deputy in charge of party work")
        MEMBER = "member", _("Team member")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="team")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="teams")
    duty = models.CharField(_("Duty"), max_length=10, choices=Duty, default=Duty.MEMBER)
    position = models.CharField(_("Position"), max_length=60, blank=True)
    in_charge = models.ManyToManyField(Organization, blank=True, related_name="leaders_in_charge")

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("team member")
        ordering = ["organization", "-duty", "pk"]
        constraints = [models.UniqueConstraint(fields=["organization", "member"], name="once_in_a_team")]

    unnamed_in_history = True  # it tells something of a member

    def __str__(self) -> str:
        return self.member.name


class TalkQuerySet(models.QuerySet["Talk"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW_MEMBERS) -> TalkQuerySet:
        """Talks of members in scope, and always one's own."""
        own = access.NOTHING
        member = getattr(user, "member", None) if user.is_authenticated else None
        if member is not None:
            own = Q(first=member) | Q(second=member)
        return self.filter(
            access.scope(user, right, "first__organization") | access.scope(user, right, "second__organization") | own
        )

    def standing(self) -> TalkQuerySet:
        """Those that count: a disputed one does not."""
        return self.exclude(state=Talk.State.DISPUTED)


class Talk(models.Model):
    """Two members have talked; one row a pair and batch, whoever ticks it (F-18). `first` has the lower key."""

    class State(models.TextChoices):
        RECORDED = "recorded", _("Recorded")
        CONFIRMED = "confirmed", _("Confirmed by the other side")
        DISPUTED = "disputed", _("Disputed")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="talks")
    kind = models.CharField(max_length=30, blank=True)  # empty: nobody expected it
    first = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="talks_first")
    second = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="talks_second")
    held_on = models.DateField(_("Date"))
    place = models.CharField(_("Place"), max_length=80, blank=True)
    gist = EncryptedTextField(_("Gist"), blank=True, default="")
    state = models.CharField(max_length=10, choices=State, default=State.RECORDED)
    objection = models.CharField(_("Objection"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    objects = TalkQuerySet.as_manager()

    class Meta:
        verbose_name = _("heart-to-heart talk")
        ordering = ["-held_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "first", "second"], name="one_talk_a_pair"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="talk_pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first} · {self.second}"


class TeamTalkQuerySet(models.QuerySet["TeamTalk"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> TeamTalkQuerySet:
        return self.filter(access.scope(user, right))


class TeamTalk(models.Model):
    """The team of an organisation talks with the heads below it together, once (E-27, F-16)."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="team_talks")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="team_talks")
    held_on = models.DateField(_("Date"))
    place = models.CharField(_("Place"), max_length=80, blank=True)
    gist = EncryptedTextField(_("Gist"), blank=True, default="")
    present = models.ManyToManyField(Member, blank=True, related_name="team_talks")
    others_present = models.CharField(_("Others present"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    objects = TeamTalkQuerySet.as_manager()

    class Meta:
        verbose_name = _("collective talk")
        ordering = ["-held_on", "-id"]

    def __str__(self) -> str:
        return f"{self.organization} · {self.held_on}"
