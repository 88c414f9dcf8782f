"""By when a unit should begin (A-07)."""

import datetime as dt

import pytest

from campaign.preparing import launch_of
from campaign.tests.factories import make_world

pytestmark = pytest.mark.django_db


def test_the_wished_day_is_counted_from_the_batch_and_the_latest_is_in_words():
    world = make_world(started=False)
    launch = launch_of(world.p.archives)
    assert launch.wished == world.batch.starts_on + dt.timedelta(days=5)
    assert launch.latest.zh == "1月25日"


def test_a_playbook_without_the_rule_wishes_nothing():
    assert not launch_of(make_world(playbook="xingwen-county", started=False).p.archives)
