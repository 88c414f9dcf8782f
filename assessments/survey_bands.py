"""In which band of satisfaction each unit's last round fell: read in three queries, however many units (I-11, I-13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import F, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from assessments.models import Survey, SurveyAnswer, SurveyCount
from assessments.results import band_of
from campaign.models import Batch
from campaign.playbook import Instrument

FEW = "few"  # too few ballots: withheld, and in no band that anybody could read
LAST = "last"  # as a filter: whatever the band, only the rounds that decide
NO_BAND = "none"  # a rate that no band of the playbook takes in, or no valid ballot


@dataclass(frozen=True, slots=True)
class Standing:
    """The round that decides for a unit, and the key of its band, FEW or NO_BAND."""

    survey: int
    participation: int
    instrument: str
    band: str


def deciding(rows: QuerySet[Survey]) -> QuerySet[Survey]:
    """Of closed rounds the last of each unit and instrument (decision 15)."""
    newest = Window(RowNumber(), partition_by=[F("participation_id"), F("instrument")], order_by=F("round").desc())
    return rows.closed().order_by().annotate(newest=newest).filter(newest=1)  # type: ignore[attr-defined]


def standings(rows: QuerySet[Survey], batch: Batch) -> list[Standing]:
    """The band of each unit and instrument among `rows`, all of one batch. The figures are those of `result_of`."""
    playbook = batch.campaign.playbook
    found = list(deciding(rows).select_related("participation"))
    for one in found:
        one.participation.batch = batch
    keys = [one.pk for one in found]
    valid = _valid(keys)
    votes = _votes(keys)
    told = []
    for one in found:
        band = None if one.withheld else band_of(playbook, _rate(one.instrument_of(), valid[one.pk], votes[one.pk]))
        key = FEW if one.withheld else band.key if band else NO_BAND
        told.append(Standing(one.pk, one.participation_id, one.instrument, key))
    return told


def _valid(keys: Sequence[int]) -> dict[int, int]:
    rows = SurveyCount.objects.filter(survey__in=keys).order_by().values_list("survey_id")
    return defaultdict(int, rows.annotate(n=Sum("valid")))


def _votes(keys: Sequence[int]) -> dict[int, dict[tuple[str, str], int]]:
    """Of each survey the votes by question and option."""
    found: dict[int, dict[tuple[str, str], int]] = defaultdict(dict)
    rows = SurveyAnswer.objects.filter(survey__in=keys).order_by().values_list("survey_id", "question", "option")
    for survey, question, option, number in rows.annotate(n=Sum("count")):
        found[survey][question, option] = number
    return found


def _rate(instrument: Instrument, valid: int, votes: dict[tuple[str, str], int]) -> Fraction | None:
    """Satisfaction as `Result.satisfaction` has it."""
    decisive = instrument.decisive
    satisfied = sum(votes.get((decisive.key, option.key), 0) for option in decisive.options if option.satisfied)
    return Fraction(satisfied, valid) if valid else None
