"""Reads surveys, bands, the chain of consent, make-up, sanctions, review routing and plans."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

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
    Admonition,
    Analysis,
    Band,
    Closing,
    ConsentStep,
    Instrument,
    MakeupTrigger,
    Option,
    PlanRule,
    Question,
    RespondentGroup,
    RoutingRule,
    Sanctions,
    Threshold,
    TransitionRule,
    WordMinimum,
    YellowCard,
)
from campaign.playbook.node import Node
from campaign.playbook.read_work import read_check, read_items
from campaign.playbook.text import Text
from campaign.playbook.work import Check, Part

# Where the source is silent (decision 11, J-07): seven days of public notice, and the report's three parts.
NOTICE_DAYS = 7
REPORT_PARTS = (
    Part("situation", Text("本阶段情况", "The stage as it went")),
    Part("satisfaction", Text("群众满意度", "Satisfaction of the masses")),
    Part("next_stage", Text("下一阶段工作安排", "Arrangements for the next stage")),
)


def read_instruments(root: Node) -> tuple[Instrument, ...]:
    nodes = root.tables_at("instruments")
    root.unique("instruments", nodes)
    return tuple(_read_instrument(node) for node in nodes)


def _read_instrument(node: Node) -> Instrument:
    groups, questions = node.tables_at("groups"), node.tables_at("questions")
    node.unique("groups", groups)
    node.unique("questions", questions)
    instrument = Instrument(
        key=node.need_slug("key"),
        name=node.need_text("name"),
        when=node.need_slug("when"),
        closing=bool(node.flag("closing")),
        stage=node.slug("stage"),
        organiser=node.choice("organiser", ORGANISERS),
        after_review=bool(node.flag("after_review")),
        groups=tuple(_read_group(group) for group in groups),
        questions=tuple(_read_question(question) for question in questions),
        thresholds=tuple(_read_threshold(threshold) for threshold in node.tables_at("thresholds")),
        note=node.text("note"),
        comment=node.text("comment"),
    )
    if sum(question.decisive for question in instrument.questions) != 1:
        message = _("Exactly one question must be the decisive one.")
        node.fault("questions", message, _("Write decisive = true on one question."))
    node.close()
    return instrument


def _read_group(node: Node) -> RespondentGroup:
    group = RespondentGroup(node.need_slug("key"), node.need_text("name"), bool(node.flag("default")))
    node.close()
    return group


def _read_question(node: Node) -> Question:
    options = node.tables_at("options")
    node.unique("options", options)
    question = Question(
        key=node.need_slug("key"),
        text=node.need_text("text"),
        options=tuple(_read_option(option) for option in options),
        decisive=bool(node.flag("decisive")),
        default=bool(node.flag("default")),
        by_row=bool(node.flag("by_row")),
    )
    if len(question.options) < 2:
        node.fault("options", _("A question needs at least two answers."), _("Write [[…options]] for each answer."))
    node.close()
    return question


def _read_option(node: Node) -> Option:
    option = Option(
        key=node.need_slug("key"),
        text=node.need_text("text"),
        satisfied=bool(node.flag("satisfied")),
        adverse=bool(node.flag("adverse")),
    )
    if option.satisfied and option.adverse:
        node.fault("adverse", _("An answer cannot count both for and against."), _("Leave out one of the two."))
    node.close()
    return option


def _read_threshold(node: Node) -> Threshold:
    threshold = Threshold(
        question=node.need_slug("question"),
        options=node.slugs("options"),
        op=node.choice("op", OPERATORS) or ">=",
        share=node.need_share("share"),
        consequence=node.need_choice("consequence", CONSEQUENCES),
        override=bool(node.flag("override")),
        default=bool(node.flag("default")),
        rule=node.need_text("rule"),
    )
    if not threshold.options:
        node.fault("options", _("No answer is named."), _("Name the answers whose shares are added up."))
    if threshold.op == ">=" and node.has("share") and threshold.share == 0:
        node.fault("share", _("“At least 0%” is always reached."), _("Write a share above 0%."))
    node.close()
    return threshold


def read_bands(root: Node) -> tuple[Band, ...]:
    """Bands in falling order; none may overlap another, gaps are allowed."""
    nodes = root.tables_at("bands")
    root.unique("bands", nodes)
    bands = []
    for node in nodes:
        band = Band(node.need_slug("key"), node.need_text("name"), node.need_share("at_least"), node.share("below"))
        if band.below is not None and band.below <= band.at_least:
            node.fault("below", _("The upper end is not above the lower."), _("Write a larger share."))
        node.close()
        bands.append(band)
    bands.sort(key=lambda band: band.at_least, reverse=True)
    for upper, lower in pairwise(bands):
        if (lower.below or Fraction(2)) > upper.at_least:
            message = _("The bands “%(upper)s” and “%(lower)s” overlap.")
            names = {"upper": upper.key, "lower": lower.key}
            root.fault("bands", message % names, _("Let each band end where the next begins."))
    return tuple(bands)


def read_transition(root: Node) -> TransitionRule | None:
    node = root.table_at("transition")
    if node is None:
        return None
    parts = tuple(Part(item.key, item.name) for item in read_items(node, "parts"))
    summary_levels: tuple[Any, ...] = node.choices("summary_levels", SUMMARY_LEVELS)
    rule = TransitionRule(
        mode=node.need_choice("mode", MODES),
        steps=_read_steps(node),
        parts=parts or REPORT_PARTS,
        parts_default=not parts,
        meeting=bool(node.flag("meeting")),
        meeting_rule=node.text("meeting_rule"),
        filing=node.text("filing"),
        subordinate=node.text("subordinate"),
        summary_levels=summary_levels,
    )
    _check_steps(node, rule)
    node.close()
    return rule


def _check_steps(node: Node, rule: TransitionRule) -> None:
    if not any(step.verb == "approve" for step in rule.steps):
        message = _("No step approves, so no stage could ever be left.")
        node.fault("steps", message, _('Give one step verb = "approve".'))
    elif rule.mode == "sequential" and rule.steps[-1].verb != "approve":
        message = _("In a sequence the last step must approve.")
        node.fault("steps", message, _("Put the approving step last."))


def _read_steps(node: Node) -> tuple[ConsentStep, ...]:
    nodes = node.tables_at("steps")
    node.unique("steps", nodes, by="body")
    steps = []
    for step in nodes:
        body: Any = step.need_choice("body", BODIES)
        verb: Any = step.need_choice("verb", VERBS)
        steps.append(ConsentStep(body, verb, step.need_text("name"), bool(step.flag("default"))))
        step.close()
    return tuple(steps)


CLOSING_PARTS = (
    Part("report", Text("整个教育活动的总结报告", "Summary of the whole campaign")),
    Part("consolidation", Text("巩固和扩大成果的工作方案", "Plan for consolidating and widening the results")),
)


def read_closing(root: Node, instruments: tuple[Instrument, ...]) -> Closing:
    node = root.table_at("closing")
    if node is None:
        return Closing((), summary=False, meeting=False, gate=_closing_gate(instruments), parts=CLOSING_PARTS)
    gate = tuple(read_check(check) for check in node.tables_at("gate"))
    closing = Closing(
        _read_steps(node),
        bool(node.flag("summary")),
        bool(node.flag("meeting")),
        gate or _closing_gate(instruments),
        not gate,
        tuple(Part(item.key, item.name) for item in read_items(node, "parts")) or CLOSING_PARTS,
    )
    node.close()
    return closing


def _closing_gate(instruments: tuple[Instrument, ...]) -> tuple[Check, ...]:
    """What a closing asks for where the playbook does not say: nothing required is left, and the last word is heard."""
    surveys = [Check("survey", params=(("instrument", one.key),)) for one in instruments if one.closing]
    return (Check("actions"), Check("member_marks"), Check("open_makeups"), *surveys)


def read_makeup(root: Node) -> tuple[MakeupTrigger, ...]:
    nodes = root.tables_at("makeup")
    root.unique("makeup", nodes)
    triggers = []
    for node in nodes:
        triggers.append(MakeupTrigger(node.need_slug("key"), node.need_text("name"), node.slugs("stages")))
        node.close()
    return tuple(triggers)


def read_sanctions(root: Node) -> Sanctions:
    node = root.table_at("sanctions")
    if node is None:
        return Sanctions()
    card_node, admonition_node = node.table_at("yellow_card"), node.table_at("admonition")
    card = admonition = None
    if card_node is not None:
        triggers: tuple[Any, ...] = card_node.choices("triggers", CARD_TRIGGERS)
        card = YellowCard(triggers, read_items(card_node, "causes"), card_node.need_text("rule"))
        for key, listed in (("triggers", card.triggers), ("causes", card.causes)):
            if not listed:
                card_node.fault(key, _("This list is empty."), _("Name at least one, or leave out the whole table."))
        card_node.close()
    if admonition_node is not None:
        cards = admonition_node.need_integer("cards", 1, 20)
        admonition = Admonition(cards, admonition_node.need_text("rule"))
        admonition_node.close()
        if card is None:
            message = _("There is an admonition for yellow cards, but no yellow card.")
            node.fault("admonition", message, _("Write [sanctions.yellow_card] as well."))
    node.close()
    return Sanctions(card, admonition)


def read_analysis(root: Node) -> Analysis:
    node = root.table_at("analysis")
    if node is None:
        return Analysis()
    word_nodes = node.tables_at("words")
    node.unique("words", word_nodes, by="who")
    words = []
    for word in word_nodes:
        who: Any = word.need_choice("who", WORDS_FOR)
        words.append(WordMinimum(who, word.need_integer("minimum", 1, 100_000)))
        word.close()
    exempt: tuple[Any, ...] = node.choices("exempt", EXEMPT)
    flag = bool(node.flag("review_before_test"))
    analysis = Analysis(tuple(words), exempt, flag, read_items(node, "sources"))
    node.close()
    return analysis


def read_routing(root: Node) -> tuple[RoutingRule, ...]:
    rules = []
    for node in root.tables_at("routing"):
        author: Any = node.need_choice("author", AUTHORS)
        reviewer: Any = node.need_choice("reviewer", REVIEWERS)
        rules.append(RoutingRule(author, reviewer, node.need_text("name"), bool(node.flag("default"))))
        node.close()
    return tuple(rules)


def read_plans(root: Node) -> tuple[PlanRule, ...]:
    nodes = root.tables_at("plans")
    root.unique("plans", nodes, by="owner")
    plans = []
    for node in nodes:
        owner: Any = node.need_choice("owner", OWNERS)
        adoption: Any = node.choice("adoption", ADOPTIONS)
        days = node.integer("days", 1, 365)
        scope, rule = node.need_text("scope"), node.need_text("rule")
        plans.append(PlanRule(owner, scope, days or NOTICE_DAYS, days is None, adoption, rule))
        node.close()
    return tuple(plans)
