"""What is withheld of the results of a survey: decided once, when it closes, over all its units and groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from assessments.ballots.disclosure import Cell, protect, withheld
from assessments.models import Channel, Poll, PollUnit, Survey, SurveyCount

_PHONES = Coalesce(Sum("valid", filter=Q(channel=Channel.PHONE)), 0)


def withhold(poll: Poll) -> None:
    """Mark the surveys and groups of a poll that are not to be shown (promise 5). Four queries and two writes."""
    units = list(poll.units.filter(survey__isnull=False).select_related("organization"))
    _mark(tree_of(units))


def _mark(tree: Cell) -> None:
    """Withhold what the tree must not show: surveys and their groups."""
    keys = withheld(protect(tree))
    Survey.objects.filter(pk__in=[key[1] for key in keys if key[0] == "survey"]).update(withheld=True)
    by_survey: dict[int, list[str]] = defaultdict(list)
    for key in keys:
        if key[0] == "group":
            by_survey[key[1]].append(key[2])
    hidden = SurveyCount.objects.filter(survey__in=by_survey)
    wanted = [row.pk for row in hidden.only("pk", "survey_id", "group") if row.group in by_survey[row.survey_id]]
    SurveyCount.objects.filter(pk__in=wanted).update(withheld=True)


def tree_of(units: Iterable[PollUnit]) -> Cell:
    """Valid ballots, paper and phones together: the survey, the superiors, the units, their groups."""
    units = list(units)
    rows = SurveyCount.objects.filter(survey__in=[unit.survey_id for unit in units]).order_by()
    groups: dict[int, list[Cell]] = defaultdict(list)
    for survey, group, valid, phones in rows.values_list("survey", "group").annotate(n=Sum("valid"), phones=_PHONES):
        groups[survey].append(Cell(("group", survey, group), valid, phones=phones))
    above: dict[int | None, list[Cell]] = defaultdict(list)
    for unit in units:
        cell = Cell(("survey", unit.survey_id), parts=groups[unit.survey_id or 0])
        above[unit.organization.parent_id].append(cell)
    return Cell(("whole",), parts=[Cell(("superior", parent), parts=parts) for parent, parts in above.items()])


def withhold_alone(survey: Survey) -> None:
    """The same for one round that was counted on paper alone: only its groups and itself are weighed."""
    rows = survey.counts.order_by().values_list("group").annotate(n=Sum("valid"))
    cells = [Cell(("group", survey.pk, group), valid) for group, valid in rows]
    _mark(Cell(("survey", survey.pk), parts=cells))
