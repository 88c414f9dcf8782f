"""What certain required actions consist of: look-backs, talks, opinions on members, handling, style review, and so on.

Each table is optional: without it the source has no such rule, and the tool that reads it counts nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from campaign.playbook.text import Text
from campaign.playbook.work import Item

LookBackStepKey = Literal["self_check", "survey", "report", "review", "approve", "meeting"]
TalkKind = Literal[
    "secretary_team",  # the principal with each of the team
    "secretary_branches",  # the principal and the deputy for party work with each secretary directly below
    "leaders_units",  # a leader with the principals of what he is in charge of
    "team_each",  # the team among themselves
    "branch_committee",  # the branch secretary with each of the branch committee
    "committee_members",  # each member with somebody of the branch committee
    "members",  # each member with another of his own choice
    "collective",  # the team with the heads below it together
]
OpinionBy = Literal["branch_committee", "branch"]
Subject = Literal["member", "organization"]
Treatment = Literal["at_once", "time_limit", "joint", "explain"]

LOOK_BACK_STEPS, TALK_KINDS, OPINION_BY = get_args(LookBackStepKey), get_args(TalkKind), get_args(OpinionBy)
SUBJECTS, TREATMENTS = get_args(Subject), get_args(Treatment)


@dataclass(frozen=True, slots=True)
class LookBackCheck(Item):
    """One thing looked at (F-41..F-48). Without `items` the check is itself the question."""

    items: tuple[Item, ...] = ()

    @property
    def questions(self) -> tuple[Item, ...]:
        """What is answered one by one: the sub-questions, or the check itself."""
        return self.items or (self,)


@dataclass(frozen=True, slots=True)
class LookBackStep(Item):
    """A step of the look-back's procedure (F-49); `key` is one of LOOK_BACK_STEPS, which pages know."""


@dataclass(frozen=True, slots=True)
class LookBack(Item):
    """A look-back (回头看): in which phase, what is checked, and the steps that follow in order (F-40, H-02)."""

    phase: str
    checks: tuple[LookBackCheck, ...]
    steps: tuple[LookBackStep, ...] = ()

    @property
    def questions(self) -> tuple[Item, ...]:
        """All that is answered, in order."""
        return tuple(question for check in self.checks for question in check.questions)

    def check(self, key: str) -> LookBackCheck | None:
        return next((check for check in self.checks if check.key == key), None)


@dataclass(frozen=True, slots=True)
class TalkPair(Item):
    """Who is to talk with whom (F-16, F-18). `before`: the stage at whose end it must be done (F-17), `before_default`
    marks ours; `count`: how many times."""

    kind: TalkKind
    before: str | None
    before_default: bool
    count: int


@dataclass(frozen=True, slots=True)
class Grade(Item):
    """A finding about a member, such as qualified; `adverse` findings lead to help and handling."""

    adverse: bool = False


@dataclass(frozen=True, slots=True)
class Appraisal:
    """The opinion on each member (F-27..F-33): who decides it, and what it must hold."""

    opinion_by: OpinionBy
    opinion_by_default: bool
    grades: tuple[Grade, ...]
    grades_default: bool
    signature: bool = False  # shown to the member, who signs (F-29)
    shortcomings: bool = False  # must state what the member falls short of (F-28)
    feedback: bool = False  # told to the member
    report_out: bool = False  # the masses are informed (F-31)
    leader_scope: bool = False  # it is written down in which scope a leader was appraised (F-34)

    def grade(self, key: str) -> Grade | None:
        return next((grade for grade in self.grades if grade.key == key), None)


@dataclass(frozen=True, slots=True)
class Outcome(Item):
    """How the handling of a member ends (P-03). `dated`: it has a date; `leaves`: out of the Party."""

    dated: bool = False
    leaves: bool = False


@dataclass(frozen=True, slots=True)
class Handling:
    """Registration and handling (P-01..P-09). No outcomes: the source names none.

    `departures` are the ways out of the Party beside the outcomes, each with its procedure in words (P-05, P-08).
    """

    outcomes: tuple[Outcome, ...] = ()
    written_application: bool = False
    helper: bool = False  # one-to-one help before anything else (P-01)
    measures: bool = False  # measures of education and who answers for them (F-33)
    oath_refusal: Text | None = None
    departures: tuple[Item, ...] = ()

    def outcome(self, key: str) -> Outcome | None:
        return next((outcome for outcome in self.outcomes if outcome.key == key), None)


@dataclass(frozen=True, slots=True)
class Preparation:
    """Before a unit starts: the checklist (A-16) and what its own plan must fix (A-17).

    `required`: the unit starts only when the checklist is done (A-10); else it is only reminded.
    """

    items: tuple[Item, ...] = ()
    plan: tuple[Item, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class CommendationList(Item):
    """A list of those commended at the end (Q-01, Q-02): members or organisations."""

    subject: Subject


@dataclass(frozen=True, slots=True)
class StyleReview(Item):
    """Representatives rate every unit's style (N-02..N-04), each after hearing at least `minimum` people."""

    phase: str
    minimum: int
    representatives: tuple[Item, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class UnitType(Item):
    """A type of work unit (A-12, A-13, B-07): whether it may run without stages, and its focus.

    `known_as`: further words that rosters use for it, in a unit's type or special type; `batch`: in which batch units
    of this type take part as a rule (A-05).
    """

    staged: bool
    focus: Text | None = None
    known_as: tuple[str, ...] = ()
    batch: int | None = None

    def matches(self, word: str) -> bool:
        word = word.strip()
        return bool(word) and word in {self.key, self.name.zh, self.name.en, *self.known_as}


@dataclass(frozen=True, slots=True)
class Ledger:
    """The rectification ledger (O-07): after how many overdue days the superior organisation is told."""

    escalation_days: int
    escalation_default: bool = True


@dataclass(frozen=True, slots=True)
class ProblemKind(Item):
    """A kind of problem (O-06). `treatment` is what a ledger asks for: a date, partners or an explanation."""

    treatment: Treatment | None = None
