"""Results of surveys that ask by row: a test of members, a style review.

A row has all ballots of its unit, so the unit's number decides whether its rows are shown (promise 5).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Sum

from assessments import confidential, member_tests
from assessments.ballots.disclosure import LEAST
from assessments.models import Ballot, Poll, PollGroup, PollUnit, PollVote
from campaign.models import StyleReview
from campaign.playbook import Option, Question
from units import access
from units.roles import Right


@dataclass(frozen=True)
class MatrixRow:
    """A row with the votes of each answer, in their order; `failing`: below the threshold."""

    key: str
    label: str
    votes: tuple[int, ...]
    failing: bool = False


@dataclass(frozen=True)
class UnitMatrix:
    """A branch's test: figures for all who may see the branch, names for those who keep its papers (decision 20)."""

    unit: PollUnit
    made: int
    valid: int
    tested: int
    failing: int
    shown: bool
    named: bool
    options: tuple[Option, ...]
    rows: tuple[MatrixRow, ...]


def of_members(user: Any, poll: Poll, units: Sequence[PollUnit]) -> list[UnitMatrix]:
    """Three queries for all units."""
    playbook = poll.batch.campaign.playbook
    question = poll.questionnaire().instrument.decisive
    thresholds = member_tests.thresholds_of(playbook)
    made, cast = _made(units), _cast(units)
    votes: dict[int, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    counted = PollVote.objects.filter(unit__in=units, question=question.key).order_by()
    for unit, row, option, number in counted.values_list("unit", "row", "option").annotate(n=Sum("count")):
        votes[unit][row][option] = number
    found = []
    for unit in units:
        valid = cast.get(unit.pk, 0)
        rows = []
        for key, label in unit.rows:
            given = votes[unit.pk][key]
            failing = any(
                one.reached(sum(given.get(option, 0) for option in one.options), valid)
                for one in thresholds
                if one.question == question.key
            )
            rows.append(MatrixRow(key, label, tuple(given.get(o.key, 0) for o in question.options), failing))
        found.append(
            UnitMatrix(
                unit=unit,
                made=made.get(unit.pk, 0),
                valid=valid,
                tested=len(rows) if valid else 0,
                failing=sum(row.failing for row in rows),
                shown=valid >= LEAST,
                named=_sees_names(user, unit),
                options=question.options,
                rows=tuple(rows) if valid else (),
            )
        )
    return found


def _sees_names(user: Any, unit: PollUnit) -> bool:
    return confidential.sees_names(user, unit.organization) and access.has(user, Right.PAPERS, unit.organization)


def _made(units: Sequence[PollUnit]) -> dict[int, int]:
    return dict(PollGroup.objects.filter(unit__in=units).order_by().values_list("unit").annotate(n=Sum("codes")))


def _cast(units: Sequence[PollUnit]) -> dict[int, int]:
    return dict(Ballot.objects.filter(unit__in=units).order_by().values_list("unit").annotate(n=Count("pk")))


@dataclass(frozen=True)
class StyleRow:
    """A department: the votes of each grade, for each item."""

    label: str
    items: tuple[tuple[int, ...], ...]


def of_style(poll: Poll) -> dict[str, Any]:
    """A style review over all its representatives together: no unit and no kind apart, for the review's own sheets
    add the forms on paper to them, and what is told here and there must not differ by a few.
    """
    questions = poll.questionnaire().instrument.questions
    units = list(poll.units.all())
    made, cast = sum(_made(units).values()), sum(_cast(units).values())
    review = StyleReview.objects.filter(pk=poll.review_id).first()
    on_paper = review.forms.count() - cast if review else 0
    shown = cast >= LEAST and not 0 < on_paper < LEAST
    return {
        "review": review,
        "made": made,
        "cast": cast,
        "shown": shown,
        "on_paper": max(0, on_paper),
        "questions": questions,
        "rows": _style_rows(poll, units, questions) if shown else [],
    }


def _style_rows(poll: Poll, units: Sequence[PollUnit], questions: Sequence[Question]) -> list[StyleRow]:
    votes: dict[tuple[str, str, str], int] = {}
    counted = PollVote.objects.filter(unit__poll=poll).order_by().values_list("row", "question", "option")
    for row, question, option, number in counted.annotate(n=Sum("count")):
        votes[row, question, option] = number
    labels = {key: label for unit in units for key, label in unit.rows}
    return [
        StyleRow(
            label,
            tuple(tuple(votes.get((key, q.key, o.key), 0) for o in q.options) for q in questions),
        )
        for key, label in labels.items()
    ]
