"""Make-up orders and their items (J-12, J-13)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.messages import localised
from accounts.models import User
from campaign.models import Participation
from campaign.models.kept import SignedFile
from supervision.models.transitions import Transition
from units import access
from units.models import Organization
from units.roles import Right


class MakeUpOrderQuerySet(models.QuerySet["MakeUpOrder"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> MakeUpOrderQuerySet:
        return self.filter(access.scope(user, right))

    def open(self) -> MakeUpOrderQuerySet:
        return self.exclude(state=MakeUpOrder.State.CLOSED)

    def overdue(self, on: Any) -> MakeUpOrderQuerySet:
        return self.filter(state=MakeUpOrder.State.OPEN, due_on__lt=on)


class MakeUpOrder(models.Model):
    """An order to make up (补课): who ordered it, why, what, until when, and how it ended (J-13).

    `rule` is the key of the playbook's trigger, `rule_words` its words on the day of the order; both are empty where
    the playbook names none.
    """

    class Trigger(models.TextChoices):
        TRANSITION = "transition", _("Stage not up to standard")
        SURVEY = "survey", _("Survey result")
        SPOT_CHECK = "spot_check", _("Spot check")
        MASSES = "masses", _("Most people dissatisfied")
        RULE = "rule", _("Rule of the playbook")

    class State(models.TextChoices):
        OPEN = "open", _("Being made up")
        REPORTED = "reported", _("Reported, to be re-checked")
        CLOSED = "closed", _("Re-checked and closed")

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="makeups")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="makeups")
    transition = models.ForeignKey(Transition, null=True, blank=True, on_delete=models.SET_NULL, related_name="makeups")
    stage = models.CharField(max_length=40)
    trigger = models.CharField(max_length=12, choices=Trigger)
    rule = models.CharField(max_length=40, blank=True)
    rule_words = models.JSONField(default=dict, blank=True)
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
    def occasion(self) -> str:
        """In the playbook's words where it has some."""
        return str(localised(self.rule_words)) if self.rule_words else self.get_trigger_display()

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


class MakeUpFile(SignedFile):
    """A photograph or document that proves that an item was made up."""

    item = models.ForeignKey(MakeUpItem, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to="makeups/%Y/%m/")
