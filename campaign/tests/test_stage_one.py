"""Attendance from a sheet, an activity for thirty branches, required reading, essays, repeated actions."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts import clock
from campaign import actions, sheets
from campaign.attendance_sheets import COLUMNS
from campaign.models import Activity, Attendance, MemberMark, ReadingTick
from campaign.stage1_counting import reading
from campaign.steps import steps_of
from campaign.study import leader_rows
from campaign.tests.factories import evidence_of, make_world, record
from units.models import Member, Organization
from units.tests.factories import MemberFactory, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_world()


# ---------------------------------------------------------------- attendance
def test_the_roll_goes_out_as_a_sheet_comes_back_and_is_saved(w, client):
    activity = record(w, w.t.health_1, days_ago=3, hours=3)
    client.force_login(w.c.branch)
    sheet = reverse("campaign:attendance_workbook", args=[activity.pk])
    shown = client.post(sheet, {"file": SimpleUploadedFile("a.xlsx", client.get(sheet).content)})
    assert [row["state"] for row in shown.context["rows"][0]["members"]] == ["present"] * 3
    assert not activity.attendances.exists()
    first, second, third = w.t.members["Z003"]
    day = (clock.today() - dt.timedelta(1)).isoformat()
    sent = {"version": 1, f"m-{first.pk}": "present", f"m-{second.pk}": "made_up", f"on-{second.pk}": day}
    client.post(reverse("campaign:attendance", args=[activity.pk]), sent | {f"m-{third.pk}": "absent"})
    assert activity.attendances.get(member=second).made_up_on.isoformat() == day
    assert activity.attendances.count() == 2


def test_faults_of_an_attendance_sheet_are_named_by_cell(w, client):
    activity = record(w, w.t.health_1, days_ago=3, hours=3)
    first, second, _third = w.t.members["Z003"]
    rows = [
        {"member": first.pk, "name": "别人", "state": "出席了"},
        {"member": second.pk, "name": second.name, "state": "补课", "on": "1999-01-01"},
        {"member": w.t.members["Z004"][0].pk, "name": "邻支部", "state": "缺席"},
    ]
    client.force_login(w.c.branch)
    file = SimpleUploadedFile("a.xlsx", sheets.write("考勤", COLUMNS, rows))
    response = client.post(reverse("campaign:attendance_workbook", args=[activity.pk]), {"file": file})
    assert response.status_code == 422
    assert {fault.cell for fault in response.context["faults"]} >= {"B4", "D4", "A6"}
    assert not Attendance.objects.filter(activity=activity).exists()


def test_the_last_list_is_offered_and_only_proposed(w, client):
    first, *_rest = w.t.members["Z003"]
    record(w, w.t.health_1, days_ago=5, people=[first])
    activity = record(w, w.t.health_1, days_ago=1)
    client.force_login(w.c.branch)
    page = client.get(reverse("campaign:attendance", args=[activity.pk]), {"copy": "last"})
    assert [row["state"] for row in page.context["rows"][0]["members"]] == ["present", "absent", "absent"]
    assert not activity.attendances.exists()


def test_a_day_of_make_up_before_the_activity_is_refused(w, client):
    activity = record(w, w.t.health_1, days_ago=3)
    first, *_rest = w.t.members["Z003"]
    sent = {"version": 1, f"m-{first.pk}": "made_up", f"on-{first.pk}": "1999-01-01"}
    client.force_login(w.c.branch)
    response = client.post(reverse("campaign:attendance", args=[activity.pk]), sent)
    assert (response.status_code, response.context["day_faults"]) == (422, [first.name])
    assert not activity.attendances.exists()


# ---------------------------------------------------------------- many branches
def test_an_activity_is_copied_to_thirty_branches_in_as_many_queries_as_to_three(w, django_assert_max_num_queries):
    source = record(w, w.t.health, hours=3)
    for count in (3, 30):
        kind = Organization.Kind.BRANCH
        branches = [make_organization(f"新支部{count}-{n}", kind, w.t.health) for n in range(count)]
        present = {b.pk: [MemberFactory(organization=b, work_unit=w.t.health_unit).pk] for b in branches}
        with django_assert_max_num_queries(8):
            made = actions.copy_activity(by=w.c.secretary, activity=source, branches=branches, present=present)
        assert len(made) == count
    assert Attendance.objects.filter(activity__copied_from=source).count() == 33
    with pytest.raises(actions.CopiedMeanwhile):
        actions.copy_activity(by=w.c.secretary, activity=source, branches=branches[:1], present={})


def test_copies_are_taken_back_but_for_those_a_branch_has_changed(w, client):
    source = record(w, w.t.health, hours=3)
    client.force_login(w.c.secretary)
    url = reverse("campaign:activity_copy", args=[source.pk])
    client.post(url, {"branches": [w.t.health_1.pk, w.t.health_2.pk], "who": "later"})
    kept = Activity.objects.get(copied_from=source, organization=w.t.health_1)
    actions.set_attendance(by=w.c.branch, activity=kept, present=[w.t.members["Z003"][0].pk])
    client.post(reverse("campaign:activity_copies_undo", args=[source.pk]))
    assert list(Activity.objects.filter(copied_from=source)) == [kept]


def test_who_is_missing_in_several_branches_is_marked_at_once(w, client):
    client.force_login(w.c.secretary)
    url = reverse("campaign:marks_bulk", args=[w.t.health.pk])
    key = client.get(url).context["action"].key
    sent = {"branches": [w.t.health_1.pk, w.t.health_2.pk], "done_on": clock.today().isoformat()}
    client.post(f"{url}?action={key}", sent)
    assert MemberMark.objects.filter(action=key).count() == 6


# ---------------------------------------------------------------- reading, essays, repeated actions, leaders
def test_reading_counts_who_has_read_all_that_is_asked_of_him(w):
    first, _second, third = w.t.members["Z003"]
    Member.objects.filter(pk=third.pk).update(post_level="leader")
    action = w.playbook.actions[0]
    assert not reading(evidence_of(w.p.health), action).members
    for_all = actions.add_title(by=w.c.office, batch=w.batch, name="读本")
    for_leaders = actions.add_title(by=w.c.office, batch=w.batch, name="经典", who="leaders")
    given = {"by": w.c.branch, "organization": w.t.health_1, "on": clock.today()}
    actions.set_reading(**given, read=[(for_all.pk, first.pk), (for_all.pk, third.pk)])
    assert reading(evidence_of(w.p.health), action).members == {first.pk}
    actions.set_reading(**given, read=[(for_leaders.pk, third.pk)], unread=[(for_all.pk, first.pk)])
    assert reading(evidence_of(w.p.health), action).members == {third.pk}
    with pytest.raises(actions.TitleListed):
        actions.add_title(by=w.c.office, batch=w.batch, name="读本")
    with pytest.raises(actions.TitleInUse):
        actions.remove_title(by=w.c.office, title=for_all)


def test_a_member_ticks_his_own_reading_and_nobody_elses(w, client):
    title = actions.add_title(by=w.c.office, batch=w.batch, name="读本")
    own, other = w.c.member.member, w.t.members["Z003"][1]
    client.force_login(w.c.member)
    client.post(reverse("campaign:own_reading"), {"read": [f"{title.pk}-{own.pk}", f"{title.pk}-{other.pk}"]})
    assert list(ReadingTick.objects.values_list("member_id", flat=True)) == [own.pk]


def test_a_member_hands_in_his_essay_which_marks_the_action(w, client):
    client.force_login(w.c.member)
    url = reverse("campaign:own_document") + "?action=essay_contest"
    sent = {"member": w.c.member.member.pk, "title": "心得", "done_on": clock.today().isoformat()}
    assert client.post(url, sent).status_code == 200  # neither text nor file
    assert client.post(url, sent | {"text": "正文"}).status_code == 302
    mark = MemberMark.objects.get()
    assert (mark.action, mark.title, mark.text) == ("essay_contest", "心得", "正文")
    client.force_login(w.c.branch)
    assert "心得" in client.get(reverse("campaign:documents", args=[w.t.health_1.pk])).content.decode()


def test_an_action_asked_for_twice_of_each_member_is_done_at_the_second_time(w):
    template = next(a for a in w.playbook.actions if a.key == "study_check")
    action = replace(template, key="four_walks_visit", pers=("member",), count=2, tool=None, fields=())
    people = w.t.members["Z003"]
    given = {"by": w.c.branch, "batch": w.batch, "organization": w.t.health_1, "action": action.key, "again": True}
    actions.mark_members(**given, members=people[:2], done_on=clock.today())
    (step,) = steps_of(action, evidence_of(w.p.health, w.t.health_1))
    assert step.have == 0
    actions.mark_members(**given, members=people[:1], done_on=clock.today())
    (step,) = steps_of(action, evidence_of(w.p.health, w.t.health_1))
    assert (step.have, step.missing) == (1, (people[1].name, people[2].name))


def test_leaders_who_lack_one_of_both_kinds_of_study_come_first(w):
    first, second, _third = w.t.members["Z003"]
    Member.objects.filter(pk__in=[first.pk, second.pk]).update(post_level="leader")
    record(w, w.t.health_1, hours=3, people=[first, second])
    record(w, w.t.health, hours=3, people=[second])
    rows = leader_rows(evidence_of(w.p.health))
    assert [(r.member.id, r.in_branch, r.in_team) for r in rows] == [(first.pk, 1, 0), (second.pk, 1, 1)]
