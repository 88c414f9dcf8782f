"""Agreeing to many applications at once: each by itself, with its own entry in the history, or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from accounts.messages import Message
from accounts.models import User
from campaign.findings import Gate
from supervision import rules
from supervision.actions.decisions import Ruling, decide
from supervision.actions.refusals import NotYours, Refused, TransitionRefused
from supervision.actions.transitions import rule_of
from supervision.gates import gate_of
from supervision.models import Decision, Transition
from supervision.since import worse

NAMED = 6  # conditions that a refusal names


@dataclass(frozen=True)
class Outcome:
    """What became of one application: agreed to, or why not."""

    transition: Transition
    refusal: Message | None = None

    @property
    def agreed(self) -> bool:
        return self.refusal is None


def why_not_together(transition: Transition) -> Message | None:
    """Why it cannot be agreed to along with others: only what meets every condition can. No query."""
    unmet = [finding for finding in transition.gate if not finding.passed]
    if not unmet:
        return None
    text = gettext_noop("Not met when it was handed in: %(names)s. Open it and decide on it by itself.")
    return Message(text, {"names": [str(finding.title) for finding in unmet[:NAMED]]})


def _today(transition: Transition) -> Gate:
    participation = transition.participation
    progress = next((p for p in participation.progress.all() if p.stage == transition.stage), None)
    return gate_of(participation, progress)


def agree_to(*, by: User, transition: Transition) -> Decision:
    """Agree to one of many: every finding passes, then and now. Raises what `decide` raises, and TransitionRefused."""
    refusal = why_not_together(transition)
    if refusal:
        raise TransitionRefused(refusal)
    rule = rule_of(transition.participation.batch.campaign.playbook, transition.stage)
    steps = rules.bodies_for(by, transition, rule)
    if not steps:
        raise NotYours(Message(gettext_noop("This application does not wait for your word now.")))
    fallen = worse(transition.gate, _today(transition))
    if fallen:
        text = gettext_noop("Not met any more since it was handed in: %(names)s. Open it and decide on it by itself.")
        raise TransitionRefused(Message(text, {"names": [str(finding.title) for finding in fallen]}))
    return decide(by=by, transition=transition, body=steps[0].body, ruling=Ruling(verdict=Decision.Verdict.AGREE))


def agree_to_all(*, by: User, transitions: Iterable[Transition]) -> list[Outcome]:
    """Agree to each that can be agreed to; what is refused for one leaves the others as they are."""
    found = []
    for transition in transitions:
        try:
            agree_to(by=by, transition=transition)
        except Refused as refused:
            found.append(Outcome(transition, refused.reason))
        else:
            found.append(Outcome(transition))
    return found
