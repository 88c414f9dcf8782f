"""The ordered steps of leaving a stage (F-49): self-check, survey, report, review, approval, meeting.

The playbook names them and their order with its look-back; a playbook without such steps prescribes none, and the
pages show none. What each step rests on is recorded elsewhere: here it is only read, in the order prescribed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_noop

from accounts.messages import Message
from assessments.models import Survey
from assessments.procedure import completed_self_check, procedure_of
from campaign.findings import both
from campaign.models import Participation
from campaign.playbook import LookBack, LookBackStep
from supervision import chain
from supervision.models import Decision, Transition

DONE, HERE, WAIT = "done", "here", ""
BEFORE_APPLYING = ("self_check", "survey")


@dataclass(frozen=True)
class OrderedStep:
    """A step with its state ("done", "here", ""), the day it was taken, and who took it."""

    key: str
    name: Any
    on: dt.date | dt.datetime | None = None
    who: str = ""
    state: str = WAIT


@dataclass(frozen=True)
class _Taken:
    on: dt.date | dt.datetime | None
    who: str = ""


def ordered_steps(participation: Participation, stage: str, transition: Transition | None) -> list[OrderedStep]:
    """The steps of the stage in their order; empty where the playbook prescribes none. At most three queries.

    `transition` is the attempt that the page is about. The first step that is not taken is the one
    to take now; what was done out of turn is shown as done all the same.
    """
    lookback = procedure_of(participation.batch.campaign.playbook, stage)
    if lookback is None:
        return []
    steps = [_step(step, lookback, participation, stage, transition) for step in lookback.steps]
    for number, step in enumerate(steps):
        if step.state != DONE:
            steps[number] = replace(step, state=HERE)
            break
    return steps


def _step(
    step: LookBackStep, lookback: LookBack, participation: Participation, stage: str, transition: Transition | None
) -> OrderedStep:
    if step.key == "self_check":
        taken = _self_check(lookback, participation)
    elif step.key == "survey":
        taken = _survey(participation, stage)
    else:
        taken = _OF_APPLICATION[step.key](transition) if transition is not None else None
    if taken is None:
        return OrderedStep(step.key, step.name)
    return OrderedStep(step.key, step.name, taken.on, taken.who, DONE)


def _self_check(lookback: LookBack, participation: Participation) -> _Taken | None:
    record = completed_self_check(lookback, participation)
    return _Taken(record.completed_on, str(record.saved_by or "")) if record else None


def _survey(participation: Participation, stage: str) -> _Taken | None:
    """The last confirmed round of each survey that the gate of the stage waits for."""
    asked = {
        str(rule.get("instrument", ""))
        for rule in participation.batch.campaign.playbook.stage(stage).gate
        if rule.check == "survey"
    }
    held = Survey.objects.closed().filter(participation=participation, stage=stage, instrument__in=asked)
    rounds = list(held.order_by("round", "pk"))
    if not asked or {row.instrument for row in rounds} != asked:
        return None
    return _Taken(rounds[-1].held_on, rounds[-1].organizer)


def _report(transition: Transition) -> _Taken | None:
    if transition.state == Transition.State.WITHDRAWN:
        return None
    return _Taken(transition.applied_at, str(transition.applied_by or ""))


def _consent(verb: str) -> Callable[[Transition], _Taken | None]:
    """The step is taken when every body of the chain that reviews (or approves) has agreed."""

    def taken(transition: Transition) -> _Taken | None:
        rule = chain.rule_at(transition.participation.batch.campaign.playbook, transition.stage)
        bodies = {step.body for step in rule.steps if step.verb == verb} if rule else set()
        agreed = [d for d in transition.decisions.all() if d.body in bodies and d.verdict == Decision.Verdict.AGREE]
        if not bodies or {decision.body for decision in agreed} != bodies:
            return None
        last = max(agreed, key=lambda decision: decision.at)
        return _Taken(last.at, last.who)

    return taken


def _meeting(transition: Transition) -> _Taken | None:
    if transition.meeting_on is None:
        return None
    return _Taken(transition.meeting_on, transition.meeting_speaker)


_OF_APPLICATION: dict[str, Callable[[Transition], _Taken | None]] = {
    "report": _report,
    "review": _consent("review"),
    "approve": _consent("approve"),
    "meeting": _meeting,
}


def first_before_applying(participation: Participation, stage: str) -> Message | None:
    """The step that comes before the report and is not taken yet, for the secretary; None where nothing does."""
    for step in ordered_steps(participation, stage, None):
        if step.key in BEFORE_APPLYING and step.state != DONE:
            text = gettext_noop("First comes “%(step)s”; the transition report follows it.")
            return Message(text, {"step": both(step.name)})
        if step.key == "report":
            break
    return None
