"""The whole campaign, preparation to closing, under every playbook that is shipped: it ends closed, and nothing that
must hold is broken."""

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from campaign.models import Batch, Participation, StageProgress
from campaign.playbook import available
from reports.demo.build import ROSTER
from reports.rehearsal import Rehearsal, broken
from supervision.models import Decision, Transition

START = dt.date(2026, 10, 19)
KEYS = [book.key for book in available()]


def rehearsal(key, units=3, seed=2005):
    return Rehearsal(playbook=key, start=START, seed=seed, say=lambda text: None, units=units, roster=ROSTER)


@pytest.mark.parametrize("key", KEYS)
def test_a_campaign_ends_closed_with_nothing_broken(db, key):
    play = rehearsal(key)
    batch = play.run()
    assert broken(batch) == []
    batch.refresh_from_db()
    assert batch.closed_on is not None
    assert set(batch.participations.values_list("state", flat=True)) == {Participation.State.CLOSED}
    figures = play.figures.as_dict()
    staged = batch.participations.filter(staged=True).count()
    assert figures["stages_passed"] == staged * len(play.playbook.stages)
    assert figures["closed"] == figures["units"] == 3
    passed = Transition.objects.filter(state=Transition.State.COMPLETED)
    assert passed.count() == figures["stages_passed"] + figures["closed"]
    assert Decision.objects.filter(verdict="agree").count() == figures["consents"]


def test_the_figures_are_the_same_for_the_same_seed(db):
    out = StringIO()
    call_command(
        "rehearse", playbook="xingwen-county", units=2, until="study", json=True, stdout=out, stderr=StringIO()
    )
    told = json.loads(out.getvalue())
    assert told["broken"] == [] and told["figures"]["stages_passed"] == 2
    states = StageProgress.objects.filter(stage="study").values_list("state", flat=True)
    assert set(states) == {StageProgress.State.DONE}
    with pytest.raises(CommandError, match="not empty"):
        call_command("rehearse", playbook="xingwen-county", stdout=StringIO(), stderr=StringIO())


def test_what_is_broken_is_found(db):
    """The invariants can fail: each is broken by hand and named."""
    play = rehearsal("xingwen-county", units=2)
    batch = play.run(until=play.playbook.stages[0].key)
    assert broken(batch, closed=False) == []
    first, second = batch.participations.order_by("pk")
    Decision.objects.filter(transition__participation=first, body="office").delete()
    StageProgress.objects.filter(participation=second, stage="analysis").update(started_on=START)
    found = broken(batch, closed=True)
    assert any("passed with the consent of ['supervision']" in line for line in found)
    assert any("began before" in line for line in found)
    assert sum("not closed" in line for line in found) == 2
    assert Batch.objects.get(pk=batch.pk).closed_on is None
