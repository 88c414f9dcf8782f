"""Step 5 of the set-up: groups, people, and units spread over them."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Notification
from campaign.queries import under_review
from campaign.tests.factories import make_world
from supervision import actions
from supervision.models import Assignment, SupervisionGroup, Transition
from supervision.spreading import spread
from units.models import Post
from units.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    world = make_world()
    world.url = reverse("supervision:setup_groups", args=[world.batch.pk])
    world.client = signed_in(world.c.office)
    Post.objects.filter(role="supervisor").delete()
    return world


def signed_in(user):
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def group(w, name):
    return actions.create_group(by=w.c.office, campaign=w.batch.campaign, name=name)


def covered(w):
    rows = Assignment.objects.current().select_related("group", "organization")
    return {row.organization.code: row.group.name for row in rows}


@pytest.mark.parametrize(
    ("units", "loads", "shares"),
    [(7, [0, 0, 0], [3, 2, 2]), (4, [3, 0], [1, 3]), (2, [9, 0], [0, 2]), (0, [0, 0], [0, 0])],
)
def test_units_are_spread_evenly_and_in_order(units, loads, shares):
    found = spread(list(range(units)), loads)
    assert [len(share) for share in found] == shares
    assert [unit for share in found for unit in share] == list(range(units))


def test_units_without_a_group_are_spread_over_new_ones(w):
    assert w.client.post(w.url, {"spread": "1", "groups": "2"}).status_code == 302
    assert covered(w) == {
        "Z001": "Supervision group 1",
        "G01": "Supervision group 1",
        "C01": "Supervision group 2",
    }


def test_spreading_again_leaves_what_is_covered(w):
    first = group(w, "Supervision group 1")
    actions.assign(by=w.c.office, group=first, organization=w.t.work)
    w.client.post(w.url, {"spread": "1", "groups": "2"})
    assert covered(w) == {"B00": "Supervision group 1", "C01": "Supervision group 2"}


@pytest.mark.parametrize("number", ["0", "31", "x", ""])
def test_an_impossible_number_of_groups_is_refused(w, number):
    page = w.client.post(w.url, {"spread": "1", "groups": number})
    assert page.context["forms"]["spread"].errors
    assert not SupervisionGroup.objects.exists()


def test_the_table_assigns_and_takes_away(w):
    one, two = group(w, "一组"), group(w, "二组")
    actions.assign(by=w.c.office, group=one, organization=w.t.court)
    data = {
        f"unit-{w.p.archives.pk}": one.pk,
        f"unit-{w.p.court.pk}": "",
        f"unit-{w.p.health.pk}": two.pk,
        "next": "1",
    }
    assert w.client.post(w.url, data).url == reverse("campaign:setup_start", args=[w.batch.pk])
    assert covered(w) == {"Z001": "一组", "C01": "二组"}
    w.client.post(w.url, data)
    assert Assignment.objects.current().count() == 2


def test_forged_values_and_missing_fields_change_nothing(w):
    one = group(w, "一组")
    actions.assign(by=w.c.office, group=one, organization=w.t.court)
    w.client.post(w.url, {f"unit-{w.p.archives.pk}": "999999", "next": "1"})
    assert covered(w) == {"G01": "一组"}


def test_members_get_their_posts_and_one_message(w, django_capture_on_commit_callbacks):
    one = group(w, "一组")
    person = UserFactory(username="wang", name="苏立新")
    w.client.post(w.url, {"person": "1", "group": one.pk, "who": "苏立新", "head": "on"})
    assert one.members.get().head
    data = {f"unit-{unit.pk}": one.pk for unit in (w.p.archives, w.p.court, w.p.health)} | {"next": "1"}
    with django_capture_on_commit_callbacks(execute=True):
        w.client.post(w.url, data)
    assert person.posts.filter(role="supervisor", to_date=None).count() == 3
    assert Notification.objects.filter(user=person).count() == 1


def test_a_person_who_has_no_account_is_told(w):
    one = group(w, "一组")
    page = w.client.post(w.url, {"person": "1", "group": one.pk, "who": "查无此人"})
    assert "查无此人" in page.content.decode()
    assert not one.members.exists()


def test_a_group_by_name_once(w):
    w.client.post(w.url, {"group_new": "1", "name": "机关督导组", "kind": "supervision"})
    page = w.client.post(w.url, {"group_new": "1", "name": "机关督导组", "kind": "supervision"})
    assert "机关督导组" in page.content.decode()
    assert SupervisionGroup.objects.count() == 1


def test_only_who_sets_up_gets_here(w):
    for who, status in (("secretary", 403), ("leader", 403), ("outsider", 404), ("sysadmin", 403)):
        assert signed_in(getattr(w.c, who)).post(w.url, {"spread": "1", "groups": "2"}).status_code == status, who


def test_the_page_takes_the_same_queries_for_one_and_three_units(w, django_assert_max_num_queries):
    w.client.post(w.url, {"spread": "1", "groups": "2"})
    w.client.get(w.url)
    with django_assert_max_num_queries(50) as three:
        w.client.get(w.url)
    for unit in (w.p.archives, w.p.court):
        unit.delete()
    with django_assert_max_num_queries(50) as one:
        w.client.get(w.url)
    assert len(one.captured_queries) == len(three.captured_queries)


def test_the_core_room_learns_who_is_under_review(w):
    Transition.objects.create(participation=w.p.court, stage=w.playbook.stages[0].key, attempt=1, state="submitted")
    Transition.objects.create(participation=w.p.health, stage=w.playbook.stages[0].key, attempt=1, state="approved")
    assert under_review(w.batch) == {w.p.court.pk: True}
