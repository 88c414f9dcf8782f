"""What one table of a playbook says about another: every reference must lead somewhere."""

from __future__ import annotations

from collections.abc import Iterable, Set

from django.utils.translation import gettext as _

from campaign.playbook.book import Playbook
from campaign.playbook.judging import Instrument, Threshold
from campaign.playbook.node import FaultList
from campaign.playbook.work import AFTER, Check, Stage


def check_references(book: Playbook, faults: FaultList, known_checks: Set[str] | None) -> None:
    """Add a fault for each reference to something that the playbook does not have."""
    lookup = _Lookup(book, faults)
    for action in book.actions:
        table = f"actions.{action.key}"
        lookup.one(table, "phase", action.phase, book.phases)
        lookup.maybe(table, "coverage", action.coverage, lookup.coverages)
        lookup.maybe(table, "instrument", action.instrument, lookup.instruments)
        lookup.maybe(table, "report", action.report, lookup.reports)
    for stage in book.stages:
        for position, check in enumerate(stage.gate, start=1):
            _check_gate(lookup, f"stages.{stage.key}.gate.{position}", check, known_checks)
    if not book.closing.gate_default:
        for position, check in enumerate(book.closing.gate, start=1):
            _check_gate(lookup, f"closing.gate.{position}", check, known_checks)
    for instrument in book.instruments:
        _check_instrument(lookup, instrument)
    for trigger in book.makeup:
        for key in trigger.stages:
            lookup.one(f"makeup.{trigger.key}", "stages", key, lookup.stages)
    _check_deeds(lookup, book)
    _check_transitions(book, faults)


def _one(faults: FaultList, table: str, key: str, value: object, known: Iterable[str]) -> None:
    names = list(known)
    if value in names or value == "":  # "" stands for a value that is at fault already
        return
    message = _("There is no “%(value)s” in this playbook.") % {"value": value}
    if names:
        remedy = _("Choose from: %(names)s.") % {"names": ", ".join(names)}
    else:
        remedy = _("Add it to the playbook, or leave this out.")
    faults.add(table, key, message, remedy)


class _Lookup:
    def __init__(self, book: Playbook, faults: FaultList) -> None:
        self.faults = faults
        self.stages = [stage.key for stage in book.stages]
        self.actions = [action.key for action in book.actions]
        self.coverages = [coverage.key for coverage in book.study.coverages]
        self.instruments = [instrument.key for instrument in book.instruments]
        self.reports = [report.key for report in book.reports]

    def one(self, table: str, key: str, value: object, known: Iterable[str]) -> None:
        _one(self.faults, table, key, value, known)

    def maybe(self, table: str, key: str, value: object, known: Iterable[str]) -> None:
        if value is not None:
            self.one(table, key, value, known)


def _check_gate(lookup: _Lookup, table: str, check: Check, known_checks: Set[str] | None) -> None:
    if known_checks is not None and check.check and check.check not in known_checks:
        message = _("There is no check called “%(name)s”.") % {"name": check.check}
        remedy = _("Choose from: %(names)s.") % {"names": ", ".join(sorted(known_checks))}
        lookup.faults.add(table, "check", message, remedy)
    lookup.maybe(table, "instrument", check.get("instrument"), lookup.instruments)
    lookup.maybe(table, "report", check.get("report"), lookup.reports)
    lookup.maybe(table, "coverage", check.get("coverage"), lookup.coverages)
    actions = check.get("actions")
    for action in actions if isinstance(actions, tuple) else ():
        lookup.one(table, "actions", action, lookup.actions)


def _check_instrument(lookup: _Lookup, instrument: Instrument) -> None:
    table = f"instruments.{instrument.key}"
    lookup.one(table, "when", instrument.when, [*lookup.stages, "after", "member", "each", "any"])
    lookup.maybe(table, "stage", instrument.stage, lookup.stages)
    check_thresholds(lookup.faults, instrument)


def check_thresholds(faults: FaultList, instrument: Instrument) -> None:
    """A threshold names a question of its instrument, and answers of that question."""
    for position, threshold in enumerate(instrument.thresholds, start=1):
        _check_threshold(faults, f"instruments.{instrument.key}.thresholds.{position}", instrument, threshold)


def _check_threshold(faults: FaultList, table: str, instrument: Instrument, threshold: Threshold) -> None:
    _one(faults, table, "question", threshold.question, [question.key for question in instrument.questions])
    question = instrument.question(threshold.question)
    for option in threshold.options if question else ():
        _one(faults, table, "options", option, [option.key for option in question.options] if question else [])


def _check_deeds(lookup: _Lookup, book: Playbook) -> None:
    for lookback in book.lookbacks:
        lookup.one(f"lookbacks.{lookback.key}", "phase", lookback.phase, [*lookup.stages, AFTER])
    for pair in book.talks:
        lookup.maybe(f"talks.{pair.key}", "before", pair.before, lookup.stages)
    batches = [str(batch.number) for batch in book.batches]
    for kind in book.unit_types:
        if kind.batch is not None:
            _one(lookup.faults, f"unit_types.{kind.key}", "batch", str(kind.batch), batches)
    if book.style_review is not None:
        lookup.one("style_review", "phase", book.style_review.phase, book.phases)


def _check_transitions(book: Playbook, faults: FaultList) -> None:
    guarded: list[Stage] = [stage for stage in book.stages if stage.transition]
    if guarded and book.transition is None:
        message = _("Stages ask for a transition, but nobody is named who consents.")
        faults.add("transition", "", message, _("Write a [transition] table."))
    for stage in book.stages:
        if stage.gate and not stage.transition:
            message = _("There is a gate, but no transition at which it would be looked at.")
            faults.add(f"stages.{stage.key}", "gate", message, _("Write transition = true, or leave the gate out."))
