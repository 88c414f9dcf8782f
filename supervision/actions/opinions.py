"""Supervision opinions (M-03): given, answered point by point, checked, followed up to the end. They decide nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.files import File
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.messages import Message
from accounts.models import User
from campaign import uploads
from campaign.models import Participation
from supervision import visiting
from supervision.actions.refusals import Refused
from supervision.models import OpinionPoint, SupervisionOpinion, Visit
from supervision.words import day_words
from units.models import Organization

GIVEN = audit.action("supervision_opinion.given", _("Gave a supervision opinion"))
POINT_ANSWERED = audit.action("supervision_opinion.point", _("Answered a point of a supervision opinion"))
ANSWERED = audit.action("supervision_opinion.answered", _("Handed in the answer to a supervision opinion"))
SENT_BACK = audit.action("supervision_opinion.sent_back", _("Sent points of a supervision opinion back"))
CLOSED = audit.action("supervision_opinion.closed", _("Followed a supervision opinion up to the end"))
WITHDRAWN = audit.action("supervision_opinion.withdrawn", _("Took a supervision opinion back"))

State = SupervisionOpinion.State


class OpinionRefused(Refused):
    """The opinion cannot be given, answered or checked like this."""


@dataclass(frozen=True)
class Point:
    """One suggestion and the day by which its answer is expected."""

    text: str
    due_on: dt.date


@dataclass(frozen=True, kw_only=True)
class OpinionData:
    """To whom, about what, on what grounds, and the points."""

    organization: Organization
    title: str
    points: Sequence[Point]
    basis: str = ""
    visit: Visit | None = None


@dataclass(frozen=True)
class Verdict:
    """What the check found of one point: resolved, or back with a note and perhaps another deadline."""

    resolved: bool
    note: str = ""
    due_on: dt.date | None = None


def _refuse(message: str, **params: object) -> OpinionRefused:
    return OpinionRefused(Message(message, params))


def _tell(opinion: SupervisionOpinion, to: Iterable[User], by: User, message: str, **params: object) -> None:
    body = opinion.from_body or (opinion.group.name if opinion.group else {"zh": "督导组", "en": "Supervision group"})
    known = {"sender": body, "name": opinion.organization.name, "title": opinion.title}
    url = reverse("supervision:opinion", args=[opinion.pk])
    notify.send([user for user in to if user != by], message, params={**known, **params}, url=url)


@transaction.atomic
def give_opinion(
    *, by: User, participation: Participation, data: OpinionData, sender: visiting.Sender = visiting.AT_LARGE
) -> SupervisionOpinion:
    """Suggest something to an organisation; its secretaries are told. Raises OpinionRefused."""
    refused = visiting.why_not_send(by, participation, data.organization, sender)
    if refused is not None:
        raise OpinionRefused(refused)
    points = [point for point in data.points if point.text.strip()]
    if not points:
        raise _refuse(gettext_noop("Write down at least one point."))
    if any(point.due_on < clock.today() for point in points):
        raise _refuse(gettext_noop("The deadline of a point cannot lie in the past."))
    if data.visit is not None and data.visit.participation_id != participation.pk:
        raise _refuse(gettext_noop("This visit was made elsewhere."))
    opinion = SupervisionOpinion.objects.create(
        participation=participation,
        organization=data.organization,
        group=sender.group,
        from_body=sender.from_body,
        visit=data.visit,
        title=data.title.strip(),
        basis=data.basis.strip(),
        given_by=by,
    )
    OpinionPoint.objects.bulk_create(
        OpinionPoint(opinion=opinion, position=position, text=point.text.strip(), due_on=point.due_on)
        for position, point in enumerate(points, start=1)
    )
    first = min(point.due_on for point in points)
    told = {"title": opinion.title, "points": len(points), "due_on": first.isoformat()}
    audit.record(GIVEN, by=by, obj=opinion, organization=opinion.organization, data=told)
    text = gettext_noop("%(sender)s gives %(name)s an opinion of %(points)s points, the first due %(due)s: %(title)s")
    _tell(opinion, visiting.hosts(opinion), by, text, points=len(points), due=day_words(first))
    return opinion


@transaction.atomic
def answer_point(*, by: User, point: OpinionPoint, done_on: dt.date, answer: str, files: Iterable[File] = ()) -> None:
    """Say what was done about one point; can be put right until the answer is handed in. Raises OpinionRefused."""
    opinion = SupervisionOpinion.objects.select_for_update().get(pk=point.opinion_id)
    _need_answerer(by, opinion)
    if opinion.state != State.GIVEN:
        raise _refuse(gettext_noop("The answer has been handed in; it can be changed if it is sent back."))
    if not answer.strip():
        raise _refuse(gettext_noop("Say what was done."))
    if done_on > clock.today():
        raise _refuse(gettext_noop("What has been done cannot lie in the future."))
    open_point = OpinionPoint.objects.filter(pk=point.pk, resolved_at=None)
    if not open_point.update(done_on=done_on, answer=answer.strip()):
        raise _refuse(gettext_noop("This point is resolved already."))
    uploads.keep(point.files, files, by=by)
    data = {"point": point.position, "answer": answer.strip(), "done_on": done_on.isoformat()}
    audit.record(POINT_ANSWERED, by=by, obj=opinion, organization=opinion.organization, data=data)


def _need_answerer(by: User, opinion: SupervisionOpinion) -> None:
    if not visiting.can_answer(by, opinion):
        raise _refuse(gettext_noop("Only the organisation itself can answer the opinion."))


@transaction.atomic
def hand_in(*, by: User, opinion: SupervisionOpinion) -> None:
    """Hand the whole answer in, for the check. Raises OpinionRefused while a point is open."""
    _need_answerer(by, opinion)
    SupervisionOpinion.objects.select_for_update().get(pk=opinion.pk)
    undone = opinion.points.filter(done_on=None).count()
    if undone:
        raise _refuse(
            gettext_noop("%(undone)s points are not answered yet. Say what was done about each."), undone=undone
        )
    swapped = SupervisionOpinion.objects.filter(pk=opinion.pk, state=State.GIVEN).update(
        state=State.ANSWERED, answered_by=by, answered_at=clock.now()
    )
    if not swapped:
        raise _refuse(gettext_noop("This opinion has been answered already."))
    audit.record(ANSWERED, by=by, obj=opinion, organization=opinion.organization)
    text = gettext_noop("%(name)s has answered the opinion “%(title)s”; please check what was done.")
    _tell(opinion, visiting.keepers(opinion), by, text)


@transaction.atomic
def check_answer(*, by: User, opinion: SupervisionOpinion, verdicts: Mapping[int, Verdict]) -> None:
    """Resolve points or send them back, each by its id; it ends when all are resolved. Raises OpinionRefused."""
    if not visiting.can_keep(by, opinion):
        raise _refuse(gettext_noop("Only the supervision group in charge can do this."))
    SupervisionOpinion.objects.select_for_update().get(pk=opinion.pk)
    points = list(opinion.points.filter(resolved_at=None))
    _check_verdicts(points, verdicts)
    back = [point for point in points if not verdicts[point.pk].resolved]
    swapped = SupervisionOpinion.objects.filter(pk=opinion.pk, state=State.ANSWERED).update(
        state=State.GIVEN if back else State.CLOSED, checked_by=by, checked_at=clock.now()
    )
    if not swapped:
        raise _refuse(gettext_noop("This opinion is not waiting for a check any more."))
    for point in points:
        _settle(point, verdicts[point.pk])
    notes = [f"{point.position}. {verdicts[point.pk].note.strip()}" for point in points if verdicts[point.pk].note]
    data = {"note": "\n".join(notes), "back": [point.position for point in back]}
    audit.record(SENT_BACK if back else CLOSED, by=by, obj=opinion, organization=opinion.organization, data=data)
    if back:
        text = gettext_noop("%(sender)s sends %(points)s points of the opinion “%(title)s” back to %(name)s.")
    else:
        text = gettext_noop("The opinion “%(title)s” to %(name)s is followed up to the end: all points are resolved.")
    _tell(opinion, visiting.hosts(opinion), by, text, points=len(back))


def _check_verdicts(points: Sequence[OpinionPoint], verdicts: Mapping[int, Verdict]) -> None:
    for point in points:
        verdict = verdicts.get(point.pk)
        if verdict is None:
            raise _refuse(gettext_noop("Say of point %(point)s whether it is resolved."), point=point.position)
        if not verdict.resolved and not verdict.note.strip():
            raise _refuse(gettext_noop("Say why point %(point)s is sent back."), point=point.position)
        if not verdict.resolved and (verdict.due_on or clock.today()) < clock.today():
            raise _refuse(gettext_noop("The deadline of a point cannot lie in the past."))


def _settle(point: OpinionPoint, verdict: Verdict) -> None:
    """A point that is sent back has to be answered anew; what was answered stays to be read."""
    point.check_note = verdict.note.strip()
    if verdict.resolved:
        point.resolved_at = clock.now()
    else:
        point.done_on, point.due_on = None, verdict.due_on or point.due_on
    point.save(update_fields=["check_note", "resolved_at", "done_on", "due_on"])


@transaction.atomic
def take_back(*, by: User, opinion: SupervisionOpinion, reason: str) -> None:
    """Take back an opinion that was given by mistake or is settled otherwise. Raises OpinionRefused."""
    if not visiting.can_keep(by, opinion):
        raise _refuse(gettext_noop("Only the supervision group in charge can do this."))
    if not reason.strip():
        raise _refuse(gettext_noop("Say why the opinion is taken back."))
    swapped = SupervisionOpinion.objects.filter(pk=opinion.pk, state=State.GIVEN).update(
        state=State.WITHDRAWN, reason=reason.strip(), checked_by=by, checked_at=clock.now()
    )
    if not swapped:
        raise _refuse(gettext_noop("This opinion has been answered or settled meanwhile; look at it again."))
    audit.record(WITHDRAWN, by=by, obj=opinion, organization=opinion.organization, data={"note": reason.strip()})
    text = gettext_noop("%(sender)s has taken back the opinion “%(title)s”: %(reason)s")
    _tell(opinion, visiting.hosts(opinion), by, text, reason=reason.strip()[:200])
