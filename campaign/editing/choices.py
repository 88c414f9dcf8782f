"""What can be chosen on the pages that edit a playbook: fixed words, or what the playbook itself names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from campaign import findings, words
from campaign.editing.schema import Choices, Document
from campaign.playbook.deeds import LOOK_BACK_STEPS, OPINION_BY, SUBJECTS, TALK_KINDS, TREATMENTS
from campaign.playbook.derive import LISTS
from campaign.playbook.judging import (
    ADOPTIONS,
    AUTHORS,
    BODIES,
    CARD_TRIGGERS,
    CONSEQUENCES,
    EXEMPT,
    MODES,
    OPERATORS,
    ORGANISERS,
    OWNERS,
    REVIEWERS,
    SUMMARY_LEVELS,
    VERBS,
    WORDS_FOR,
)
from campaign.playbook.parameters import catalogue
from campaign.playbook.telling import REPORTERS
from campaign.playbook.work import EVIDENCE, PERS, TOOLS, WHOS
from campaign.words import word

BODY_WORDS: dict[str, Any] = {
    "supervision": _("supervision group"),
    "office": _("campaign office"),
    "leading_group": _("leading group"),
    "superior_committee": _("superior party organisation"),
}
WHO_WORDS: dict[str, Any] = {
    "all": _("all members"),
    "leaders": _("leaders"),
    "can_write": _("members able to write"),
    "not_retired": _("members who are not retired"),
    "retired": _("retired members"),
    "unqualified": _("members found unqualified"),
}
TOOL_WORDS: dict[str, Any] = {
    "preparation": _("preparation checklist"),
    "training": _("training of the backbone"),
    "knowledge_test": _("knowledge test"),
    "reading": _("required reading"),
    "talks": _("heart-to-heart talks"),
    "opinions": _("register of opinions"),
    "style_review": _("review of style by representatives"),
    "self_analysis": _("self-analyses and their review"),
    "organization_analysis": _("organisations' analyses"),
    "appraisal": _("opinions on members"),
    "member_test": _("members' satisfaction tests"),
    "plans": _("rectification plans"),
    "ledger": _("rectification ledger"),
    "standing_rules": _("rules and systems issued"),
    "handling": _("registration and handling"),
    "report_out": _("report-out of the two meetings"),
    "oath": _("oath"),
    "lookback": _("look-back checklist"),
    "closing": _("closing report and meeting"),
    "pairing": _("register of pairs"),
    "publicity": _("publicity records"),
}
OPERATOR_WORDS: dict[str, Any] = {">=": _("reaches the share or more"), ">": _("is more than the share")}
EXEMPT_WORDS: dict[str, Any] = {"cannot_write": _("members not able to write"), "retired": _("retired members")}
WORDS_FOR_WORDS: dict[str, Any] = {"ordinary": _("ordinary members"), "leader": _("leaders")}
WHEN_WORDS: dict[str, Any] = {
    "after": _("After the last stage"),
    "each": _("at the end of every stage"),
    "any": _("at any time"),
    "member": _("on each member's own paper"),
}
WEIGHTS: dict[str, Any] = {"gate": _("required"), "soft": _("encouraged")}


def of(keys: Iterable[str], named: dict[str, Any]) -> Choices:
    """The same choices whatever the playbook says."""
    listed = list(keys)
    return lambda document: [(key, word(named, key)) for key in listed]


def shown(text: Any) -> str:
    """A text of a snapshot in the language of the page."""
    if not isinstance(text, dict):
        return str(text or "")
    half = "zh" if str(get_language() or "").startswith("zh") else "en"
    return str(text.get(half) or "")


def named_in(*path: str) -> Choices:
    """What a list of the playbook names, by key."""

    def choices(document: Document) -> list[tuple[str, str]]:
        found: Any = document
        for step in path:
            found = found.get(step, {}) if isinstance(found, dict) else {}
        return [(row["key"], shown(row.get("name"))) for row in found or [] if "key" in row]

    return choices


def phases(document: Document) -> list[tuple[str, str]]:
    before, *after = words.PHASES.items()
    return [(before[0], str(before[1])), *stages(document), *((key, str(label)) for key, label in after)]


def occasions(document: Document) -> list[tuple[str, str]]:
    return [*stages(document), *((key, str(label)) for key, label in WHEN_WORDS.items())]


def checks(document: Document) -> list[tuple[str, str]]:
    return [(name, word(words.CHECKS, name)) for name in sorted(findings.registered())]


def look_back_phases(document: Document) -> list[tuple[str, str]]:
    return [*stages(document), ("after", str(words.PHASES["after"]))]


def weekdays(document: Document) -> list[tuple[str, str]]:
    return [(str(number), str(name)) for number, name in WEEKDAYS.items()]


def list_keys(document: Document) -> list[tuple[str, str]]:
    return [(entry.key, str(entry.name)) for entry in catalogue() if entry.key in LISTS]


def answers(document: Document) -> list[tuple[str, str]]:
    """Every answer of every survey; which of them belong together the loader checks."""
    found: dict[str, str] = {}
    for instrument in document.get("instruments", []):
        for question in instrument.get("questions", []):
            for option in question.get("options", []):
                found.setdefault(option.get("key", ""), shown(option.get("text")))
    return list(found.items())


def questions(document: Document) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for instrument in document.get("instruments", []):
        for question in instrument.get("questions", []):
            found.setdefault(question.get("key", ""), shown(question.get("text")))
    return list(found.items())


stages = named_in("stages")
coverages = named_in("study", "coverages")
instruments = named_in("instruments")
reports = named_in("reports")
actions = named_in("actions")

pers, evidence = of(PERS, words.PERS), of(EVIDENCE, words.EVIDENCE)
whos, tools = of(WHOS, WHO_WORDS), of(TOOLS, TOOL_WORDS)
modes, verbs, bodies = of(MODES, words.MODES), of(VERBS, words.VERBS), of(BODIES, BODY_WORDS)
organisers, operators = of(ORGANISERS, words.ORGANISERS), of(OPERATORS, OPERATOR_WORDS)
consequences, triggers = of(CONSEQUENCES, words.CONSEQUENCES), of(CARD_TRIGGERS, words.TRIGGERS)
authors, reviewers = of(AUTHORS, words.AUTHORS), of(REVIEWERS, words.REVIEWERS)
owners, adoptions = of(OWNERS, words.PLANS), of(ADOPTIONS, words.ADOPTIONS)
reporters, exempt = of(REPORTERS, words.REPORTERS), of(EXEMPT, EXEMPT_WORDS)
words_for, weights = of(WORDS_FOR, WORDS_FOR_WORDS), of(WEIGHTS, WEIGHTS)
talk_kinds, opinion_by = of(TALK_KINDS, words.TALK_KINDS), of(OPINION_BY, words.OPINION_BY)
subjects, treatments = of(SUBJECTS, words.SUBJECTS), of(TREATMENTS, words.TREATMENTS)
look_back_steps, summary_levels = of(LOOK_BACK_STEPS, words.LOOK_BACK_STEPS), of(SUMMARY_LEVELS, words.SUMMARY_LEVELS)
