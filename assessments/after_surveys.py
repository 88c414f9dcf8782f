"""What a poor closing survey leads to: the ledger is opened again under the superior's supervision (H-04, O-10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet, Sum, prefetch_related_objects
from django.urls import reverse

from assessments.models import Survey, SurveyAnswer, SurveyCount
from assessments.results import result_of
from campaign import rectification
from campaign.models import Batch, ItemNote, Participation, RectificationItem
from campaign.playbook import Instrument
from campaign.queries import batch_for, governed
from units import access
from units.models import Organization
from units.roles import Right

AGAIN = "supervised_rectification"


def _asks(instrument: Instrument) -> bool:
    return instrument.closing and any(threshold.consequence == AGAIN for threshold in instrument.thresholds)


def is_last(survey: Survey) -> bool:
    """Is it the last round of its instrument? A newer one, confirmed or not, decides (decision 15)."""
    later = Survey.objects.filter(participation_id=survey.participation_id, instrument=survey.instrument)
    return not later.filter(round__gt=survey.round).exists()


def calls_for_rectification(survey: Survey) -> bool:
    """Does this round, confirmed, say that the unit rectifies again under supervision?"""
    if survey.state != Survey.State.CONFIRMED or not _asks(survey.instrument_of()):
        return False
    return any(outcome.threshold.consequence == AGAIN for outcome in result_of(survey).failing)


def can_reopen(user: Any, survey: Survey) -> bool:
    """The superior: through a post above the unit, after the last round, until the office closes the batch."""
    running = survey.participation.batch.closed_on is None
    return _sits_above(user, survey) and running and calls_for_rectification(survey) and is_last(survey)


def _sits_above(user: Any, survey: Survey) -> bool:
    unit = survey.participation.organization
    return any(access.has_above(user, right, unit) for right in (Right.RECORD, Right.APPROVE))


def ledger_of(participation: Participation) -> QuerySet[RectificationItem]:
    """The ledger of a unit and all below it, without units that take part on their own."""
    inside = governed(participation, "organization")
    rows = RectificationItem.objects.filter(inside, batch_id=participation.batch_id)
    return rows.select_related("organization", "responsible_member__user", "batch__campaign")


def reopened_after(survey: Survey) -> QuerySet[RectificationItem]:
    """Items of the unit's ledger that were opened again after the round was confirmed."""
    notes = ItemNote.objects.filter(kind=ItemNote.Kind.REOPENED, at__gte=survey.confirmed_at)
    return ledger_of(survey.participation).filter(notes__in=notes).distinct()


def left_to_reopen(survey: Survey) -> QuerySet[RectificationItem]:
    """What the superior can choose from: everything in the ledger that was not opened again after this round."""
    return ledger_of(survey.participation).exclude(pk__in=reopened_after(survey).values("pk")).order_by("state", "pk")


@rectification.offers_again
def offer(user: Any, participation: Participation) -> str:
    """The page where the ledger of a unit is opened again, while its last closing round calls for it."""
    rounds = Survey.objects.filter(participation=participation).order_by("-round").prefetch_related("counts", "answers")
    rounds = rounds.select_related("participation__organization", "participation__batch__campaign")
    playbook = participation.batch.campaign.playbook
    for instrument in filter(_asks, playbook.instruments):
        last = rounds.filter(instrument=instrument.key).first()
        if last is not None and can_reopen(user, last):
            return reverse("assessments:survey_again", args=[last.pk])
    return ""


def waiting(user: Any) -> list[Survey]:
    """Rounds that call for it and after which nothing was opened again yet, below the user's posts.

    Asked for every page of who sits above, so the votes are added up in the database: three queries, and four more
    for all rounds together that failed.
    """
    rounds = _last_closing_rounds(user)
    keys = _failed(rounds) if rounds else set()
    failed = [survey for survey in rounds if survey.pk in keys and _sits_above(user, survey)]
    prefetch_related_objects(failed, "counts", "answers")
    failed = [survey for survey in failed if calls_for_rectification(survey)]
    again = _reopened_since(failed) if failed else set()
    return [survey for survey in failed if survey.pk not in again]


def _reopened_since(rounds: list[Survey]) -> set[int]:
    """Of these rounds the ones after which an item of their unit's ledger was opened again."""
    batches = {survey.participation.batch_id for survey in rounds}
    taking_part = Participation.objects.filter(batch__in=batches).values_list("batch", "organization__path", "pk")
    units = {(batch, path): pk for batch, path, pk in taking_part}
    notes = ItemNote.objects.filter(kind=ItemNote.Kind.REOPENED, item__batch__in=batches)
    latest: dict[int, Any] = {}
    for batch, path, at in notes.order_by("at").values_list("item__batch", "item__organization__path", "at"):
        steps = range(
            len(path), 0, -Organization.steplen
        )  # the nearest one above the item's organisation keeps the ledger
        unit = next((units[batch, path[:end]] for end in steps if (batch, path[:end]) in units), None)
        if unit is not None:
            latest[unit] = at
    return {
        survey.pk
        for survey in rounds
        if survey.participation_id in latest and latest[survey.participation_id] >= survey.confirmed_at
    }


def _last_closing_rounds(user: Any) -> list[Survey]:
    seen = Survey.objects.visible_to(user, Right.APPROVE) | Survey.objects.visible_to(user, Right.RECORD)
    rows = seen.filter(participation__batch__closed_on=None).order_by("round")
    rows = rows.select_related("participation__organization", "participation__work_unit")
    last = {(row.participation_id, row.instrument): row for row in rows}
    confirmed = [row for row in last.values() if row.state == Survey.State.CONFIRMED]
    _share_batches(user, confirmed)
    return [row for row in confirmed if _asks(row.instrument_of())]


def _share_batches(user: Any, rounds: Iterable[Survey]) -> None:
    """Read each batch once, not with every round: it brings a whole playbook along."""
    taking_part = [survey.participation for survey in rounds]
    current = batch_for(user) if taking_part else None
    known = {current.pk: current} if current else {}
    others = {one.batch_id for one in taking_part} - known.keys()
    if others:
        known |= Batch.objects.select_related("campaign").in_bulk(others)
    for one in taking_part:
        one.batch = known[one.batch_id]


def _failed(rounds: Iterable[Survey]) -> set[int]:
    known = {survey.pk: survey for survey in rounds}
    valid = dict(SurveyCount.objects.filter(survey__in=known).order_by().values_list("survey").annotate(n=Sum("valid")))
    votes: dict[int, dict[tuple[str, str], int]] = defaultdict(dict)
    answers = SurveyAnswer.objects.filter(survey__in=known).order_by().values_list("survey", "question", "option")
    for pk, question, option, count in answers.annotate(n=Sum("count")):
        votes[pk][question, option] = count
    return {
        pk
        for pk, survey in known.items()
        for threshold in survey.instrument_of().thresholds
        if threshold.consequence == AGAIN
        and threshold.reached(
            sum(votes[pk].get((threshold.question, option), 0) for option in threshold.options), valid.get(pk) or 0
        )
    }
