"""Signs that a survey is worth a second look, for supervisors alone. A sign accuses nobody.

They are read from what anonymity lets one keep: turnout in tens by day, and the closed result where it may be shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.messages import Message
from assessments.models import Channel, PollGroup, PollUnit, SurveyAnswer, SurveyCount, TurnoutDay

ENOUGH = 20  # ballots from which unanimity says something
SEVERAL_DAYS = 3  # days that a survey was open, from which "all on one day" says something


@dataclass(frozen=True)
class Seen:
    """What is known of a unit. `course` is its turnout in tens at the end of each day, up to the closing."""

    shown: bool
    valid: int
    returned: int
    asked: int
    satisfied: int
    alike: bool
    course: Sequence[int]


def signs_of(seen: Seen) -> list[Message]:
    """The signs of one unit, as sentences."""
    found = []
    if seen.shown and seen.valid >= ENOUGH and seen.satisfied == seen.valid:
        found.append(Message(gettext_noop("All %(n)s valid ballots are satisfied."), {"n": seen.valid}))
    if seen.shown and seen.valid >= ENOUGH and seen.alike:
        found.append(Message(gettext_noop("All %(n)s valid ballots are alike in every answer."), {"n": seen.valid}))
    if in_one_step(seen.course):
        found.append(
            Message(gettext_noop("All ballots on phones came on one of the %(days)s days."), {"days": len(seen.course)})
        )
    if seen.returned > seen.asked > 0:
        found.append(
            Message(
                gettext_noop("%(returned)s ballots came back, %(asked)s people were to be asked."),
                {"returned": seen.returned, "asked": seen.asked},
            )
        )
    return found


def in_one_step(course: Sequence[int]) -> bool:
    """From none to all in one day, in a survey that was open for several."""
    if len(course) < SEVERAL_DAYS or not course[-1]:
        return False
    return all(tens in (0, course[-1]) for tens in course)


def signs(units: Iterable[PollUnit]) -> dict[int, list[Message]]:
    """Unit id to its signs, of closed surveys of a unit; five queries. Needs `survey` and `poll` on each unit."""
    known = {unit.pk: unit for unit in units if unit.survey_id and unit.poll.state == "closed"}
    surveys = {unit.survey_id: unit for unit in known.values()}
    asked = dict(PollGroup.objects.filter(unit__in=known).order_by().values_list("unit").annotate(n=Sum("asked")))
    ballots: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    counts = SurveyCount.objects.filter(survey__in=surveys).order_by().values_list("survey", "channel")
    for survey, channel, valid, returned in counts.annotate(n=Sum("valid"), m=Sum("returned")):
        ballots[survey]["valid"] += valid
        ballots[survey]["returned"] += returned
        ballots[survey]["phones"] += returned if channel == Channel.PHONE else 0
    votes: dict[int, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    answers = SurveyAnswer.objects.filter(survey__in=surveys).order_by().values_list("survey", "question", "option")
    for survey, question, option, number in answers.annotate(n=Sum("count")):
        votes[survey][question][option] = number
    courses = _courses(known, {unit.pk: ballots[unit.survey_id]["phones"] for unit in known.values()})
    found = {}
    for pk, unit in known.items():
        mine = ballots[unit.survey_id]
        seen = Seen(
            shown=not unit.survey.withheld,
            valid=mine["valid"],
            returned=mine["returned"],
            asked=asked.get(pk) or 0,
            satisfied=_satisfied(unit, votes[unit.survey_id]),
            alike=_alike(votes[unit.survey_id], mine["valid"]),
            course=courses[pk],
        )
        if told := signs_of(seen):
            found[pk] = told
    return found


def _courses(units: dict[int, PollUnit], phones: dict[int, int]) -> dict[int, list[int]]:
    """Each unit's turnout in tens by day, with the day of closing as the last."""
    kept: dict[int, dict[object, int]] = defaultdict(dict)
    for unit, day, tens in TurnoutDay.objects.filter(unit__in=units).values_list("unit", "day", "tens"):
        kept[unit][day] = tens
    found = {}
    for pk, unit in units.items():
        days = kept[pk]
        if unit.poll.closed_at is not None:
            days[timezone.localtime(unit.poll.closed_at).date()] = phones[pk] // 10 * 10
        found[pk] = [days[day] for day in sorted(days)]  # type: ignore[type-var]
    return found


def _satisfied(unit: PollUnit, votes: dict[str, dict[str, int]]) -> int:
    decisive = unit.survey.instrument_of().decisive if unit.survey else None
    if decisive is None:
        return 0
    return sum(votes.get(decisive.key, {}).get(option.key, 0) for option in decisive.options if option.satisfied)


def _alike(votes: dict[str, dict[str, int]], valid: int) -> bool:
    """One answer to each of several questions; with one question alone unanimity says it already."""
    return len(votes) > 1 and all(max(options.values(), default=0) == valid for options in votes.values())
