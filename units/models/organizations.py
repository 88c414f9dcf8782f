"""The tree of party organisations and the work units that they cover: two things, many-to-many (B-01)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from accounts import clock
from accounts.models import User
from units import access
from units.roles import Right


class OrganizationQuerySet(MP_NodeQuerySet):
    def active(self) -> OrganizationQuerySet:
        return self.filter(closed_on=None)

    def within(self, organization: Organization) -> OrganizationQuerySet:
        """The organisation itself and all below it, by a range on the tree path."""
        return self.filter(access.below(organization.path, ""))

    def branches(self) -> OrganizationQuerySet:
        return self.filter(kind=Organization.Kind.BRANCH)

    def visible_to(self, user: Any, right: Right = Right.VIEW) -> OrganizationQuerySet:
        """What the user's posts reach with `right`."""
        return self.filter(access.scope(user, right, ""))


class OrganizationManager(MP_NodeManager.from_queryset(OrganizationQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> OrganizationQuerySet:
        return OrganizationQuerySet(self.model, using=self._db).order_by("path")


class Organization(MP_Node):
    """A party organisation (党组织). Its place is the tree path; `parent` is kept beside it for joins."""

    class Kind(models.TextChoices):
        CITY_COMMITTEE = "city_committee", _("City committee")
        COUNTY_COMMITTEE = "county_committee", _("County committee")
        WORK_COMMITTEE = "work_committee", _("Work committee")
        PARTY_GROUP = "party_group", _("Party group")
        COMMITTEE = "committee", _("Committee")
        GENERAL_BRANCH = "general_branch", _("General branch")
        BRANCH = "branch", _("Branch")

    code = models.CharField(_("Code"), max_length=30, unique=True)
    name = models.CharField(_("Name"), max_length=120)
    pinyin = models.CharField(max_length=400, blank=True, db_index=True, editable=False)
    initials = models.CharField(max_length=60, blank=True, db_index=True, editable=False)
    kind = models.CharField(_("Kind"), max_length=20, choices=Kind)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    founded_on = models.DateField(_("Founded on"), null=True, blank=True)
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)

    node_order_by: list[str] = []
    objects = OrganizationManager()

    class Meta:
        verbose_name = _("organisation")
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_branch(self) -> bool:
        return self.kind == self.Kind.BRANCH

    def ancestors_and_self(self) -> list[Organization]:
        """From the root down to this organisation, in one query."""
        step = self.steplen
        paths = [self.path[:end] for end in range(step, len(self.path) + 1, step)]
        return list(Organization.objects.filter(path__in=paths))


class OrganizationMove(models.Model):
    """A dated change of place in the tree, so that a past period can be shown as the tree was (decision 17)."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="moves")
    from_parent = models.ForeignKey(Organization, null=True, on_delete=models.PROTECT, related_name="+")
    to_parent = models.ForeignKey(Organization, null=True, on_delete=models.PROTECT, related_name="+")
    moved_on = models.DateField(_("Date of the move"))
    reason = models.CharField(_("Reason"), max_length=200, blank=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-moved_on", "-id"]


class WorkUnitQuerySet(models.QuerySet["WorkUnit"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> WorkUnitQuerySet:
        """Units covered by an organisation in scope; units without one for who sees the whole tree."""
        covered = WorkUnit.organizations.through.objects.all()
        reach = models.Q(pk__in=covered.filter(access.scope(user, right, "organization")).values("workunit_id"))
        if access.reaches_root(user, right):
            # Not organizations=None: that joins, and a unit would be listed once for each organisation.
            reach |= ~models.Q(pk__in=covered.values("workunit_id"))
        return self.filter(reach)


class WorkUnit(models.Model):
    """A workplace (单位). One organisation can cover several, and one can have no organisation of its own."""

    code = models.CharField(_("Code"), max_length=30, unique=True)
    name = models.CharField(_("Name"), max_length=120)
    type = models.CharField(_("Type"), max_length=60, blank=True)
    rank = models.CharField(_("Rank"), max_length=30, blank=True)
    staff_count = models.PositiveIntegerField(_("Staff"), null=True, blank=True)
    special_type = models.CharField(_("Special type"), max_length=60, blank=True)
    organizations = models.ManyToManyField(Organization, blank=True, related_name="work_units")

    objects = WorkUnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("work unit")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
