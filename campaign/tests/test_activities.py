"""Writing down what was done: records, attendance, marks, files, and what the history keeps."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from accounts import clock
from accounts.models import AuditEntry
from campaign import actions, rules
from campaign.models import Activity, ActivityFile, Attendance, MemberMark, Participation
from campaign.queries import taking_part
from campaign.study import remarks
from campaign.tests.factories import make_world, record
from campaign.todo import gather
from units.tests.factories import give_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_world()


def entries(code):
    return AuditEntry.objects.filter(action=code)


# ---------------------------------------------------------------- actions
def test_recording_keeps_people_files_and_history(w):
    people = w.t.members["Z003"][:2]
    activity = actions.record_activity(
        by=w.c.branch,
        organization=w.t.health_1,
        batch=w.batch,
        stage="study",
        data=actions.ActivityData(title="读党章", held_on=clock.today(), hours=Decimal(2)),
        present=people,
        files=[SimpleUploadedFile("会场.jpg", b"x" * 10)],
    )
    assert activity.attendances.count() == 2 and activity.recorded_by == w.c.branch
    file = activity.files.get()
    assert (file.name, file.size) == ("会场.jpg", 10)
    assert entries("activity.recorded").get().data == {"present": 2}


def test_two_who_change_at_once_one_is_told(w):
    activity = record(w, w.t.health_1)
    data = actions.ActivityData(title="新题目", held_on=activity.held_on)
    actions.change_activity(by=w.c.branch, activity=activity, version=1, data=data)
    with pytest.raises(actions.ActivityChanged):
        actions.change_activity(by=w.c.committee, activity=activity, version=1, data=data)
    assert entries("activity.changed").count() == 1


def test_two_who_take_attendance_at_once_one_is_told(w):
    activity, (a, b, _c) = record(w, w.t.health_1), w.t.members["Z003"]
    actions.set_attendance(by=w.c.branch, activity=activity, present=[a.pk], version=1)
    with pytest.raises(actions.ActivityChanged):
        actions.set_attendance(by=w.c.committee, activity=activity, present=[b.pk], version=1)
    assert list(activity.attendances.values_list("member_id", flat=True)) == [a.pk]


def test_attendance_changes_only_what_changed(w):
    a, b, c = w.t.members["Z003"]
    activity = record(w, w.t.health_1, people=[a, b])
    kept = activity.attendances.get(member=a).pk
    actions.set_attendance(by=w.c.branch, activity=activity, present=[a.pk], made_up=[b.pk, c.pk])
    assert activity.attendances.get(member=a).pk == kept
    rows = dict(activity.attendances.values_list("member_id", "made_up"))
    assert rows == {a.pk: False, b.pk: True, c.pk: True}
    actions.set_attendance(by=w.c.branch, activity=activity, present=[b.pk])
    assert list(activity.attendances.values_list("member_id", "made_up", "made_up_on")) == [(b.pk, False, None)]


def test_deleting_keeps_what_it_said_and_why(w, django_capture_on_commit_callbacks):
    activity = record(w, w.t.health_1, title="记错了", hours=Decimal(2), people=w.t.members["Z003"])
    ActivityFile.objects.create(activity=activity, file=SimpleUploadedFile("a.jpg", b"x"), name="a.jpg", size=1)
    stored = activity.files.get().file.name
    with django_capture_on_commit_callbacks(execute=True):
        actions.delete_activity(by=w.c.branch, activity=activity, reason="记到别的支部了")
    kept = entries("activity.deleted").get().data
    assert (kept["title"], kept["present"], kept["reason"]) == ("记错了", 3, "记到别的支部了")
    assert not Attendance.objects.exists() and not default_storage.exists(stored)


def test_a_file_stays_in_the_store_when_the_deletion_is_undone(w):
    activity = record(w, w.t.health_1)
    file = ActivityFile.objects.create(activity=activity, file=SimpleUploadedFile("a.jpg", b"x"), name="a.jpg", size=1)

    with transaction.atomic():
        actions.remove_file(by=w.c.branch, file=ActivityFile.objects.get(pk=file.pk))
        transaction.set_rollback(True)
    assert default_storage.exists(file.file.name) and not entries("activity.file_removed").exists()


def test_a_member_attends_once(w):
    activity = record(w, w.t.health_1, people=w.t.members["Z003"][:1])
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(activity=activity, member=w.t.members["Z003"][0])


def test_a_day_has_24_hours(w):
    with pytest.raises(IntegrityError), transaction.atomic():
        record(w, w.t.health_1, hours=Decimal(25))


def test_marking_again_keeps_the_first_day(w):
    given = {"by": w.c.branch, "batch": w.batch, "organization": w.t.health_1, "action": "own_talk"}
    people = w.t.members["Z003"]
    first = clock.today() - dt.timedelta(days=3)
    assert actions.mark_members(**given, members=people[:1], done_on=first, scores={people[0].pk: Decimal("91.5")}) == 1
    assert actions.mark_members(**given, members=people, done_on=clock.today()) == 2
    mark = MemberMark.objects.get(member=people[0])
    assert (mark.done_on, mark.score) == (first, Decimal("91.5"))
    assert actions.unmark_members(**given, members=people) == 3
    assert entries("member.marked").count() == 2 and entries("member.unmarked").count() == 1


# ---------------------------------------------------------------- rules
def test_who_may_record(w):
    assert rules.can_record(w.c.branch, w.t.health_1)
    assert rules.can_record(w.c.committee, w.t.health_1)
    assert rules.can_record(w.c.secretary, w.t.health_1)  # from above
    assert not rules.can_record(w.c.branch, w.t.health)  # from below
    assert not rules.can_record(w.c.branch, w.t.health_2)
    assert not rules.can_record(w.c.supervisor, w.t.health_1)
    assert not rules.can_record(w.c.office, w.t.health_1)


def test_nobody_records_where_nobody_takes_part(w):
    give_post(w.c.secretary, w.t.work, "organization_secretary")
    assert not rules.can_record(w.c.secretary, w.t.work)


@pytest.mark.parametrize("state", ["preparing", "closed"])
def test_nobody_records_before_the_beginning_or_after_the_end(w, state):
    Participation.objects.filter(pk=w.p.health.pk).update(state=state)
    assert not rules.can_record(w.c.branch, w.t.health_1)


def test_a_record_can_be_changed_while_its_stage_lasts(w):
    activity = record(w, w.t.health_1)
    assert rules.can_change(w.c.branch, activity) and not rules.can_change(w.c.supervisor, activity)
    first, second = (s.key for s in w.playbook.stages[:2])
    actions.move_stage(by=w.c.office, participation=w.p.health, expected=first, target=second)
    assert not rules.can_change(w.c.branch, activity)


def test_an_open_batch_under_way_comes_before_a_later_one_in_preparation(w):
    later = actions.add_batch(
        by=w.c.office,
        campaign=w.batch.campaign,
        number=2,
        name="第二批",
        windows=[actions.StageWindow("study", clock.today(), clock.today())],
    )
    fresh = actions.add_participation(by=w.c.office, batch=later, organization=w.t.health)
    assert taking_part(w.t.health_1).pk == w.p.health.pk
    actions.start(by=w.c.office, participation=fresh)
    assert taking_part(w.t.health_1).pk == fresh.pk
    type(later).objects.filter(pk=later.pk).update(closed_on=clock.today())
    assert taking_part(w.t.health_1).pk == w.p.health.pk
    assert taking_part(w.t.work) is None


# ---------------------------------------------------------------- what the recorder should know
def told(w, **given):
    base = {"held_on": dt.date(2026, 4, 1), "starts_at": dt.time(9), "hours": Decimal(6), "concentrated": True}
    return [message.id for message in remarks(w.playbook, **{**base, **given})]


def test_a_short_session_is_remarked(w):
    (sentence,) = told(w, hours=Decimal("1.5"), concentrated=False)
    assert "no study hours" in sentence
    assert told(w, hours=Decimal(2), concentrated=False) == []


def test_concentrated_study_in_working_time_is_remarked(w):
    (sentence,) = told(w)
    assert "working time" in sentence
    assert told(w, starts_at=dt.time(19), hours=Decimal(2)) == []
    assert told(w, held_on=dt.date(2026, 4, 12)) == []
    assert told(w, concentrated=False) == []


def test_a_year_without_a_notice_is_remarked(w):
    assert len(told(w, held_on=dt.date(2027, 3, 1))) == 2


# ---------------------------------------------------------------- what waits
def test_attendance_that_nobody_took_waits_for_the_secretary(w):
    def waiting(user):
        for name in ("_todos", "_posts", "_batch"):
            user.__dict__.pop(name, None)
        return [t for t in gather(user) if t.menu == "campaign:activities"]

    assert waiting(w.c.branch) == []
    one = record(w, w.t.health_1, hours=Decimal(2), title="晚自学")
    (todo,) = waiting(w.c.branch)
    assert todo.count == 1 and todo.url.endswith(f"/activities/{one.pk}/attendance/")
    record(w, w.t.health_1, action="mobilisation")
    record(w, w.t.health_1, action="tradition_education")  # proved by a record: needs no names
    (todo,) = waiting(w.c.branch)
    assert todo.count == 2 and todo.url.endswith(f"/organizations/{w.t.health_1.pk}/activities/")
    assert waiting(w.c.secretary) == []  # it is for those below
    Activity.objects.all().delete()
    assert waiting(w.c.branch) == []
