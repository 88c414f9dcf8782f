"""Applying for a transition, taking it back, and the meeting that completes it (J-02..J-04, J-07, J-11).

`decide` stands beside this in decisions.py. A stage moves only through campaign.actions.move_stage.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.messages import Message
from accounts.models import User
from campaign.actions import StageMoved, StageSkipped, close_participation, move_stage
from campaign.findings import Gate, both
from campaign.models import Participation, StageProgress
from campaign.playbook import Playbook, TransitionRule
from campaign.playbook.work import CLOSING
from supervision import chain, rules
from supervision.actions.refusals import NotYours, TransitionRefused
from supervision.gates import gate_of
from supervision.models import MakeUpOrder, Transition
from supervision.procedure import first_before_applying
from supervision.words import day_words

APPLIED = audit.action("transition.applied", _("Applied for a transition"))
WITHDRAWN = audit.action("transition.withdrawn", _("Withdrew an application for transition"))
COMPLETED = audit.action("transition.completed", _("Completed a transition"))


def rule_of(playbook: Playbook, stage: str) -> TransitionRule:
    """The chain of consent; the playbook reader sees to it that a stage with a transition has one."""
    rule = chain.rule_at(playbook, stage)
    if rule is None:
        raise TransitionRefused(Message(gettext_noop("The playbook of this campaign knows no transition.")))
    return rule


def stage_params(playbook: Playbook, transition: Transition) -> dict[str, object]:
    """Bilingual names of the unit and the stage, for notifications."""
    return {
        "unit": transition.participation.label,
        "stage": both(chain.name_at(playbook, transition.stage)),
    }


def tell(
    transition: Transition, users: list[User], message: str, params: dict[str, object], kind: str = notify.NEWS
) -> None:
    """Notify about an application, with a link to it."""
    notify.send(users, message, params=params, url=reverse("supervision:transition", args=[transition.pk]), kind=kind)


def _open_makeup(participation: Participation, stage: str | None) -> TransitionRefused | None:
    """Of the stage; at the closing (None) of any stage."""
    orders = MakeUpOrder.objects.open().filter(participation=participation)
    if stage:
        orders = orders.filter(stage=stage)
    order = orders.select_related("organization").order_by("due_on").first()
    if order is None:
        return None
    return TransitionRefused(
        Message(
            gettext_noop("%(name)s has a make-up that is not closed yet. Nobody passes before it is."),
            {"name": order.organization.name},
        )
    )


def refuse_open_makeup(participation: Participation, stage: str) -> None:
    """Raises TransitionRefused while a make-up of the stage is open anywhere in the participation (J-12)."""
    refusal = _open_makeup(participation, None if stage == CLOSING else stage)
    if refusal:
        raise refusal


def why_not_apply(participation: Participation, progress: StageProgress | None, gate: Gate) -> Message | None:
    """Why no application can be handed in now; None where nothing stands in the way."""
    if participation.state != Participation.State.ACTIVE:
        return Message(gettext_noop("No stage is under way."))
    if progress is not None and not participation.batch.campaign.playbook.stage(progress.stage).transition:
        return Message(gettext_noop("The playbook asks for no application at the end of this stage."))
    if Transition.objects.open().filter(participation=participation).exists():
        return Message(gettext_noop("An application is under way already."))
    refusal = _open_makeup(participation, progress.stage if progress else None)
    if refusal:
        return refusal.reason
    first = first_before_applying(participation, progress.stage) if progress is not None else None
    if first:
        return first
    if gate.blocking:
        return Message(
            gettext_noop("%(count)s conditions are not met yet: %(names)s."),
            {"count": len(gate.blocking), "names": [str(finding.title) for finding in gate.blocking]},
        )
    return None


@transaction.atomic
def apply(
    *, by: User, participation: Participation, parts: Mapping[str, str], answers: Mapping[str, str] | None = None
) -> Transition:
    """Hand in the application with its parts (J-07) and freeze the findings. Raises TransitionRefused (J-01).

    `answers`: by the key of an objection to the last attempt, what was done about it (supervision.objections).
    """
    if not rules.can_apply(by, participation):
        raise NotYours(Message(gettext_noop("Only the organisation's own secretary can apply for it.")))
    progress = StageProgress.objects.filter(participation=participation, state=StageProgress.State.CURRENT).first()
    gate = gate_of(participation, progress)
    reason = why_not_apply(participation, progress, gate)
    if reason:
        raise TransitionRefused(reason)
    playbook = participation.batch.campaign.playbook
    stage = chain.stage_now(participation, progress)
    rule = rule_of(playbook, stage)
    for part in rule.parts:
        if not parts.get(part.key, "").strip():
            raise TransitionRefused(
                Message(gettext_noop("The part “%(name)s” is still empty."), {"name": both(part.name)})
            )
    written = {part.key: parts[part.key].strip() for part in rule.parts}
    replied = {key: text.strip() for key, text in (answers or {}).items() if text.strip()}
    transition = _create(by, participation, stage, gate, parts=written, answers=replied)
    data = {"stage": transition.stage, "attempt": transition.attempt, "met": gate.passed_count, "of": len(gate)}
    audit.record(APPLIED, by=by, obj=transition, organization=participation.organization, data=data)
    params = stage_params(playbook, transition)
    for step in rules.next_steps(transition, rule):
        waits = gettext_noop("%(unit)s applies for the transition at the end of “%(stage)s”; your word is needed.")
        tell(transition, rules.deciders(transition, step.body), waits, params)
    if not rule.steps:  # nobody has to agree: the report is on record, what is left is the meeting
        Transition.objects.filter(pk=transition.pk).update(
            state=Transition.State.APPROVED, decided_at=transition.applied_at
        )
        transition.refresh_from_db()
        if not rule.meeting:
            complete(by=by, transition=transition, expected=Transition.State.APPROVED)
    return transition


def _create(by: User, participation: Participation, stage: str, gate: Gate, **texts: dict[str, str]) -> Transition:
    before = Transition.objects.filter(participation=participation, stage=stage)
    try:
        with transaction.atomic():
            return Transition.objects.create(
                participation=participation,
                stage=stage,
                target=chain.target_after(participation.batch.campaign.playbook, stage),
                attempt=(before.aggregate(last=Max("attempt"))["last"] or 0) + 1,
                **texts,
                findings=[finding.to_json() for finding in gate],
                passed_count=gate.passed_count,
                findings_count=len(gate),
                applied_by=by,
                applied_at=clock.now(),
            )
    except IntegrityError:
        raise TransitionRefused(Message(gettext_noop("An application is under way already.")))


@transaction.atomic
def withdraw(*, by: User, transition: Transition) -> None:
    """Take the application back before it is decided. Raises TransitionRefused."""
    if not rules.can_apply(by, transition.participation):
        raise NotYours(Message(gettext_noop("Only the organisation's own secretary can withdraw its application.")))
    swapped = Transition.objects.filter(pk=transition.pk, state=Transition.State.SUBMITTED).update(
        state=Transition.State.WITHDRAWN, decided_at=clock.now()
    )
    if not swapped:
        raise TransitionRefused(Message(gettext_noop("This application has been decided; it cannot be withdrawn.")))
    transition.refresh_from_db()
    audit.record(WITHDRAWN, by=by, obj=transition, organization=transition.participation.organization)
    playbook = transition.participation.batch.campaign.playbook
    asked = [
        user for step in rule_of(playbook, transition.stage).steps for user in rules.deciders(transition, step.body)
    ]
    gone = gettext_noop("%(unit)s has withdrawn its application at the end of “%(stage)s”.")
    tell(transition, asked, gone, stage_params(playbook, transition))


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """The transition meeting: the secretary attends and speaks (J-11)."""

    held_on: dt.date
    place: str
    speaker: str
    present: int
    note: str = ""
    secretary: bool = False  # attended and spoke


@transaction.atomic
def record_meeting(*, by: User, transition: Transition, meeting: Meeting) -> None:
    """Record the meeting of an approved application; the stage moves. Raises TransitionRefused."""
    if not rules.can_apply(by, transition.participation):
        raise NotYours(Message(gettext_noop("Only the organisation's own secretary can record the meeting.")))
    approved = Transition.objects.filter(pk=transition.pk, state=Transition.State.APPROVED).first()
    if approved is None:
        raise TransitionRefused(why_no_meeting(transition))
    _check_meeting(approved, meeting)
    refuse_open_makeup(transition.participation, transition.stage)
    Transition.objects.filter(pk=transition.pk).update(
        meeting_on=meeting.held_on,
        meeting_place=meeting.place.strip(),
        meeting_speaker=meeting.speaker.strip(),
        meeting_secretary=meeting.secretary,
        meeting_present=meeting.present,
        meeting_note=meeting.note.strip(),
    )
    complete(by=by, transition=transition, expected=Transition.State.APPROVED, on=meeting.held_on)


def why_no_meeting(transition: Transition) -> Message:
    """Why an application that is not approved has no meeting: above all because there is no reply yet (J-11)."""
    if Transition.objects.under_review().filter(pk=transition.pk).exists():
        return Message(gettext_noop("There is no reply to this application yet; without it no meeting can be held."))
    return Message(gettext_noop("This application is not waiting for its meeting."))


def _check_meeting(transition: Transition, meeting: Meeting) -> None:
    approved_on = timezone.localtime(transition.decided_at).date() if transition.decided_at else clock.today()
    if meeting.held_on < approved_on:
        raise TransitionRefused(
            Message(gettext_noop("The meeting comes after the approval of %(date)s."), {"date": day_words(approved_on)})
        )
    if meeting.held_on > clock.today():
        raise TransitionRefused(Message(gettext_noop("A meeting that is still to come cannot be recorded.")))
    if not meeting.speaker.strip() or not meeting.place.strip():
        raise TransitionRefused(Message(gettext_noop("Say where the meeting was held and who spoke.")))


def complete(*, by: User, transition: Transition, expected: str, on: dt.date | None = None) -> None:
    """Close the application as passed and move the stage: both or neither. Raises TransitionRefused."""
    swapped = Transition.objects.filter(pk=transition.pk, state=expected).update(
        state=Transition.State.COMPLETED, completed_at=clock.now()
    )
    if not swapped:
        raise TransitionRefused(Message(gettext_noop("Somebody else has completed this transition meanwhile.")))
    try:
        if transition.stage == CLOSING:
            close_participation(by=by, participation=transition.participation, on=on)
        else:
            move_stage(
                by=by,
                participation=transition.participation,
                expected=transition.stage,
                target=transition.target or None,
                on=on,
            )
    except (StageMoved, StageSkipped):
        raise TransitionRefused(
            Message(gettext_noop("The stage has been moved meanwhile; this application is outdated."))
        )
    transition.refresh_from_db()
    audit.record(
        COMPLETED,
        by=by,
        obj=transition,
        organization=transition.participation.organization,
        data={"stage": transition.stage, "target": transition.target, "attempt": transition.attempt},
    )
    playbook = transition.participation.batch.campaign.playbook
    asked = rule_of(playbook, transition.stage).steps
    told = [user for step in asked for user in rules.deciders(transition, step.body) if user.pk != by.pk]
    passed = gettext_noop("%(unit)s has passed the stage “%(stage)s”.")
    tell(transition, told, passed, stage_params(playbook, transition))
