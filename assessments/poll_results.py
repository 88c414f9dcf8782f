"""Reading the results of anonymous surveys: figures by unit, superior, band, question and group.

Every figure here is of units and groups that may be shown (promise 5): a total is the sum of what is shown, and says
over how many units, so that nothing withheld can be had by subtraction.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.db.models import (
    Case,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Cast, Coalesce

from assessments import poll_rules
from assessments.models import Channel, Poll, PollUnit, Survey, SurveyAnswer, SurveyCount
from assessments.results import band_of
from campaign.playbook import Band, Instrument, Option, Playbook, Question, RespondentGroup, Threshold
from units import access
from units.roles import Right


# ---------------------------------------------------------------- who
def reads_comments(user: Any, poll: Poll) -> bool:
    """Who holds the survey, and nobody above: raw comments stay where it was asked for."""
    here = poll.created_by_id == user.pk or access.holds_post_at(user, poll.organization)
    return here and poll_rules.can_manage(user, poll)


def may_supervise(user: Any) -> bool:
    """Is there a unit of which the user may see warning signs, or order a make-up?"""
    return access.has_anywhere(user, Right.REVIEW) or access.has_anywhere(user, Right.ORDER_MAKEUP)


def supervised(user: Any, units: QuerySet[PollUnit]) -> QuerySet[PollUnit]:
    """Those of the units of which the user may see warning signs: through reviewing or ordering make-ups there."""
    return units.filter(access.scope(user, Right.REVIEW) | access.scope(user, Right.ORDER_MAKEUP))


# ---------------------------------------------------------------- figures of units
def _sums(model: Any, **where: Any) -> QuerySet[Any]:
    return model.objects.filter(survey=OuterRef("survey_id"), **where).order_by().values("survey")


def _counted(name: str, **where: Any) -> Coalesce:
    found = _sums(SurveyCount, **where).annotate(n=Sum(name)).values("n")
    return Coalesce(Subquery(found, output_field=IntegerField()), 0)


def _votes(question: str, options: Sequence[str]) -> Coalesce:
    found = _sums(SurveyAnswer, question=question, option__in=options).annotate(n=Sum("count")).values("n")
    return Coalesce(Subquery(found, output_field=IntegerField()), 0)


def against(instrument: Instrument) -> list[tuple[str, Threshold]]:
    """The name of the annotation that holds the votes of each threshold."""
    return [(f"against_{number}", threshold) for number, threshold in enumerate(instrument.thresholds)]


def figures(units: QuerySet[PollUnit], instrument: Instrument) -> QuerySet[PollUnit]:
    """The units with their ballots and votes, and `rate` to sort by; true figures, read them through `Line`."""
    decisive = instrument.decisive
    good = [option.key for option in decisive.options if option.satisfied]
    found = units.filter(survey__isnull=False).annotate(
        issued=_counted("issued"),
        returned=_counted("returned"),
        valid=_counted("valid"),
        void=_counted("void"),
        on_paper=_counted("returned", channel=Channel.PAPER),
        on_phones=_counted("returned", channel=Channel.PHONE),
        satisfied=_votes(decisive.key, good),
        **{name: _votes(threshold.question, threshold.options) for name, threshold in against(instrument)},
    )
    rate = Cast("satisfied", FloatField()) / Cast("valid", FloatField())
    return found.annotate(
        rate=Case(When(survey__withheld=False, valid__gt=0, then=rate), default=None),
        shown_valid=Case(When(survey__withheld=False, then=F("valid")), default=None),
        shown_returned=Case(When(survey__withheld=False, then=F("returned")), default=None),
    )


@dataclass(frozen=True)
class Line:
    """A unit as it may be shown: without figures where they are withheld, with the verdict always."""

    unit: Any
    band: Band | None
    failing: tuple[Threshold, ...]
    shown: bool

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.unit.satisfied, self.unit.valid) if self.shown and self.unit.valid else None


def line(unit: Any, instrument: Instrument, playbook: Playbook) -> Line:
    """Hold an annotated unit against the thresholds and bands."""
    shown = not unit.survey.withheld
    failing = tuple(t for name, t in against(instrument) if t.reached(getattr(unit, name), unit.valid))
    share = Fraction(unit.satisfied, unit.valid) if unit.valid else None
    return Line(unit, band_of(playbook, share) if shown else None, failing, shown)


def failing_filter(instrument: Instrument) -> Q:
    """Units that reach a threshold; exact, by cross-multiplied integers (decision 1). For `with_products` alone."""
    found = Q(pk__in=[])
    for name, threshold in against(instrument):
        op = "gt" if threshold.op == ">" else "gte"
        found |= Q(**{f"{name}_left__{op}": F(f"{name}_right")})
    return found & Q(valid__gt=0)


def with_products(units: QuerySet[PollUnit], instrument: Instrument) -> QuerySet[PollUnit]:
    """Both sides of each threshold as whole numbers, so that the database compares exactly."""
    products: dict[str, Any] = {}
    for name, threshold in against(instrument):
        products[f"{name}_left"] = ExpressionWrapper(F(name) * threshold.share.denominator, IntegerField())
        products[f"{name}_right"] = ExpressionWrapper(F("valid") * threshold.share.numerator, IntegerField())
    return units.alias(**products)


def in_band(units: QuerySet[PollUnit], band: Band) -> QuerySet[PollUnit]:
    """Shown units of a band, compared exactly."""
    ends = {"low": band.at_least, "high": band.below}
    sides: dict[str, Any] = {}
    for name, end in ends.items():
        if end is not None:
            sides[f"{name}_left"] = ExpressionWrapper(F("satisfied") * end.denominator, IntegerField())
            sides[f"{name}_right"] = ExpressionWrapper(F("valid") * end.numerator, IntegerField())
    found = units.alias(**sides).filter(survey__withheld=False, valid__gt=0, low_left__gte=F("low_right"))
    return found.filter(high_left__lt=F("high_right")) if band.below is not None else found


# ---------------------------------------------------------------- over units
@dataclass(frozen=True)
class BandRow:
    """A band with its units, and all from the top down to it (I-11), of `whole` units in bands."""

    key: str
    name: Any
    units: int
    upto: int
    whole: int = 0

    @property
    def share(self) -> str:
        return _two_places(self.units, self.whole)

    @property
    def upto_share(self) -> str:
        return _two_places(self.upto, self.whole)


def _two_places(part: int, whole: int) -> str:
    """82.88%: as the sources print shares of units. For the eye only."""
    if not whole:
        return "–"
    return f"{(Decimal(part) * 100 / Decimal(whole)).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


def bands(lines: Iterable[Line], playbook: Playbook) -> list[BandRow]:
    """Units by band, from the highest, of those shown and with a valid ballot; none where the playbook has no bands."""
    counted = Counter(one.band.key for one in lines if one.band is not None)
    rows, run = [], 0
    for band in sorted(playbook.bands, key=lambda band: -band.at_least):
        run += counted[band.key]
        rows.append(BandRow(band.key, band.name, counted[band.key], run, counted.total()))
    return rows


@dataclass
class Total:
    """Over units: ballots and votes of those shown alone, verdicts of all."""

    name: str = ""
    pk: int = 0
    units: int = 0
    shown: int = 0
    issued: int = 0
    returned: int = 0
    valid: int = 0
    void: int = 0
    on_paper: int = 0
    on_phones: int = 0
    satisfied: int = 0
    failing: int = 0

    def add(self, one: Line) -> None:
        self.units += 1
        self.failing += bool(one.failing)
        if not one.shown:
            return
        self.shown += 1
        for name in ("issued", "returned", "valid", "void", "on_paper", "on_phones", "satisfied"):
            setattr(self, name, getattr(self, name) + getattr(one.unit, name))


def total(lines: Iterable[Line]) -> Total:
    found = Total()
    for one in lines:
        found.add(one)
    return found


def by_superior(lines: Iterable[Line]) -> list[Total]:
    """The units under each superior organisation, in the order of the tree. Needs `organization__parent`."""
    found: dict[int, Total] = {}
    for one in lines:
        parent = one.unit.organization.parent
        if parent is not None:
            found.setdefault(parent.pk, Total(parent.name, parent.pk)).add(one)
    return list(found.values())


# ---------------------------------------------------------------- by question and group
@dataclass(frozen=True)
class GroupColumn:
    """A respondent group over the units in which its votes are shown."""

    group: RespondentGroup
    units: int
    valid: int


@dataclass(frozen=True)
class GroupVotes:
    votes: int
    valid: int


@dataclass(frozen=True)
class AnswerLine:
    """An answer with its votes over all units shown, and in each of the distribution's groups."""

    option: Option
    votes: int
    cells: tuple[GroupVotes, ...]


