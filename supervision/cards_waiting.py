"""What cards, admonitions and spot checks ask of people: counted, so that it costs the home page nothing more."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.messages import Message
from campaign.counted import counted
from campaign.todo import Todo
from supervision.models import Admonition, SpotCheck, SpotResult, YellowCard
from units import access
from units.roles import Right

CARDS, CHECKS, MAKEUPS = "supervision:cards", "supervision:spot_checks", "supervision:makeups"


def _todo(count: int, title: str, button: str, url: str, menu: str) -> Todo:
    return Todo(count, Message(title), None, url, Message(button), menu=menu)


def cards_to_issue(user: Any) -> QuerySet[Any] | None:
    """Cards that are proposed, for the office above."""
    if not access.has_anywhere(user, Right.APPROVE):
        return None
    return YellowCard.objects.visible_to(user, Right.APPROVE).proposed().filter(batch__closed_on=None)


@counted(cards_to_issue)
def _tell_to_issue(_user: Any, count: int, _due: dt.date | None) -> Todo:
    title, button = gettext_noop("Issue the yellow cards that are proposed"), gettext_noop("See")
    return _todo(count, title, button, reverse(CARDS) + "?state=proposed", CARDS)


def cards_to_acknowledge(user: Any) -> QuerySet[Any] | None:
    """Cards issued to the organisations of which the user is secretary, or of his unit."""
    own = Q()
    for post in access.posts_of(user):
        if Right.APPLY in post.rights:
            path, step = post.organization.path, post.organization.steplen
            leading = [path[:end] for end in range(step, len(path) + 1, step)]
            own |= access.below(path, "organization") & Q(participation__organization__path__in=leading)
    if not own:
        return None
    return YellowCard.objects.counting().filter(own, acknowledged_at=None, batch__closed_on=None)


@counted(cards_to_acknowledge)
def _tell_to_acknowledge(_user: Any, count: int, _due: dt.date | None) -> Todo:
    title, button = gettext_noop("Acknowledge the yellow cards received"), gettext_noop("Read")
    return _todo(count, title, button, reverse(CARDS) + "?state=issued", CARDS)


def admonitions_to_hold(user: Any) -> QuerySet[Any] | None:
    """Admonitions that are open, for the office and the leading group above."""
    if not (access.has_anywhere(user, Right.APPROVE) or access.has_anywhere(user, Right.LEAD)):
        return None
    place = "participation__organization"
    reach = access.scope(user, Right.APPROVE, place) | access.scope(user, Right.LEAD, place)
    return Admonition.objects.open().filter(reach, batch__closed_on=None)


@counted(admonitions_to_hold)
def _tell_to_hold(_user: Any, count: int, _due: dt.date | None) -> Todo:
    title, button = gettext_noop("Hold the collective admonitions that are due"), gettext_noop("See")
    return _todo(count, title, button, reverse(CARDS), CARDS)


def checks_to_draw(user: Any) -> QuerySet[Any] | None:
    """Spot checks that the user has prepared."""
    return SpotCheck.objects.filter(opened_by=user, state=SpotCheck.State.PREPARED, batch__closed_on=None)


@counted(checks_to_draw)
def _tell_to_draw(_user: Any, count: int, _due: dt.date | None) -> Todo:
    title, button = gettext_noop("Draw the spot checks prepared"), gettext_noop("See")
    return _todo(count, title, button, reverse(CHECKS), MAKEUPS)


def places_to_check(user: Any) -> QuerySet[Any] | None:
    """Organisations drawn in the user's spot checks that have no result yet."""
    under_way = {"check_of__state": SpotCheck.State.DRAWN, "check_of__batch__closed_on": None}
    return SpotResult.objects.filter(check_of__opened_by=user, result="", **under_way)


@counted(places_to_check)
def _tell_to_check(_user: Any, count: int, _due: dt.date | None) -> Todo:
    title, button = gettext_noop("Check the organisations drawn and record the results"), gettext_noop("Record")
    return _todo(count, title, button, reverse(CHECKS), MAKEUPS)
