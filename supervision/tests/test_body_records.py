"""The register of meetings (D-20) and responsibility letters (D-15)."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry
from supervision.actions import bodies, body_records
from supervision.models import BodyMeeting, ResponsibilityLetter
from supervision.tests.factories import make_supervised_world

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 minutes"


@pytest.fixture
def w():
    return make_supervised_world()


def get(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(f"supervision:{name}", args=args), query)


def post(client, user, name, /, *args, **data):
    client.force_login(user)
    return client.post(reverse(f"supervision:{name}", args=args), data)


def met(w, topic="研究方案", days_ago=0, kind="leading_group", place=None):
    held = clock.today() - dt.timedelta(days=days_ago)
    return body_records.record_body_meeting(
        by=w.c.office,
        campaign=w.batch.campaign,
        organization=place or w.t.county,
        facts=body_records.MeetingFacts(kind, held, topic, 9),
    )


def sent(**kwargs):
    return {"kind": "leading_group", "held_on": clock.today(), "topic": "研究方案", "present": 9, **kwargs}


def signed(w, place, level="unit", **kwargs):
    facts = body_records.LetterFacts("letter", level, "某书记", "县委", clock.today(), **kwargs)
    return body_records.record_letter(by=w.c.office, campaign=w.batch.campaign, organization=place, facts=facts)


# ---------------------------------------------------------------- meetings
def test_a_meeting_is_recorded_with_its_minutes_and_read_in_scope_only(client, w, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    file = SimpleUploadedFile("纪要.pdf", PDF)
    assert post(client, w.c.secretary, "body_meeting_new", w.t.health.pk, **sent(files=[file])).status_code == 302
    meeting = BodyMeeting.objects.get()
    kept = meeting.files.get()
    assert get(client, w.c.office, "body_meeting", meeting.pk).status_code == 200
    assert b"".join(get(client, w.c.office, "body_meeting_file", kept.pk).streaming_content) == PDF
    for user in (w.c.branch, w.c.court):
        assert get(client, user, "body_meeting", meeting.pk).status_code == 404
        assert get(client, user, "body_meeting_file", kept.pk).status_code == 404


def test_what_is_wrong_is_said_and_nothing_is_kept(client, w):
    ahead = clock.today() + dt.timedelta(days=1)
    for fault, field in (({"held_on": ahead}, "held_on"), ({"present": 0}, "present"), ({"topic": ""}, "topic")):
        response = post(client, w.c.secretary, "body_meeting_new", w.t.health.pk, **sent(**fault))
        assert field in response.context["form"].errors
    bad = SimpleUploadedFile("a.pdf", b"MZ program")
    response = post(client, w.c.secretary, "body_meeting_new", w.t.health.pk, **sent(files=[bad]))
    assert "files" in response.context["form"].errors and not BodyMeeting.objects.exists()


def test_the_same_meeting_is_not_recorded_twice(client, w):
    post(client, w.c.secretary, "body_meeting_new", w.t.health.pk, **sent())
    response = post(client, w.c.secretary, "body_meeting_new", w.t.health.pk, **sent())
    assert "topic" in response.context["form"].errors and BodyMeeting.objects.count() == 1


def test_meetings_are_counted_by_kind_and_period(client, w):
    for number in range(3):
        met(w, f"议题{number}", days_ago=number)
    met(w, "集中学习", days_ago=40, kind="study_group")
    page = get(client, w.c.office, "body_meetings")
    assert page.context["total"] == 4 and [count for _label, count in page.context["counts"]] == [3, 1]
    first = (clock.today() - dt.timedelta(days=1)).isoformat()
    assert get(client, w.c.office, "body_meetings", first=first).context["total"] == 2
    assert get(client, w.c.office, "body_meetings", kind="study_group").context["total"] == 1
    assert get(client, w.c.branch, "body_meetings").context["total"] == 0


def test_a_correction_and_a_deletion_stay_in_the_history(client, w):
    meeting = met(w, place=w.t.health)
    other = met(w, "另一次", place=w.t.health)
    assert post(client, w.c.branch, "body_meeting_edit", meeting.pk, **sent()).status_code == 404
    post(client, w.c.secretary, "body_meeting_edit", meeting.pk, **sent(present=11))
    assert AuditEntry.objects.get(action="body_meeting.corrected").data["present"] == ["9", "11"]
    clash = post(client, w.c.secretary, "body_meeting_edit", other.pk, **sent())
    assert "topic" in clash.context["form"].errors
    post(client, w.c.secretary, "body_meeting_drop", meeting.pk)
    assert AuditEntry.objects.filter(action="body_meeting.dropped", object_label="研究方案").exists()


# ---------------------------------------------------------------- letters
def test_who_has_not_signed_yet_by_level(client, w):
    holder = bodies.name_holder(by=w.c.office, participation=w.p.health, duty="principal", name="孙局长")
    signed(w, w.t.health)
    signed(w, w.t.health_1, "branch")
    figures = get(client, w.c.office, "letters").context["figures"]
    assert [(row.level, row.done, row.all) for row in figures] == [("unit", 1, 3), ("branch", 1, 4), ("leader", 0, 1)]
    units = get(client, w.c.office, "letters", level="unit").context["page"]
    assert {row.pk for row in units} == {w.t.archives.pk, w.t.court.pk}
    data = {"kind": "letter", "level": "leader", "holder": holder.pk, "signed_with": "县委", "signed_on": clock.today()}
    assert post(client, w.c.secretary, "letter_new", w.t.health.pk, **data).status_code == 302
    letter = ResponsibilityLetter.objects.get(holder=holder)
    assert (letter.signer, letter.level) == ("孙局长", "leader")
    assert not get(client, w.c.office, "letters", level="leader").context["page"].object_list
    assert get(client, w.c.office, "letters", kind="commitment").context["figures"][0].done == 0


def test_a_letter_is_recorded_in_scope_with_its_scan(client, w, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    data = {"kind": "letter", "level": "unit", "signer": "李书记", "signed_with": "县委", "signed_on": clock.today()}
    assert post(client, w.c.secretary, "letter_new", w.t.court.pk, **data).status_code == 404
    empty = post(client, w.c.secretary, "letter_new", w.t.health.pk, **{**data, "signer": ""})
    assert "signer" in empty.context["form"].errors
    bad = post(client, w.c.secretary, "letter_new", w.t.health.pk, **data, file=SimpleUploadedFile("a.pdf", b"MZ"))
    assert "file" in bad.context["form"].errors and bad.context["form"]["signer"].value() == "李书记"
    post(client, w.c.secretary, "letter_new", w.t.health.pk, **data, file=SimpleUploadedFile("a.pdf", PDF))
    letter = ResponsibilityLetter.objects.get()
    assert b"".join(get(client, w.c.office, "letter_file", letter.pk).streaming_content) == PDF
    assert get(client, w.c.court, "letter", letter.pk).status_code == 404
    twice = post(client, w.c.secretary, "letter_new", w.t.health.pk, **data)
    assert "signer" in twice.context["form"].errors
    post(client, w.c.secretary, "letter_drop", letter.pk)
    assert AuditEntry.objects.filter(action="letter.dropped").exists() and not ResponsibilityLetter.objects.exists()


def test_a_letter_without_a_scan_has_no_file(client, w):
    assert get(client, w.c.office, "letter_file", signed(w, w.t.health).pk).status_code == 404


@pytest.mark.parametrize(("name", "query"), [("body_meetings", {}), ("letters", {"show": "signed"}), ("letters", {})])
def test_lists_ask_as_often_for_three_as_for_one(client, w, name, query):
    def count():
        get(client, w.c.office, name, **query)
        with CaptureQueriesContext(connection) as captured:
            assert get(client, w.c.office, name, **query).status_code == 200
        return len(captured)

    met(w)
    signed(w, w.t.health)
    one = count()
    for number, place in enumerate((w.t.court, w.t.health)):
        met(w, f"议题{number}", place=place)
        body_records.record_letter(
            by=w.c.office,
            campaign=w.batch.campaign,
            organization=place,
            facts=body_records.LetterFacts("letter", "unit", f"书记{number}", "县委", clock.today()),
        )
    assert count() == one
