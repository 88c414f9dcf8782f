"""Where a request for instruction can go, who speaks there, and what has been answered before (D-21)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import clock
from accounts.models import User
from campaign.models import Batch
from supervision.models import InstructionRequest
from supervision.models.instructions import ANSWERING, InstructionQuerySet
from supervision.queries.histories import Entry
from units import access
from units.models import Organization, Post
from units.roles import Right

At = InstructionRequest.At
ASKING = (Right.RECORD, Right.REVIEW, Right.REPORT)


@dataclass(frozen=True)
class Place:
    """Where a request stands: at a superior organisation, at the campaign office, at the leading group."""

    at: str
    organization: Organization

    @property
    def key(self) -> str:
        return f"{self.at}:{self.organization.pk}"

    def __str__(self) -> str:
        return self.organization.name if self.at == At.ORGANIZATION else str(At(self.at).label)


def asking_posts(user: Any) -> list[Post]:
    """The posts for which the user may ask, one for each organisation."""
    fitting = [post for post in access.posts_of(user) if any(right in post.rights for right in ASKING)]
    return list({post.organization_id: post for post in fitting}.values())


def places_for(post: Post, batch: Batch) -> list[Place]:
    """Whom one may ask from a post: the superior organisation next above it, and the campaign office.

    A supervision group asks the office: the organisations above its units are not its superiors.
    """
    host = batch.campaign.host
    found = [Place(At.OFFICE, host)]
    if Right.REVIEW not in post.rights:
        above = _next_above(post.organization.path, host)
        found[:0] = [Place(At.ORGANIZATION, above)] if above else []
    return found


def _next_above(path: str, host: Organization) -> Organization | None:
    """The nearest organisation between that one and the host in which somebody answers. One query."""
    step = Organization.steplen
    paths = [path[:end] for end in range(len(host.path) + step, len(path), step)]
    if not paths:
        return None
    posts = Post.objects.current(clock.today()).filter(role__in=ANSWERING, user__is_active=True)
    above = Organization.objects.filter(path__in=paths, posts__in=posts)
    return above.order_by("-path").first()


def next_up(request: InstructionRequest) -> Place | None:
    """Where it goes when it is passed up; nowhere from the leading group."""
    host = request.batch.campaign.host
    if request.at == At.ORGANIZATION:
        above = _next_above(request.addressee.path, host)
        return Place(At.ORGANIZATION, above) if above else Place(At.OFFICE, host)
    led = Place(At.LEADING_GROUP, host)
    return led if request.at == At.OFFICE and speakers(led, but=request.asked_by) else None


def speakers(place: Place, *, but: User | None = None) -> list[User]:
    """Who answers there."""
    if place.at == At.ORGANIZATION:
        posts = Post.objects.current(clock.today()).filter(role__in=ANSWERING, organization=place.organization)
        people = access.people(posts)
    else:
        right = Right.SET_UP if place.at == At.OFFICE else Right.LEAD
        people = access.holders(right, place.organization)
    return list(people.exclude(pk=but.pk) if but else people)


def speaks_for(user: Any, request: InstructionRequest) -> bool:
    """May the user answer it or pass it up, where it stands now? Never who asked."""
    return InstructionRequest.objects.waiting_for(user).filter(pk=request.pk).exists()


def may_make_known(user: Any, request: InstructionRequest) -> bool:
    """Those who speak for the body that answered, or for the office above it."""
    if not request.answer or user.pk == request.asked_by_id:
        return False
    at_addressee = {post.organization_id for post in access.posts_of(user) if post.role in ANSWERING}
    here = request.at == At.ORGANIZATION and request.addressee_id in at_addressee
    return here or access.has(user, Right.SET_UP, request.addressee) or user.pk == request.answered_by_id


def known_answers(user: Any, words: str = "") -> InstructionQuerySet:
    """What has been answered for all, the newest first; each word must occur."""
    rows = InstructionRequest.objects.known_to(user)
    for word in words.split()[:6]:
        rows = rows.filter(Q(known_matter__icontains=word) | Q(known_answer__icontains=word))
    return rows.select_related("addressee", "batch__campaign").order_by("-answered_at", "-pk")


_SIGNS = {
    "asked": ("send", "info"),
    "passed_up": ("arrow-up", "late"),
    "answered": ("circle-check", "ok"),
    "closed": ("flag", "ok"),
    "withdrawn": ("arrow-back-up", "late"),
    "known": ("book", "info"),
    "unknown": ("book", "late"),
}


def timeline(request: InstructionRequest) -> list[Entry]:
    """What happened to it, the newest on top, and where it waits. One query."""
    entries = []
    if request.state in InstructionRequest.OPEN:
        place = Place(request.at, request.addressee)
        entries.append(Entry(_("%(body)s answers, or passes it up") % {"body": place}, wait=True, now=True))
    for step in request.steps.select_related("by", "organization"):
        icon, tone = _SIGNS[step.kind]
        detail = "" if step.kind == "answered" else step.text
        text = str(step.get_kind_display())
        if step.kind in {"asked", "passed_up"} and step.organization is not None:
            text = _("%(deed)s: %(body)s") % {"deed": text, "body": Place(step.body, step.organization)}
        entries.append(Entry(text, icon, tone, detail, str(step.by or ""), step.at))
    return entries
