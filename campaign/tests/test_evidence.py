"""The arithmetic of study, from what was recorded (E-02..E-04, E-26, C-11, decisions 7 and 16)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import clock
from campaign import actions
from campaign.evidence import Evidence
from campaign.models import Arrangement, Participation
from campaign.steps import checklist
from campaign.study import coverage_rows, member_rows, stage_for
from campaign.tests.factories import evidence_of, make_world, record
from units.models import Member, Organization
from units.tests.factories import MemberFactory, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_world()


def people(w, code="Z003"):
    return w.t.members[code]


def test_hours_come_from_attendance_alone(w):
    a, b, _c = people(w)
    record(w, w.t.health_1, hours=Decimal("2.5"), people=[a, b])
    record(w, w.t.health_1, hours=Decimal(3), people=[a])
    hours = evidence_of(w.p.health).hours
    assert hours == {a.pk: Decimal("5.5"), b.pk: Decimal("2.5")}


def test_a_short_session_is_shown_and_counts_nothing(w):
    a = people(w)[0]
    record(w, w.t.health_1, hours=Decimal("1.5"), people=[a])
    evidence = evidence_of(w.p.health)
    assert evidence.hours == {} and evidence.short_sessions == 1
    assert a.pk in evidence.attended("")


def test_a_short_session_counts_when_it_is_concentrated(w):
    a = people(w)[0]
    record(w, w.t.health_1, hours=Decimal(1), concentrated=True, people=[a])
    evidence = evidence_of(w.p.health)
    assert evidence.hours[a.pk] == 1 and evidence.short_sessions == 0
    assert evidence.concentrated_days[a.pk] == 0


def test_a_concentrated_day_may_be_made_of_two_sessions(w):
    a, b, _c = people(w)
    record(w, w.t.health_1, hours=Decimal(3), concentrated=True, people=[a, b], days_ago=2)
    record(w, w.t.health_1, hours=Decimal(3), concentrated=True, people=[a], days_ago=2)
    record(w, w.t.health_1, hours=Decimal(6), people=[a], days_ago=3)
    days = evidence_of(w.p.health).concentrated_days
    assert (days[a.pk], days[b.pk]) == (1, 0)


def test_an_hour_made_up_counts_like_any_other(w):
    a, b, _c = people(w)
    session = record(w, w.t.health_1, hours=Decimal(2), people=[a])
    actions.set_attendance(by=w.c.branch, activity=session, present=[a.pk], made_up=[b.pk])
    assert evidence_of(w.p.health).hours == {a.pk: 2, b.pk: 2}
    assert session.attendances.get(member=b).made_up_on == clock.today()


def test_a_leader_takes_part_twice(w):
    """C-11: attendance at the team's session and at the own branch's count both, in the branch's figures too."""
    leader = people(w)[0]
    record(w, w.t.health, hours=Decimal(4), people=[leader])
    record(w, w.t.health_1, hours=Decimal(2), people=[leader])
    assert evidence_of(w.p.health).hours[leader.pk] == 6
    assert evidence_of(w.p.health, w.t.health_1).hours[leader.pk] == 6


def test_a_session_of_another_participation_counts_for_those_who_attended(w):
    guest = people(w)[0]
    record(w, w.t.archives, hours=Decimal(2), people=[guest, people(w, "Z001")[0]])
    evidence = evidence_of(w.p.health)
    assert evidence.hours == {guest.pk: 2}
    assert evidence.held("") == {w.t.archives.pk: 1}


def test_another_stage_does_not_count(w):
    a = people(w)[0]
    record(w, w.t.health_1, hours=Decimal(2), people=[a], stage=w.playbook.stages[1].key)
    assert evidence_of(w.p.health).hours == {}


def test_the_roll_is_frozen_but_joiners_and_leavers_are_named(w):
    gone, moved, _stays = people(w)
    new = MemberFactory(organization=w.t.health_1, name="新来的")
    Member.objects.filter(pk=gone.pk).update(left_on=clock.today())
    Member.objects.filter(pk=moved.pk).update(organization=w.t.archives)
    evidence = evidence_of(w.p.health)
    assert {m.id for m in evidence.roll} == {m.pk for m in people(w) + people(w, "Z004")}
    assert evidence.joiners == [new.name]
    assert sorted(evidence.leavers) == sorted([gone.name, moved.name])


def test_a_transferred_member_stays_with_the_branch_whose_roll_it_was(w):
    moved = people(w)[0]
    Member.objects.filter(pk=moved.pk).update(organization=w.t.health_2)
    evidence = evidence_of(w.p.health)
    assert next(m for m in evidence.roll if m.id == moved.pk).organization_id == w.t.health_1.pk
    assert moved.pk in {m.id for m in evidence_of(w.p.health, w.t.health_1).roll}
    assert moved.pk not in {m.id for m in evidence_of(w.p.health, w.t.health_2).roll}


def test_before_the_stage_begins_the_roll_is_that_of_today():
    w = make_world(started=False)
    Participation.objects.filter(pk=w.p.health.pk).update(state="active")
    first = w.p.health.progress.get(position=1)
    evidence = Evidence(w.p.health, first)
    MemberFactory(organization=w.t.health_1)
    assert not evidence.frozen and len(evidence.roll) == 7 and evidence.joiners == []


def test_members_on_an_approved_arrangement_are_known(w):
    a = people(w)[0]
    Arrangement.objects.create(
        member=a, batch=w.batch, reason="住院", arrangement="送学", approved_on=clock.today(), approved_by=w.c.office
    )
    assert [m.id for m in evidence_of(w.p.health).roll if m.arranged] == [a.pk]