@dataclass(frozen=True)
class Distribution:
    """How the questions were answered over `units` units with `valid` ballots."""

    units: int
    valid: int
    groups: tuple[GroupColumn, ...]
    questions: tuple[tuple[Question, tuple[AnswerLine, ...]], ...] = field(default=())


def distribution(units: QuerySet[PollUnit], instrument: Instrument) -> Distribution:
    """Four queries. Totals over the units shown; each group over the units where that group is shown."""
    shown = units.filter(survey__withheld=False).order_by()
    counts = SurveyCount.objects.filter(survey__in=shown.values("survey")).order_by()
    told = counts.filter(withheld=False).values_list("group").annotate(n=Sum("valid"))
    valid = dict(told)
    where = Counter(group for group, _survey in counts.filter(withheld=False).values_list("group", "survey").distinct())
    answers = SurveyAnswer.objects.filter(survey__in=shown.values("survey")).order_by()
    hidden = SurveyCount.objects.filter(survey=OuterRef("survey"), group=OuterRef("group"), withheld=True)
    votes: dict[tuple[str, str, str], int] = defaultdict(int)
    whole: dict[tuple[str, str], int] = defaultdict(int)
    rows = answers.annotate(hidden=Exists(hidden)).values_list("question", "option", "group", "hidden")
    for question, option, group, kept_back, number in rows.annotate(n=Sum("count")):
        whole[question, option] += number
        if not kept_back:
            votes[question, option, group] += number
    columns = tuple(
        GroupColumn(group, where[group.key], valid.get(group.key) or 0)
        for group in instrument.groups
        if where[group.key]
    )
    questions = tuple(
        (
            question,
            tuple(
                AnswerLine(
                    option,
                    whole[question.key, option.key],
                    tuple(GroupVotes(votes[question.key, option.key, c.group.key], c.valid) for c in columns),
                )
                for option in question.options
            ),
        )
        for question in instrument.questions
    )
    cast = counts.aggregate(n=Sum("valid"))["n"] or 0
    return Distribution(shown.count(), cast, columns, questions)


