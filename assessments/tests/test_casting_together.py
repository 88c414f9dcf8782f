"""Fifty phones with one code at once: one ballot, whoever is first; the others hear what every used code hears."""

import pytest
from django.test import Client

from assessments.models import SealedBallot, Ticket
from assessments.tests.factories import opened_poll
from campaign.tests.factories import make_world
from tests.together import on_a_file, run_together  # noqa: F401  a fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("on_a_file")]
CLIENTS = 50
ROUNDS = 20  # benchmarks/race_ballots.py does two hundred, against a server of several processes


def handing_in(slip):
    sent = {place.name: place.question.options[0].key for place in slip.unit.questionnaire().places}

    def job():
        page = Client().post("/v/cast/?lang=zh", {"code": slip.code.whole, **sent})
        return page.status_code, page.content

    return job


def test_fifty_at_once_leave_one_ballot():
    w = make_world()
    _poll, slips = opened_poll(w, [w.p.health], by=w.c.office)
    for number, slip in enumerate(slips[:ROUNDS], start=1):
        results = run_together(*[handing_in(slip)] * CLIENTS)
        told = [result for result in results if result != (303, b"")]
        assert len(told) == CLIENTS - 1, results
        assert len(set(told)) == 1 and told[0][0] == 422, set(told)
        assert SealedBallot.objects.count() == number
        assert Ticket.objects.count() == len(slips) - number


def test_two_slips_at_once_take_nothing_from_each_other():
    w = make_world()
    _poll, slips = opened_poll(w, [w.p.health], by=w.c.office)
    results = run_together(*[handing_in(slip) for slip in slips])
    assert results == [(303, b"")] * len(slips)
    assert SealedBallot.objects.count() == len(slips) and not Ticket.objects.exists()
