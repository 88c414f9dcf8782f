"""What is to be done: batches, stages and their gates, required actions, study."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, get_args

from campaign.playbook.text import Text

Level = Literal["province", "city", "county", "district", "township", "organization"]
Per = Literal["jurisdiction", "organization", "unit", "branch", "team", "member", "group"]
Evidence = Literal[
    "record",  # an activity record: date, place, who led, numbers
    "document",  # a text or file handed in
    "attendance",  # a record with the names of those present
    "member_mark",  # a mark against each member, with a date
    "session",  # study sessions with hours (E-02)
    "survey",  # a survey's result
    "report",  # a reporting rule kept, week by week
    "coverage",  # the coverages reached by attendance elsewhere (E-26)
    "application",  # the transition or closing application itself
]
Who = Literal["all", "leaders", "can_write", "not_retired", "retired", "unqualified"]
Tool = Literal[
    "preparation",  # checklist before the start
    "training",  # training of the backbone (D-19)
    "knowledge_test",  # question bank and results (E-36)
    "reading",  # required reading (E-39)
    "talks",  # heart-to-heart talks (F-16..F-18)
    "opinions",  # register of opinions (N)
    "style_review",  # representatives rate departments (N-02..N-04)
    "self_analysis",  # members' papers and their layered review (F-05..F-15)
    "organization_analysis",  # organisations' papers (F-07)
    "appraisal",  # opinions on members (F-27..F-30)
    "member_test",  # satisfaction test of a member's report (F-24, I-02)
    "plans",  # rectification plans (O-01..O-04)
    "ledger",  # rectification items (O-05..O-08)
    "standing_rules",  # systems issued (G-07)
    "handling",  # registration and handling (P)
    "report_out",  # what was told of the two meetings (F-32)
    "oath",  # oath attendance and refusal (G-08, P-08)
    "lookback",  # look-back checklists (F-40..F-48, H-02)
    "closing",  # closing report and meeting (H-05..H-07)
    "pairing",  # register of pairs (E-29, R-04)
    "publicity",  # banners, columns, media coverage (L-01)
]
CheckValue = str | int | bool | Fraction | tuple[str, ...]

LEVELS = get_args(Level)
PERS = get_args(Per)
EVIDENCE = get_args(Evidence)
WHOS = get_args(Who)
TOOLS = get_args(Tool)
RECORDED = frozenset({"record", "document", "attendance", "member_mark"})
PREP, AFTER, WEEKLY, ALL = "prep", "after", "weekly", "all"
CLOSING = "closing"  # the stage of an application that ends a unit's campaign
RESERVED = frozenset({PREP, AFTER, WEEKLY, ALL, CLOSING, "member", "each", "any"})


@dataclass(frozen=True, slots=True)
class Item:
    """A key and its name: a line of a list, a part of a report, a cause, a coverage."""

    key: str
    name: Text


@dataclass(frozen=True, slots=True)
class Coverage(Item):
    """Something that must reach every member; attendance at the actions that name it counts (E-26)."""


@dataclass(frozen=True, slots=True)
class Part(Item):
    """A part of the transition report (J-07)."""


@dataclass(frozen=True, slots=True)
class Field(Item):
    """A box to tick on an action, or a field of a report."""

    required: bool = True


@dataclass(frozen=True, slots=True)
class NamedList:
    """An enumeration of the source, such as the six educations; `key` is the parameter it answers."""

    key: str
    name: Text | None
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """A batch as the jurisdiction planned it (A-03); the window is words, not dates."""

    number: int
    name: Text
    window: Text | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """When units start and how long they take (A-07, A-08, A-22). Days and months, never dates."""

    launch_days: int | None = None
    launch_latest: Text | None = None
    unit_months: int | None = None
    follow_parent: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """A check that a gate asks for: the name under which it is registered, and its parameters."""

    check: str
    soft: bool = False
    override: bool = False
    params: tuple[tuple[str, CheckValue], ...] = ()

    def get(self, name: str, default: CheckValue | None = None) -> CheckValue | None:
        """The parameter `name`, or `default` where the gate leaves it out."""
        return dict(self.params).get(name, default)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage: `days` is its typical length (it never moves a stage, A-11); `gate` guards its end."""

    key: str
    position: int
    name: Text
    aim: Text | None
    days: int | None
    window: Text | None
    gate: tuple[Check, ...]
    transition: bool
    transition_default: bool


@dataclass(frozen=True, slots=True)
class Action:
    """A required action (规定动作). `by` and `proof` keep the source's words for who, and what shows it."""

    key: str
    number: int
    phase: str
    name: Text
    description: Text | None
    by: Text | None
    proof: Text | None
    pers: tuple[Per, ...]
    per_stage: bool
    evidence: Evidence
    count: int
    deadline: Text | None
    gate: bool
    soft: bool
    key_link: bool
    coverage: str | None
    instrument: str | None
    report: str | None
    guidance: Text | None
    fields: tuple[Field, ...]
    who: Who
    tool: Tool | None = None

    @property
    def per(self) -> Per:
        """The first of `pers`: whose list of things to do the action stands on before others'."""
        return self.pers[0]

    @property
    def recorded(self) -> bool:
        """Whether somebody enters evidence for it; hours, surveys, reports and the like are measured."""
        return self.evidence in RECORDED


@dataclass(frozen=True, slots=True)
class Study:
    """Study rules (E-02..E-05). Hours are study hours (学时); None means that there is no such rule."""

    hours: Decimal | None
    concentrated_days: int | None
    session_min: Decimal | None
    offhours: bool | None
    day_hours: Decimal
    share: Fraction
    coverages: tuple[Coverage, ...]

    def coverage(self, key: str) -> Coverage | None:
        return next((coverage for coverage in self.coverages if coverage.key == key), None)
