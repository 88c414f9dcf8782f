"""The word of each body on an application: agree, return, or order a make-up (J-02..J-06, decision 4).

Two at once: the row is locked where the database can, one word a body is a unique constraint, and the state is swapped
only if it is still what it was. The slower one is told who decided.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.messages import Message
from accounts.models import User
from campaign.findings import both
from campaign.playbook import ConsentStep, TransitionRule
from supervision import rules
from supervision.actions.cards import after_decision
from supervision.actions.makeups import MakeUpTerms, order_makeup
from supervision.actions.refusals import AlreadyDecided, NotYours, NotYourTurn, TransitionRefused
from supervision.actions.replies import issue_reply
from supervision.actions.transitions import complete, refuse_open_makeup, rule_of, stage_params, tell
from supervision.models import Decision, MakeUpOrder, Transition

AGREED = audit.action("transition.agreed", _("Agreed to a transition"))
RETURNED = audit.action("transition.returned", _("Returned an application for transition"))
MADE_UP = audit.action("transition.make_up", _("Ordered a make-up instead of a transition"))
_CODES = {Decision.Verdict.AGREE: AGREED, Decision.Verdict.RETURN: RETURNED, Decision.Verdict.MAKE_UP: MADE_UP}


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What a body says. For a return: which parts are wrong and why, which findings, to be mended by when.

    `override_reason` lets pass what is unmet but may be overridden; `makeup` goes with the verdict "make_up".
    """

    verdict: str
    reason: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    findings: Sequence[str] = ()
    mend_by: dt.date | None = None
    unsolid_work: bool = False
    override_reason: str = ""
    makeup: MakeUpTerms | None = None
    cause: str = ""  # where the playbook names several that lead to a yellow card: which


@transaction.atomic
def decide(*, by: User, transition: Transition, body: str, ruling: Ruling) -> Decision:
    """Give a body's word on an application. Raises AlreadyDecided, NotYourTurn, NotYours, TransitionRefused."""
    locked = (
        Transition.objects.select_for_update(of=("self",))
        .select_related("participation__organization", "participation__batch__campaign")
        .get(pk=transition.pk)
    )
    rule = rule_of(locked.participation.batch.campaign.playbook, locked.stage)
    step = _step_of(by, locked, body, rule)
    _check(locked, step, rule, ruling)
    order = None
    decision = _write_down(by, rules.speaker(by, locked, body), locked, body, ruling)
    if ruling.verdict == Decision.Verdict.AGREE:
        _after_agreement(by, locked, step, rule, ruling)
    elif ruling.verdict == Decision.Verdict.RETURN:
        _swap(locked, Transition.State.RETURNED)
        issue_reply(by=by, application=locked)
    else:
        _swap(locked, Transition.State.MADE_UP)
        issue_reply(by=by, application=locked)
        order = _order(by, locked, ruling)
    after_decision(by=by, transition=locked, decision=decision, order=order, cause=ruling.cause)
    _record(by, locked, step, ruling, decision)
    if ruling.verdict != Decision.Verdict.AGREE:
        _tell_ended(by, locked, rule, step, ruling)
    transition.refresh_from_db()
    return decision


def _step_of(by: User, transition: Transition, body: str, rule: TransitionRule) -> ConsentStep:
    """The step of this body, if it is its turn and the person may speak for it."""
    step = next((step for step in rule.steps if step.body == body), None)
    if step is None:
        raise NotYours(Message(gettext_noop("This body has no word on applications here.")))
    if not rules.can_decide(by, transition, body):
        raise NotYours(
            Message(gettext_noop("You cannot decide on this application: nobody decides on his own organisation's."))
        )
    spoken = list(transition.decisions.select_related("by"))
    already = next((decision for decision in spoken if decision.body == body), None)
    if already or transition.state != Transition.State.SUBMITTED:
        raise _too_late(transition, already or (spoken[-1] if spoken else None))
    if rules.have_spoken(spoken) & {by.pk, rules.speaker(by, transition, body).pk}:
        raise NotYours(Message(gettext_noop("You have spoken for another body on this application already.")))
    turns = rules.next_steps(transition, rule)
    if step not in turns:
        first = {"name": both(turns[0].name)}
        raise NotYourTurn(Message(gettext_noop("It is not your turn yet. First comes: %(name)s."), first))
    return step


