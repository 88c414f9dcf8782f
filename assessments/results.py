"""What the ballots say. Exact fractions of valid ballots, never rounded figures (decisions 1-5)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from assessments.models import Survey
from campaign.playbook import Band, Instrument, Option, Playbook, Question, RespondentGroup, Threshold


@dataclass(frozen=True)
class Count:
    """Ballots of one respondent group, or of all."""

    group: RespondentGroup | None
    issued: int
    returned: int
    valid: int
    void: int


@dataclass(frozen=True)
class AnswerRow:
    """One answer of a question with its votes over all groups."""

    option: Option
    votes: int
    by_group: tuple[int, ...]


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
    """The count of one round."""

    instrument: Instrument
    counts: tuple[Count, ...]
    total: Count
    questions: tuple[QuestionResult, ...]
    outcomes: tuple[Outcome, ...]

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


def _total(counts: tuple[Count, ...]) -> Count:
    return Count(
        None,
        sum(count.issued for count in counts),
        sum(count.returned for count in counts),
        sum(count.valid for count in counts),
        sum(count.void for count in counts),
    )


def result_of(survey: Survey) -> Result:
    """Count a round; two queries unless the caller has prefetched `counts` and `answers`."""
    instrument = survey.instrument_of()
    rows = {row.group: row for row in survey.counts.all()}
    counts = tuple(
        Count(group, row.issued, row.returned, row.valid, row.void)
        for group in instrument.groups
        if (row := rows.get(group.key)) is not None
    )
    votes: dict[tuple[str, str, str], int] = defaultdict(int)
    for answer in survey.answers.all():
        votes[answer.question, answer.option, answer.group] += answer.count
    questions = tuple(
        QuestionResult(
            question,
            tuple(
                AnswerRow(option, sum(parts), parts)
                for option in question.options
                for parts in [tuple(votes[question.key, option.key, c.group.key] for c in counts if c.group)]
            ),
        )
        for question in instrument.questions
    )
    total = _total(counts)
    bare = Result(instrument, counts, total, questions, ())
    outcomes = []
    for threshold in instrument.thresholds:
        against = bare.votes(threshold.question, threshold.options)
        outcomes.append(Outcome(threshold, against, total.valid, threshold.reached(against, total.valid)))
    return Result(instrument, counts, total, questions, tuple(outcomes))


def band_of(playbook: Playbook, satisfaction: Fraction | None) -> Band | None:
    """The band that a satisfaction rate falls into; exactly 95% is in the upper band (decision 2, I-11)."""
    if satisfaction is None:
        return None
    for band in playbook.bands:
        if satisfaction >= band.at_least and (band.below is None or satisfaction < band.below):
            return band
    return None
