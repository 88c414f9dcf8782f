"""The search of the top bar: a few of each kind within the user's scope, and where to find the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.templatetags.shell import day
from campaign.models import Activity
from reports.models import Bulletin, BulletinItem, Report
from reports.queries.links import link
from units import access
from units.models import Member, Organization, WorkUnit
from units.queries import members_matching, organizations_matching
from units.roles import Right

LIMIT = 20
LONGEST = 100
_NUMBER = re.compile(r"(?:第\s*)?(\d{1,4})(?:\s*期)?")


@dataclass(frozen=True)
class Hit:
    """One line: what, where or when, and its page."""

    title: str
    detail: str
    url: str


@dataclass(frozen=True)
class Group:
    """What was found of one kind. `more_url`: the page with all of it, if more than LIMIT were found."""

    title: Any
    icon: str
    hits: list[Hit]
    more: bool = False
    more_url: str = ""


def search(user: Any, text: str) -> list[Group]:
    """Groups that found something. One query a kind, each cut off at LIMIT."""
    text = text.strip()[:LONGEST]
    if not text:
        return []
    groups = [_organizations(user, text), _members(user, text), _units(user, text), _activities(user, text)]
    return [group for group in [*groups, _reports(user, text), _bulletins(user, text)] if group and group.hits]


def _cut(rows: QuerySet[Any]) -> tuple[list[Any], bool]:
    """The first ones, and whether there are more: one query."""
    found = list(rows[: LIMIT + 1])
    return found[:LIMIT], len(found) > LIMIT


def _organizations(user: Any, text: str) -> Group | None:
    if not access.has_anywhere(user, Right.VIEW):
        return None
    rows = organizations_matching(Organization.objects.visible_to(user), text).active().select_related("parent")
    found, more = _cut(rows)
    hits = [Hit(o.name, o.parent.name if o.parent else "", link("units:organization", o.pk)) for o in found]
    return Group(_("Organisations"), "sitemap", hits, more, link("units:tree", q=text))


def _members(user: Any, text: str) -> Group:
    """By name, spelling, initials or the whole ID number; a branch's name finds the branch, not its members."""
    visible = Member.objects.visible_to(user).on_roll().select_related("organization")
    rows = members_matching(visible, text) if text.isascii() else visible.filter(name__icontains=text)
    found, more = _cut(rows.order_by("name", "pk"))
    hits = [Hit(m.name, m.organization.name, link("units:member", m.pk)) for m in found]
    return Group(_("Members"), "users", hits, more, link("units:members", q=text))


def _units(user: Any, text: str) -> Group | None:
    if not access.has_anywhere(user, Right.VIEW):
        return None
    rows = WorkUnit.objects.visible_to(user).filter(Q(name__icontains=text) | Q(code__iexact=text)).distinct()
    found, more = _cut(rows)
    hits = [Hit(u.name, u.type, link("units:work_units", q=u.name)) for u in found]
    return Group(_("Work units"), "building", hits, more, link("units:work_units", q=text))


def _activities(user: Any, text: str) -> Group:
    found, more = _cut(Activity.objects.visible_to(user).filter(title__icontains=text).select_related("organization"))
    place = _("%(place)s, %(date)s")
    hits = [
        Hit(a.title, place % {"place": a.organization.name, "date": day(a.held_on)}, link("campaign:activity", a.pk))
        for a in found
    ]
    return Group(_("Activities and study"), "pencil", hits, more)


def _reports(user: Any, text: str) -> Group:
    """Reports that were sent, of units or groups of that name; a draft is its writers' own."""
    name = Q(participation__organization__name__icontains=text) | Q(participation__work_unit__name__icontains=text)
    sent = (
        Report.objects.visible_to(user).exclude(state=Report.State.DRAFT).filter(name | Q(group__name__icontains=text))
    )
    found, more = _cut(sent.select_related("participation__organization", "participation__work_unit", "group"))
    title = _("%(unit)s, week from %(day)s")
    hits = [
        Hit(
            title % {"unit": r.participation.label if r.participation else r.group, "day": day(r.week)},
            str(r.get_state_display()),
            link("reports:report", r.pk),
        )
        for r in found
    ]
    return Group(_("Weekly reports"), "calendar-week", hits, more, link("reports:weekly", q=text))


def _bulletins(user: Any, text: str) -> Group:
    """By number, or by a title inside the issue."""
    wanted = Q(pk__in=BulletinItem.objects.filter(chosen=True, title__icontains=text).values("bulletin"))
    number = _NUMBER.fullmatch(text)
    if number:
        wanted |= Q(number=int(number.group(1)))
    found, more = _cut(Bulletin.objects.visible_to(user).filter(wanted).select_related("campaign"))
    hits = [
        Hit(_issue(b), b.campaign.bulletin_name or b.campaign.short_name, link("reports:bulletin", b.pk)) for b in found
    ]
    return Group(_("Bulletins"), "news", hits, more, link("reports:bulletins"))


def _issue(bulletin: Bulletin) -> str:
    if bulletin.number:
        return bulletin.issue_name
    return _("Draft of the week from %(day)s") % {"day": day(bulletin.week)}
