"""Who holds which post where, from when to when. Posts are the scope (house idea 4)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from units import access, roles
from units.models.organizations import Organization
from units.roles import Right, Role


class PostQuerySet(models.QuerySet["Post"]):
    def current(self, on: dt.date) -> PostQuerySet:
        """Posts that hold on a day, both ends included."""
        return self.filter(from_date__lte=on).filter(Q(to_date=None) | Q(to_date__gte=on))

    def visible_to(self, user: Any, right: Right = Right.VIEW) -> PostQuerySet:
        return self.filter(access.scope(user, right) | access.scope(user, Right.GRANT_POSTS) | Q(user=user))


class Post(models.Model):
    """A user in a role at an organisation; `source` names what gave it, such as a supervision assignment."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="posts")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="posts")
    role = models.CharField(_("Role"), max_length=30, choices=roles.choices)
    from_date = models.DateField(_("From"), default=clock.today)
    to_date = models.DateField(_("To"), null=True, blank=True)
    source = models.CharField(max_length=60, blank=True, db_index=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        ordering = ["organization__path", "role", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_date=None) | Q(to_date__gte=F("from_date")), name="post_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["user", "organization", "role", "source"],
                condition=Q(to_date=None),
                name="post_held_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organization} · {self.get_role_display()}"

    @property
    def rights(self) -> frozenset[Right]:
        return Role.registry[self.role].rights if self.role in Role.registry else frozenset()
