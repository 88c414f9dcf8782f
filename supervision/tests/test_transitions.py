"""The chains of consent of both playbooks, who may decide, and what is refused."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry, Notification
from campaign.models import StageProgress
from supervision import actions
from supervision.models import Decision, Transition
from supervision.tests.factories import (
    PARTS,
    agree,
    applied,
    approved,
    fresh,
    make_supervised_world,
    meeting,
    ordered,
    set_gate,
)
from units.models import Post
from units.tests.factories import give_post, user_with

pytestmark = pytest.mark.django_db
STUDY = [{"check": "study_hours"}, {"check": "open_makeups"}]


@pytest.fixture
def w():
    return make_supervised_world()


def stage_of(participation):
    current = fresh(participation).current()
    return current.stage if current else None


def notified(user, part):
    return any(part in note.message for note in Notification.objects.filter(user=user))


# ---------------------------------------------------------------- applying
def test_applying_freezes_the_findings_and_asks_both_bodies(w, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        row = applied(w)
    assert (row.stage, row.target, row.attempt, row.state) == ("study", "analysis", 1, "submitted")
    assert row.parts == PARTS and row.findings_count == row.passed_count == 1
    assert row.gate.findings[0].key == "open_makeups"
    for user in (w.c.guide, w.c.guide_2, w.c.office, w.c.general):
        assert notified(user, "your word is needed")
    assert not notified(w.c.leader, "your word is needed") and not notified(w.c.secretary, "your word is needed")
    assert AuditEntry.objects.get(action="transition.applied").data["attempt"] == 1


def test_frozen_findings_do_not_follow_the_records(w):
    row = applied(w)
    ordered(w)
    assert Transition.objects.get(pk=row.pk).gate.open


@pytest.mark.parametrize("who", ["office", "guide", "branch", "committee", "archives", "outsider"])
def test_only_the_own_secretary_applies(w, who):
    with pytest.raises(actions.NotYours):
        applied(w, by=getattr(w.c, who))
    assert not Transition.objects.exists()


def test_a_gate_that_blocks_refuses_and_names_what_is_short(w):
    set_gate(w, STUDY)
    with pytest.raises(actions.TransitionRefused, match="1 "):
        applied(w)


def test_a_soft_rule_only_warns(w):
    set_gate(w, [{"check": "study_hours", "soft": True}])
    assert applied(w).passed_count == 0


def test_an_empty_part_is_refused(w):
    with pytest.raises(actions.TransitionRefused):
        actions.apply(by=w.c.secretary, participation=fresh(w.p.health), parts={**PARTS, "satisfaction": " \n"})


def test_an_open_makeup_refuses_even_where_the_gate_does_not_ask(w):
    set_gate(w, [{"check": "study_hours", "soft": True}])
    ordered(w, w.t.health_2)
    with pytest.raises(actions.TransitionRefused):
        applied(w)


def test_one_open_application_at_a_time(w):
    row = applied(w)
    with pytest.raises(actions.TransitionRefused):
        applied(w)
    with pytest.raises(IntegrityError), transaction.atomic():
        Transition.objects.create(participation=row.participation, stage="study", attempt=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Transition.objects.create(participation=row.participation, stage="study", attempt=1, state="returned")


def test_no_application_before_the_first_or_after_the_last_stage(w):
    StageProgress.objects.filter(participation=w.p.health).update(state="done")
    with pytest.raises(actions.TransitionRefused):
        applied(w)


def test_withdrawing_frees_the_way_for_another_attempt(w, django_capture_on_commit_callbacks):
    row = applied(w)
    with pytest.raises(actions.NotYours):
        actions.withdraw(by=w.c.office, transition=row)
    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw(by=w.c.secretary, transition=row)
    assert notified(w.c.guide, "has withdrawn")
    assert applied(w).attempt == 2
    with pytest.raises(actions.TransitionRefused):
        actions.withdraw(by=w.c.secretary, transition=row)


# ---------------------------------------------------------------- in parallel
@pytest.mark.parametrize("first", ["supervision", "office"])
def test_in_parallel_the_order_is_free_and_both_are_needed(w, first):
    row = applied(w)
    people = {"supervision": w.c.guide, "office": w.c.office}
    second = "office" if first == "supervision" else "supervision"
    agree(w, row, people[first], first)
    assert row.state == "submitted" and row.decided_at is None
    agree(w, row, people[second], second)
    assert row.state == "approved" and row.decided_at
    assert stage_of(w.p.health) == "study"


def test_the_meeting_completes_it_and_moves_the_stage(w, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        row = approved(w)
        actions.record_meeting(by=w.c.secretary, transition=row, meeting=meeting())
    assert row.state == "completed" and stage_of(w.p.health) == "analysis"
    assert notified(w.c.secretary, "Hold the transition meeting") and notified(w.c.guide, "has passed the stage")
    codes = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"transition.applied", "transition.agreed", "transition.completed", "participation.stage_moved"} <= codes


def test_the_last_stage_leads_nowhere(w):
    for _stage in range(3):
        actions.record_meeting(by=w.c.secretary, transition=approved(w), meeting=meeting())
    assert stage_of(w.p.health) is None
    assert list(Transition.objects.order_by("pk").values_list("target", flat=True)) == ["analysis", "rectification", ""]


def test_without_a_meeting_the_last_agreement_moves_the_stage(w):
    set_gate(w, [{"check": "open_makeups"}], meeting=False)
    row = approved(w)
    assert row.state == "completed" and stage_of(w.p.health) == "analysis"


@pytest.mark.parametrize(
    "bad",
    [
        {"held_on": dt.date(2000, 1, 1)},
        {"held_on": dt.date(2100, 1, 1)},
        {"speaker": " "},
        {"place": ""},
    ],
)
def test_a_meeting_that_cannot_have_been_is_refused(w, bad):
    row = approved(w)
    with pytest.raises(actions.TransitionRefused):
        actions.record_meeting(by=w.c.secretary, transition=row, meeting=meeting(**bad))
    row.refresh_from_db()
    assert row.state == "approved" and stage_of(w.p.health) == "study" and row.meeting_on is None


def test_no_meeting_before_the_approval_and_none_twice(w):
    row = applied(w)
    with pytest.raises(actions.TransitionRefused):
        actions.record_meeting(by=w.c.secretary, transition=row, meeting=meeting())
    agree(w, row, w.c.guide, "supervision")
    agree(w, row, w.c.office, "office")
    actions.record_meeting(by=w.c.secretary, transition=row, meeting=meeting())
    with pytest.raises(actions.TransitionRefused):
        actions.record_meeting(by=w.c.secretary, transition=row, meeting=meeting())
    assert stage_of(w.p.health) == "analysis"


def test_a_spot_check_after_the_approval_stops_the_meeting(w):
    row = approved(w)
    ordered(w, w.t.health_1)
    with pytest.raises(actions.TransitionRefused):
        actions.record_meeting(by=w.c.secretary, transition=row, meeting=meeting())
    assert stage_of(w.p.health) == "study"


# ---------------------------------------------------------------- in sequence
def test_in_sequence_the_office_waits_for_the_supervision_group(django_capture_on_commit_callbacks):
    w = make_supervised_world(playbook="xingwen-county")
    assert w.playbook.transition.mode == "sequential"
    with django_capture_on_commit_callbacks(execute=True):
        row = applied(w)
    assert notified(w.c.guide, "your word is needed") and not notified(w.c.office, "your word is needed")
    with pytest.raises(actions.NotYourTurn):
        agree(w, row, w.c.office, "office")
    with django_capture_on_commit_callbacks(execute=True):
        agree(w, row, w.c.guide, "supervision")
    assert notified(w.c.office, "your word is needed") and notified(w.c.secretary, "agreed to the application")
    agree(w, row, w.c.office, "office")
    expected = "approved" if w.playbook.transition.meeting else "completed"
    assert row.state == expected


def test_leading_group_and_superior_committee_speak_where_the_playbook_names_them(w):
    steps = [
        {"body": "superior_committee", "verb": "review", "name": {"zh": "上级党组织", "en": "Superior"}},
        {"body": "leading_group", "verb": "approve", "name": {"zh": "领导小组", "en": "Leading group"}},
    ]
    set_gate(w, [{"check": "open_makeups"}], mode="sequential", steps=steps)
    above = user_with("organization_secretary", w.t.work, "above", "秦志平")
    row = applied(w, "archives")
    with pytest.raises(actions.NotYours):
        agree(w, row, w.c.office, "superior_committee")
    with pytest.raises(actions.NotYours):
        agree(w, row, w.c.office, "office")
    agree(w, row, above, "superior_committee")
    agree(w, row, w.c.leader, "leading_group")
    assert row.state == "approved"


# ---------------------------------------------------------------- who may decide
def test_nobody_decides_on_his_own_application(w):
    give_post(w.c.secretary, w.t.county, "office_head")
    row = applied(w)
    with pytest.raises(actions.NotYours):
        agree(w, row, w.c.secretary, "office")


@pytest.mark.parametrize("role", ["branch_secretary", "branch_committee", "party_affairs_leader"])
def test_who_leads_inside_the_organisation_does_not_decide_on_it(w, role):
    clerk = user_with("office_head", w.t.county)
    give_post(clerk, w.t.health_2, role)
    row = applied(w)
    with pytest.raises(actions.NotYours):
        agree(w, row, clerk, "office")
    other = applied(w, "archives")
    agree(w, other, clerk, "office")


def test_a_supervisor_with_a_plain_post_at_the_organisation_is_not_above_it(w):
    row = applied(w)
    with pytest.raises(actions.NotYours):
        agree(w, row, w.c.supervisor, "supervision")
    agree(w, row, w.c.guide, "supervision")


def test_nobody_speaks_for_two_bodies(w):
    give_post(w.c.office, w.t.county, "supervisor")
    row = applied(w)
    agree(w, row, w.c.office, "office")
    with pytest.raises(actions.NotYours):
        agree(w, row, w.c.office, "supervision")


@pytest.mark.parametrize(
    "who", ["branch", "committee", "archives", "auditor", "sysadmin", "member", "outsider", "court"]
)
def test_others_cannot_decide(w, who):
    row = applied(w)
    for body in ("office", "supervision"):
        with pytest.raises(actions.NotYours):
            agree(w, row, getattr(w.c, who), body)
    assert not Decision.objects.exists()


def test_a_member_who_left_the_group_decides_no_more(w):
    row = applied(w)
    actions.end_member(by=w.c.office, member=w.group.members.get(user=w.c.guide))
    with pytest.raises(actions.NotYours):
        agree(w, row, w.c.guide, "supervision")


def test_the_posts_of_a_group_come_from_its_assignments(w):
    assert Post.objects.filter(user=w.c.guide, role="supervisor", source__startswith="assignment:").count() == 3
