"""Asking for instruction upward, always with a proposal; answering, passing up, keeping known answers (D-21, S-05)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.files import File
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.models import User
from campaign import uploads
from campaign.models import Batch
from supervision.models import InstructionRequest, InstructionStep
from supervision.queries import instructions as queries
from units.models import Organization

ASKED = audit.action("instruction.asked", _("Asked for instruction"))
PASSED_UP = audit.action("instruction.passed_up", _("Passed a request for instruction up"))
ANSWERED = audit.action("instruction.answered", _("Gave an instruction"))
CLOSED = audit.action("instruction.closed", _("Closed a request for instruction"))
KNOWN = audit.action("instruction.known", _("Made an instruction a known answer"))
UNKNOWN = audit.action("instruction.unknown", _("Took an instruction out of the known answers"))

State, Kind = InstructionRequest.State, InstructionStep.Kind


class InstructionMoved(Exception):
    """It has been answered, passed up or closed meanwhile."""


class NotYoursToAnswer(Exception):
    """The request stands with somebody else, or is one's own."""


@dataclass(frozen=True)
class Matter:
    """What is asked. The proposal is never empty: nobody only asks (D-21)."""

    matter: str
    facts: str
    proposal: str
    urgency: str = InstructionRequest.Urgency.NORMAL


def _url(request: InstructionRequest) -> str:
    return reverse("supervision:instruction", args=[request.pk])


def _step(request: InstructionRequest, kind: str, by: User, text: str = "", to: queries.Place | None = None) -> None:
    body, organization = (to.at, to.organization) if to else (request.at, request.addressee)
    InstructionStep.objects.create(request=request, kind=kind, by=by, text=text, body=body, organization=organization)


def _swap(request: InstructionRequest, expected: Iterable[str], **new: Any) -> None:
    """Change a request if it stands where the person saw it. Raises InstructionMoved."""
    rows = InstructionRequest.objects.filter(
        pk=request.pk, state__in=list(expected), at=request.at, addressee=request.addressee_id
    )
    if not rows.update(**new):
        raise InstructionMoved
    for name, value in new.items():
        setattr(request, name, value)


def _may_answer(by: User, request: InstructionRequest) -> None:
    if not queries.speaks_for(by, request):
        raise NotYoursToAnswer


@transaction.atomic
def ask_instruction(
    *, by: User, batch: Batch, organization: Organization, to: queries.Place, matter: Matter, files: Iterable[File] = ()
) -> InstructionRequest:
    """Put a matter before the superior or the office; those who answer there are told."""
    request = InstructionRequest.objects.create(
        batch=batch, organization=organization, addressee=to.organization, at=to.at, asked_by=by, **vars(matter)
    )
    uploads.keep(request.files, files)
    _step(request, Kind.ASKED, by)
    audit.record(ASKED, by=by, obj=request, organization=organization, data={"at": to.at, "urgency": matter.urgency})
    text = gettext_noop("%(name)s asks for instruction: “%(matter)s”.")
    if matter.urgency == InstructionRequest.Urgency.URGENT:
        text = gettext_noop("Urgent: %(name)s asks for instruction: “%(matter)s”.")
    params = {"name": organization.name, "matter": matter.matter}
    notify.send(queries.speakers(to, but=by), text, url=_url(request), params=params)
    return request


@transaction.atomic
def pass_up(*, by: User, request: InstructionRequest, remark: str) -> queries.Place:
    """Pass it on to the next body up with a remark. Raises NotYoursToAnswer, InstructionMoved."""
    _may_answer(by, request)
    place = queries.next_up(request)
    if place is None:
        raise NotYoursToAnswer
    _swap(request, InstructionRequest.OPEN, state=State.PASSED_UP, at=place.at, addressee=place.organization)
    _step(request, Kind.PASSED_UP, by, remark, place)
    audit.record(PASSED_UP, by=by, obj=request, organization=request.organization, data={"at": place.at})
    asked_by = request.asked_by
    params = {"name": request.organization.name, "matter": request.matter}
    notify.send(
        [user for user in queries.speakers(place, but=asked_by) if user != by],
        gettext_noop("A request of %(name)s for instruction has been passed up to you: “%(matter)s”."),
        url=_url(request),
        params=params,
    )
    if asked_by is not None:
        told = gettext_noop("Your request for instruction “%(matter)s” has been passed up.")
        notify.send([asked_by], told, url=_url(request), params=params)
    return place


@transaction.atomic
def answer(*, by: User, request: InstructionRequest, text: str) -> None:
    """Give the instruction; who asked is told, and who passed it up. Raises NotYoursToAnswer, InstructionMoved."""
    _may_answer(by, request)
    _swap(
        request,
        InstructionRequest.OPEN,
        state=State.ANSWERED,
        answer=text,
        answered_by=by,
        answered_at=clock.now(),
    )
    _step(request, Kind.ANSWERED, by, text)
    audit.record(ANSWERED, by=by, obj=request, organization=request.organization)
    passed = User.objects.filter(pk__in=request.steps.filter(kind=Kind.PASSED_UP).values("by"))
    told = {user.pk: user for user in [*passed, *([request.asked_by] if request.asked_by else [])] if user != by}
    notify.send(
        told.values(),
        gettext_noop("The instruction on “%(matter)s” has been given."),
        url=_url(request),
        params={"matter": request.matter},
    )


@transaction.atomic
def close(*, by: User, request: InstructionRequest, remark: str = "") -> None:
    """Who asked notes what was done on the instruction, or takes the request back. Raises InstructionMoved."""
    if by.pk != request.asked_by_id:
        raise NotYoursToAnswer
    open_still = request.state in InstructionRequest.OPEN
    _swap(request, [request.state] if request.state != State.CLOSED else [], state=State.CLOSED, closed_at=clock.now())
    _step(request, Kind.WITHDRAWN if open_still else Kind.CLOSED, by, remark)
    audit.record(CLOSED, by=by, obj=request, organization=request.organization)
    told = queries.speakers(queries.Place(request.at, request.addressee), but=by) if open_still else []
    if request.answered_by is not None:
        told = [request.answered_by]
    text = gettext_noop("The request for instruction “%(matter)s” is closed.")
    notify.send([user for user in told if user != by], text, url=_url(request), params={"matter": request.matter})


@transaction.atomic
def make_known(*, by: User, request: InstructionRequest, matter: str, text: str) -> None:
    """Let all below find the answer, in words that name no unit. Raises NotYoursToAnswer, InstructionMoved."""
    if not queries.may_make_known(by, request):
        raise NotYoursToAnswer
    new = {"known": True, "known_matter": matter, "known_answer": text}
    if not InstructionRequest.objects.filter(pk=request.pk).exclude(answer="").update(**new):
        raise InstructionMoved
    _step(request, Kind.KNOWN, by)
    audit.record(KNOWN, by=by, obj=request, organization=request.organization)


@transaction.atomic
def make_unknown(*, by: User, request: InstructionRequest) -> None:
    """It no longer holds: take it out of the known answers. Raises NotYoursToAnswer, InstructionMoved."""
    if not queries.may_make_known(by, request):
        raise NotYoursToAnswer
    if not InstructionRequest.objects.filter(pk=request.pk, known=True).update(known=False):
        raise InstructionMoved
    _step(request, Kind.UNKNOWN, by)
    audit.record(UNKNOWN, by=by, obj=request, organization=request.organization)
