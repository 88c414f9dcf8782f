"""The one writer of a participation's stage, and the frozen roll."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry
from campaign import actions
from campaign.models import Participation, RollEntry, StageProgress
from campaign.tests.factories import make_world
from units.models import Member
from units.tests.factories import MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_world()


def test_start_freezes_the_roll_of_the_whole_subtree(w):
    progress = w.p.health.current()
    assert progress.stage == w.playbook.stages[0].key
    assert RollEntry.objects.filter(progress=progress).count() == 6


def test_a_later_joiner_does_not_change_the_denominator(w):
    MemberFactory(organization=w.t.health_1)
    Member.objects.filter(pk=w.t.members["Z003"][0].pk).update(left_on="2026-01-01")
    assert RollEntry.objects.filter(progress=w.p.health.current()).count() == 6


def test_moving_a_stage_is_compare_and_swap(w):
    first, second = (stage.key for stage in w.playbook.stages[:2])
    actions.move_stage(by=w.c.office, participation=w.p.health, expected=first, target=second)
    with pytest.raises(actions.StageMoved):
        actions.move_stage(by=w.c.office, participation=w.p.health, expected=first, target=second)
    states = dict(w.p.health.progress.values_list("stage", "state"))
    assert states[first] == "done" and states[second] == "current"
    assert AuditEntry.objects.filter(action="participation.stage_moved").count() == 1


def test_no_stage_is_skipped(w):
    first, third = w.playbook.stages[0].key, w.playbook.stages[2].key
    with pytest.raises(actions.StageSkipped):
        actions.move_stage(by=w.c.office, participation=w.p.health, expected=first, target=third)


def test_starting_twice_is_refused(w):
    with pytest.raises(actions.StageMoved):
        actions.start(by=w.c.office, participation=w.p.health)


def test_the_database_knows_one_stage_at_a_time(w):
    with pytest.raises(IntegrityError), transaction.atomic():
        StageProgress.objects.filter(participation=w.p.health).update(state="current")


def test_a_nested_participation_is_not_counted_twice(w):
    fresh = make_nested(w)
    assert RollEntry.objects.filter(progress=fresh.health.current()).count() == 3
    assert RollEntry.objects.filter(progress=fresh.branch.current()).count() == 3


def make_nested(w):
    from types import SimpleNamespace

    Participation.objects.filter(pk=w.p.health.pk).delete()
    health = actions.add_participation(by=w.c.office, batch=w.batch, organization=w.t.health)
    branch = actions.add_participation(by=w.c.office, batch=w.batch, organization=w.t.health_1)
    for participation in (health, branch):
        actions.start(by=w.c.office, participation=participation)
    get = Participation.objects.get
    return SimpleNamespace(health=get(pk=health.pk), branch=get(pk=branch.pk))
