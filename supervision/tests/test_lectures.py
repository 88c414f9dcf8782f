"""Drafts of leaders' lectures go to the supervision group, which advises (E-19)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry, Notification
from campaign import todo
from supervision.actions import lectures
from supervision.models import LectureDraft
from supervision.tests.factories import make_supervised_world

pytestmark = pytest.mark.django_db
SENT = {"title": "做合格党员", "lecturer": "李局长", "planned_on": "", "text": "同志们……"}


@pytest.fixture
def w():
    return make_supervised_world()


def sent(w, title="做合格党员"):
    return lectures.send_lecture(
        by=w.c.secretary, participation=w.p.health, title=title, lecturer="李局长", text="同志们……"
    )


def test_a_unit_sends_a_draft_and_its_group_advises_once(client, w, django_capture_on_commit_callbacks):
    client.force_login(w.c.secretary)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("supervision:lectures", args=[w.p.health.pk]), SENT)
    draft = LectureDraft.objects.get()
    assert set(Notification.objects.values_list("user__username", flat=True)) >= {"guide", "guide2"}
    url = reverse("supervision:lecture", args=[draft.pk])
    client.force_login(w.c.guide)
    assert client.post(url, {"advice": ""}).context["form"].errors.keys() == {"advice"}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, {"advice": "多讲本单位的事"})
    draft.refresh_from_db()
    assert (draft.advice, draft.advised_by) == ("多讲本单位的事", w.c.guide)
    assert Notification.objects.filter(user=w.c.secretary).exists()
    assert AuditEntry.objects.filter(action="lecture.advised").exists()
    with pytest.raises(lectures.LectureAdvised):
        lectures.advise_lecture(by=w.c.guide_2, draft=draft, advice="再改")


def test_the_unit_does_not_advise_and_the_group_does_not_send(client, w):
    url = reverse("supervision:lecture", args=[sent(w).pk])
    listed = reverse("supervision:lectures", args=[w.p.health.pk])
    client.force_login(w.c.secretary)
    assert client.post(url, {"advice": "很好"}).status_code == 403
    client.force_login(w.c.guide)
    assert client.post(listed, SENT).status_code == 403
    client.force_login(w.c.court)
    assert {client.get(url).status_code, client.get(listed).status_code} == {404}


def test_a_draft_waits_on_the_groups_list_until_it_is_advised_on(w):
    draft = sent(w)
    guide = type(w.c.guide).objects.get(pk=w.c.guide.pk)
    url = reverse("supervision:lecture", args=[draft.pk])
    assert [one.count for one in todo.gather(guide) if one.url == url] == [1]
    lectures.advise_lecture(by=w.c.guide, draft=draft, advice="可以")
    guide = type(w.c.guide).objects.get(pk=w.c.guide.pk)
    assert not [one for one in todo.gather(guide) if one.url == url]


def test_the_list_costs_the_same_for_one_and_three(client, w):
    client.force_login(w.c.secretary)
    url = reverse("supervision:lectures", args=[w.p.health.pk])

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    sent(w)
    cost()
    one = cost()
    sent(w, "第二讲")
    sent(w, "第三讲")
    assert cost() == one
