"""Satisfaction surveys counted on paper: issued, returned, valid, void and the answers."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.models import Participation
from campaign.playbook import Instrument, instrument_from
from units import access
from units.roles import Right


@lru_cache(maxsize=64)
def _frozen(text: str) -> Instrument:
    return instrument_from(json.loads(text))


class SurveyQuerySet(models.QuerySet["Survey"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> SurveyQuerySet:
        return self.filter(access.scope(user, right, "participation__organization"))

    def closed(self) -> SurveyQuerySet:
        return self.filter(state=Survey.State.CONFIRMED)


class Survey(models.Model):
    """One round of an instrument for one participation (I-13). The last confirmed round decides; all are kept."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Being counted")
        ENTERED = "entered", _("Waiting for the second person")
        PAPER = "paper", _("Paper counted, phones still open")
        CONFIRMED = "confirmed", _("Confirmed")

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="surveys")
    instrument = models.CharField(max_length=60)
    stage = models.CharField(max_length=40, blank=True)
    round = models.PositiveSmallIntegerField(_("Round"), default=1)
    held_on = models.DateField(_("Held on"))
    place = models.CharField(_("Place"), max_length=80, blank=True)
    organizer = models.CharField(_("Organiser"), max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    # Too few ballots, or what one could take from a total to get at too few: only the verdict is shown (promise 5).
    withheld = models.BooleanField(default=False)
    # The instrument as it was when the survey opened on phones; {} for one on paper alone, which the playbook words.
    frozen = models.JSONField(default=dict, blank=True)
    entered_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    entered_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    refused_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("satisfaction survey")
        ordering = ["-held_on", "-round", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["participation", "instrument", "round"], name="survey_round_once"),
            models.UniqueConstraint(
                fields=["participation", "instrument"],
                condition=~Q(state="confirmed"),
                name="one_open_survey_round",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | Q(entered_by=None) | ~Q(confirmed_by=F("entered_by")),
                name="survey_confirmed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation} · {self.instrument} · {self.round}"

    def instrument_of(self) -> Instrument:
        """What is asked: as it was frozen when it was opened on phones, else as the playbook has it."""
        if self.frozen:
            return _frozen(json.dumps(self.frozen, sort_keys=True, ensure_ascii=False))
        return self.participation.batch.campaign.playbook.instrument(self.instrument)


class Channel(models.TextChoices):
    """On what a ballot was cast."""

    PAPER = "paper", _("Paper ballots")
    PHONE = "phone", _("Phone ballots")


class SurveyCount(models.Model):
    """The ballots of one respondent group: returned = valid + void, and no more returned than issued."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="counts")
    group = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.PAPER)
    withheld = models.BooleanField(default=False)
    issued = models.PositiveIntegerField(_("Ballots issued"))
    returned = models.PositiveIntegerField(_("Ballots returned"))
    valid = models.PositiveIntegerField(_("Ballots valid"))
    void = models.PositiveIntegerField(_("Ballots void"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "group", "channel"], name="survey_group_once"),
            models.CheckConstraint(condition=Q(returned__lte=F("issued")), name="survey_returned_of_issued"),
            models.CheckConstraint(condition=Q(returned=F("valid") + F("void")), name="survey_reconciles"),
        ]


class SurveyAnswer(models.Model):
    """How many valid ballots of a group chose an answer to a question."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="answers")
    group = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.PAPER)
    question = models.CharField(max_length=40)
    option = models.CharField(max_length=40)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "group", "channel", "question", "option"], name="survey_answer_once"
            )
        ]


__all__ = ["Channel", "Survey", "SurveyAnswer", "SurveyCount"]
