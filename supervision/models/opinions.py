"""Supervision opinions: given point by point, answered point by point, followed up to the end (M-03)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.models import Participation
from campaign.models.kept import DatedFile
from supervision.models.groups import SupervisionGroup
from supervision.models.visits import Visit, sender_of
from units import access
from units.models import Organization
from units.roles import Right


class SupervisionOpinionQuerySet(models.QuerySet["SupervisionOpinion"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> SupervisionOpinionQuerySet:
        return self.filter(access.scope(user, right))

    def open(self) -> SupervisionOpinionQuerySet:
        """Not followed up to the end yet."""
        return self.filter(state__in=[SupervisionOpinion.State.GIVEN, SupervisionOpinion.State.ANSWERED])

    def overdue(self, on: dt.date) -> SupervisionOpinionQuerySet:
        """With a point that should have been answered before this day."""
        late = OpinionPoint.objects.filter(done_on=None, due_on__lt=on).values("opinion")
        return self.filter(state=SupervisionOpinion.State.GIVEN, pk__in=late)

    def with_due(self) -> SupervisionOpinionQuerySet:
        """Adds `due`: the first deadline of what is not resolved yet."""
        points = OpinionPoint.objects.filter(opinion=OuterRef("pk"), resolved_at=None).order_by("due_on")
        return self.annotate(due=Subquery(points.values("due_on")[:1]))


class SupervisionOpinion(models.Model):
    """What a group suggests to an organisation. It decides nothing; the organisation says what it made of it (D-06)."""

    class State(models.TextChoices):
        GIVEN = "given", _("To be answered")
        ANSWERED = "answered", _("Answered, to be checked")
        CLOSED = "closed", _("Followed up to the end")
        WITHDRAWN = "withdrawn", _("Taken back")

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="supervision_opinions")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="supervision_opinions")
    group = models.ForeignKey(
        SupervisionGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="opinions"
    )
    from_body = models.CharField(_("Superior body"), max_length=80, blank=True)
    visit = models.ForeignKey(Visit, null=True, blank=True, on_delete=models.SET_NULL, related_name="opinions")
    title = models.CharField(_("Title"), max_length=120)
    basis = models.TextField(_("What it rests on"), blank=True)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.GIVEN)
    given_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField(default=clock.now)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)

    objects = SupervisionOpinionQuerySet.as_manager()

    class Meta:
        verbose_name = _("supervision opinion")
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(group=None) | Q(from_body=""), name="opinion_from_one_body"),
            models.CheckConstraint(condition=~Q(state="withdrawn") | ~Q(reason=""), name="opinion_taken_back_says_why"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def sender(self) -> str:
        return sender_of(self)

    @property
    def days_over(self) -> int:
        """Days past the first deadline of an unanswered point, while it is with the organisation."""
        if self.state != self.State.GIVEN:
            return 0
        return max((point.days_over for point in self.points.all()), default=0)


class OpinionPoint(models.Model):
    """One point of an opinion, with its deadline, the answer, and what the group found of it."""

    opinion = models.ForeignKey(SupervisionOpinion, on_delete=models.CASCADE, related_name="points")
    position = models.PositiveSmallIntegerField()
    text = models.TextField(_("What is suggested"))
    due_on = models.DateField(_("To be answered by"))
    done_on = models.DateField(_("Done on"), null=True, blank=True)
    answer = models.TextField(_("What was done"), blank=True)
    check_note = models.TextField(blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["opinion", "position"], name="opinion_point_position"),
            models.CheckConstraint(condition=Q(done_on=None) | ~Q(answer=""), name="point_done_says_what_was_done"),
            models.CheckConstraint(
                condition=Q(resolved_at=None) | Q(done_on__isnull=False), name="point_resolved_was_answered"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def days_over(self) -> int:
        return max(0, (clock.today() - self.due_on).days) if self.done_on is None else 0

    @property
    def was_sent_back(self) -> bool:
        return self.done_on is None and bool(self.check_note)


class PointFile(DatedFile):
    """A photograph or document that proves an answer."""

    point = models.ForeignKey(OpinionPoint, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to="supervision_opinions/%Y/%m/")
