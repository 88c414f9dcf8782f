"""Who was invited to a meeting from outside, by name (F-22)."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from campaign.tests.factories import make_world, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    world = make_world()
    world.meeting = record(world, world.t.health_1, title="专题组织生活会")
    world.url = reverse("campaign:invitees", args=[world.meeting.pk])
    return world


def sent(w, *rows, version=None):
    found = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": 0, "version": version or w.meeting.version}
    for number, (name, side, came) in enumerate(rows):
        found |= {f"form-{number}-name": name, f"form-{number}-stands_for": side}
        if came:
            found[f"form-{number}-came"] = "on"
    return found


def test_the_list_is_saved_shown_and_changed(client, w):
    client.force_login(w.c.branch)
    client.post(w.url, sent(w, ("张群众", "服务对象", True), ("李代表", "人大代表", False), ("", "", True)))
    assert list(w.meeting.invitees.values_list("name", "came")) == [("张群众", True), ("李代表", False)]
    page = client.get(reverse("campaign:activity", args=[w.meeting.pk])).content.decode()
    assert "张群众" in page and "服务对象" in page
    entry = AuditEntry.objects.get(action="activity.invitees")
    assert entry.data == {"invited": 2, "came": 1}
    w.meeting.refresh_from_db()
    client.post(w.url, sent(w, ("", "", False), ("李代表", "人大代表", True)))
    assert list(w.meeting.invitees.values_list("name", "came")) == [("李代表", True)]


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([("", "服务对象", True)], (0, "name")),
        ([("张群众", "", True)], (0, "stands_for")),
        ([("张群众", "服务对象", True), ("张群众", "职工", True)], (1, "name")),
    ],
)
def test_a_fault_stands_at_its_row_and_nothing_is_saved(client, w, rows, place):
    client.force_login(w.c.branch)
    answer = client.post(w.url, sent(w, *rows))
    assert answer.status_code == 422
    number, field = place
    assert answer.context["forms"][number].errors.keys() == {field}
    assert not w.meeting.invitees.exists()


def test_somebody_elses_save_is_not_overwritten(client, w):
    client.force_login(w.c.branch)
    first = w.meeting.version
    client.post(w.url, sent(w, ("张群众", "服务对象", True)))
    answer = client.post(w.url, sent(w, ("李代表", "人大代表", True), version=first))
    assert answer.status_code == 422
    assert w.meeting.invitees.get().name == "张群众"


def test_only_who_records_there(client, w):
    for user, status in ((w.c.supervisor, 403), (w.c.archives, 404)):
        client.force_login(user)
        assert client.get(w.url).status_code == status
