"""Giving and ending posts: the only thing that decides what an account may see (house idea 4)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.messages import in_both_languages
from accounts.models import User
from units import access
from units.models import Organization, Post
from units.refusals import PostRefused
from units.roles import Role

GRANTED = audit.action("post.granted", _("Gave a post"))
ENDED = audit.action("post.ended", _("Ended a post"))

_BRANCH_ONLY = frozenset({"branch_secretary", "branch_committee"})
_ABOVE_BRANCH = frozenset(
    {
        "office_head",
        "office_general",
        "office_publicity",
        "office_supervision",
        "office_lecture",
        "leading_group_head",
        "organization_secretary",
    }
)


@transaction.atomic
def grant_post(
    *,
    by: User,
    user: User,
    organization: Organization,
    role: str,
    from_date: dt.date | None = None,
    to_date: dt.date | None = None,
) -> Post:
    """Give a post, both days included. Raises PostRefused."""
    first = from_date or clock.today()
    _check_grant(by, user, organization, role, first, to_date)
    post = Post.objects.create(user=user, organization=organization, role=role, from_date=first, to_date=to_date)
    access.forget(user)
    name = Role.registry[role].name
    data = {"user": user.username, "role": role, "from_date": first.isoformat()}
    audit.record(GRANTED, by=by, obj=post, organization=organization, data=data)
    notify.send(
        [user],
        gettext_noop("You now hold a post at %(organization)s: %(role)s."),
        params={"organization": organization.name, "role": in_both_languages(lambda: name)},
    )
    return post


def _check_grant(
    by: User, user: User, organization: Organization, role: str, first: dt.date, last: dt.date | None
) -> None:
    if user.pk == by.pk:
        raise PostRefused(gettext_noop("Nobody gives himself a post. Ask a colleague who may."))
    if not user.is_active:
        raise PostRefused(gettext_noop("The account of %(name)s is closed."), name=str(user))
    if organization.closed_on is not None:
        raise PostRefused(gettext_noop("%(name)s is closed and takes nothing in."), name=organization.name)
    if organization.is_branch and role in _ABOVE_BRANCH:
        raise PostRefused(
            gettext_noop("This role belongs to an organisation above branch level; %(name)s is a branch."),
            name=organization.name,
        )
    if not organization.is_branch and role in _BRANCH_ONLY:
        raise PostRefused(gettext_noop("This role belongs to a branch; %(name)s is none."), name=organization.name)
    if last is not None and last < first:
        raise PostRefused(gettext_noop("The last day lies before the first day."))
    held = Post.objects.filter(user=user, organization=organization, role=role, source="")
    if held.current(max(first, clock.today())).exists():
        raise PostRefused(
            gettext_noop("%(name)s holds this post at %(organization)s already."),
            name=str(user),
            organization=organization.name,
        )


@transaction.atomic
def end_post(*, by: User, post: Post, last_day: dt.date) -> None:
    """End a post after `last_day`. One that would end before it began is removed; history keeps it.

    Raises PostRefused for a post that an assignment gave, and for one that has ended.
    """
    if post.source:
        raise PostRefused(
            gettext_noop("This post comes from an assignment and ends with it. End the assignment instead.")
        )
    current = Post.objects.filter(pk=post.pk, to_date=post.to_date)
    if post.to_date is not None and post.to_date <= last_day:
        raise PostRefused(gettext_noop("This post ends on %(day)s already."), day=post.to_date.isoformat())
    done = current.delete()[0] if last_day < post.from_date else current.update(to_date=last_day)
    if not done:
        raise PostRefused(gettext_noop("Somebody else changed this post meanwhile."))
    access.forget(post.user)
    data = {"user": post.user.username, "role": post.role, "last_day": last_day.isoformat()}
    audit.record(ENDED, by=by, obj=post, organization=post.organization, data=data)
