"""The campaign's snapshot as people read it: rows for the plan page, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from campaign import words
from campaign.models import Batch
from campaign.playbook import Action, Check, Instrument, Parameter, Playbook, ReportRule, Stage, Threshold
from campaign.playbook.derive import threshold_words
from campaign.words import word


@dataclass(frozen=True)
class StageRow:
    """A stage with its windows in each batch and its gate."""

    stage: Stage
    windows: list[Any]
    checks: list[dict[str, Any]]


@dataclass(frozen=True)
class ActionRow:
    """A required action in words."""

    action: Action
    who: list[str]
    evidence: str


@dataclass(frozen=True)
class PhaseRows:
    """The actions of one phase."""

    key: str
    name: str
    rows: list[ActionRow]


def stage_rows(playbook: Playbook, batches: list[Batch]) -> list[StageRow]:
    windows = {(row.stage, batch.pk): (batch, row) for batch in batches for row in batch.stages.all()}
    return [
        StageRow(
            stage,
            [windows[(stage.key, batch.pk)] for batch in batches if (stage.key, batch.pk) in windows],
            [_check(playbook, check) for check in stage.gate],
        )
        for stage in playbook.stages
    ]


def _check(playbook: Playbook, check: Check) -> dict[str, Any]:
    text = word(words.CHECKS, check.check)
    instrument = playbook.instrument(str(check.get("instrument", "")))
    if instrument is not None:
        text = str(instrument.name)
    return {"name": text, "soft": check.soft, "override": check.override}


def phases(playbook: Playbook) -> list[PhaseRows]:
    names = {stage.key: str(stage.name) for stage in playbook.stages}
    found = []
    for key in playbook.phases:
        rows = [_action(action) for action in playbook.actions_for(key)]
        if rows:
            found.append(PhaseRows(key, names.get(key) or word(words.PHASES, key), rows))
    return found


def _action(action: Action) -> ActionRow:
    who = [word(words.PERS, per) for per in action.pers]
    return ActionRow(action, who, word(words.EVIDENCE, action.evidence))


def surveys(playbook: Playbook) -> list[dict[str, Any]]:
    return [
        {
            "instrument": one,
            "organiser": word(words.ORGANISERS, one.organiser) if one.organiser else "",
            "thresholds": [_threshold(one, threshold) for threshold in one.thresholds],
        }
        for one in playbook.instruments
    ]


def _threshold(one: Instrument, threshold: Threshold) -> dict[str, Any]:
    return {
        "words": threshold_words(one, threshold),
        "consequence": word(words.CONSEQUENCES, threshold.consequence),
        "override": threshold.override,
        "default": threshold.default,
    }


def consent(playbook: Playbook) -> dict[str, Any] | None:
    rule = playbook.transition
    if rule is None:
        return None
    steps = [{"step": step, "verb": word(words.VERBS, step.verb)} for step in rule.steps]
    return {"rule": rule, "mode": word(words.MODES, rule.mode), "steps": steps}


def routing(playbook: Playbook) -> list[dict[str, Any]]:
    return [
        {"rule": rule, "author": word(words.AUTHORS, rule.author), "reviewer": word(words.REVIEWERS, rule.reviewer)}
        for rule in playbook.routing
    ]


def reports(playbook: Playbook) -> list[dict[str, Any]]:
    return [
        {"rule": rule, "reporter": word(words.REPORTERS, rule.reporter), "due": due_words(rule)}
        for rule in playbook.reports
    ]


def due_words(rule: ReportRule) -> str:
    """Friday 18:00; the end of the day or the week where the playbook says no more."""
    if rule.weekday is None:
        return _("by the end of the week")
    name = str(WEEKDAYS[rule.weekday])
    return f"{name} {rule.time:%H:%M}" if rule.time else _("%(weekday)s, by the end of the day") % {"weekday": name}


def bulletin_words(playbook: Playbook) -> str:
    bulletin = playbook.bulletin
    return f"{WEEKDAYS[bulletin.weekday]} {bulletin.time:%H:%M}" if bulletin else ""


def sanctions(playbook: Playbook) -> dict[str, Any]:
    card = playbook.sanctions.yellow_card
    triggers = [word(words.TRIGGERS, trigger) for trigger in card.triggers] if card else []
    return {"card": card, "triggers": triggers, "admonition": playbook.sanctions.admonition}


def plans(playbook: Playbook) -> list[dict[str, Any]]:
    return [
        {
            "rule": rule,
            "owner": word(words.PLANS, rule.owner),
            "adoption": word(words.ADOPTIONS, rule.adoption) if rule.adoption else "",
        }
        for rule in playbook.plans
    ]


def document_words(playbook: Playbook) -> list[tuple[str, str]]:
    return [(word(words.DOCUMENT_WORDS, key), str(text)) for key, text in playbook.words.items()]


def parameter_groups(playbook: Playbook) -> list[tuple[str, list[Parameter]]]:
    """All parameters of the catalogue in its order; those without a value are named as such."""
    groups: dict[str, list[Parameter]] = {}
    for parameter in playbook.parameters:
        groups.setdefault(str(parameter.group), []).append(parameter)
    return list(groups.items())