def _too_late(transition: Transition, decision: Decision | None) -> TransitionRefused:
    if decision is None:
        return TransitionRefused(Message(gettext_noop("This application is not under review any more.")))
    messages = {
        Decision.Verdict.AGREE: gettext_noop("%(name)s was faster and agreed to it."),
        Decision.Verdict.RETURN: gettext_noop("%(name)s was faster and returned it."),
        Decision.Verdict.MAKE_UP: gettext_noop("%(name)s was faster and ordered a make-up."),
    }
    return AlreadyDecided(Message(messages[Decision.Verdict(decision.verdict)], {"name": str(decision.by or "–")}))


def overrides(step: ConsentStep) -> bool:
    """Only the approving body may let pass what is unmet (decision 4); a reviewer has no such power."""
    return step.verb == "approve"


def _check(transition: Transition, step: ConsentStep, rule: TransitionRule, ruling: Ruling) -> None:
    if ruling.verdict == Decision.Verdict.AGREE:
        _check_agreement(transition, step, ruling)
    elif ruling.verdict == Decision.Verdict.RETURN:
        _check_return(transition, rule, ruling)
    elif ruling.verdict == Decision.Verdict.MAKE_UP:
        if ruling.makeup is None:
            raise TransitionRefused(Message(gettext_noop("Name what is to be made up, and by when.")))
    else:
        raise TransitionRefused(Message(gettext_noop("Choose a decision.")))


def _check_agreement(transition: Transition, step: ConsentStep, ruling: Ruling) -> None:
    gate = transition.gate
    if gate.blocking:
        names = [str(finding.title) for finding in gate.blocking]
        raise TransitionRefused(
            Message(gettext_noop("Nobody can agree while these conditions are not met: %(names)s."), {"names": names})
        )
    refuse_open_makeup(transition.participation, transition.stage)
    needed = gate.to_override and overrides(step) and not transition.override_reason
    if needed and not ruling.override_reason.strip():
        names = [str(finding.title) for finding in gate.to_override]
        raise TransitionRefused(
            Message(gettext_noop("Write down why it may pass although these are not met: %(names)s."), {"names": names})
        )


def _check_return(transition: Transition, rule: TransitionRule, ruling: Ruling) -> None:
    known = {part.key for part in rule.parts}
    if not set(ruling.parts) <= known or not set(ruling.findings) <= {f.key for f in transition.gate}:
        raise TransitionRefused(Message(gettext_noop("This part or condition does not belong to the application.")))
    if any(not why.strip() for why in ruling.parts.values()):
        raise TransitionRefused(Message(gettext_noop("Say for each part that is returned what is wrong with it.")))
    if not ruling.parts and not ruling.reason.strip():
        raise TransitionRefused(Message(gettext_noop("Say why it is returned: for a part, or in general.")))
    if ruling.mend_by and ruling.mend_by < clock.today():
        raise TransitionRefused(Message(gettext_noop("The date to mend it by cannot lie in the past.")))


def _write_down(by: User, speaker: User, transition: Transition, body: str, ruling: Ruling) -> Decision:
    returned = ruling.verdict == Decision.Verdict.RETURN
    sections = {"parts": {k: why.strip() for k, why in ruling.parts.items()}, "findings": list(ruling.findings)}
    try:
        with transaction.atomic():
            return Decision.objects.create(
                transition=transition,
                body=body,
                verdict=ruling.verdict,
                reason=ruling.reason.strip(),
                sections=sections if returned else {},
                mend_by=ruling.mend_by if returned else None,
                unsolid_work=ruling.unsolid_work and ruling.verdict != Decision.Verdict.AGREE,
                by=by,
                on_behalf_of=None if speaker.pk == by.pk else speaker,
                at=clock.now(),
            )
    except IntegrityError:
        faster = transition.decisions.select_related("by").filter(body=body).first()
        raise _too_late(transition, faster)


def _swap(transition: Transition, state: str) -> None:
    """From "under review" to `state`; an agreement that is not the last swaps to the same state, to be sure of it."""
    over = {"decided_at": clock.now()} if state != Transition.State.SUBMITTED else {}
    swapped = Transition.objects.filter(pk=transition.pk, state=Transition.State.SUBMITTED).update(state=state, **over)
    if not swapped:
        last = transition.decisions.select_related("by").order_by("-at").first()
        raise _too_late(transition, last)
    transition.refresh_from_db(fields=["state", "decided_at"])


