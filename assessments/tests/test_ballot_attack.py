"""The superuser's attack (docs/anonymity.md): with the whole database after the closing, and with notes kept while it
was open, he matches tickets to ballots no better than chance. The same attack takes everything from a naive schema,
which shows that it would find what there is to find.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

import pytest
from django.db import connection, models

from accounts import clock
from assessments.actions import polls
from assessments.ballots.questionnaire import Questionnaire
from assessments.models import Ballot, Poll, PollUnit, SealedBallot, Survey, SurveyAnswer, Ticket
from assessments.tests.factories import PASSPHRASE, counted, drafted_poll, vote
from campaign.tests.factories import make_world

pytestmark = pytest.mark.django_db(transaction=True)
VOTERS = 64
# Matches that chance gives have a mean of one; nine or more come once in a million.
BY_CHANCE = 9


@dataclass
class Note:
    """What a watcher at the database writes down at each ballot: the ticket, the sealed row, the transaction."""

    digest: str
    key: object
    xmin: str
    answers: dict[str, str]  # the truth, for scoring alone


def place_column() -> str:
    return "ctid" if connection.vendor == "postgresql" else "rowid"


def stored(table: str, what: str) -> list:
    """A column of a table in the physical order of its rows."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {what} FROM {table} ORDER BY {place_column()}")
        return [row[0] for row in cursor.fetchall()]


def xmin_of(table: str, column: str, value: object) -> str:
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT xmin::text FROM {table} WHERE {column} = %s", [value])
        return cursor.fetchone()[0]


def matches(guessed: list[dict[str, str]], truth: list[dict[str, str]]) -> int:
    return sum(a == b for a, b in zip(guessed, truth, strict=False))


def held_poll():
    """A survey of ten questions with two answers each, so that nearly every ballot is one of its kind."""
    w = make_world()
    options = [{"key": key, "text": {"zh": key, "en": key}} for key in ("yes", "no")]
    questions = [
        {"key": f"q{n}", "text": {"zh": str(n), "en": str(n)}, "options": options, "decisive": n == 0}
        for n in range(16)
    ]
    more = {"questions": questions, "thresholds": [], "groups": [{"key": "all", "name": {"zh": "全体", "en": "All"}}]}
    poll = drafted_poll(w, [w.p.health], by=w.c.office, **more)
    PollUnit.objects.get(poll=poll).groups.update(asked=VOTERS)
    polls.open_poll(by=w.c.office, poll=poll, closes_at=clock.now() + dt.timedelta(days=1), passphrases=[PASSPHRASE])
    return w, Poll.objects.get(pk=poll.pk)


def watched_vote(slip, chance: random.Random) -> Note:
    """Somebody votes, and the watcher looks at the database right after."""
    before = set(SealedBallot.objects.values_list("key", flat=True))
    paper: Questionnaire = slip.unit.questionnaire()
    answers = {place.name: chance.choice(place.question.options).key for place in paper.places}
    vote(slip, **answers)
    (key,) = set(SealedBallot.objects.values_list("key", flat=True)) - before
    return Note(slip.code.digest, key, xmin_of(SealedBallot._meta.db_table, "key", str(key)), answers)


def attacks(notes: list[Note]) -> dict[str, int]:
    """Every order that the closed database has, held against every order that the watcher knows."""
    table = Ballot._meta.db_table
    ballots = {str(row.key): row.answers for row in Ballot.objects.all()}
    keys = [str(key) for key in stored(table, "key")]
    keys = [key if "-" in key else f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}" for key in keys]
    there = {"physical": keys, "key": sorted(keys), "reverse": keys[::-1]}
    known = {
        "cast": notes,
        "digest": sorted(notes, key=lambda note: note.digest),
        "sealed key": sorted(notes, key=lambda note: str(note.key)),
    }
    found = {
        f"{left} by {right}": matches([ballots[key] for key in order], [note.answers for note in known[right]])
        for left, order in there.items()
        for right in known
    }
    if connection.vendor == "postgresql":
        by_xmin = {}
        for key in keys:
            by_xmin.setdefault(xmin_of(table, "key", key), []).append(key)
        pairs = [(by_xmin.get(note.xmin, []), note) for note in notes]
        found["transaction"] = sum(len(keys) == 1 and ballots[keys[0]] == note.answers for keys, note in pairs)
    return found


