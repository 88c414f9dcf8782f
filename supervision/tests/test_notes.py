"""Notes of a supervision group's members: written on the phone, seen by the group and the office (D-06, K-04, M-08)."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry, User
from supervision import actions as supervision
from supervision.actions import notes
from supervision.models import GroupNote
from supervision.tests.factories import make_supervised_world
from units.tests.factories import user_with

pytestmark = pytest.mark.django_db
LIST = reverse("supervision:notes")


@pytest.fixture
def w():
    w = make_supervised_world()
    w.other = supervision.create_group(by=w.c.office, campaign=w.batch.campaign, name="第四督导组")
    supervision.assign(by=w.c.office, group=w.other, organization=w.t.work)
    w.c.other = user_with("member", w.t.county, "other", "冯立新")
    supervision.add_member(by=w.c.office, group=w.other, user=w.c.other, head=True)
    return w


def again(user):
    return User.objects.get(pk=user.pk)


def noted(w, text="笔记有代抄", **given):
    return notes.write_note(by=w.c.guide, group=w.group, **{"kind": "problem", "text": text, **given})


def test_a_member_notes_something_about_one_of_the_groups_units(client, w):
    client.force_login(w.c.guide)
    sent = {"text": "笔记\n有代抄", "kind": "measure", "participation": w.p.health.pk}
    assert client.post(LIST, sent).status_code == 302
    note = GroupNote.objects.get()
    assert (note.text, note.kind, note.participation, note.author) == ("笔记 有代抄", "measure", w.p.health, w.c.guide)
    assert (note.group, note.week) == (w.group, dt.date(2026, 11, 23))
    entry = AuditEntry.objects.get(action=notes.NOTED)
    assert "代抄" not in str(entry.data)
    client.force_login(w.c.guide_2)
    assert note in client.get(LIST).context["weeks"][0].notes


def test_bad_input_is_refused_and_kept(client, w):
    client.force_login(w.c.guide)
    page = client.post(LIST, {"text": "字" * 501, "kind": "gossip", "participation": 10**6})
    assert page.status_code == 422
    assert page.context["form"].errors.keys() == {"text", "kind", "participation"}
    assert "字" * 501 in page.content.decode()
    assert not GroupNote.objects.exists()
    client.force_login(w.c.other)
    foreign = client.post(LIST, {"text": "越组", "kind": "problem", "participation": w.p.health.pk})
    assert foreign.context["form"].errors.keys() == {"participation"}
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupNote.objects.create(group=w.group, text="", week=dt.date(2026, 11, 23))


def test_the_group_and_the_office_see_it_another_group_and_the_units_do_not(client, w):
    note = noted(w)
    for user in (w.c.guide, w.c.guide_2, w.c.office, w.c.general):
        assert note in GroupNote.objects.visible_to(again(user))
    for user in (w.c.other, w.c.secretary, w.c.court, w.c.branch):
        assert note not in GroupNote.objects.visible_to(again(user))
    client.force_login(w.c.other)
    assert client.get(LIST, {"group": w.group.pk}).status_code == 404
    assert client.get(reverse("supervision:note_edit", args=[note.pk])).status_code == 404
    client.force_login(w.c.secretary)
    assert client.get(LIST).status_code == 403
    client.force_login(w.c.office)
    page = client.get(LIST, {"group": w.group.pk})
    assert page.context["form"] is None
    assert page.context["weeks"][0].notes == [note]
    assert client.post(f"{LIST}?group={w.group.pk}", {"text": "代写", "kind": "problem"}).status_code == 403


def test_only_the_author_changes_and_deletes_and_only_until_it_is_told(client, w):
    note, url = (one := noted(w)), reverse("supervision:note_edit", args=[one.pk])
    away = reverse("supervision:note_delete", args=[note.pk])
    client.force_login(w.c.guide_2)
    assert {client.get(url).status_code, client.post(away).status_code} == {403}
    client.force_login(w.c.guide)
    client.post(url, {"text": "笔记已补齐", "kind": "progress", "participation": ""})
    note.refresh_from_db()
    assert (note.text, note.kind, note.participation) == ("笔记已补齐", "progress", None)
    assert notes.mark_told(group=w.group, since=note.week, until=note.week, texts=["本周笔记已补齐。"]) == 1
    assert client.get(url).status_code == 302
    client.post(away)
    assert GroupNote.objects.filter(pk=note.pk).exists()
    assert notes.mark_told(group=w.group, since=note.week, until=note.week, texts=[]) == 0
    client.post(away)
    assert not GroupNote.objects.exists()
    assert AuditEntry.objects.filter(action=notes.DELETED).count() == 1


def test_who_has_left_the_group_writes_and_changes_nothing_more(client, w):
    note = noted(w)
    supervision.end_member(by=w.c.office, member=w.group.members.get(user=w.c.guide))
    client.force_login(w.c.guide)
    assert client.post(LIST, {"text": "再记", "kind": "problem"}).status_code == 403
    assert client.get(reverse("supervision:note_edit", args=[note.pk])).status_code == 404


def test_the_list_costs_the_same_for_one_note_and_three(client, w):
    client.force_login(w.c.guide)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        return len(queries)

    noted(w, participation=w.p.health)
    cost()
    one = cost()
    noted(w, "第二条", participation=w.p.court)
    noted(w, "第三条", participation=w.p.archives)
    assert cost() == one
