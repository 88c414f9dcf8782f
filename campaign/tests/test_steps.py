"""Have and need of each required action: by organisations, by members, or both."""

from dataclasses import replace

import pytest

from accounts import clock
from campaign import actions
from campaign.steps import Step, checklist, concerned, doers, is_asked_of, steps_of
from campaign.tests.factories import evidence_of, make_world, record
from units.models import Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_world()


def action(w, key, **changes):
    return replace(w.playbook.action(key), **changes)


def only(w, wanted, organization=None):
    (step,) = steps_of(wanted, evidence_of(w.p.health, organization))
    return step


def test_an_action_of_the_unit_is_counted_in_times(w):
    forum = action(w, "forum", count=2)
    record(w, w.t.health, action="forum")
    step = only(w, forum)
    assert (step.have, step.need, step.unit, step.status) == (1, 2, "times", "half")
    assert step.missing == (w.t.health.name,)


def test_an_action_of_each_branch_is_counted_in_branches(w):
    record(w, w.t.health_1, action="tradition_education")
    step = only(w, action(w, "tradition_education"))
    assert (step.have, step.need, step.unit) == (1, 2, "organisations")
    assert step.missing == (w.t.health_2.name,)


def test_the_same_action_of_one_branch_is_counted_in_times(w):
    record(w, w.t.health_1, action="tradition_education")
    assert only(w, action(w, "tradition_education"), w.t.health_1).done
    assert only(w, action(w, "tradition_education"), w.t.health_2).status == "empty"


def test_what_the_unit_must_do_is_not_on_its_branches_list(w):
    keys = {step.action.key for step in checklist(evidence_of(w.p.health, w.t.health_1))}
    assert "forum" not in keys and "tradition_education" in keys


def test_a_branch_that_leads_itself_does_all(w):
    evidence = evidence_of(w.p.archives)
    for key in ("forum", "collective_talk", "tradition_education"):
        assert [o.pk for o in doers(action(w, key), evidence)] == [w.t.archives.pk]


def test_a_required_box_that_nobody_ticked_keeps_it_open(w):
    meeting = action(w, "mobilisation")
    keys = [field.key for field in meeting.fields]
    record(w, w.t.health, action="mobilisation", points=keys[:3])
    step = only(w, meeting)
    assert (step.have, step.done, step.status) == (1, False, "half")
    assert [name.zh for name in step.unticked] == [field.name.zh for field in meeting.fields[3:]]
    record(w, w.t.health, action="mobilisation", points=keys[3:])
    assert only(w, meeting).done


def test_an_optional_box_may_stay_empty(w):
    meeting = action(w, "mobilisation")
    loose = replace(meeting, fields=tuple(replace(field, required=False) for field in meeting.fields))
    record(w, w.t.health, action="mobilisation")
    assert only(w, loose).done


def test_marks_and_attendance_both_count_for_a_member(w):
    a, b, c = w.t.members["Z003"]
    actions.mark_members(
        by=w.c.office, batch=w.batch, organization=w.t.health, action="own_talk", members=[a], done_on=clock.today()
    )
    record(w, w.t.health_1, action="own_talk", people=[b])
    step = only(w, action(w, "own_talk"), w.t.health_1)
    assert (step.have, step.need, step.unit, step.missing) == (2, 3, "members", (c.name,))


@pytest.mark.parametrize(
    ("who", "field", "value"),
    [("leaders", "post_level", "leader"), ("retired", "retired", True), ("all", "retired", True)],
)
def test_whom_a_members_action_concerns(w, who, field, value):
    Member.objects.filter(pk=w.t.members["Z003"][0].pk).update(**{field: value})
    people = concerned(action(w, "own_talk", who=who), evidence_of(w.p.health))
    assert len(people) == (6 if who == "all" else 1)


def test_exceptions_take_away(w):
    first, second, _third = w.t.members["Z003"]
    Member.objects.filter(pk=first.pk).update(retired=True)
    Member.objects.filter(pk=second.pk).update(can_write=False)
    evidence = evidence_of(w.p.health)
    assert len(concerned(action(w, "own_talk", who="not_retired"), evidence)) == 5
    assert len(concerned(action(w, "own_talk", who="can_write"), evidence)) == 5
    assert concerned(action(w, "own_talk", who="unqualified"), evidence) == []


def test_an_action_of_organisation_and_members_gives_two_steps(w):
    found = steps_of(action(w, "urban_rural_pairing"), evidence_of(w.p.health))
    assert [step.unit for step in found] == ["times", "members"]


def test_soft_actions_are_left_out_of_a_gate(w):
    evidence = evidence_of(w.p.health)
    soft = {step.action.key for step in checklist(evidence)} - {
        step.action.key for step in checklist(evidence, required_only=True)
    }
    assert "essay_contest" in soft and all(w.playbook.action(key).soft for key in soft)


def test_asked_of(w):
    branch, committee = w.t.health_1, w.t.health
    assert is_asked_of(action(w, "tradition_education"), branch, committee)
    assert not is_asked_of(action(w, "tradition_education"), committee, committee)
    assert is_asked_of(action(w, "forum"), committee, committee)
    assert not is_asked_of(action(w, "forum"), branch, committee)
    assert is_asked_of(action(w, "own_talk"), branch, committee)


def test_status():
    def status(have, need):
        return Step(None, have, need, "times", ()).status

    assert [status(0, 1), status(1, 2), status(2, 2), status(3, 2)] == ["empty", "half", "full", "full"]