def test_a_nested_participation_keeps_its_own_records(w):
    actions.add_participation(by=w.c.office, batch=w.batch, organization=w.t.health_2)
    record(w, w.t.health_2, hours=Decimal(2), people=people(w, "Z004"))
    evidence = evidence_of(w.p.health)
    assert [o.pk for o in evidence.branches] == [w.t.health_1.pk]
    assert evidence.held("") == {}


def test_coverage_names_who_is_not_reached_by_branch(w):
    action = next(a for a in w.playbook.actions if a.coverage == "mobilisation")
    record(w, w.t.health, action=action.key, people=[*people(w), people(w, "Z004")[0]])
    row = next(r for r in coverage_rows(evidence_of(w.p.health)) if r.coverage.key == "mobilisation")
    assert (row.reached, row.base, row.short) == (4, 6, 2)
    assert row.missing == ((w.t.health_2.name, tuple(m.name for m in people(w, "Z004")[1:])),)


def test_study_rows_put_who_is_furthest_behind_first(w):
    a, b, c = people(w)
    record(w, w.t.health_1, hours=Decimal(6), concentrated=True, people=[a, b])
    record(w, w.t.health_1, hours=Decimal(2), people=[a], days_ago=2)
    record(w, w.t.health_1, hours=Decimal(1), people=[a], days_ago=3)
    rows = member_rows(evidence_of(w.p.health, w.t.health_1))
    assert [row.member.id for row in rows] == [c.pk, b.pk, a.pk]
    last = rows[-1]
    assert (last.hours, last.days, last.missed, last.short_hours, last.short_days) == (8, 1, 0, 37, 2)
    assert rows[0].missed == 2  # the short session is none


def test_a_part_reads_the_same_as_fresh_evidence_and_asks_nothing(w):
    record(w, w.t.health, action="mobilisation", people=people(w), points=["importance"])
    record(w, w.t.health_1, hours=Decimal(3), people=people(w)[:2], action="study_training")
    record(w, w.t.health_2, action="tradition_education", people=people(w, "Z004"))
    actions.mark_members(
        by=w.c.office,
        batch=w.batch,
        organization=w.t.health,
        action="own_talk",
        members=people(w)[:1],
        done_on=clock.today(),
    )
    whole = evidence_of(w.p.health)
    checklist(whole), whole.hours, whole.concentrated_days
    for branch in (w.t.health_1, w.t.health_2):
        fresh = evidence_of(w.p.health, branch)
        expected = (checklist(fresh), fresh.short_sessions, member_rows(fresh), coverage_rows(fresh))
        with CaptureQueriesContext(connection) as queries:
            part = whole.part(branch)
            found = (checklist(part), part.short_sessions, member_rows(part), coverage_rows(part))
        assert found == expected and len(queries) == 0


def count_queries(w):
    evidence = evidence_of(w.p.health)
    with CaptureQueriesContext(connection) as queries:
        checklist(evidence), member_rows(evidence), coverage_rows(evidence), evidence.joiners, evidence.leavers
    return len(queries)


def test_queries_do_not_grow_with_the_branches(w):
    record(w, w.t.health_1, hours=Decimal(2), people=people(w))
    few = count_queries(w)
    for n in range(4):
        branch = make_organization(f"县卫生局第{n + 3}党支部", Organization.Kind.BRANCH, w.t.health)
        record(w, branch, hours=Decimal(2), people=MemberFactory.create_batch(2, organization=branch))
    assert count_queries(w) == few


def test_without_stages_the_key_actions_are_asked_for_over_the_whole_batch(w):
    special = actions.add_participation(by=w.c.office, batch=w.batch, organization=w.t.health_1, staged=False)
    actions.start(by=w.c.office, participation=special)
    evidence = evidence_of(special)
    assert evidence.phase == "all" and {a.key_link for a in evidence.actions} == {True}
    record(w, w.t.health_1, action="mobilisation", people=people(w), stage="all")
    assert evidence_of(special).held("mobilisation") == {w.t.health_1.pk: 1}


def test_after_the_last_stage_the_closing_is_asked_for(w):
    keys = [s.key for s in w.playbook.stages]
    for here, following in zip(keys, [*keys[1:], None], strict=True):
        actions.move_stage(by=w.c.office, participation=w.p.health, expected=here, target=following)
    evidence = evidence_of(w.p.health)
    assert evidence.phase == "after"
    assert {a.phase for a in evidence.actions} <= {"after", "all"} and evidence.actions


def test_the_study_page_stays_with_the_stage_that_asks_for_hours(w):
    first, second = (s.key for s in w.playbook.stages[:2])
    actions.move_stage(by=w.c.office, participation=w.p.health, expected=first, target=second)
    fresh = Participation.objects.get(pk=w.p.health.pk)
    assert stage_for(fresh, ("study_hours",)).stage == first
    assert stage_for(fresh, ("study_hours",), chosen=second).stage == second
    assert stage_for(fresh, ("no_such",)).stage == second
    later = w.playbook.stages[2].key
    assert stage_for(fresh, ("study_hours",), chosen=later).stage == first


def test_dates_are_of_the_local_calendar(w):
    with clock.freeze(dt.datetime(2026, 4, 3, 23, 59)):
        assert Evidence(w.p.health, w.p.health.current()).today == dt.date(2026, 4, 3)
