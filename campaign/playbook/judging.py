"""How the work is judged: surveys, review of papers, transition, make-up, cards, plans."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from campaign.playbook.text import Text
from campaign.playbook.work import Check, Item, Part

Body = Literal["supervision", "office", "leading_group", "superior_committee"]
Verb = Literal["review", "approve"]
Mode = Literal["parallel", "sequential"]
Organiser = Literal["office", "supervision", "unit"]
Operator = Literal[">=", ">"]
Consequence = Literal["makeup", "supervised_rectification", "help"]
Author = Literal["principal", "leader", "retired_leader", "party_head", "branch_secretary", "member"]
Reviewer = Literal[
    "supervision_group",
    "leading_group_head",
    "party_affairs_leader",
    "organization_secretary",
    "branch_secretary",
    "superior_secretary",
]
CardTrigger = Literal["first_transition_failed", "makeup"]
Owner = Literal["member", "organization", "unit"]
Adoption = Literal["branch_meeting", "superior", "public_commitment"]
WordsFor = Literal["ordinary", "leader"]
SummaryLevel = Literal["member", "branch", "unit"]
Exempt = Literal["cannot_write", "retired"]

BODIES, VERBS, MODES, ORGANISERS = get_args(Body), get_args(Verb), get_args(Mode), get_args(Organiser)
OPERATORS, CONSEQUENCES = get_args(Operator), get_args(Consequence)
AUTHORS, REVIEWERS, CARD_TRIGGERS = get_args(Author), get_args(Reviewer), get_args(CardTrigger)
OWNERS, ADOPTIONS, WORDS_FOR, EXEMPT = (
    get_args(Owner),
    get_args(Adoption),
    get_args(WordsFor),
    get_args(Exempt),
)

SUMMARY_LEVELS = get_args(SummaryLevel)


@dataclass(frozen=True, slots=True)
class Option:
    """An answer. `satisfied` counts for the satisfaction rate, `adverse` against the unit."""

    key: str
    text: Text
    satisfied: bool
    adverse: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question of an instrument; the decisive one gives the satisfaction rate and the bands.

    `by_row`: it is answered for each row of a matrix, a member or a department (N-03, F-24).
    """

    key: str
    text: Text
    options: tuple[Option, ...]
    decisive: bool
    default: bool
    by_row: bool = False

    def option(self, key: str) -> Option | None:
        return next((option for option in self.options if option.key == key), None)


@dataclass(frozen=True, slots=True)
class RespondentGroup(Item):
    """A group of those asked. `default`: the source names none, so this is ours."""

    default: bool = False


@dataclass(frozen=True, slots=True)
class Threshold:
    """What follows when the answers named together reach a share of the valid ballots (decisions 1-5)."""

    question: str
    options: tuple[str, ...]
    op: Operator
    share: Fraction
    consequence: Consequence
    override: bool
    default: bool
    rule: Text

    def reached(self, votes: int, valid: int) -> bool:
        """Exact: integers cross-multiplied, never a rounded percentage. No valid ballot reaches nothing."""
        if valid <= 0:
            return False
        left, right = votes * self.share.denominator, valid * self.share.numerator
        return left > right if self.op == ">" else left >= right


@dataclass(frozen=True, slots=True)
class Instrument:
    """A survey. `when`: a stage key, `after`, `member` (of one member's paper), `each` or `any`."""

    key: str
    name: Text
    when: str
    closing: bool
    stage: str | None
    organiser: Organiser | None
    after_review: bool
    groups: tuple[RespondentGroup, ...]
    questions: tuple[Question, ...]
    thresholds: tuple[Threshold, ...]
    note: Text | None
    comment: Text | None = None  # the question for words of one's own; without it none are asked for

    @property
    def subject(self) -> Literal["unit", "member"]:
        return "member" if self.when == "member" else "unit"

    @property
    def decisive(self) -> Question:
        """The question that decides; the loader sees to it that there is exactly one."""
        return next(question for question in self.questions if question.decisive)

    def question(self, key: str) -> Question | None:
        return next((question for question in self.questions if question.key == key), None)


@dataclass(frozen=True, slots=True)
class Band:
    """A band of satisfaction rates: from `at_least` up to, but without, `below` (I-11)."""

    key: str
    name: Text
    at_least: Fraction
    below: Fraction | None


@dataclass(frozen=True, slots=True)
class ConsentStep:
    """Who must consent, and how: a review is endorsed or returned, an approval moves the stage (J-06)."""

    body: Body
    verb: Verb
    name: Text
    default: bool


@dataclass(frozen=True, slots=True)
class TransitionRule:
    """The chain of consent. In parallel the steps come in any order, sequentially each waits for the last."""

    mode: Mode
    steps: tuple[ConsentStep, ...]
    parts: tuple[Part, ...]
    parts_default: bool
    meeting: bool
    meeting_rule: Text | None
    filing: Text | None
    subordinate: Text | None
    summary_levels: tuple[SummaryLevel, ...] = ()  # who sums up the stage, from below upwards (J-09)


@dataclass(frozen=True, slots=True)
class Closing:
    """How a unit's campaign ends (H-05..H-07). No steps: nobody is asked for consent.

    `gate` guards it; `gate_default`: the source names none, so the application asks for what is required after the
    stages, no open make-up, and the closing surveys that the playbook knows.
    """

    steps: tuple[ConsentStep, ...]
    summary: bool
    meeting: bool
    gate: tuple[Check, ...] = ()
    gate_default: bool = True
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class MakeupTrigger(Item):
    """What may lead to a make-up order (J-13); `stages` empty means any."""

    stages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class YellowCard:
    """A warning to a party organisation (J-14): what triggers it, and the causes that count."""

    triggers: tuple[CardTrigger, ...]
    causes: tuple[Item, ...]
    rule: Text


@dataclass(frozen=True, slots=True)
class Admonition:
    """So many cards of one work unit lead to an admonition of its leadership team (J-15)."""

    cards: int
    rule: Text


@dataclass(frozen=True, slots=True)
class Sanctions:
    yellow_card: YellowCard | None = None
    admonition: Admonition | None = None


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """Whose self-analysis goes to whom; the first rule that matches decides (F-13)."""

    author: Author
    reviewer: Reviewer
    name: Text
    default: bool


@dataclass(frozen=True, slots=True)
class WordMinimum:
    """The least number of characters of a self-analysis (F-11)."""

    who: WordsFor
    minimum: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """Rules for the self-analysis (F-11, F-12)."""

    words: tuple[WordMinimum, ...] = ()
    exempt: tuple[Exempt, ...] = ()
    review_before_test: bool = False
    sources: tuple[Item, ...] = ()  # where the problems come from: each is asked for in the editor (F-04)

    def minimum(self, who: WordsFor) -> int | None:
        return next((rule.minimum for rule in self.words if rule.who == who), None)


@dataclass(frozen=True, slots=True)
class PlanRule:
    """A rectification plan: where it is shown, for how many days, and who adopts it (O-01..O-03)."""

    owner: Owner
    scope: Text
    days: int
    days_default: bool
    adoption: Adoption | None
    rule: Text
