"""Casting a ballot (promise 2): the ticket is burnt and the ballot put into the urn in one transaction, or neither.

Nothing here writes an audit entry, a time or an account: that a ballot was cast is told by the count alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from accounts import clock
from assessments.ballots import codes, sealing
from assessments.ballots.questionnaire import Questionnaire
from assessments.models import Poll, PollUnit, SealedBallot, Ticket


class CodeRefused(Exception):
    """The code is wrong, used, or its survey takes no ballots: which of these is not said."""


class AnswersMissing(Exception):
    """Some questions are without an answer; `fields` are their names."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


@dataclass(frozen=True)
class Admission:
    """What an unused code lets one answer."""

    digest: str
    unit: int
    group: str
    poll: int
    public_key: bytes
    closes_at: dt.datetime


@sensitive_variables()
def admit(typed: str) -> Admission:
    """Look a code up, whole or short. One query. Raises CodeRefused."""
    code = codes.normalise(typed)
    if not code:
        raise CodeRefused
    column = "pk" if len(code) == codes.LENGTH else "short"
    row = (
        Ticket.objects.filter(**{column: codes.digest(code)})
        .values_list(
            "digest", "unit_id", "group", "unit__poll_id", "unit__poll__public_key",
            "unit__poll__closes_at", "unit__poll__state",
        )
        .first()
    )  # fmt: skip
    if row is None or row[6] != Poll.State.OPEN or row[5] <= clock.now():
        raise CodeRefused
    return Admission(row[0], row[1], row[2], row[3], bytes(row[4]), row[5])


@lru_cache(maxsize=2048)
def _asked(unit: int, public_key: bytes) -> Questionnaire:
    """What is asked at a unit. Frozen since the key was made, so it is read once a process."""
    return PollUnit.objects.select_related("poll").get(pk=unit).questionnaire()


def asked(admission: Admission) -> Questionnaire:
    """The questionnaire that a code opens."""
    return _asked(admission.unit, admission.public_key)


@sensitive_variables()
def cast(typed: str, answers: Mapping[str, str]) -> Admission:
    """Take a ballot. Raises CodeRefused, and AnswersMissing before anything is written."""
    admission = admit(typed)
    paper = asked(admission)
    reading = paper.read(answers)
    if reading.given is None:
        raise AnswersMissing(reading.missing)
    groups = [group.key for group in paper.instrument.groups]
    content = paper.pack(groups.index(admission.group), reading.given)
    sealed = sealing.seal(admission.public_key, content, paper.size)
    with transaction.atomic():
        # The row's lock is what makes a second phone with the same slip wait, and then find nothing.
        burnt, _by_model = Ticket.objects.filter(pk=admission.digest).delete()
        if burnt != 1:
            raise CodeRefused
        SealedBallot.objects.create(unit_id=admission.unit, sealed=sealed)
    return admission
