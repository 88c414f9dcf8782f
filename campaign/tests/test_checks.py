"""Each check of this room passes and fails, for the right reason."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from accounts import clock
from campaign import actions
from campaign.findings import run_gate
from campaign.models import Arrangement
from campaign.playbook import Check
from campaign.tests.factories import evidence_of, make_world, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_world()


def run(w, rule, organization=None, **study):
    """Findings by key; `study` overrides the study rules of the playbook."""
    evidence = evidence_of(w.p.health, organization)
    evidence.playbook = replace(evidence.playbook, study=replace(evidence.playbook.study, **study))
    rule = Check(rule) if isinstance(rule, str) else rule
    return {finding.key: finding for finding in run_gate((rule,), evidence)}


def everybody(w):
    return w.t.members["Z003"] + w.t.members["Z004"]


def study(w, people, hours, **more):
    record(w, w.t.health, hours=Decimal(hours), people=people, **more)


def test_study_hours_at_the_minimum_are_enough(w):
    study(w, everybody(w), 10)
    finding = run(w, "study_hours", hours=Decimal(10))["study_hours"]
    assert finding.passed and finding.missing == ()


def test_study_hours_name_who_is_short(w):
    study(w, everybody(w)[1:], 10)
    finding = run(w, "study_hours", hours=Decimal("10"))["study_hours"]
    assert not finding.passed and finding.blocks
    assert finding.missing == (everybody(w)[0].name,) and finding.missing_count == 1
    assert finding.measured.params == {"have": 5, "base": 6}
    assert finding.link.endswith(f"/{w.t.health.pk}/study/")


def test_members_on_an_arrangement_are_left_out_and_listed(w):
    away = everybody(w)[0]
    Arrangement.objects.create(member=away, batch=w.batch, reason="住院", arrangement="送学", approved_on=clock.today())
    study(w, everybody(w)[1:], 10)
    finding = run(w, "study_hours", hours=Decimal(10))["study_hours"]
    assert finding.passed and finding.measured.params["base"] == 5
    assert finding.remark.params["names"] == [away.name]


def test_a_share_of_the_members_may_do(w):
    study(w, everybody(w)[:3], 10)
    assert run(w, "study_hours", hours=Decimal(10), share=Fraction(1, 2))["study_hours"].passed
    assert not run(w, "study_hours", hours=Decimal(10), share=Fraction(501, 1000))["study_hours"].passed
    own = Check("study_hours", params=(("share", Fraction(1, 2)),))
    assert run(w, own, hours=Decimal(10))["study_hours"].passed


def test_no_rule_no_finding(w):
    assert run(w, "study_hours", hours=None) == {}
    assert run(w, "concentrated_days", concentrated_days=None) == {}
    assert run(w, "coverage", coverages=()) == {}


def test_concentrated_days(w):
    study(w, everybody(w), 6, concentrated=True, days_ago=1)
    study(w, everybody(w)[1:], 6, concentrated=True, days_ago=2)
    assert run(w, "concentrated_days", concentrated_days=1)["concentrated_days"].passed
    finding = run(w, "concentrated_days", concentrated_days=2)["concentrated_days"]
    assert not finding.passed and finding.missing == (everybody(w)[0].name,)


def test_coverage_gives_one_finding_each(w):
    record(w, w.t.health, action="mobilisation", people=everybody(w))
    record(w, w.t.health, action="leader_lecture", people=everybody(w)[:5])
    found = run(w, "coverage")
    assert len(found) == 5
    assert found["coverage:mobilisation"].passed
    assert found["coverage:leader_lecture"].missing == (everybody(w)[5].name,)


def test_a_gate_may_ask_for_some_coverages_only(w):
    rule = Check("coverage", params=(("coverages", ("mobilisation",)),))
    assert list(run(w, rule)) == ["coverage:mobilisation"]


def test_actions(w):
    finding = run(w, "actions")["action:forum:times"]
    assert not finding.passed and f"/{w.t.health.pk}/activities/?action=forum" in finding.link
    record(w, w.t.health, action="forum")
    assert run(w, "actions")["action:forum:times"].passed


def test_actions_say_which_box_is_not_ticked(w):
    record(w, w.t.health, action="mobilisation", points=["importance"])
    finding = run(w, "actions")["action:mobilisation:times"]
    assert not finding.passed and len(finding.remark.params["points"]) == 4


def test_a_gate_may_ask_for_some_actions_only(w):
    rule = Check("actions", params=(("actions", ("forum",)),))
    assert list(run(w, rule)) == ["action:forum:times"]


def test_a_branch_is_asked_for_its_own(w):
    keys = run(w, "actions", w.t.health_1)
    assert "action:forum:times" not in keys and "action:tradition_education:times" in keys


def test_member_marks(w):
    people = everybody(w)
    before = run(w, "member_marks")["action:own_talk:members"]
    assert not before.passed and before.missing_count == 6
    actions.mark_members(
        by=w.c.office, batch=w.batch, organization=w.t.health, action="own_talk", members=people, done_on=clock.today()
    )
    assert run(w, "member_marks")["action:own_talk:members"].passed


def test_soft_and_overridable_rules_do_not_block(w):
    soft = run(w, Check("study_hours", soft=True))["study_hours"]
    over = run(w, Check("study_hours", override=True))["study_hours"]
    assert not soft.passed and not soft.blocks and not over.passed and not over.blocks


def test_a_branch_without_members_is_short_of_nothing(w):
    w.t.health_1.members.update(organization=w.t.health_2)
    evidence = evidence_of(w.p.health, w.t.health_1)
    evidence.__dict__["roll"] = []
    assert all(f.passed for f in run_gate((Check("study_hours"), Check("member_marks")), evidence))
