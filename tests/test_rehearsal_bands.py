"""The table of the source comes out of ballots: 771 work units, 639, 122 and 10; 82.88%, 15.82%, 98.70% (I-11)."""

import datetime as dt

import pytest

from assessments.models import Ballot, SealedBallot, Survey, Ticket
from reports.rehearsal.bands import BandSurvey

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]
OPENS = dt.date(2026, 10, 19)


def held(bands, ballots):
    survey = BandSurvey(
        playbook="meishan-city", bands=bands, ballots=ballots, seed=2005, say=lambda text: None, opens=OPENS
    )
    return survey.run()


def test_the_table_of_the_source():
    bands, ballots = [639, 122, 10], 10
    rows = held(bands, ballots)
    assert [row.units for row in rows] == bands
    assert Ballot.objects.count() == sum(bands) * ballots
    assert not Ticket.objects.exists() and not SealedBallot.objects.exists()
    assert Survey.objects.filter(state=Survey.State.CONFIRMED).count() == sum(bands)
    assert [(row.share, row.share_upto) for row in rows[:2]] == [("82.88%", "82.88%"), ("15.82%", "98.70%")]


def test_a_band_that_no_share_of_so_few_ballots_meets_is_refused():
    with pytest.raises(ValueError, match="choose more"):
        held([1, 1, 1], 5)
