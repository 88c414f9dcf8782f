"""The census before the start: organisations, floating members, and the problems solved one by one (group T)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.models.campaigns import Batch
from units import access
from units.models import Member, Organization, WorkUnit
from units.roles import Right


class CensusSheetQuerySet(models.QuerySet["CensusSheet"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> CensusSheetQuerySet:
        return self.filter(access.scope(user, right))


class CensusSheet(models.Model):
    """What was found at an organisation, or at a work unit that has none of its own (B-08..B-10, T-02..T-05)."""

    class Condition(models.TextChoices):
        SOUND = "sound", _("Sound")
        NOT_ESTABLISHED = "not_established", _("Should exist, not established")
        INCOMPLETE = "incomplete", _("Team incomplete")
        WEAK = "weak", _("Weak and lax")
        SEMI_PARALYSED = "semi_paralysed", _("Half paralysed")
        PARALYSED = "paralysed", _("Paralysed")

    class ActivityWay(models.TextChoices):
        """How the members mostly come together; the source names the field and no values, these are ours (C-10)."""

        TOGETHER = "together", _("All together, in working hours")
        SPARE_TIME = "spare_time", _("In spare time")
        GROUPS = "groups", _("In small groups")
        VISITS = "visits", _("Visited at home or at work")
        REMOTE = "remote", _("By telephone or network")
        NONE = "none", _("No regular activity")
        OTHER = "other", _("Another way")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="census_sheets")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="census_sheets")
    work_unit = models.ForeignKey(
        WorkUnit, null=True, blank=True, on_delete=models.PROTECT, related_name="census_sheets"
    )
    condition = models.CharField(_("Condition"), max_length=20, choices=Condition)
    secretary_fit = models.BooleanField(_("The secretary can lead the campaign"), null=True, blank=True)
    hindering = models.TextField(_("Problems that hinder the campaign"), blank=True)  # one a line
    to_solve = models.TextField(_("Problems to be solved in the campaign"), blank=True)  # one a line
    thinking = models.TextField(_("What the members think"), blank=True)
    activity_way = models.CharField(_("Main way of activity"), max_length=20, choices=ActivityWay, blank=True)
    activity_other = models.CharField(_("Which other way of activity"), max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)
    filled_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    filled_at = models.DateTimeField(default=clock.now)

    objects = CensusSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("census sheet")
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "organization"], condition=Q(work_unit=None), name="one_sheet_an_organization"
            ),
            models.UniqueConstraint(
                fields=["batch", "work_unit"], condition=Q(work_unit__isnull=False), name="one_sheet_a_work_unit"
            ),
        ]

    def __str__(self) -> str:
        return self.work_unit.name if self.work_unit_id else self.organization.name


class MemberCensusQuerySet(models.QuerySet["MemberCensus"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW_MEMBERS) -> MemberCensusQuerySet:
        return self.filter(member__in=Member.objects.filter(access.scope(user, right)))


class MemberCensus(models.Model):
    """What was found of a member who is away, or whose relation is not in order (T-06, T-07, C-09)."""

    class Problem(models.TextChoices):
        NONE = "", _("In order")
        NO_LIFE = "no_life", _("Long without organisation life")
        NOT_TRANSFERRED = "not_transferred", _("Left the unit without transferring the relation")
        LOST = "lost", _("Lost contact with the organisation")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="member_census")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="census")
    floating = models.BooleanField(_("Floating member"), default=False)
    where_now = models.CharField(_("Where now"), max_length=120, blank=True)
    transferred = models.BooleanField(_("Relation transferred"), default=False)
    temporary = models.BooleanField(_("Temporary relation"), default=False)
    holds_card = models.BooleanField(_("Holds the floating member's card"), default=False)
    reachable = models.BooleanField(_("Can be reached"), default=True)
    problem = models.CharField(_("Problem of the relation"), max_length=20, choices=Problem, blank=True)
    note = models.CharField(_("Note"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    filled_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    filled_at = models.DateTimeField(default=clock.now)

    objects = MemberCensusQuerySet.as_manager()

    class Meta:
        verbose_name = _("member's census")
        constraints = [models.UniqueConstraint(fields=["batch", "member"], name="one_census_a_member")]

    unnamed_in_history = True  # it tells something of a member

    def __str__(self) -> str:
        return self.member.name


class CensusCaseQuerySet(models.QuerySet["CensusCase"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> CensusCaseQuerySet:
        """In scope; a case of a member only for who sees members there."""
        of_members = access.scope(user, Right.VIEW_MEMBERS)
        return self.filter(access.scope(user, right)).filter(Q(member=None) | of_members)


class CensusCase(models.Model):
    """One problem of the census, to be solved on its own (T-08)."""

    class Kind(models.TextChoices):
        CONDITION = "condition", _("Organisation not sound")
        SECRETARY = "secretary", _("Secretary not fit to lead")
        HINDERING = "hindering", _("Hinders the campaign")
        TO_SOLVE = "to_solve", _("To be solved in the campaign")
        FLOATING = "floating", _("Floating member")
        RELATION = "relation", _("Relation of a member")

    class State(models.TextChoices):
        OPEN = "open", _("Not solved yet")
        SOLVED = "solved", _("Solved")
        HANDED_ON = "handed_on", _("Handed on")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="census_cases")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="census_cases")
    sheet = models.ForeignKey(CensusSheet, null=True, on_delete=models.SET_NULL, related_name="cases")
    member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="census_cases")
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind)
    problem = models.CharField(_("Problem"), max_length=300, blank=True)
    measure = models.CharField(_("Measure"), max_length=300, blank=True)
    responsible = models.CharField(_("Responsible"), max_length=80, blank=True)
    deadline = models.DateField(_("Deadline"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    outcome = models.CharField(_("Outcome"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    opened_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = CensusCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case of the census")
        ordering = ["state", "deadline", "id"]
        indexes = [models.Index(fields=["batch", "organization", "state"], name="census_case_open")]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """What is wrong, in the reader's language: of some kinds `problem` holds a key, of the others the words."""
        if self.kind == self.Kind.CONDITION:
            return str(dict(CensusSheet.Condition.choices).get(self.problem, self.problem))
        if self.kind == self.Kind.RELATION:
            return str(dict(MemberCensus.Problem.choices).get(self.problem, self.problem))
        if self.kind == self.Kind.FLOATING:
            return gettext("Floating member who cannot be reached")
        return self.problem or str(self.get_kind_display())

    @property
    def late(self) -> bool:
        return self.state == self.State.OPEN and self.deadline is not None and self.deadline < clock.today()
