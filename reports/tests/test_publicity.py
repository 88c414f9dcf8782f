"""Publicity: recorded with photographs, counted for the playbook, shown by unit and organisation (L-01..L-11)."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.messages import Message
from accounts.models import AuditEntry
from campaign import dossier, holds, steps
from campaign.editing.uses import in_use
from campaign.evidence import Evidence
from campaign.holds import Held
from campaign.models import Participation
from campaign.tests.factories import evidence_of, make_world
from reports import publicity_rules as rules
from reports.actions import publicity
from reports.models import PublicityRecord
from reports.publicity_forms import ASKED, PublicityForm
from reports.queries import publicity as queries

pytestmark = pytest.mark.django_db
PHOTO = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture
def w():
    return make_world(playbook="cuiping-district")


def recorded(w, kind="banner", organization=None, *, by=None, days_ago=1, stage=None, files=(), **data):
    given = {"title": "永葆先进本色", "held_on": clock.today() - dt.timedelta(days=days_ago), **data}
    if kind == "media":
        given = {"direction": "outward", "medium": "paper", **given}
    return publicity.record_publicity(
        by=by or w.c.branch,
        organization=organization or w.t.health_1,
        batch=w.batch,
        stage=w.playbook.stages[0].key if stage is None else stage,
        kind=kind,
        data=publicity.PublicityData(**given),
        files=files,
    )


def step(w, key, participation=None):
    found = steps.checklist(evidence_of(participation or w.p.health))
    return next(one for one in found if one.action.key == key)


def page(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(f"reports:{name}", args=args), query)


# ---------------------------------------------------------------- what counts
def test_banners_of_the_branches_count_for_the_unit_in_pieces(w):
    assert (step(w, "banners").have, step(w, "banners").need) == (0, 3)
    recorded(w, quantity=2)
    assert not step(w, "banners").done
    recorded(w, organization=w.t.health, by=w.c.secretary)
    assert step(w, "banners").have == 3 and step(w, "banners").done
    assert step(w, "banners", w.p.court).have == 0


def test_columns_count_issue_by_issue_in_their_own_stage(w):
    second = w.playbook.stages[1].key
    for number in (1, 2, 3):
        recorded(w, "column", issue=number)
    recorded(w, "column", issue=4, stage=second)
    assert step(w, "columns").have == 3
    later = Evidence(w.p.health, w.p.health.progress.get(stage=second))
    assert [one.have for one in steps.checklist(later) if one.action.key == "columns"] == [1]


def test_media_and_the_rest_count_for_no_action(w):
    recorded(w, "media")
    recorded(w, "letter", quantity=500)
    assert step(w, "banners").have == step(w, "columns").have == 0


def test_records_hold_the_playbooks_actions_fast(w):
    assert "banners" not in in_use(w.batch.campaign).get("actions", set())
    recorded(w)
    assert {"banners", "columns"} <= in_use(w.batch.campaign)["actions"]


# ---------------------------------------------------------------- the record
def test_an_issue_of_a_column_is_recorded_once(w):
    recorded(w, "column", issue=1)
    with pytest.raises(publicity.IssueRecorded):
        recorded(w, "column", issue=1)
    recorded(w, "column", issue=1, organization=w.t.health_2)
    assert PublicityRecord.objects.count() == 2


def test_the_database_wants_direction_and_medium_of_media_alone(w):
    for wrong in (
        {"kind": "media", "direction": "", "medium": "paper"},
        {"kind": "media", "direction": "inward", "medium": ""},
        {"kind": "banner", "direction": "inward"},
        {"kind": "banner", "quantity": 0},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            PublicityRecord.objects.create(
                **{"batch": w.batch, "organization": w.t.court, "title": "x", "held_on": clock.today(), **wrong}
            )


def test_of_two_who_change_a_record_the_second_is_told(w):
    record = recorded(w)
    data = publicity.PublicityData(title="改后", held_on=record.held_on, quantity=3)
    publicity.change_publicity(by=w.c.branch, record=record, version=1, data=data)
    with pytest.raises(publicity.PublicityChanged):
        publicity.change_publicity(by=w.c.committee, record=record, version=1, data=data)
    assert record.quantity == 3
    assert AuditEntry.objects.filter(action="publicity.changed").count() == 1


def test_what_an_application_rests_on_is_held(w, monkeypatch):
    record = recorded(w)
    hold = holds.Hold(clock.now(), Message("held"))
    monkeypatch.setattr(holds, "_holders", [lambda participation: hold])
    assert not rules.can_change(w.c.branch, record)
    with pytest.raises(Held):
        publicity.take_back(by=w.c.branch, record=record, reason="错")
    assert PublicityRecord.objects.count() == 1


def test_taking_back_keeps_in_the_history_what_was_said_and_drops_the_files(
    w, client, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    record = recorded(w, files=[SimpleUploadedFile("布标.png", PHOTO)])
    kept = record.files.get().file
    assert kept.storage.exists(kept.name)
    client.force_login(w.c.branch)
    url = reverse("reports:publicity_remove", args=[record.pk])
    assert client.post(url, {"reason": ""}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(url, {"reason": "重复"}).status_code == 302
    assert not PublicityRecord.objects.exists() and not kept.storage.exists(kept.name)
    entry = AuditEntry.objects.get(action="publicity.taken_back")
    assert entry.data["title"] == "永葆先进本色" and entry.data["reason"] == "重复"


# ---------------------------------------------------------------- the pages
def test_a_branch_enters_a_banner_with_its_photograph(client, w, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(w.c.branch)
    url = reverse("reports:publicity_new", args=[w.t.health_1.pk])
    sent = {"title": "牢记宗旨", "held_on": "2026-11-20", "quantity": "3", "place": "大门"}
    ahead = client.post(url, {**sent, "held_on": "2026-11-27"})
    assert ahead.status_code == 422 and "牢记宗旨" in ahead.content.decode()
    photo = SimpleUploadedFile("布标.png", PHOTO)
    assert client.post(url, {**sent, "files": photo}).status_code == 302
    record = PublicityRecord.objects.get()
    assert (record.kind, record.quantity, record.stage) == ("banner", 3, w.playbook.stages[0].key)
    shown = client.get(reverse("reports:publicity_file", args=[record.files.get().pk]))
    assert shown["Content-Type"] == "image/png"
    assert "牢记宗旨" in client.get(reverse("reports:publicity_record", args=[record.pk])).content.decode()


def test_an_issue_entered_twice_is_refused_in_words(client, w):
    client.force_login(w.c.branch)
    url = reverse("reports:publicity_new", args=[w.t.health_1.pk]) + "?kind=column"
    sent = {"title": "先教专栏", "held_on": "2026-11-20", "issue": "1"}
    assert client.post(url, sent).status_code == 302
    again = client.post(url, sent)
    assert again.status_code == 422 and again.context["form"].errors.keys() == {"issue"}


def test_each_kind_asks_for_what_belongs_to_it():
    for kind, names in ASKED.items():
        assert list(PublicityForm(kind=kind).fields) == ["title", "held_on", *names]
    media = PublicityForm({"title": "x", "held_on": "2026-11-20"}, kind="media")
    assert {"direction", "medium"} <= media.errors.keys()
    link = PublicityForm({"title": "x", "held_on": "2026-11-20", "link": "javascript:alert(1)"}, kind="letter")
    assert "link" in link.errors


def test_the_office_writes_down_its_own_and_nobody_elses(client, w):
    client.force_login(w.c.office)
    url = reverse("reports:publicity_new", args=[w.t.county.pk]) + "?kind=conference"
    assert client.post(url, {"title": "新闻发布会", "held_on": "2026-11-20"}).status_code == 302
    assert PublicityRecord.objects.get().stage == ""
    assert client.get(reverse("reports:publicity_new", args=[w.t.health_1.pk])).status_code == 403
    shown = page(client, w.c.office, "publicity_list", w.t.county.pk)
    assert [row.title for row in shown.context["page"]] == ["新闻发布会"]


def test_a_record_is_mended_while_its_stage_lasts(client, w):
    record = recorded(w, stage=w.playbook.stages[1].key)
    client.force_login(w.c.branch)
    assert client.get(reverse("reports:publicity_edit", args=[record.pk])).status_code == 403
    now = recorded(w, quantity=2)
    url = reverse("reports:publicity_edit", args=[now.pk])
    sent = {"title": "改后", "held_on": "2026-11-20", "quantity": "4", "version": "1"}
    assert client.post(url, sent).status_code == 302
    again = client.post(url, sent)
    assert again.status_code == 422 and again.context["form"].non_field_errors()
    now.refresh_from_db()
    assert (now.title, now.quantity) == ("改后", 4)


def test_the_overview_adds_up_and_a_unit_inside_another_counts_for_itself(client, w):
    recorded(w, quantity=2)
    recorded(w, "column", issue=1)
    recorded(w, "media", w.t.court_1, direction="inward", medium="brief")
    recorded(w, "media", w.t.archives, direction="outward", medium="tv")
    Participation.objects.create(batch=w.batch, organization=w.t.health_2, state="active")
    recorded(w, organization=w.t.health_2, quantity=4)
    shown = page(client, w.c.office, "publicity")
    rows = {row["unit"].organization.name: row["figures"] for row in shown.context["rows"]}
    assert (rows[w.t.health.name].banners, rows[w.t.health.name].columns) == (2, 1)
    assert rows[w.t.health_2.name].banners == 4
    assert rows[w.t.court.name].by_direction == {"inward": 1}
    total = shown.context["figures"]
    assert (total.banners, total.columns, total.media) == (6, 1, 2)
    assert [one["n"] for one in shown.context["directions"]] == [1, 0, 1]


def test_the_overview_finds_who_is_short(client, w):
    recorded(w, quantity=3)
    recorded(w, organization=w.t.court_1, quantity=1)

    def units(**query):
        shown = page(client, w.c.office, "publicity", **query)
        return {row["unit"].organization_id for row in shown.context["rows"]}

    assert units(state="none") == {w.t.archives.pk}
    assert units(state="short") == {w.t.archives.pk, w.t.court.pk}
    stage = w.playbook.stages[0].key
    assert units(state="short", stage=stage) == {w.t.archives.pk, w.t.court.pk, w.t.health.pk}
    assert units(q="卫生") == {w.t.health.pk}


def test_pages_ask_as_often_for_three_as_for_one(client, w):
    def asked(name, *args):
        client.force_login(w.c.office)
        url = reverse(f"reports:{name}", args=args)
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as queries_made:
            assert client.get(url).status_code == 200
        return len(queries_made)

    recorded(w)
    one = asked("publicity"), asked("publicity_list", w.t.health.pk)
    for place in (w.t.health_2, w.t.court_1, w.t.archives):
        recorded(w, organization=place)
        recorded(w, "media", place)
    assert (asked("publicity"), asked("publicity_list", w.t.health.pk)) == one


def test_the_list_tells_what_is_asked_and_filters(client, w):
    recorded(w, quantity=2)
    recorded(w, "media", direction="upward", medium="net", title="市网报道")
    shown = page(client, w.c.secretary, "publicity_list", w.t.health.pk)
    assert [(need.have, need.need) for need in shown.context["needs"]] == [(2, 3), (0, 3)]
    shown = page(client, w.c.secretary, "publicity_list", w.t.health.pk, direction="upward")
    assert [row.title for row in shown.context["page"]] == ["市网报道"]
    shown = page(client, w.c.branch, "publicity_list", w.t.health_1.pk)
    assert shown.context["needs"] == []  # asked of the unit, not of its branch


def test_a_branch_is_led_to_its_own_page(client, w):
    answer = page(client, w.c.branch, "publicity")
    assert answer.url == reverse("reports:publicity_list", args=[w.t.health_1.pk])


def test_the_dossier_tells_of_each_month(w):
    for days in (1, 2, 40):
        recorded(w, days_ago=days)
    recorded(w, "media", days_ago=1)
    subject = dossier.Subject(w.t.health, w.p.health, w.c.office)
    found = dossier.events(subject, ["publicity"])
    assert [event.day.month for event in found] == [11, 10]
    assert found[0].detail and found[0].organization == w.t.health_1.name


def test_a_playbook_without_numbers_asks_for_none(client):
    w = make_world(playbook="xingwen-county")
    recorded(w)
    assert queries.asked(w.playbook) == {}
    assert page(client, w.c.secretary, "publicity_list", w.t.health.pk).context["needs"] == []
