"""What happened, the newest on top, and what is still to come: the entries of the timeline component."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts import clock
from accounts.messages import localised
from accounts.models import AuditEntry
from campaign.playbook import Playbook, TransitionRule
from supervision import chain, rules
from supervision.actions import makeups as makeup_actions
from supervision.models import Decision, MakeUpOrder, Transition


@dataclass(frozen=True)
class Entry:
    """One entry of templates/_components/_timeline.html."""

    text: str
    icon: str = ""
    tone: str = ""
    detail: str = ""
    who: str = ""
    at: dt.datetime | None = None
    due: str = ""
    wait: bool = False
    now: bool = False


_VERDICTS = {
    Decision.Verdict.AGREE: ("circle-check", "ok"),
    Decision.Verdict.RETURN: ("arrow-back-up", "late"),
    Decision.Verdict.MAKE_UP: ("refresh", "bad"),
}


def transition_timeline(transition: Transition, playbook: Playbook) -> list[Entry]:
    """The steps of one application: those to come, the one that is due, and what was done."""
    rule = chain.rule_at(playbook, transition.stage)
    entries = _to_come(transition, rule) if rule else []
    if transition.completed_at:
        text = _("Meeting recorded, stage passed") if transition.meeting_on else _("Stage passed")
        detail = _("%(speaker)s spoke") % {"speaker": transition.meeting_speaker} if transition.meeting_speaker else ""
        entries.append(Entry(text, "flag", "ok", detail, at=transition.completed_at))
    if transition.state == Transition.State.WITHDRAWN:
        entries.append(Entry(_("Application withdrawn"), "x", at=transition.decided_at))
    for decision in sorted(transition.decisions.all(), key=lambda d: (d.at, d.pk), reverse=True):
        entries.append(_decision(transition, decision))
    text = _("Application no. %(attempt)s handed in, findings frozen") % {"attempt": transition.attempt}
    entries.append(Entry(text, "send", who=str(transition.applied_by or ""), at=transition.applied_at))
    return entries


def _decision(transition: Transition, decision: Decision) -> Entry:
    icon, tone = _VERDICTS[Decision.Verdict(decision.verdict)]
    params = {"body": rules.BODY_NAMES.get(decision.body, decision.body)}
    sentences = {
        Decision.Verdict.AGREE: _("%(body)s: agreed") % params,
        Decision.Verdict.RETURN: _("%(body)s: returned") % params,
        Decision.Verdict.MAKE_UP: _("%(body)s: make-up ordered") % params,
    }
    return Entry(sentences[Decision.Verdict(decision.verdict)], icon, tone, decision.reason, decision.who, decision.at)


def _to_come(transition: Transition, rule: TransitionRule) -> list[Entry]:
    """Open steps, the last one on top."""
    if transition.state == Transition.State.APPROVED:
        return [Entry(_("Transition meeting to be held and recorded"), "clock", "late", now=True)]
    if transition.state != Transition.State.SUBMITTED:
        return []
    turns = {step.body for step in rules.next_steps(transition, rule)}
    spoken = {decision.body for decision in transition.decisions.all()}
    days = (clock.now() - transition.applied_at).days
    entries, before = [], ""
    for step in rule.steps:
        if step.body in spoken:
            before = str(step.name)
        elif step.body in turns:
            people = [str(user) for user in rules.deciders(transition, step.body)][:4]
            text = _("%(step)s: waiting for %(days)s days") % {"step": step.name, "days": days}
            who = localised(people)
            entries.append(Entry(text, "clock", "late", who=who, due="" if people else _nobody(), now=True))
            before = str(step.name)
        else:
            entries.append(Entry(str(step.name), wait=True, due=_("after: %(step)s") % {"step": before}))
            before = str(step.name)
    if rule.meeting:
        entries.append(Entry(_("Transition meeting"), wait=True, due=_("after all have agreed")))
    return entries[::-1]


def _nobody() -> str:
    return _("Nobody holds this post yet; tell the campaign office.")


_AUDITED: dict[str, tuple[str, str]] = {
    makeup_actions.ORDERED: ("refresh", "bad"),
    makeup_actions.ITEM_DONE: ("pencil", ""),
    makeup_actions.REPORTED: ("send", ""),
    makeup_actions.SENT_BACK: ("arrow-back-up", "late"),
    makeup_actions.CLOSED: ("circle-check", "ok"),
}


def makeup_timeline(order: MakeUpOrder) -> list[Entry]:
    """What became of a make-up, told by the history itself. One query."""
    rows = AuditEntry.objects.filter(
        object_type=order._meta.label_lower, object_id=str(order.pk), action__in=_AUDITED
    ).order_by("-at", "-id")
    entries = [_audited(row, order) for row in rows]
    if order.state == MakeUpOrder.State.REPORTED:
        entries.insert(0, Entry(_("To be re-checked"), "clock", "late", now=True))
    elif order.state == MakeUpOrder.State.OPEN:
        entries.insert(0, Entry(_("Being made up"), "clock", "late", now=True))
        entries.insert(0, Entry(_("Re-check"), wait=True, due=_("after all items are reported")))
    return entries


def _audited(row: AuditEntry, order: MakeUpOrder) -> Entry:
    icon, tone = _AUDITED[row.action]
    data: dict[str, Any] = row.data
    sentences = {
        makeup_actions.ORDERED: _("Make-up ordered"),
        makeup_actions.ITEM_DONE: _("Item %(item)s done") % {"item": data.get("item", "")},
        makeup_actions.REPORTED: _("Reported as done"),
        makeup_actions.SENT_BACK: _("Sent back"),
        makeup_actions.CLOSED: _("Re-checked and closed"),
    }
    detail = data.get("evidence") or data.get("note") or ""
    return Entry(sentences[row.action], icon, tone, detail, row.actor_name, row.at)
