"""Recording, changing, attendance, deleting and downloading, as the pages do it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry
from campaign import actions
from campaign.models import Activity, ActivityFile, Attendance
from campaign.tests.factories import make_world, record
from campaign.tests.test_uploads import JPEG
from units.models import Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_world()


@pytest.fixture
def signed_in(client, w):
    client.force_login(w.c.branch)
    return client


def url(name, pk):
    return reverse(f"campaign:{name}", args=[pk])


def filled(**changes):
    base = {
        "action": "tradition_education",
        "title": "参观烈士陵园",
        "held_on": clock.today().isoformat(),
        "starts_at": "",
        "place": "烈士陵园",
        "led_by": "何秀芝",
        "hours": "",
        "others_present": "2",
        "text": "听讲解，献花。",
    }
    return {**base, **changes}


def send(client, w, organization=None, **changes):
    return client.post(url("activity_new", (organization or w.t.health_1).pk), filled(**changes))


# ---------------------------------------------------------------- recording
def test_record_with_people_points_and_a_photograph(signed_in, w):
    people = w.t.members["Z003"][:2]
    response = send(
        signed_in,
        w,
        present=[m.pk for m in people],
        files=[SimpleUploadedFile("会场.jpg", JPEG), SimpleUploadedFile("讲稿.pdf", b"%PDF-1.7")],
    )
    activity = Activity.objects.get()
    assert response.url == url("activity", activity.pk)
    assert (activity.organization, activity.stage, activity.action) == (w.t.health_1, "study", "tradition_education")
    assert activity.recorded_by == w.c.branch and activity.others_present == 2
    assert set(activity.attendances.values_list("member_id", flat=True)) == {m.pk for m in people}
    assert sorted(activity.files.values_list("name", flat=True)) == ["会场.jpg", "讲稿.pdf"]


def test_a_new_form_proposes_everybody_of_a_branch_and_nobody_higher_up(client, w):
    Member.objects.filter(pk=w.t.members["Z003"][0].pk).update(lost_contact=True)
    client.force_login(w.c.secretary)
    branch = client.get(url("activity_new", w.t.health_1.pk))
    assert branch.context["present"] == {str(m.pk) for m in w.t.members["Z003"][1:]}
    assert client.get(url("activity_new", w.t.health.pk)).context["present"] == set()


def test_a_committee_records_members_of_its_whole_subtree(client, w):
    client.force_login(w.c.secretary)
    people = [w.t.members["Z003"][0], w.t.members["Z004"][0]]
    send(client, w, w.t.health, action="forum", present=[m.pk for m in people])
    assert Attendance.objects.count() == 2


def test_a_required_action_lends_its_name_and_its_points(client, w):
    client.force_login(w.c.secretary)
    ticked = ["mobilisation.importance", "mobilisation.problems", "great_discussion.gaps"]
    send(client, w, w.t.health, action="mobilisation", title="", points=ticked)
    activity = Activity.objects.get()
    assert activity.title == "动员大会" and activity.points == ["importance", "problems"]


def test_an_own_activity_needs_a_topic(signed_in, w):
    response = send(signed_in, w, action="own", title="")
    assert response.context["form"].errors["title"]
    assert send(signed_in, w, action="own", title="义务劳动").status_code == 302
    assert Activity.objects.get().action == ""


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"action": ""}, "action"),
        ({"action": "own_talk"}, "action"),  # marked against each member
        ({"action": "oath"}, "action"),  # of a later stage
        ({"held_on": "tomorrow"}, "held_on"),
        ({"hours": "0.2"}, "hours"),
        ({"hours": "30"}, "hours"),
        ({"hours": "", "concentrated": "on"}, "hours"),
        ({"others_present": "-1"}, "others_present"),
        ({"points": ["mobilisation.no_such"]}, "points"),
        ({"starts_at": "25:00"}, "starts_at"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(signed_in, w, changes, field):
    member = w.t.members["Z003"][1]
    response = send(signed_in, w, present=[member.pk], **changes)
    assert response.status_code == 200 and field in response.context["form"].errors
    assert response.context["present"] == {str(member.pk)}
    assert "听讲解，献花。" in response.content.decode()
    assert not Activity.objects.exists()


@pytest.mark.parametrize("days", [1, -60])
def test_neither_tomorrow_nor_before_the_batch(signed_in, w, days):
    day = (clock.today() + dt.timedelta(days=days)).isoformat()
    assert "held_on" in send(signed_in, w, held_on=day).context["form"].errors


def test_before_the_stage_began_is_recorded_with_a_warning(signed_in, w):
    w.p.health.progress.filter(state="current").update(started_on=clock.today() - dt.timedelta(days=2))
    day = clock.today() - dt.timedelta(days=10)
    response = signed_in.post(url("activity_new", w.t.health_1.pk), filled(held_on=day.isoformat()), follow=True)
    assert any("早于本阶段" in str(m) for m in response.context["warnings"])


def test_a_wrong_file_is_named_and_nothing_is_half_saved(signed_in, w):
    response = send(signed_in, w, files=[SimpleUploadedFile("会场.jpg", JPEG), SimpleUploadedFile("run.exe", b"MZ")])
    assert "run.exe" in response.context["form"].errors["files"][0]
    assert response.context["files_again"]
    assert not Activity.objects.exists() and not ActivityFile.objects.exists()


def test_warnings_do_not_refuse(signed_in, w):
    short = signed_in.post(
        url("activity_new", w.t.health_1.pk), filled(hours="1", action="study_training"), follow=True
    )
    assert any("不计学时" in str(m) for m in short.context["warnings"])
    with clock.freeze(dt.date(2026, 4, 1)):
        type(w.batch).objects.filter(pk=w.batch.pk).update(starts_on=dt.date(2026, 1, 1))
        busy = signed_in.post(
            url("activity_new", w.t.health_1.pk),
            filled(hours="6", concentrated="on", starts_at="09:00", held_on="2026-04-01", action="study_training"),
            follow=True,
        )
    assert any("占用了工作时间" in str(m) for m in busy.context["warnings"])
    assert Activity.objects.count() == 2


def test_the_same_sent_twice_asks_first(signed_in, w):
    send(signed_in, w)
    again = send(signed_in, w)
    assert again.context["form"].doubles and Activity.objects.count() == 1
    assert send(signed_in, w, confirm="on").status_code == 302
    assert Activity.objects.count() == 2


def test_forged_members_are_refused(signed_in, w):
    for stranger in (w.t.members["Z004"][0].pk, w.t.members["Z001"][0].pk, 10**6, "x"):
        response = send(signed_in, w, present=[w.t.members["Z003"][0].pk, stranger])
        assert "present" in response.context["form"].errors
    assert not Activity.objects.exists()


@pytest.mark.parametrize("who", ["supervisor", "office", "leader"])
def test_who_sees_may_not_record(client, w, who):
    client.force_login(getattr(w.c, who))
    assert client.get(url("activity_new", w.t.health_1.pk)).status_code == 403
    assert send(client, w).status_code == 403
    assert not Activity.objects.exists()


def test_outside_the_scope_there_is_nothing(client, w):
    activity = record(w, w.t.health_1)
    for user in (w.c.archives, w.c.outsider, w.c.sysadmin):
        client.force_login(user)
        assert send(client, w).status_code == 404
        for name in ("activity", "activity_edit", "activity_delete", "attendance"):
            assert client.get(url(name, activity.pk)).status_code == 404
    assert Activity.objects.count() == 1


def test_recording_before_the_beginning_says_why_not(client):
    w = make_world(started=False)
    client.force_login(w.c.branch)
    assert "还没有开始" in send(client, w).content.decode()
    assert not Activity.objects.exists()


# ---------------------------------------------------------------- one activity
def test_the_page_tells_who_was_there_and_who_was_not(signed_in, w):
    a, b, c = w.t.members["Z003"]
    activity = record(w, w.t.health_1, people=[a], hours=Decimal(1))
    actions.set_attendance(by=w.c.branch, activity=activity, present=[a.pk], made_up=[b.pk])
    context = signed_in.get(url("activity", activity.pk)).context
    assert [row.member_id for row in context["present"]] == [a.pk]
    assert [row.member_id for row in context["made_up"]] == [b.pk]
    assert context["absent"] == [c] and len(context["warnings"]) == 1


@pytest.mark.parametrize("name", ["activity_edit", "activity_delete", "attendance"])
def test_only_the_recording_organisation_changes(client, w, name):
    activity = record(w, w.t.health_1)
    for user in (w.c.supervisor, w.c.office):
        client.force_login(user)
        assert client.get(url(name, activity.pk)).status_code == 403
        assert client.post(url(name, activity.pk), {"reason": "x", "version": "1"}).status_code == 403
    client.force_login(w.c.branch)
    above = record(w, w.t.health, people=w.t.members["Z003"])
    assert client.post(url(name, above.pk), {"reason": "x", "version": "1"}).status_code == 404
    assert Activity.objects.count() == 2


def test_a_record_of_a_completed_stage_is_closed(signed_in, w):
    activity = record(w, w.t.health_1)
    first, second = (s.key for s in w.playbook.stages[:2])
    actions.move_stage(by=w.c.office, participation=w.p.health, expected=first, target=second)
    assert "不能再改" in signed_in.get(url("activity", activity.pk)).content.decode()
    assert signed_in.post(url("activity_delete", activity.pk), {"reason": "x"}).status_code == 403


def test_change_a_record(signed_in, w):
    activity = record(w, w.t.health_1, action="tradition_education", people=w.t.members["Z003"], text="旧")
    page = signed_in.get(url("activity_edit", activity.pk))
    assert page.context["version"] == 1 and "旧" in page.content.decode()
    data = filled(title="改过的", version="1", files=[SimpleUploadedFile("a.jpg", JPEG)])
    assert signed_in.post(url("activity_edit", activity.pk), data).status_code == 302
    activity.refresh_from_db()
    assert (activity.title, activity.version, activity.files.count()) == ("改过的", 2, 1)
    assert activity.attendances.count() == 3


def test_a_conflict_shows_both_versions_and_saves_nothing(signed_in, w):
    activity = record(w, w.t.health_1, action="tradition_education", title="参观烈士陵园")
    theirs = actions.ActivityData(title="对方的题目", held_on=activity.held_on, action="tradition_education")
    actions.change_activity(by=w.c.committee, activity=activity, version=1, data=theirs)
    mine = filled(title="我的题目", version="1")
    response = signed_in.post(url("activity_edit", activity.pk), mine)
    assert response.status_code == 409
    rows = {str(row["label"]): (row["theirs"], row["mine"]) for row in response.context["conflict"]}
    assert rows["主题"] == ("对方的题目", "我的题目") and rows["地点"] == ("", "烈士陵园")
    assert response.context["version"] == 2 and "我的题目" in response.content.decode()
    assert Activity.objects.get().title == "对方的题目"
    assert signed_in.post(url("activity_edit", activity.pk), {**mine, "version": "2"}).status_code == 302
    assert Activity.objects.get().title == "我的题目"


def test_a_mistake_does_not_hide_a_later_conflict(signed_in, w):
    activity = record(w, w.t.health_1, action="tradition_education")
    data = actions.ActivityData(title="对方的题目", held_on=activity.held_on)
    actions.change_activity(by=w.c.committee, activity=activity, version=1, data=data)
    response = signed_in.post(url("activity_edit", activity.pk), filled(hours="99", version="1"))
    assert response.status_code == 200 and response.context["version"] == 1


@pytest.mark.parametrize("name", ["activity_edit", "attendance"])
@pytest.mark.parametrize("version", ["", "x", "9" * 30])
def test_a_form_without_its_version_is_refused(signed_in, w, name, version):
    activity = record(w, w.t.health_1, action="tradition_education")
    assert signed_in.post(url(name, activity.pk), filled(version=version)).status_code == 400


def test_delete_asks_for_the_reason(signed_in, w):
    activity = record(w, w.t.health_1)
    response = signed_in.post(url("activity_delete", activity.pk), {"reason": " "})
    assert response.context["form"].errors["reason"] and Activity.objects.exists()
    assert signed_in.post(url("activity_delete", activity.pk), {"reason": "记错"}).status_code == 302
    assert not Activity.objects.exists()
    assert AuditEntry.objects.get(action="activity.deleted").data["reason"] == "记错"


# ---------------------------------------------------------------- attendance
def call(client, activity, states, version=1):
    data = {f"m-{member.pk}": state for member, state in states.items()}
    return client.post(url("attendance", activity.pk), {**data, "version": version})


def states_of(response):
    return {row["member"].pk: row["state"] for group in response.context["rows"] for row in group["members"]}


def test_attendance_in_three_states(signed_in, w):
    a, b, c = w.t.members["Z003"]
    activity = record(w, w.t.health_1)
    assert set(states_of(signed_in.get(url("attendance", activity.pk))).values()) == {"present"}
    assert call(signed_in, activity, {a: "present", b: "made_up", c: "absent"}).status_code == 302
    assert dict(activity.attendances.values_list("member_id", "made_up")) == {a.pk: False, b.pk: True}
    saved = states_of(signed_in.get(url("attendance", activity.pk)))
    assert saved == {a.pk: "present", b.pk: "made_up", c.pk: "absent"}


def test_forged_attendance_is_refused(signed_in, w):
    activity = record(w, w.t.health_1)
    own, stranger = w.t.members["Z003"][0], w.t.members["Z004"][0]
    assert call(signed_in, activity, {own: "present", stranger: "present"}).status_code == 400
    assert call(signed_in, activity, {own: "anything"}).status_code == 400
    assert signed_in.post(url("attendance", activity.pk), {"m-x": "present", "version": 1}).status_code == 400
    assert not Attendance.objects.exists()


def test_one_who_has_left_stays_on_the_list_he_is_on(signed_in, w):
    gone = w.t.members["Z003"][0]
    activity = record(w, w.t.health_1, people=[gone])
    Member.objects.filter(pk=gone.pk).update(left_on=clock.today())
    assert states_of(signed_in.get(url("attendance", activity.pk)))[gone.pk] == "present"


def test_an_attendance_conflict_keeps_what_was_chosen(signed_in, w):
    a, b, c = w.t.members["Z003"]
    activity = record(w, w.t.health_1)
    actions.set_attendance(by=w.c.committee, activity=activity, present=[c.pk], version=1)
    response = call(signed_in, activity, {a: "present", b: "absent", c: "absent"})
    assert response.status_code == 409
    assert states_of(response) == {a.pk: "present", b.pk: "absent", c.pk: "absent"}
    others = {r["member"].pk: r["other"] for g in response.context["rows"] for r in g["members"]}
    assert others == {a.pk: "absent", b.pk: "", c.pk: "present"}
    assert call(signed_in, activity, {a: "present", b: "absent", c: "absent"}, version=2).status_code == 302


# ---------------------------------------------------------------- files
@pytest.fixture
def kept(w):
    activity = record(w, w.t.health_1)
    made = {}
    for name, content in {"会场.jpg": JPEG, "讲稿.pdf": b"%PDF-1.7"}.items():
        made[name] = ActivityFile.objects.create(
            activity=activity, file=SimpleUploadedFile(name, content), name=name, size=len(content)
        )
    return made


def test_a_photograph_opens_and_a_document_is_downloaded(signed_in, kept):
    photo = signed_in.get(url("activity_file", kept["会场.jpg"].pk))
    assert photo["Content-Type"] == "image/jpeg" and photo["Content-Disposition"].startswith("inline")
    assert b"".join(photo.streaming_content) == JPEG
    paper = signed_in.get(url("activity_file", kept["讲稿.pdf"].pk))
    assert paper["Content-Disposition"].startswith("attachment")
    assert paper["X-Content-Type-Options"] == "nosniff"
    b"".join(paper.streaming_content)


def test_files_follow_the_scope(client, w, kept):
    for user in (w.c.archives, w.c.outsider, w.c.auditor):
        client.force_login(user)
        for name in ("activity_file", "activity_file_remove"):
            assert client.post(url(name, kept["会场.jpg"].pk)).status_code == 404
    client.force_login(w.c.supervisor)
    assert client.post(url("activity_file_remove", kept["会场.jpg"].pk)).status_code == 403
    assert client.get(url("activity_file", kept["会场.jpg"].pk)).status_code == 200


def test_remove_a_file(signed_in, kept):
    assert signed_in.get(url("activity_file_remove", kept["会场.jpg"].pk)).status_code == 405
    assert signed_in.post(url("activity_file_remove", kept["会场.jpg"].pk)).status_code == 302
    assert ActivityFile.objects.get().name == "讲稿.pdf"


# ---------------------------------------------------------------- the list
def titles(client, organization, query=""):
    return [a.title for a in client.get(url("activities", organization.pk) + query).context["page"].object_list]


def test_the_list_filters_sorts_and_keeps_to_the_subtree(client, w):
    record(w, w.t.health_1, title="甲", action="tradition_education", days_ago=3)
    record(w, w.t.health_2, title="乙", days_ago=2, hours=Decimal(3))
    record(w, w.t.archives, title="外单位")
    client.force_login(w.c.secretary)
    assert titles(client, w.t.health) == ["乙", "甲"]
    assert titles(client, w.t.health, "?sort=held_on") == ["甲", "乙"]
    assert titles(client, w.t.health, "?sort=password") == ["乙", "甲"]
    assert titles(client, w.t.health, "?action=tradition_education") == ["甲"]
    assert titles(client, w.t.health, "?action=own") == ["乙"]
    assert titles(client, w.t.health, f"?organization={w.t.health_1.pk}") == ["甲"]
    assert titles(client, w.t.health, f"?organization={w.t.archives.pk}") == []
    assert titles(client, w.t.health, f"?since={clock.today() - dt.timedelta(days=2)}") == ["乙"]
    assert titles(client, w.t.health, f"?until={clock.today() - dt.timedelta(days=3)}") == ["甲"]
    assert titles(client, w.t.health, "?q=甲") == ["甲"]
    assert titles(client, w.t.health, "?stage=analysis") == []
    assert titles(client, w.t.health, "?since=nonsense") == []


def test_an_empty_list_says_what_to_do(client, w):
    client.force_login(w.c.branch)
    body = client.get(url("activities", w.t.health_1.pk)).content.decode()
    assert "还没有记录" in body and url("activity_new", w.t.health_1.pk) in body
    body = client.get(url("activities", w.t.health_1.pk) + "?q=没有的").content.decode()
    assert "没有符合条件的活动" in body


def list_queries(client, w):
    with CaptureQueriesContext(connection) as queries:
        client.get(url("activities", w.t.health_1.pk))
    return len(queries)


def test_one_row_and_three_rows_cost_the_same(signed_in, w):
    record(w, w.t.health_1, people=w.t.members["Z003"])
    list_queries(signed_in, w)
    one = list_queries(signed_in, w)
    for _ in range(2):
        record(w, w.t.health_1, people=w.t.members["Z003"][:2], hours=Decimal(2))
    assert list_queries(signed_in, w) == one
