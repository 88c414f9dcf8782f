"""After a unit's closing: long-term work goes on until the office closes the batch (decision 12, H-10, H-13)."""

import pytest
from django.urls import reverse

from accounts import clock
from campaign import rectification, rules
from campaign.actions import rectification as ledger
from campaign.actions.closing import close_batch
from campaign.models import Activity, Batch, Participation, StandingRule
from campaign.tests.factories import make_world, record

PRAISE = "praise"


@pytest.fixture
def w(db):
    world = make_world()
    world.before = record(world, world.t.health_1, by=world.c.branch)
    world.item = ledger.register_item(
        by=world.c.branch,
        batch=world.batch,
        organization=world.t.health_1,
        stage="rectification",
        data=ledger.ItemData(problem="办事流程太长", kind="immediate", responsible_name="办公室"),
    )
    Participation.objects.filter(batch=world.batch).update(state="closed", closed_on=clock.today())
    return world


@pytest.fixture
def signed_in(w, client):
    client.force_login(w.c.branch)
    return client


def url(name, w):
    return reverse(f"campaign:{name}", args=[w.t.health_1.pk])


def rule_data():
    return {"title": "联系群众制度", "kind": "issued", "dated": clock.today().isoformat()}


def activity_data(**more):
    return {
        "action": "own",
        "title": "巩固成果座谈",
        "held_on": clock.today().isoformat(),
        "others_present": "0",
        **more,
    }


def test_a_standing_rule_is_entered_and_changed_after_the_closing(signed_in, w):
    assert signed_in.post(url("standing_rule_new", w), rule_data()).status_code == 302
    rule = StandingRule.objects.get()
    edit = reverse("campaign:standing_rule_edit", args=[rule.pk])
    assert signed_in.post(edit, {**rule_data(), "title": "改名"}).status_code == 302
    rule.refresh_from_db()
    assert rule.title == "改名"
    assert url("standing_rule_new", w) in signed_in.get(url("standing_rules", w)).text


def test_consolidation_is_recorded_and_mended_and_what_was_before_stays(signed_in, w):
    assert signed_in.post(url("activity_new", w), activity_data()).status_code == 302
    new = Activity.objects.get(title="巩固成果座谈")
    assert (new.stage, new.after_closing) == ("after", True)
    assert signed_in.get(reverse("campaign:activity_edit", args=[new.pk])).status_code == 200
    assert signed_in.get(reverse("campaign:activity_edit", args=[w.before.pk])).status_code == 403


def test_only_what_goes_on_after_the_closing_can_be_chosen(signed_in, w):
    groups = signed_in.get(url("activity_new", w)).context["form"].fields["action"].choices
    offered = {key for _label, options in groups if not isinstance(options, str) for key, _name in options}
    assert offered == {PRAISE, "own"}
    assert signed_in.post(url("activity_new", w), activity_data(action="closing_meeting")).status_code == 200


def test_rectification_items_stay_open_and_new_ones_can_be_registered(signed_in, w):
    ledger.report_done(by=w.c.branch, item=w.item, text="已整改")
    assert rectification.can_confirm(w.c.secretary, w.item)
    sent = {"problem": "回访发现的新问题", "kind": "immediate", "responsible_name": "办公室"}
    assert signed_in.post(url("rectification_new", w), sent).status_code == 302


def test_all_else_stays_closed_and_says_so(signed_in, w):
    page = signed_in.get(url("branch", w)).text
    assert "已经结束" in page and "只能查看" in page
    assert url("activity_new", w) in page and url("standing_rules", w) in page
    for name in ("study", "marks"):
        assert "只能查看" in signed_in.get(url(name, w)).text
    assert not rules.can_record(w.c.branch, w.t.health_1)


def test_once_the_batch_is_closed_nothing_is_entered_any_more(signed_in, w):
    close_batch(by=w.c.office, batch=Batch.objects.get(pk=w.batch.pk))
    for name, data in (("standing_rule_new", rule_data()), ("activity_new", activity_data())):
        assert signed_in.post(url(name, w), data).status_code in {200, 403}
    assert not StandingRule.objects.exists() and not Activity.objects.filter(after_closing=True).exists()


def test_a_reader_is_offered_nothing_to_enter(w, client):
    client.force_login(w.c.supervisor)
    page = client.get(url("branch", w)).text
    assert "只能查看" in page and url("activity_new", w) not in page
    assert client.post(url("standing_rule_new", w), rule_data()).status_code == 403