def test_no_attack_does_better_than_chance(django_capture_on_commit_callbacks):
    w, poll = held_poll()
    slips = polls.issue(by=w.c.office, poll=poll)
    chance = random.Random(20050125)
    notes = [watched_vote(slip, chance) for slip in slips]
    counted(poll, by=w.c.office)
    assert Poll.objects.get().state == Poll.State.CLOSED and Ballot.objects.count() == VOTERS
    assert len({tuple(sorted(note.answers.items())) for note in notes}) > VOTERS * 0.9  # nearly all tell one apart
    found = attacks(notes)
    assert max(found.values()) < BY_CHANCE, found


def test_the_order_of_the_votes_written_tells_no_ballot(django_capture_on_commit_callbacks):
    """Of each question the answer that was written first is that of the ballot that was tallied first.

    A watcher knows every key of the urn, and so every order that could be made of the keys alone.
    """
    w, poll = held_poll()
    chance = random.Random(20050125)
    notes = [watched_vote(slip, chance) for slip in polls.issue(by=w.c.office, poll=poll)]
    counted(poll, by=w.c.office)
    first: dict[str, str] = {}
    for question, option in SurveyAnswer.objects.order_by("pk").values_list("question", "option"):
        first.setdefault(f"q-{question}", option)
    answers = {note.key: note.answers for note in notes}
    keys = [note.key for note in notes]
    suspects = [next(iter(order)) for order in (keys, set(keys), sorted(keys), sorted(keys, key=str))]
    assert len(first) == 16
    assert not [key for key in suspects if answers[key] == first]


def test_the_same_attacks_take_everything_from_a_naive_urn():
    """Ballots written in clear in the transaction that marks the ticket, with a random key and no time."""
    w, poll = held_poll()
    slips = polls.issue(by=w.c.office, poll=poll)
    chance = random.Random(20050125)
    notes = []
    for slip in slips:
        paper = slip.unit.questionnaire()
        answers = {place.name: chance.choice(place.question.options).key for place in paper.places}
        row = Ballot.objects.create(unit=slip.unit, group=slip.group, answers=answers)
        notes.append(Note(slip.code.digest, row.key, xmin_of(Ballot._meta.db_table, "key", str(row.key)), answers))
    found = attacks(notes)
    assert found["physical by cast"] == VOTERS
    assert connection.vendor != "postgresql" or found["transaction"] == VOTERS


def test_nothing_that_is_left_has_a_time_or_a_person():
    """The closed survey's rows: no column that could tell when a ballot was cast, or by whom (point 1)."""
    for model in (Ticket, SealedBallot, Ballot):
        kinds = {type(field) for field in model._meta.get_fields() if hasattr(field, "column")}
        assert not kinds & {models.DateTimeField, models.DateField, models.TimeField, models.AutoField}, model
        people = [field for field in model._meta.get_fields() if field.related_model not in (None, PollUnit)]
        assert not people, model


def test_after_closing_no_ticket_urn_or_key_is_left():
    w, poll = held_poll()
    slips = polls.issue(by=w.c.office, poll=poll)
    for slip in slips[:20]:
        watched_vote(slip, random.Random(1))
    counted(poll, by=w.c.office)
    poll.refresh_from_db()
    assert not Ticket.objects.exists() and not SealedBallot.objects.exists()
    assert poll.key_parts == [] and poll.handover is None and poll.public_key
    assert Survey.objects.get().state == Survey.State.CONFIRMED
    assert sum(SurveyAnswer.objects.filter(question="q0").values_list("count", flat=True)) == 20
