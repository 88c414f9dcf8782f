"""What the judging of members leaves to do, for the member, the branch and the superior. Counts, no names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts import clock
from accounts.messages import Message
from assessments.models import Appeal, Appraisal, Handling, Help
from campaign import todo
from units import access
from units.models import Member
from units.roles import Right

SOON = dt.timedelta(days=7)


@todo.provider
def own(user: Any) -> Iterator[todo.Todo]:
    """An opinion to sign."""
    if getattr(user, "member", None) is None:
        return
    waiting = Appraisal.objects.filter(member__user=user, state=Appraisal.State.SHOWN).first()
    if waiting is not None:
        yield todo.Todo(
            count=1,
            title=Message(gettext_noop("Read and sign the opinion on you")),
            detail=None,
            url=reverse("assessments:my_papers"),
            button=Message(gettext_noop("Read")),
            due=waiting.shown_on,
        )


def _own_branches(user: Any) -> list[Any]:
    return [post.organization for post in access.posts_of(user) if Right.PAPERS in post.rights]


@todo.provider
def branch(user: Any) -> Iterator[todo.Todo]:
    """In one's own branches: opinions to show, who needs a helper, help and cases that come to their date."""
    for organization in {one.pk: one for one in _own_branches(user)}.values():
        yield from _of_branch(organization)


def _of_branch(organization: Any) -> Iterator[todo.Todo]:
    here = {"organization": organization, "batch__closed_on": None}
    hub = reverse("assessments:appraisals", args=[organization.pk])
    where = Message(gettext_noop("%(names)s"), {"names": [organization.name]})
    helped = Help.objects.filter(batch=OuterRef("batch"), member=OuterRef("member"))
    unqualified = Q(state__in=Appraisal.STANDING, adverse=True)
    figures = Appraisal.objects.filter(**here).aggregate(
        to_show=Count("pk", filter=Q(state=Appraisal.State.DECIDED)),
        unhelped=Count("pk", filter=unqualified & ~Exists(helped)),
    )
    if to_show := figures["to_show"]:
        title = Message(gettext_noop("Show members the opinions decided on them"))
        yield todo.Todo(to_show, title, where, hub, Message(gettext_noop("Show")))
    if count := figures["unhelped"]:
        title = Message(gettext_noop("Name a helper for unqualified members"))
        yield todo.Todo(count, title, where, hub, Message(gettext_noop("Name a helper")))
    ending, mending = _until(here)
    cases = reverse("assessments:handlings", args=[organization.pk])
    yield from _dated(ending, gettext_noop("Record what one-to-one help has come to"), where, hub)
    yield from _dated(mending, gettext_noop("Say whether members have mended by their date"), where, cases)


def _until(here: dict[str, Any]) -> tuple[list[dt.date], list[dt.date]]:
    """The days, soon or past, by which help ends and members are to have mended; one query for both."""
    due = {**here, "until__lte": clock.today() + SOON}
    ending = Help.objects.filter(**due, state=Help.State.OPEN).order_by()
    mending = Handling.objects.filter(**due, state=Handling.State.DECIDED, mended="").order_by()
    rows = list(
        ending.annotate(of=Value("help"))
        .values_list("of", "until")
        .union(mending.annotate(of=Value("case")).values_list("of", "until"), all=True)
    )
    return [day for of, day in rows if of == "help"], [day for of, day in rows if of == "case"]


def _dated(days: list[dt.date], title: str, where: Message, url: str) -> Iterator[todo.Todo]:
    """A line for what has a day by which it is due; late once the first is past."""
    if days:
        button, first = Message(gettext_noop("Record")), min(days)
        yield todo.Todo(len(days), Message(title), where, url, button, due=first, late=first < clock.today())


@todo.provider
def superior(user: Any) -> Iterator[todo.Todo]:
    """As the superior organisation: appeals and cases to decide on."""
    if not access.has_anywhere(user, Right.PAPERS):
        return
    member = Member.objects.filter(user=user).values("pk")
    appeals = Appeal.objects.visible_to(user).filter(state=Appeal.State.OPEN).exclude(member__in=member)
    mine = [one for one in appeals.defer("text", "reason").select_related("organization") if _above(user, one)]
    if mine:
        yield todo.Todo(
            count=len(mine),
            title=Message(gettext_noop("Decide on appeals against opinions")),
            detail=_places(mine),
            url=reverse("assessments:appeal", args=[mine[0].pk]),
            button=Message(gettext_noop("Decide")),
            due=min(one.filed_on for one in mine),
        )
    cases = Handling.objects.visible_to(user).filter(state=Handling.State.PROPOSED).exclude(member__in=member)
    asked = list(cases.only("organization", "meeting_on", "member").select_related("organization"))
    asked = [one for one in asked if _above(user, one)]
    if asked:
        yield todo.Todo(
            count=len(asked),
            title=Message(gettext_noop("Agree to the handling of members")),
            detail=_places(asked),
            url=reverse("assessments:handling", args=[asked[0].pk]),
            button=Message(gettext_noop("Decide")),
            due=min((one.meeting_on for one in asked if one.meeting_on), default=None),
        )


def _above(user: Any, record: Any) -> bool:
    return access.has_above(user, Right.PAPERS, record.organization)


def _places(rows: list[Any]) -> Message:
    """The branches, not the people."""
    return Message(gettext_noop("%(names)s"), {"names": list(dict.fromkeys(r.organization.name for r in rows))[:5]})