# ---------------------------------------------------------------- rounds
@dataclass(frozen=True)
class Round:
    """A round of a unit as it may be shown."""

    pk: int
    number: int
    shown: bool
    satisfied: int
    valid: int
    failing: bool


def rounds(units: Sequence[PollUnit], instrument: Instrument) -> dict[int, list[Round]]:
    """All confirmed rounds of the same survey by participation, the first one first. One query."""
    decisive = instrument.decisive
    good = [option.key for option in decisive.options if option.satisfied]
    outer = {"survey": OuterRef("pk")}

    def votes(question: str, options: Sequence[str]) -> Coalesce:
        rows = SurveyAnswer.objects.filter(question=question, option__in=options, **outer).order_by().values("survey")
        return Coalesce(Subquery(rows.annotate(n=Sum("count")).values("n"), output_field=IntegerField()), 0)

    counts = SurveyCount.objects.filter(**outer).order_by().values("survey").annotate(n=Sum("valid")).values("n")
    found = Survey.objects.closed().filter(
        participation__in=[unit.participation_id for unit in units], instrument=instrument.key
    )
    found = found.annotate(
        valid=Coalesce(Subquery(counts, output_field=IntegerField()), 0),
        satisfied=votes(decisive.key, good),
        **{name: votes(threshold.question, threshold.options) for name, threshold in against(instrument)},
    )
    result: dict[int, list[Round]] = defaultdict(list)
    for one in found.order_by("round"):
        failing = any(t.reached(getattr(one, name), one.valid) for name, t in against(instrument))
        shown = not one.withheld
        figures = (one.satisfied, one.valid) if shown else (0, 0)
        result[one.participation_id].append(Round(one.pk, one.round, shown, *figures, failing))
    return dict(result)


def with_rounds(units: QuerySet[PollUnit], instrument: Instrument) -> QuerySet[PollUnit]:
    """Units that have been asked the same more than once."""
    earlier = Survey.objects.filter(
        participation=OuterRef("participation"), instrument=instrument.key, state=Survey.State.CONFIRMED
    ).exclude(pk=OuterRef("survey"))
    return units.filter(Exists(earlier))
