"""What the test of a member's report says: exact shares of valid ballots; the last round decides (I-02, decision 9)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from assessments.ballots.disclosure import LEAST
from assessments.models import MemberTest
from assessments.queries.analyses import exemption, passed_ids
from campaign.models import Batch
from campaign.playbook import Action, Instrument, Option, Playbook, Question, Text, Threshold
from units.models import Member

DEFAULT_OPTIONS = (
    Option("satisfied", Text("满意", "Satisfied"), satisfied=True, adverse=False),
    Option("basically", Text("基本满意", "Basically satisfied"), satisfied=True, adverse=False),
    Option("dissatisfied", Text("不满意", "Dissatisfied"), satisfied=False, adverse=True),
)
QUESTION = Question(
    "satisfaction", Text("对该党员的党性分析报告", "The member's report"), DEFAULT_OPTIONS, decisive=True, default=True
)


def instrument_of(playbook: Playbook) -> Instrument | None:
    """The playbook's instrument for one member's report; None where it has none."""
    return next((one for one in playbook.instruments if one.subject == "member"), None)


def question_of(playbook: Playbook) -> Question:
    """What is asked; the scale of three where the playbook has no instrument of its own."""
    instrument = instrument_of(playbook)
    return instrument.decisive if instrument else QUESTION


def thresholds_of(playbook: Playbook) -> tuple[Threshold, ...]:
    """When help follows. The default is 30% or more adverse answers (decision 9)."""
    instrument = instrument_of(playbook)
    if instrument and instrument.thresholds:
        return instrument.thresholds
    question = question_of(playbook)
    adverse = tuple(option.key for option in question.options if option.adverse)
    rule = Text("重点帮助，重新撰写党性分析材料", "the member is helped with focus and rewrites the paper")
    return (Threshold(question.key, adverse, ">=", Fraction(3, 10), "help", False, True, rule),)


@dataclass(frozen=True)
class RoundResult:
    """A round held against the thresholds."""

    test: MemberTest
    against: int
    valid: int
    failing: bool

    @property
    def withheld(self) -> bool:
        """Fewer than five ballots: only whether it is passed is shown (promise 5)."""
        return self.valid < LEAST

    @property
    def passed(self) -> bool:
        """Without a valid ballot nobody has passed."""
        return self.valid > 0 and not self.failing


def result_of(test: MemberTest, playbook: Playbook) -> RoundResult:
    """Whether help follows from a round."""
    worst, failing = 0, False
    for threshold in thresholds_of(playbook):
        votes = sum(test.counts.get(option, 0) for option in threshold.options)
        worst = max(worst, votes)
        failing = failing or threshold.reached(votes, test.valid)
    return RoundResult(test, worst, test.valid, failing)


def action_of(playbook: Playbook) -> Action | None:
    """The required action that asks for the test, if any."""
    instrument = instrument_of(playbook)
    for action in playbook.actions:
        if action.tool == "member_test" or (instrument and action.instrument == instrument.key):
            return action
    return None


def exempts_retired(playbook: Playbook) -> bool:
    """Retired members need not be tested (C-03), unless the playbook asks it of all."""
    action = action_of(playbook)
    return action is None or action.who != "all"


def is_exempt(member: Member, playbook: Playbook) -> bool:
    return member.retired and exempts_retired(playbook)


def not_to_be_tested_yet(batch: Batch, members: list[Member]) -> list[Member]:
    """Those whose paper has not passed review, where the playbook asks for that first (F-12).

    Who is exempt from writing a paper has none to be reviewed.
    """
    playbook = batch.campaign.playbook
    instrument = instrument_of(playbook)
    if not (playbook.analysis.review_before_test or (instrument and instrument.after_review)):
        return []
    passed = passed_ids(batch, [member.pk for member in members])
    return [m for m in members if m.pk not in passed and not exemption(playbook.analysis, m)]
