"""The playbook as a whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from campaign.playbook.deeds import (
    Appraisal,
    CommendationList,
    Handling,
    Ledger,
    LookBack,
    Preparation,
    ProblemKind,
    StyleReview,
    TalkPair,
    UnitType,
)
from campaign.playbook.judging import (
    Analysis,
    Band,
    Closing,
    Instrument,
    MakeupTrigger,
    PlanRule,
    RoutingRule,
    Sanctions,
    TransitionRule,
)
from campaign.playbook.staffing import BodyRule, Liaison, Pairing, Staffing
from campaign.playbook.telling import Bulletin, ReportRule
from campaign.playbook.text import Text
from campaign.playbook.work import (
    AFTER,
    ALL,
    PREP,
    WEEKLY,
    Action,
    BatchPlan,
    Item,
    Level,
    NamedList,
    Per,
    Schedule,
    Stage,
    Study,
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One of the parameters of the catalogue. `value` None: the source has no such rule.

    `default` is what the application does all the same, because it needs something there.
    """

    key: str
    name: Text
    catalogue_id: str
    group: Text
    value: Text | None
    default: Text | None


@dataclass(frozen=True, slots=True)
class Playbook:
    """All that differs from one jurisdiction to another, read and checked."""

    key: str
    name: Text
    level: Level
    source: Text
    batches: tuple[BatchPlan, ...]
    schedule: Schedule
    stages: tuple[Stage, ...]
    study: Study
    actions: tuple[Action, ...]
    transition: TransitionRule | None
    closing: Closing
    instruments: tuple[Instrument, ...]
    bands: tuple[Band, ...]
    makeup: tuple[MakeupTrigger, ...]
    sanctions: Sanctions
    analysis: Analysis
    routing: tuple[RoutingRule, ...]
    plans: tuple[PlanRule, ...]
    reports: tuple[ReportRule, ...]
    bulletin: Bulletin | None
    preparation: Preparation
    talks: tuple[TalkPair, ...]
    appraisal: Appraisal
    handling: Handling
    ledger: Ledger
    lookbacks: tuple[LookBack, ...]
    commendations: tuple[CommendationList, ...]
    style_review: StyleReview | None
    unit_types: tuple[UnitType, ...]
    bodies: tuple[BodyRule, ...]
    staffing: Staffing
    liaison: Liaison | None
    pairing: Pairing | None
    statements: tuple[NamedList, ...]
    lists: tuple[NamedList, ...]
    word_list: tuple[tuple[str, Text], ...]
    parameters: tuple[Parameter, ...]
    document: str = field(compare=False, repr=False)

    @property
    def snapshot(self) -> dict[str, Any]:
        """The playbook as plain data for a JSON column; `from_snapshot` gives an equal playbook."""
        document: dict[str, Any] = json.loads(self.document)
        return document

    @property
    def words(self) -> Mapping[str, Text]:
        """Words printed on documents: names of the office, the leading group, the committee ..."""
        return MappingProxyType(dict(self.word_list))

    @property
    def phases(self) -> tuple[str, ...]:
        """Where an action may stand, in order: before, the stages, after, every week, all along."""
        return (PREP, *(stage.key for stage in self.stages), AFTER, WEEKLY, ALL)

    def stage(self, key: str) -> Stage:
        """The stage of that key; KeyError if there is none."""
        for stage in self.stages:
            if stage.key == key:
                return stage
        raise KeyError(key)

    def next_stage(self, key: str) -> Stage | None:
        """The stage after that one; None after the last."""
        following = self.stage(key).position + 1
        return next((stage for stage in self.stages if stage.position == following), None)

    def action(self, key: str) -> Action | None:
        return next((action for action in self.actions if action.key == key), None)

    def actions_for(self, phase: str, per: Per | None = None) -> tuple[Action, ...]:
        """The actions of a phase in their order, of one kind of doer if `per` is given."""
        return tuple(a for a in self.actions if a.phase == phase and (per is None or per in a.pers))

    def instrument(self, key: str) -> Instrument | None:
        return next((instrument for instrument in self.instruments if instrument.key == key), None)

    def report(self, key: str) -> ReportRule | None:
        return next((report for report in self.reports if report.key == key), None)

    def parameter(self, key: str) -> Parameter:
        """A parameter by its key; KeyError for a key outside the catalogue."""
        for parameter in self.parameters:
            if parameter.key == key:
                return parameter
        raise KeyError(key)

    def body(self, key: str) -> BodyRule | None:
        return next((body for body in self.bodies if body.key == key), None)

    def lookback(self, key: str) -> LookBack | None:
        return next((lookback for lookback in self.lookbacks if lookback.key == key), None)

    def unit_type(self, *words: str) -> UnitType | None:
        """The type that one of these words of a work unit names; one that may go without stages before others."""
        found = [kind for kind in self.unit_types if any(kind.matches(word) for word in words)]
        return min(found, key=lambda kind: kind.staged, default=None)

    @property
    def problem_kinds(self) -> tuple[ProblemKind, ...]:
        """How problems are sorted (O-06); empty where the source sorts none."""
        return tuple(kind for kind in self.items("problem_kinds") if isinstance(kind, ProblemKind))

    def items(self, key: str) -> tuple[Item, ...]:
        """The lines of an enumeration (`educations`, `winds`, ...); empty means no such rule."""
        return next((listed.items for listed in self.lists if listed.key == key), ())
