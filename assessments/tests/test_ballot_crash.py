"""kill -9 of the web server while 500 ballots come in: none that was acknowledged is lost, none counts twice."""

from __future__ import annotations

import os

import pytest
from django.db import connection

from tests.served import PASSPHRASE, served

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.server]
BALLOTS = 500
KILLED_AT = (120, 260, 400)  # ballots answered, or failed, when the server is killed

COUNT = """
from accounts.models import User
from assessments.actions import poll_counting
from assessments.models import Poll
poll = Poll.objects.get()
by = User.objects.get(pk=poll.created_by_id)
print(poll_counting.count_at_once(by=by, poll=poll, passphrases=[{phrase!r}]).state)
"""


@pytest.fixture
def office(tmp_path):
    url = os.environ["DATABASE_URL"] if connection.vendor == "postgresql" else ""
    with served(tmp_path, url, os.environ["REDIS_URL"]) as found:
        yield found


def test_no_acknowledged_ballot_is_lost_and_none_counts_twice(office):
    codes = office.open_survey(BALLOTS // 2)
    assert len(codes) == BALLOTS
    servers = [office.start()]
    due = list(KILLED_AT)

    def seen(number: int) -> None:
        if due and number >= due[0]:
            due.pop(0)
            office.kill(servers[-1])
            servers.append(office.start())

    first = office.cast_all(codes, clients=8, seen=seen)
    acknowledged = {vote.code for vote in first if vote.status == 303}
    assert 0 < len(acknowledged) <= BALLOTS and len(servers) == 1 + len(KILLED_AT)
    assert any(vote.status == 0 for vote in first), "no request was cut off: nothing was proved"
    made, left, urn, _counted = office.figures()
    assert made == BALLOTS == left + urn
    assert urn >= len(acknowledged)

    # Who was cut off tries again: either the ballot is there and the code is used, or it is taken now.
    again = office.cast_all([code for code in codes if code not in acknowledged])
    assert all(vote.status != 0 for vote in again)
    assert office.figures() == (BALLOTS, 0, BALLOTS, 0)
    assert office.shell(COUNT.format(phrase=PASSPHRASE)) == "closed"
    assert office.figures() == (BALLOTS, 0, 0, BALLOTS)
