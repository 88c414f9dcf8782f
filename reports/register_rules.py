"""Who keeps the office's register, who may be passed a document, and who may do what with one."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from accounts import clock
from accounts.models import User
from campaign.models import Campaign
from reports.models import RegisterEntry
from units import access
from units.models import Organization, Post
from units.roles import Right


def keeps_register(user: Any, campaign: Campaign) -> bool:
    """Office staff of the host who edit its bulletin or set the campaign up (D-04)."""
    return access.has(user, Right.EDIT_BULLETIN, campaign.host) or access.has(user, Right.SET_UP, campaign.host)


def can_change(user: Any, entry: RegisterEntry) -> bool:
    """Mend what was entered, add files: while something is still to be done with it."""
    return entry.is_open and keeps_register(user, entry.campaign)


def can_work(user: Any, entry: RegisterEntry) -> bool:
    """Pass it on and say that it is dealt with: the office, and whoever deals with it."""
    return entry.is_open and (keeps_register(user, entry.campaign) or _handles(user, entry))


def can_archive(user: Any, entry: RegisterEntry) -> bool:
    filed = entry.state in {RegisterEntry.State.ARCHIVED, RegisterEntry.State.VOID}
    return not filed and keeps_register(user, entry.campaign)


def _handles(user: Any, entry: RegisterEntry) -> bool:
    return entry.handler_id is not None and entry.handler_id == user.pk


def staff_of(host: Organization, also: int | None = None) -> QuerySet[User]:
    """Who holds a post at the host itself, the office and the leading group; and the account `also`, if given."""
    posts = Post.objects.current(clock.today()).filter(organization=host)
    here = Q(is_active=True, pk__in=posts.values("user"))
    return User.objects.filter(here | Q(pk=also)).order_by("name", "pk")


def readers_within(host: Organization) -> QuerySet[User]:
    """To whom a document may be passed: whoever holds a post at the host or below it."""
    posts = Post.objects.current(clock.today()).filter(access.below(host.path, "organization"))
    return User.objects.filter(is_active=True, pk__in=posts.values("user")).order_by("name", "pk")
