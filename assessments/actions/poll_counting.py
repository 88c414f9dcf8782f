"""Counting an anonymous survey (promise 3): open, shuffle, write, empty urn and tickets, destroy the key.

The ballots are opened first, while the page shows how far the work is; then one transaction does the rest, and opens
what was still on its way. A count that does not reconcile changes nothing.
"""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django.views.decorators.debug import sensitive_variables

from accounts import audit, clock, notify
from accounts.models import User
from assessments.actions import member_tests
from assessments.actions.polls import PollMoved, handover_key
from assessments.actions.surveys import tell_result
from assessments.ballots import sealing
from assessments.ballots.disclosure import LEAST_FOR_COMMENTS
from assessments.ballots.questionnaire import Given, Questionnaire
from assessments.ballots.screening import screen
from assessments.disclosing import withhold
from assessments.models import (
    Ballot,
    Channel,
    Poll,
    PollComment,
    PollUnit,
    PollVote,
    SealedBallot,
    Survey,
    SurveyAnswer,
    SurveyCount,
    Ticket,
)
from assessments.results import result_of
from campaign.actions import style_review
from campaign.models import ReviewedDepartment, StyleReview
from units import access
from units.models import Member
from units.roles import Right

COUNTED = audit.action("poll.counted", _("Counted and closed an anonymous survey"))
_BATCH = 2000

Progress = Callable[[int, int], None]


class KeyLost(Exception):
    """The key that was handed over is no longer there: the passphrases must be given again."""


