"""The register of model members' deeds, as secretaries, readers and the office use it (C-14)."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry
from campaign import actions as campaign_actions
from campaign.actions import model_members as actions
from campaign.models import Activity, Batch, ModelDeed
from campaign.tests.factories import make_world
from units.tests.factories import user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    w = make_world()
    w.person, w.other = w.t.members["Z003"][:2]
    return w


@pytest.fixture
def secretary(w, client):
    client.force_login(w.c.branch)
    return client


def url(name, *args):
    return reverse(f"campaign:{name}", args=args)


def data(w, **changes):
    base = {
        "member": w.person,
        "title": "雨夜抢修",
        "deed": "带队连夜抢修泵站，保住两个村。",
        "put_up_by": "第一党支部",
    }
    return actions.DeedData(**{**base, **changes})


def entered(w, **changes):
    return actions.enter_deed(by=w.c.branch, batch=w.batch, data=data(w, **changes))


def sent(w, **changes):
    base = {
        "version": 0,
        "member": w.person.pk,
        "title": "雨夜抢修",
        "deed": "带队连夜抢修泵站。",
        "put_up_by": "第一党支部",
    }
    return {**base, **changes}


def meeting(w):
    return Activity.objects.create(
        batch=w.batch, organization=w.t.health_1, stage="study", title="先进事迹报告会", held_on=clock.today()
    )


def listed(client, w, where=None, query=""):
    return client.get(url("model_deeds", (where or w.t.health_1).pk) + query)


def test_the_secretary_enters_a_deed_and_later_says_where_it_was_told(w, secretary):
    assert url("model_deed_new", w.t.health_1.pk) in listed(secretary, w).text, "an empty list says what to do"
    assert secretary.post(url("model_deed_new", w.t.health_1.pk), sent(w)).status_code == 302
    row = ModelDeed.objects.get()
    assert (row.member, row.organization, row.told_on, row.recorded_by) == (w.person, w.t.health_1, None, w.c.branch)
    held = meeting(w)
    edit = url("model_deed_edit", row.pk)
    assert held.title in secretary.get(edit).text
    assert secretary.post(edit, sent(w, version=row.version, activity=held.pk)).status_code == 302
    row.refresh_from_db()
    assert (row.activity, row.told_on) == (held, held.held_on), "without a day, it is that of the activity"
    page = listed(secretary, w).text
    assert row.title in page and "带队连夜抢修泵站。" in page and url("activity", held.pk) in page
    kept = AuditEntry.objects.filter(action__startswith="model_deed.").order_by("pk").values_list("action", flat=True)
    assert list(kept) == ["model_deed.entered", "model_deed.changed"]


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(w, secretary):
    entered(w)
    new = url("model_deed_new", w.t.health_1.pk)
    again = secretary.post(new, sent(w, deed="另一段文字"))
    assert "title" in again.context["form"].errors and "另一段文字" in again.text
    tomorrow = clock.today() + dt.timedelta(days=1)
    assert "told_on" in secretary.post(new, sent(w, title="二", told_on=tomorrow)).context["form"].errors
    stranger = w.t.members["Z001"][0]
    assert "member" in secretary.post(new, sent(w, title="三", member=stranger.pk)).context["form"].errors
    assert ModelDeed.objects.count() == 1


def test_the_slower_of_two_changes_is_refused(w, secretary):
    row = entered(w)
    actions.change_deed(by=w.c.branch, row=row, data=data(w, title="抢修泵站"), version=1)
    with pytest.raises(actions.DeedChanged):
        actions.change_deed(by=w.c.branch, row=row, data=data(w, title="另一个"), version=1)
    page = secretary.post(url("model_deed_edit", row.pk), sent(w, version=1, title="另一个"))
    assert page.status_code == 200 and "另一个" in page.text and page.context["form"].non_field_errors()
    second = entered(w, title="第二件")
    with pytest.raises(actions.DeedListed):
        actions.change_deed(by=w.c.branch, row=second, data=data(w, title="抢修泵站"), version=1)


def test_a_deed_is_removed_only_with_a_reason_that_is_kept(w, secretary):
    row = entered(w)
    secretary.post(url("model_deed_edit", row.pk), {"remove": "1", "reason": ""})
    assert ModelDeed.objects.exists()
    secretary.post(url("model_deed_edit", row.pk), {"remove": "1", "reason": "登记有误"})
    assert not ModelDeed.objects.exists()
    assert AuditEntry.objects.get(action="model_deed.removed").data == {"title": row.title, "reason": "登记有误"}
    with pytest.raises(actions.DeedChanged):
        actions.remove_deed(by=w.c.branch, row=row, reason="重复")


def test_a_unit_reads_those_of_its_branches_and_filters_them(w, client):
    held = meeting(w)
    entered(w, activity=held)
    entered(w, member=w.other, title="义务诊疗")
    client.force_login(w.c.secretary)
    page = listed(client, w, w.t.health)
    assert "雨夜抢修" in page.text and "义务诊疗" in page.text and w.t.health_1.name in page.text
    for query, found in (("?q=义务", ["义务诊疗"]), ("?told=told", ["雨夜抢修"]), ("?told=untold", ["义务诊疗"])):
        rows = listed(client, w, w.t.health, query).context["page"].object_list
        assert [row.title for row in rows] == found
    one = listed(client, w, w.t.health, f"?member={w.person.pk}").context["page"].object_list
    assert [row.title for row in one] == ["雨夜抢修"]
    assert not listed(client, w, w.t.health, "?q=无此人").context["page"].object_list


def test_who_only_reads_enters_nothing_and_outside_the_scope_there_is_nothing(w, client):
    row = entered(w)
    client.force_login(w.c.leader)
    page = listed(client, w)
    assert row.title in page.text and url("model_deed_new", w.t.health_1.pk) not in page.text
    assert client.post(url("model_deed_new", w.t.health_1.pk), sent(w, title="二")).status_code == 403
    assert client.get(url("model_deed_edit", row.pk)).status_code == 403
    client.force_login(user_with("branch_secretary", w.t.court_1))
    assert listed(client, w).status_code == 404
    assert client.get(url("model_deed_edit", row.pk)).status_code == 404


def test_it_is_open_in_the_consolidation_and_shut_with_the_batch(w, secretary):
    row = entered(w)
    type(w.p.health).objects.filter(pk=w.p.health.pk).update(state="closed")
    assert secretary.post(url("model_deed_new", w.t.health_1.pk), sent(w, title="二")).status_code == 302
    Batch.objects.filter(pk=w.batch.pk).update(closed_on=clock.today())
    assert secretary.get(url("model_deed_edit", row.pk)).status_code == 403


def test_what_was_told_stays_told_when_the_activity_is_deleted(w):
    held = meeting(w)
    row = entered(w, activity=held)
    campaign_actions.delete_activity(by=w.c.branch, activity=held, reason="重复登记")
    row.refresh_from_db()
    assert (row.activity, row.told_on) == (None, clock.today())


def test_three_deeds_ask_no_more_queries_than_one(w, secretary):
    def asked():
        with CaptureQueriesContext(connection) as seen:
            assert listed(secretary, w).status_code == 200
        return len(seen)

    entered(w, activity=meeting(w))
    asked()
    one = asked()
    entered(w, title="二", activity=meeting(w))
    entered(w, member=w.other)
    assert asked() == one


def test_long_lists_have_pages(w, secretary):
    for number in range(26):
        entered(w, title=f"事迹{number}")
    assert len(listed(secretary, w).context["page"].object_list) == 25
    assert len(listed(secretary, w, query="?page=2").context["page"].object_list) == 1