def _after_agreement(by: User, transition: Transition, step: ConsentStep, rule: TransitionRule, ruling: Ruling) -> None:
    if transition.gate.to_override and overrides(step) and ruling.override_reason.strip():
        Transition.objects.filter(pk=transition.pk).update(override_reason=ruling.override_reason.strip())
    _ask_to_file(transition, rule, step)
    open_bodies = {s.body for s in rule.steps} - set(transition.decisions.values_list("body", flat=True))
    if open_bodies:
        _swap(transition, Transition.State.SUBMITTED)
        _ask_next(transition, rule, step)
        return
    _swap(transition, Transition.State.APPROVED)
    issue_reply(by=by, application=transition)
    if not rule.meeting:
        complete(by=by, transition=transition, expected=Transition.State.APPROVED)
    params = stage_params(transition.participation.batch.campaign.playbook, transition)
    message = (
        gettext_noop("All have agreed: %(unit)s may pass “%(stage)s”. Hold the transition meeting and record it.")
        if rule.meeting
        else gettext_noop("All have agreed: %(unit)s has passed “%(stage)s”.")
    )
    tell(transition, rules.applicants(transition.participation), message, params)


def _ask_to_file(transition: Transition, rule: TransitionRule, step: ConsentStep) -> None:
    """The summary is filed once the supervision group has given its opinion (J-10)."""
    if rule.filing is None or step.verb != "review":
        return
    text = gettext_noop("%(unit)s: the supervision group agrees. File the summary of “%(stage)s” with the office.")
    params = stage_params(transition.participation.batch.campaign.playbook, transition)
    url = reverse("supervision:filing_new", args=[transition.pk])
    notify.send(rules.applicants(transition.participation), text, params=params, url=url)


def _ask_next(transition: Transition, rule: TransitionRule, step: ConsentStep) -> None:
    params = stage_params(transition.participation.batch.campaign.playbook, transition)
    agreed = gettext_noop("%(body)s: agreed to the application of %(unit)s at the end of “%(stage)s”.")
    tell(transition, rules.applicants(transition.participation), agreed, {**params, "body": both(step.name)})
    if rule.mode == "sequential":
        for following in rules.next_steps(transition, rule):
            waits = gettext_noop("%(unit)s applies for the transition at the end of “%(stage)s”; your word is needed.")
            tell(transition, rules.deciders(transition, following.body), waits, params)


def _order(by: User, transition: Transition, ruling: Ruling) -> MakeUpOrder | None:
    if ruling.makeup is None:
        return None
    return order_makeup(
        by=by,
        participation=transition.participation,
        terms=ruling.makeup,
        reason=ruling.reason,
        trigger=MakeUpOrder.Trigger.TRANSITION,
        transition=transition,
    )


def _record(by: User, transition: Transition, step: ConsentStep, ruling: Ruling, decision: Decision) -> None:
    data = {
        "body": step.body,
        "stage": transition.stage,
        "attempt": transition.attempt,
        "reason": ruling.reason.strip(),
        "parts": dict(ruling.parts),
        "override_reason": ruling.override_reason.strip(),
        "for": str(decision.on_behalf_of or ""),
    }
    organization = transition.participation.organization
    code = _CODES[Decision.Verdict(ruling.verdict)]
    audit.record(code, by=by, obj=transition, organization=organization, data={k: v for k, v in data.items() if v})


def _tell_ended(by: User, transition: Transition, rule: TransitionRule, step: ConsentStep, ruling: Ruling) -> None:
    """The applicant above all; and the other bodies, who need not look any more."""
    params = stage_params(transition.participation.batch.campaign.playbook, transition)
    params["body"] = both(step.name)
    message = (
        gettext_noop("The application of %(unit)s at the end of “%(stage)s” was returned (%(body)s). Read why.")
        if ruling.verdict == Decision.Verdict.RETURN
        else gettext_noop("A make-up was ordered of %(unit)s at the end of “%(stage)s” (%(body)s).")
    )
    applicants = rules.applicants(transition.participation)
    others = {user.pk: user for other in rule.steps for user in rules.deciders(transition, other.body)}
    for user in (by, *applicants):
        others.pop(user.pk, None)
    tell(transition, applicants, message, params, notify.RETURN)
    tell(transition, list(others.values()), message, params)