class CountDiffers(Exception):
    """Codes made are not tickets left and ballots cast together; `names` are the units."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


@dataclass
class _Opened:
    """A ballot out of its seal."""

    unit: int
    group: str
    given: Given


@dataclass
class _Room:
    """What the count needs to know of one unit."""

    unit: PollUnit
    paper: Questionnaire
    ballots: list[_Opened] = field(default_factory=list)

    @property
    def groups(self) -> list[str]:
        return [group.key for group in self.paper.instrument.groups]

    @cached_property
    def made(self) -> dict[str, int]:
        """Codes made, by group; nobody makes any once a survey is being closed."""
        return {group.group: group.codes for group in self.unit.groups.all()}

    @property
    def cast(self) -> Counter[str]:
        """Ballots cast, by group."""
        return Counter(ballot.group for ballot in self.ballots)

    @cached_property
    def votes(self) -> Counter[tuple[str, str, str, str]]:
        """Votes by group, question, row ("" outside a matrix) and option. Ask when all ballots are in."""
        votes: Counter[tuple[str, str, str, str]] = Counter()
        for ballot in self.ballots:
            for place, number in zip(self.paper.places, ballot.given.options, strict=True):
                row = place.row.key if place.row else ""
                votes[ballot.group, place.question.key, row, place.question.options[number].key] += 1
        return votes


@sensitive_variables()
def take_key(poll: Poll, name: str) -> bytes:
    """Put the two halves of the key together. Raises KeyLost."""
    half = cache.get(handover_key(name))
    if half is None or poll.handover is None:
        raise KeyLost
    private = sealing.xor(half, bytes(poll.handover))
    if poll.public_key is None or not sealing.matches(private, bytes(poll.public_key)):
        raise KeyLost
    return private


def drop_key(poll: Poll, name: str) -> None:
    """Forget a key that was handed over: the count is done, or has to be begun again."""
    cache.delete(handover_key(name))
    Poll.objects.filter(pk=poll.pk).update(handover=None)


@sensitive_variables()
def count_at_once(*, by: User | None, poll: Poll, passphrases: Sequence[str]) -> Poll:
    """Close and count in this process: for a demonstration, a rehearsal, a measurement. An office's page goes through
    `polls.start_count`, whose job shows how far it is and survives a restart. Raises as that and `count` do."""
    if not Poll.objects.filter(pk=poll.pk, state=Poll.State.OPEN).update(state=Poll.State.CLOSING, closed_by=by):
        raise PollMoved
    closing = Poll.objects.select_related("batch__campaign", "organization").get(pk=poll.pk)
    count(by=by, poll=closing, private=sealing.private_key(closing.key_parts, list(passphrases)))
    closing.refresh_from_db()
    return closing


@sensitive_variables()
def count(*, by: User | None, poll: Poll, private: bytes, progress: Progress = lambda done, total: None) -> None:
    """Count a survey that is being closed; done once, whatever happens. Raises CountDiffers, sealing.BrokenSeal."""
    units = poll.units.select_related("poll", "organization", "survey").prefetch_related("groups")
    rooms = {unit.pk: _Room(unit, unit.questionnaire()) for unit in units.order_by("organization__path", "pk")}
    opener = sealing.Opener(private)
    opened: dict[UUID, _Opened] = {}
    total = _urn(poll).count()
    for key, unit, sealed in _urn(poll).values_list("key", "unit_id", "sealed").iterator(chunk_size=_BATCH):
        opened[key] = _open(opener, rooms[unit], sealed)
        if len(opened) % 500 == 0:
            progress(len(opened), total)
    progress(total, total)
    with transaction.atomic():
        if not Poll.objects.select_for_update().filter(pk=poll.pk, state=Poll.State.CLOSING).exists():
            return  # another run has counted it
        left = _burn_the_rest(poll)
        keys = set(_urn(poll).values_list("key", flat=True))
        for key, unit, sealed in (
            _urn(poll).filter(key__in=keys - opened.keys()).values_list("key", "unit_id", "sealed")
        ):
            opened[key] = _open(opener, rooms[unit], sealed)
        for key in _shuffled(keys):
            rooms[opened[key].unit].ballots.append(opened[key])
        _reconcile(rooms.values(), left)
        _write_ballots(rooms.values())
        _tally(poll, rooms, by)
        _urn(poll).delete()
        now = clock.now()
        Poll.objects.filter(pk=poll.pk).update(state=Poll.State.CLOSED, key_parts=[], handover=None, closed_at=now)
        data = {"units": len(rooms), "ballots": len(keys)}
        audit.record(COUNTED, by=by, obj=poll, organization=poll.organization, data=data)
        _tell(poll, rooms.values())


def _shuffled(keys: Iterable[UUID]) -> list[UUID]:
    """The ballots in an order that owes nothing to the urn; whatever is written of them from here on follows it.

    Not of ballots alone: of the votes, too, the kind that is met first is written first, and a style review's forms are
    numbered as they come.
    """
    order = list(keys)
    secrets.SystemRandom().shuffle(order)
    return order


def _urn(poll: Poll) -> QuerySet[SealedBallot]:
    return SealedBallot.objects.filter(unit__poll=poll)


def _open(opener: sealing.Opener, room: _Room, sealed: bytes) -> _Opened:
    try:
        group, given = room.paper.unpack(opener(sealed))
        return _Opened(room.unit.pk, room.groups[group], given)
    except (ValueError, KeyError, IndexError, TypeError) as wrong:
        raise sealing.BrokenSeal from wrong


def _burn_the_rest(poll: Poll) -> Counter[tuple[int, str]]:
    """Delete the unused tickets and count them. Waits for ballots being cast: their tickets are then gone."""
    rows = Ticket.objects.filter(unit__poll=poll)
    left = Counter(rows.order_by("pk").select_for_update(of=("self",)).values_list("unit_id", "group"))
    rows.delete()
    return left


def _reconcile(rooms: Iterable[_Room], left: Counter[tuple[int, str]]) -> None:
    """Codes made = tickets left + ballots, for every group of every unit."""
    wrong = [
        room.unit.name
        for room in rooms
        if any(room.made.get(key, 0) != left[room.unit.pk, key] + room.cast[key] for key in room.groups)
    ]
    if wrong:
        raise CountDiffers(wrong)


def _write_ballots(rooms: Iterable[_Room]) -> None:
    """All ballots of the survey in one shuffled order: neither place nor key nor transaction tells one from another."""
    found = [(room, ballot) for room in rooms for ballot in room.ballots]
    secrets.SystemRandom().shuffle(found)
    rows = (
        Ballot(unit=room.unit, group=ballot.group, answers=room.paper.answers(ballot.given)) for room, ballot in found
    )
    Ballot.objects.bulk_create(rows, batch_size=_BATCH)


def _tally(poll: Poll, rooms: dict[int, _Room], by: User | None) -> None:
    if poll.kind == Poll.Kind.UNIT:
        _write_surveys(poll, rooms.values())
    else:
        _write_votes(rooms.values())
        if poll.kind == Poll.Kind.MEMBERS:
            _write_member_tests(poll, rooms.values(), by)
        else:
            _write_review_forms(poll, rooms.values(), by)
    _write_comments(rooms.values())


def _write_surveys(poll: Poll, rooms: Iterable[_Room]) -> None:
    """The counts of the round beside those on paper; then what must be withheld, over the whole survey."""
    counts, answers, surveys = [], [], []
    for room in rooms:
        survey = room.unit.survey
        if survey is None:
            continue
        surveys.append(survey.pk)
        to = {"survey": survey, "channel": Channel.PHONE}
        cast = room.cast
        for group in room.groups:
            if made := room.made.get(group):
                n = cast[group]
                counts.append(SurveyCount(group=group, issued=made, returned=n, valid=n, void=0, **to))
        answers += [
            SurveyAnswer(group=group, question=question, option=option, count=number, **to)
            for (group, question, _row, option), number in room.votes.items()
        ]
    SurveyCount.objects.bulk_create(counts, batch_size=_BATCH)
    SurveyAnswer.objects.bulk_create(answers, batch_size=_BATCH)
    now = clock.now()
    Survey.objects.filter(pk__in=surveys, state__in=[Survey.State.DRAFT, Survey.State.PAPER]).update(
        state=Survey.State.CONFIRMED, confirmed_at=now, held_on=clock.today()
    )
    withhold(poll)


def _write_votes(rooms: Iterable[_Room]) -> None:
    rows = [
        PollVote(unit=room.unit, group=group, question=question, row=row, option=option, count=number)
        for room in rooms
        for (group, question, row, option), number in room.votes.items()
    ]
    PollVote.objects.bulk_create(rows, batch_size=_BATCH)


def _write_member_tests(poll: Poll, rooms: Iterable[_Room], by: User | None) -> None:
    """A round of the member test for each row (F-24); a room without a ballot tested nobody."""
    for room in rooms:
        if not room.ballots or by is None:
            continue
        decisive = room.paper.instrument.decisive.key
        votes: dict[str, Counter[str]] = defaultdict(Counter)
        for (_group, question, row, option), number in room.votes.items():
            if question == decisive:
                votes[row][option] += number
        members = Member.objects.in_bulk([int(row.key) for row in room.paper.rows])
        tallies = [member_tests.Tally(members[int(row.key)], votes[row.key]) for row in room.paper.rows]
        member_tests.enter_tests(
            by=by,
            batch=poll.batch,
            organization=room.unit.organization,
            on=clock.today(),
            voters=len(room.ballots),
            tallies=tallies,
        )


def _write_review_forms(poll: Poll, rooms: Iterable[_Room], by: User | None) -> None:
    """Each ballot of a style review as a form with a number and a kind, so that the sheets count it (N-04)."""
    review = StyleReview.objects.filter(pk=poll.review_id, closed_on=None).first()
    if review is None or by is None:
        return
    departments = {str(row.pk) for row in ReviewedDepartment.objects.filter(review=review)}
    number = max(review.forms.values_list("number", flat=True), default=0)
    for room in rooms:
        for ballot in room.ballots:
            number += 1
            ratings = {
                (int(place.row.key), place.question.key): place.question.options[chosen].key
                for place, chosen in zip(room.paper.places, ballot.given.options, strict=True)
                if place.row and place.row.key in departments
            }
            style_review.enter_form(
                by=by,
                review=review,
                number=number,
                kind=ballot.group,
                asked=ballot.given.asked or 0,
                ratings=ratings,
                said={},
            )


def _write_comments(rooms: Iterable[_Room]) -> None:
    """Words, apart from the answers and shuffled, blotted, and only where ten ballots or more cover their author."""
    rows: list[PollComment] = []
    for room in rooms:
        words = [ballot.given.comment for ballot in room.ballots if ballot.given.comment]
        if len(room.ballots) < LEAST_FOR_COMMENTS or not words:
            continue
        here = Member.objects.filter(access.below(room.unit.organization.path, "organization"))
        blot_out = screen(here.values_list("name", flat=True))
        for text in words:
            screened, blotted = blot_out(text)
            rows.append(PollComment(unit=room.unit, text=screened, blotted=blotted))
    secrets.SystemRandom().shuffle(rows)
    PollComment.objects.bulk_create(rows, batch_size=_BATCH)


def _tell(poll: Poll, rooms: Iterable[_Room]) -> None:
    """Who asked, and for each unit those who go on from its result."""
    holders = access.holders(Right.ENTER_SURVEY, poll.organization)
    text = gettext_noop("%(survey)s: counted; the results can be read")
    notify.send(holders, text, params={"survey": poll.title}, url=reverse("assessments:poll", args=[poll.pk]))
    results = {
        survey.pk: result_of(survey)
        for survey in Survey.objects.filter(poll_unit__poll=poll).prefetch_related("counts", "answers")
    }
    for room in rooms:
        if room.unit.survey_id is None:
            continue
        organization = room.unit.organization
        failing = bool(results[room.unit.survey_id].failing)
        people = access.holders(Right.APPLY, organization)
        if failing:
            people = [*people, *access.holders(Right.ORDER_MAKEUP, organization)]
        tell_result(people, survey=room.unit.survey_id, unit=room.unit.name, failing=failing)
