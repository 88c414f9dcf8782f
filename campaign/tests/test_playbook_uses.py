"""An edit of the playbook may not take away what records of this room stand on."""

import copy

import pytest

from accounts import clock
from campaign import actions
from campaign.editing.uses import in_use
from campaign.models import (
    Campaign,
    Opinion,
    PreparationTick,
    ReadingTitle,
    RectificationItem,
    StandingRule,
    Talk,
    TeamTalk,
    Training,
    UnitPlan,
)
from campaign.setup import propose_windows
from campaign.tests.factories import make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_world()


def edit(w, change):
    """Save the playbook as `change` leaves it. Raises PlaybookInUse."""
    campaign = Campaign.objects.get(pk=w.batch.campaign_id)
    snapshot = copy.deepcopy(campaign.snapshot)
    change(snapshot)
    number = campaign.versions.first().number
    told = {"number": number, "snapshot": snapshot, "reason": "调整", "propose": propose_windows}
    return actions.change_playbook(by=w.c.office, campaign=campaign, **told)


def without(*path, key):
    """A change that takes one row out of a list."""

    def change(snapshot):
        table = snapshot
        for step in path[:-1]:
            table = table[step] if isinstance(table, dict) else next(row for row in table if row["key"] == step)
        table[path[-1]] = [row for row in table[path[-1]] if row["key"] != key]

    return change


def refused(w, change):
    with pytest.raises(actions.PlaybookInUse) as raised:
        edit(w, change)
    return raised.value.reasons


def test_a_kind_of_talk_that_was_held_stays_and_others_go(w):
    first, second = sorted(w.t.members["Z003"][:2], key=lambda member: member.pk)
    Talk.objects.create(batch=w.batch, kind="members", first=first, second=second, held_on=clock.today())
    (reason,) = refused(w, without("talks", key="members"))
    assert "党员之间个别谈" in reason
    assert edit(w, without("talks", key="levels"))
    assert "talks" in in_use(Campaign.objects.get())["actions"]


def test_a_collective_talk_keeps_its_pair(w):
    TeamTalk.objects.create(batch=w.batch, organization=w.t.health, held_on=clock.today())
    assert refused(w, without("talks", key="team"))


def test_items_of_the_ledger_keep_their_kind_and_wind(w):
    RectificationItem.objects.create(
        batch=w.batch, organization=w.t.health, stage="analysis", problem="窗口排队", kind="immediate", wind="members"
    )
    assert refused(w, without("lists", "problem_kinds", "items", key="immediate"))
    assert refused(w, without("lists", "winds", "items", key="members"))
    assert edit(w, without("lists", "problem_kinds", "items", key="joint"))


def test_a_rule_issued_keeps_its_mechanism(w):
    (kept, *_others) = [item.key for item in w.playbook.items("long_term")]
    StandingRule.objects.create(
        batch=w.batch, organization=w.t.health, title="学习制度", mechanism=kept, dated=clock.today()
    )
    assert refused(w, without("lists", "long_term", "items", key=kept))


def test_an_action_that_counts_by_a_tool_keeps_it_once_the_tool_has_records(w):
    def by_hand(snapshot):
        next(row for row in snapshot["actions"] if row["key"] == "required_reading").pop("tool")

    ReadingTitle.objects.create(batch=w.batch, name="《读本》")
    (reason,) = refused(w, by_hand)
    assert "学习必读文献" in reason
    Opinion.objects.create(
        batch=w.batch,
        organization=w.t.health,
        concerned=w.t.health,
        channel="meeting",
        text="多到基层来",
        received_on=clock.today(),
    )
    assert "opinion_gathering" in in_use(Campaign.objects.get())["actions"]
    Training.objects.create(
        batch=w.batch, organization=w.t.county, title="培训", level="jurisdiction", held_on=clock.today()
    )
    assert "backbone_training" in in_use(Campaign.objects.get())["actions"]


def test_what_was_ticked_and_written_before_the_start_stays():
    w = make_world(playbook="linyi-city")
    PreparationTick.objects.create(participation=w.p.health, item="census", done_on=clock.today())
    UnitPlan.objects.create(participation=w.p.health, contents={"problems": "窗口排队", "work": ""})
    assert refused(w, without("preparation", "items", key="census"))
    assert refused(w, without("preparation", "plan", key="problems"))
    assert edit(w, without("preparation", "plan", key="work"))
