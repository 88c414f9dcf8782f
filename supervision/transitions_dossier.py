"""What a dossier tells of applications: each attempt with its frozen findings, each word on it, the meeting (J)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.templatetags.shell import gap
from campaign.dossier import Event, Fold, Line, Subject, chapter
from campaign.findings import Finding
from campaign.playbook import Playbook
from supervision import chain, rules
from supervision.actions.decisions import overrides
from supervision.models import Decision, Transition
from units import access

KIND = "transitions"
_TONES = {Decision.Verdict.AGREE: "ok", Decision.Verdict.RETURN: "late", Decision.Verdict.MAKE_UP: "bad"}


@chapter(KIND, gettext_lazy("Applications and decisions"))
def transitions(subject: Subject) -> Iterator[Event]:
    """Two queries, whatever the number of attempts."""
    batch = subject.participation.batch
    said = Prefetch("decisions", Decision.objects.select_related("by", "on_behalf_of"))
    rows = (
        Transition.objects.visible_to(subject.reader)
        .filter(access.below(subject.organization.path, "participation__organization"), participation__batch=batch)
        .select_related("participation__organization", "participation__work_unit", "applied_by", "reply", "filing")
        .prefetch_related(said)
        .order_by("applied_at", "pk")
    )
    failed: set[tuple[int, str]] = set()
    for row in rows:
        passed_first = (row.participation_id, row.stage) not in failed
        yield from _of(row, batch.campaign.playbook, passed_first)
        if any(decision.verdict != Decision.Verdict.AGREE for decision in row.decisions.all()):
            failed.add((row.participation_id, row.stage))


def _of(row: Transition, playbook: Playbook, passed_first: bool) -> Iterator[Event]:
    """`passed_first`: nobody has sent back an application at this stage before (J-18)."""
    common: dict[str, Any] = {
        "kind": KIND,
        "stage": row.stage,
        "organization": row.participation.organization.name,
        "url": reverse("supervision:transition", args=[row.pk]),
    }
    words = {"n": row.attempt, "stage": chain.name_at(playbook, row.stage)}
    yield Event(
        at=row.applied_at,
        title=_("Application no. %(n)s at the end of “%(stage)s” handed in") % words,
        detail=evidence(row),
        who=str(row.applied_by or ""),
        tone="info",
        folds=(findings_fold(row),) if row.findings else (),
        mark="attempt",
        **common,
    )
    for decision in row.decisions.all():
        yield _decision(row, decision, playbook, common)
    yield from _papers(row, words, common)
    if row.state == Transition.State.WITHDRAWN and row.decided_at:
        yield Event(at=row.decided_at, title=_("Application no. %(n)s withdrawn") % words, **common)
    yield from _end(row, words, common, passed_first)


def _papers(row: Transition, words: dict[str, Any], common: dict[str, Any]) -> Iterator[Event]:
    """The reply that ended the review, and the summary put on file beside it (J-10, J-11)."""
    reply, filing = getattr(row, "reply", None), getattr(row, "filing", None)
    if reply is not None:
        title = _("Reply %(number)s to application no. %(n)s issued") % {**words, "number": reply}
        yield Event(at=row.decided_at or reply.issued_on, title=title, **common)
    if filing is not None:
        where = {**common, "url": reverse("supervision:filing", args=[filing.pk])}
        title, sent = _("Stage summary of “%(stage)s” sent to be filed") % words, str(filing.sent_by or "")
        yield Event(at=filing.sent_at, title=title, who=sent, **where)
        if filing.received_on:
            title, received = _("Stage summary of “%(stage)s” on file") % words, str(filing.received_by or "")
            yield Event(at=filing.received_on, title=title, who=received, tone="ok", detail=filing.remark, **where)


def _end(row: Transition, words: dict[str, Any], common: dict[str, Any], passed_first: bool) -> Iterator[Event]:
    if row.meeting_on:
        told = {"place": row.meeting_place, "who": row.meeting_speaker, "n": row.meeting_present or 0}
        detail = _("%(place)s; %(who)s spoke; %(n)s present.") % told
        title = _("Transition meeting at the end of “%(stage)s”") % words
        yield Event(at=row.meeting_on, title=title, detail=detail, tone="ok", **common)
    if row.completed_at:
        how = _("Without having been sent back.") if passed_first else _("With application no. %(n)s.") % words
        title = _("“%(stage)s” passed") % words
        mark = "first" if passed_first else "pass"
        yield Event(at=row.completed_at, title=title, detail=how, tone="ok", mark=mark, **common)


def evidence(row: Transition) -> str:
    """On which evidence the word was given: how many conditions were met when the findings were frozen."""
    figures = {"met": row.passed_count, "all": row.findings_count}
    return _("%(met)s of %(all)s conditions met at that moment.") % figures if row.findings_count else ""


def _decision(row: Transition, decision: Decision, playbook: Playbook, common: dict[str, Any]) -> Event:
    body, stage = rules.BODY_NAMES.get(decision.body, decision.body), chain.name_at(playbook, row.stage)
    params = {"body": body, "stage": stage, "n": row.attempt}
    titles = {
        Decision.Verdict.AGREE: _("%(body)s: agreed to application no. %(n)s at the end of “%(stage)s”") % params,
        Decision.Verdict.RETURN: _("%(body)s: returned application no. %(n)s at the end of “%(stage)s”") % params,
        Decision.Verdict.MAKE_UP: _("%(body)s: ordered a make-up on application no. %(n)s at the end of “%(stage)s”")
        % params,
    }
    verdict = Decision.Verdict(decision.verdict)
    based = _("Decided on %(met)s of %(all)s conditions met, as frozen with the application.") % {
        "met": row.passed_count,
        "all": row.findings_count,
    }
    folds = [_override(row)] if _let_pass(row, decision, playbook) else []
    folds += [fold] if (fold := _sections(row, decision, playbook)).lines else []
    at = {**common, "url": f"{common['url']}#findings"}
    return Event(
        at=decision.at,
        title=titles[verdict],
        detail="\n".join(part for part in (decision.reason, based if row.findings_count else "") if part),
        who=decision.who,
        tone=_TONES[verdict],
        folds=tuple(folds),
        **at,
    )


def _let_pass(row: Transition, decision: Decision, playbook: Playbook) -> bool:
    """Is this the word that let pass what was unmet (decision 4)?"""
    if not row.override_reason or decision.verdict != Decision.Verdict.AGREE:
        return False
    rule = chain.rule_at(playbook, row.stage)
    steps = rule.steps if rule else ()
    return any(step.body == decision.body and overrides(step) for step in steps)


def _override(row: Transition) -> Fold:
    unmet = [Line(finding.title, "late") for finding in row.gate.to_override]
    reason = _("Reason written down: %(reason)s") % {"reason": row.override_reason}
    return Fold(_("Let pass although not met"), (*unmet, Line(reason)))


def _sections(row: Transition, decision: Decision, playbook: Playbook) -> Fold:
    """A return part by part, with the conditions that it names."""
    rule = chain.rule_at(playbook, row.stage)
    names = {part.key: part.name for part in rule.parts} if rule else {}
    titles = {finding.key: finding.title for finding in row.gate}
    colon = _("%(part)s: %(why)s")
    lines = [
        Line(colon % {"part": names.get(key, key), "why": why}, "late")
        for key, why in decision.sections.get("parts", {}).items()
    ]
    lines += [Line(titles.get(key, key), "late") for key in decision.sections.get("findings", ())]
    return Fold(_("Reason by part"), tuple(lines))


def findings_fold(row: Transition) -> Fold:
    """The findings as they were frozen. Who falls short is counted, not named: a dossier leaves the house."""
    title = _("The %(n)s findings frozen with it") % {"n": row.findings_count}
    return Fold(title, tuple(Line(_sentence(one), _tone(one)) for one in row.gate))


def _tone(finding: Finding) -> str:
    return "ok" if finding.passed else "late" if finding.soft or finding.overridable else "bad"


def _sentence(finding: Finding) -> str:
    told = {"title": finding.title, "required": finding.required, "measured": finding.measured}
    sentence = _("%(title)s: required %(required)s; measured %(measured)s.") % told
    if finding.passed or not finding.missing_count:
        return sentence
    short = _("%(n)s fall short.") % {"n": finding.missing_count}
    return f"{sentence}{gap()}{short}"
