"""What the ballots say. Exact fractions of valid ballots, never rounded figures (decisions 1-5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from assessments.models import Channel, Survey, SurveyCount
from campaign.playbook import Band, Instrument, Option, Playbook, Question, RespondentGroup, Threshold


@dataclass(frozen=True)
class Count:
    """Ballots of one respondent group, or of all. `withheld`: how they voted is not shown (promise 5)."""

    group: RespondentGroup | None
    issued: int
    returned: int
    valid: int
    void: int
    withheld: bool = False


@dataclass(frozen=True)
class AnswerRow:
    """One answer of a question with its votes over all groups; None for those of a group that are withheld."""

    option: Option
    votes: int
    by_group: tuple[int | None, ...]


@dataclass(frozen=True)
class QuestionResult:
    question: Question
    rows: tuple[AnswerRow, ...]


@dataclass(frozen=True)
class Outcome:
    """A threshold held against the votes: `reached` means that its consequence follows."""

    threshold: Threshold
    votes: int
    valid: int
    reached: bool


@dataclass(frozen=True)
class Result:
    """The count of one round, over paper and phones; `channels` has the ballots of each apart.

    The totals are true even where `withheld`: whoever shows them asks `withheld` first, and gives the verdict alone.
    A total over several units is made of those shown alone (`told`), so that none can be had by subtraction.
    """

    instrument: Instrument
    counts: tuple[Count, ...]
    total: Count
    questions: tuple[QuestionResult, ...]
    outcomes: tuple[Outcome, ...]
    withheld: bool = False
    channels: tuple[tuple[str, Count], ...] = ()

    def votes(self, question: str, options: tuple[str, ...]) -> int:
        """Votes for any of `options` together; decision 3 adds 'so-so' and 'going through the motions' like this."""
        found = next(item for item in self.questions if item.question.key == question)
        return sum(row.votes for row in found.rows if row.option.key in options)

    @property
    def satisfied(self) -> int:
        """Votes on the decisive question that count as satisfied (the playbook names which, I-12)."""
        decisive = self.instrument.decisive
        return self.votes(decisive.key, tuple(option.key for option in decisive.options if option.satisfied))

    @property
    def satisfaction(self) -> Fraction | None:
        """Satisfaction as a share of valid ballots; None without a valid ballot."""
        return Fraction(self.satisfied, self.total.valid) if self.total.valid else None

    @property
    def failing(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.reached)


def _sum(counts: Iterable[Count | SurveyCount], group: RespondentGroup | None = None) -> Count:
    rows = list(counts)
    figures = (sum(getattr(row, name) for row in rows) for name in ("issued", "returned", "valid", "void"))
    return Count(group, *figures, withheld=any(row.withheld for row in rows))


def _by_channel(rows: list[SurveyCount]) -> tuple[tuple[str, Count], ...]:
    """The ballots of each channel apart, where there is more than one."""
    found = [(channel, [row for row in rows if row.channel == channel]) for channel in Channel.values]
    used = [(channel, _sum(part)) for channel, part in found if part]
    return tuple(used) if len(used) > 1 else ()


def result_of(survey: Survey) -> Result:
    """Count a round; two queries unless the caller has prefetched `counts` and `answers`."""
    instrument = survey.instrument_of()
    rows = list(survey.counts.all())
    by_group = [(group, [row for row in rows if row.group == group.key]) for group in instrument.groups]
    counts = tuple(_sum(part, group) for group, part in by_group if part)
    votes: dict[tuple[str, str, str], int] = defaultdict(int)
    for answer in survey.answers.all():
        votes[answer.question, answer.option, answer.group] += answer.count
    questions = tuple(
        QuestionResult(
            question,
            tuple(
                AnswerRow(
                    option, sum(parts), tuple(None if c.withheld else n for c, n in zip(counts, parts, strict=True))
                )
                for option in question.options
                for parts in [[votes[question.key, option.key, c.group.key if c.group else ""] for c in counts]]
            ),
        )
        for question in instrument.questions
    )
    total = _sum(counts)
    bare = Result(instrument, counts, total, questions, (), survey.withheld, _by_channel(rows))
    outcomes = []
    for threshold in instrument.thresholds:
        against = bare.votes(threshold.question, threshold.options)
        outcomes.append(Outcome(threshold, against, total.valid, threshold.reached(against, total.valid)))
    return replace(bare, outcomes=tuple(outcomes))


def told(results: Iterable[Result]) -> list[Result]:
    """The results whose figures may be shown, alone and in a total."""
    return [result for result in results if not result.withheld]


def band_of(playbook: Playbook, satisfaction: Fraction | None) -> Band | None:
    """The band that a satisfaction rate falls into; exactly 95% is in the upper band (decision 2, I-11)."""
    if satisfaction is None:
        return None
    for band in playbook.bands:
        if satisfaction >= band.at_least and (band.below is None or satisfaction < band.below):
            return band
    return None
