"""Leave of those who run the campaign: asked of whom the playbook says, granted or refused (S-01, S-02)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import clock
from accounts.fields import EncryptedTextField
from accounts.models import User
from campaign.models import Campaign
from supervision import staffing
from supervision.models.bodies import BodyMember
from supervision.models.groups import GroupMember, SupervisionGroup
from supervision.models.staff import OfStaffQuerySet
from units import access
from units.models import Post
from units.roles import Right, with_right


def _heads(**who: Any) -> Q:
    """Does anybody head the group of the leave, but for the one who asks?"""
    heading = Q(user__is_active=True, to_date=None, **who) & ~Q(user=OuterRef("user"))
    of_group = GroupMember.objects.filter(heading, group=OuterRef("group"), head=True)
    of_body = BodyMember.objects.filter(
        heading,
        role=BodyMember.Role.HEAD,
        body__campaign=OuterRef("campaign"),
        body__organization=OuterRef("campaign__host"),
        body__kind=OuterRef("team"),
        body__dissolved_on=None,
    )
    return Q(Exists(of_group)) | Q(Exists(of_body))


def _holders(roles: list[str]) -> QuerySet[Post]:
    """Who holds one of these posts at the host of a leave's campaign, but for the one who asks."""
    return (
        Post.objects.current(clock.today())
        .filter(role__in=roles, organization=OuterRef("campaign__host"), user__is_active=True)
        .exclude(user=OuterRef("user"))
    )


class LeaveQuerySet(OfStaffQuerySet):
    def asked(self) -> LeaveQuerySet:
        return self.filter(state=Leave.State.ASKED)

    def covering(self, first: dt.date, last: dt.date) -> LeaveQuerySet:
        """Granted, and of these days; whoever is back earlier is away until the day before."""
        away = self.filter(state__in=Leave.AWAY, from_date__lte=last, to_date__gte=first)
        return away.filter(Q(returned_on=None) | Q(returned_on__gt=first) & Q(returned_on__gt=F("from_date")))

    def decidable_by(self, user: Any) -> LeaveQuerySet:
        """Those that the user grants or refuses: asked of him by the playbook's route, never his own (S-02).

        Where the route leads to nobody the head of the office decides, and for him the leading group: nothing is lost.
        """
        to = Leave.To
        mine = _heads(user=user.pk) & Q(to=to.GROUP_HEAD)
        unheaded = ~_heads() & Q(to=to.GROUP_HEAD)
        if staffing.heads_office(user):
            unled = Q(~Exists(_holders(with_right(Right.LEAD))), to=to.LEADING_GROUP)
            office = staffing.at_host(user, staffing.OFFICE_HEAD, "campaign__host")
            mine |= office & (Q(to=to.OFFICE) | unheaded | unled)
        if access.has_anywhere(user, Right.LEAD):
            no_office = Q(~Exists(_holders([staffing.OFFICE_HEAD])))
            leads = access.scope(user, Right.LEAD, "campaign__host")
            mine |= leads & (Q(to=to.LEADING_GROUP) | no_office & (unheaded | Q(to=to.OFFICE)))
        return self.filter(mine).exclude(user=user)


class Leave(models.Model):
    """A person asks to be away. The reason is sealed: only he and those who decide read it (decision 20)."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("leave", "Asked")
        GRANTED = "granted", pgettext_lazy("leave", "Granted")
        REFUSED = "refused", pgettext_lazy("leave", "Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        BACK = "back", _("Back at work")

    class To(models.TextChoices):
        GROUP_HEAD = "group_head", pgettext_lazy("leave", "Head of the group")
        OFFICE = "office", _("Head of the campaign office")
        LEADING_GROUP = "leading_group", _("Leading group")

    AWAY = (State.GRANTED, State.BACK)

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="leaves")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="leaves")
    group = models.ForeignKey(SupervisionGroup, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    team = models.CharField(max_length=40, blank=True)
    as_head = models.BooleanField(_("As head of the group"), default=False)
    to = models.CharField(max_length=16, choices=To)
    from_date = models.DateField(_("From"))
    to_date = models.DateField(_("To"))
    reason = EncryptedTextField(_("Reason"))
    stand_in = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("Stands in")
    )
    state = models.CharField(max_length=10, choices=State, default=State.ASKED, db_index=True)
    asked_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(_("Remark"), blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    returned_on = models.DateField(_("Back on"), null=True, blank=True)

    objects = LeaveQuerySet.as_manager()

    class Meta:
        verbose_name = _("leave")
        ordering = ["-from_date", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(to_date__gte=F("from_date")), name="leave_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(answer=""), name="leave_refused_with_a_reason"),
            models.CheckConstraint(
                condition=Q(state="back", returned_on__isnull=False) | ~Q(state="back") & Q(returned_on=None),
                name="leave_back_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.from_date:%F}"

    @property
    def days(self) -> int:
        return (self.to_date - self.from_date).days + 1

    @property
    def last_day(self) -> dt.date:
        """The last day that the person was or will be away."""
        return min(self.to_date, self.returned_on - dt.timedelta(days=1)) if self.returned_on else self.to_date
