"""Guidance groups one level down, sub-groups, and the map of who covers whom (D-09, D-10, M-01, M-11)."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.tests.factories import UserFactory
from campaign import todo
from supervision import actions, body_rules
from supervision.actions.bodies import Seconded
from supervision.models import Assignment, SupervisionGroup
from supervision.queries import coverage
from supervision.tests.factories import make_supervised_world
from units import access
from units.models import Post
from units.roles import Right
from units.tests.factories import user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_supervised_world()


def guidance(w, name="第一指导组", **kwargs):
    return actions.create_group(
        by=w.c.secretary, campaign=w.batch.campaign, name=name, kind="guidance", owner=w.t.health, **kwargs
    )


def get(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(f"supervision:{name}", args=args), query)


def post(client, user, name, /, *args, **data):
    client.force_login(user)
    return client.post(reverse(f"supervision:{name}", args=args), data)


# ---------------------------------------------------------------- guidance groups
def test_a_committee_sends_a_group_to_its_own_branches(client, w):
    response = post(client, w.c.secretary, "group_new", name="第一指导组", kind="guidance", owner=w.t.health.pk)
    group = SupervisionGroup.objects.get(name="第一指导组")
    assert response.status_code == 302 and group.owner == w.t.health
    UserFactory(username="helper", name="帮手")
    response = post(client, w.c.secretary, "group", group.pk, who="helper", head="on", seconded_from="县医院")
    assert response.status_code == 302
    member = group.members.get()
    assert (member.seconded_from, member.in_place_on) == ("县医院", None)
    post(client, w.c.secretary, "groups_assign", group=group.pk, organizations=[w.t.health_1.pk])
    assert access.has(type(member.user).objects.get(pk=member.user_id), Right.REVIEW, w.t.health_1)


def test_it_sends_none_to_itself_a_neighbour_or_the_host(client, w):
    group = guidance(w)
    for place in (w.t.health, w.t.court_1, w.t.archives, w.t.county):
        with pytest.raises(actions.GroupRefused):
            actions.assign(by=w.c.secretary, group=group, organization=place)
        post(client, w.c.secretary, "groups_assign", group=group.pk, organizations=[place.pk])
    assert not Assignment.objects.filter(group=group).exists()


def test_a_secretary_makes_no_group_for_others(client, w):
    for owner in (w.t.court, w.t.county, w.t.health_1):
        response = post(client, w.c.secretary, "group_new", name="越级组", kind="guidance", owner=owner.pk)
        assert response.status_code == 200 and "owner" in response.context["form"].errors
    assert post(client, w.c.branch, "group_new", name="支部组", kind="guidance").status_code == 403
    assert not SupervisionGroup.objects.filter(name__in=["越级组", "支部组"]).exists()
    with pytest.raises(actions.GroupRefused):
        actions.create_group(by=w.c.branch, campaign=w.batch.campaign, name="支部组", owner=w.t.health_1)


def test_a_secretary_does_not_touch_the_hosts_group_nor_a_neighbours(client, w):
    neighbour = actions.create_group(by=w.c.court, campaign=w.batch.campaign, name="法院组", owner=w.t.court)
    for group in (w.group, neighbour):
        assert post(client, w.c.secretary, "group", group.pk, who="branch").status_code == 403
        assert get(client, w.c.secretary, "group_edit", group.pk).status_code == 403
        sent = post(client, w.c.secretary, "groups_assign", group=group.pk, organizations=[w.t.health_1.pk])
        assert sent.status_code == 403
    assert (
        post(client, w.c.branch, "groups_assign", group=w.group.pk, organizations=[w.t.health_1.pk]).status_code == 403
    )
    assert not Assignment.objects.filter(organization=w.t.health_1).exists()


def test_nobody_takes_himself_into_a_group_that_he_sends(w):
    with pytest.raises(actions.GroupRefused):
        actions.add_member(by=w.c.secretary, group=guidance(w), user=w.c.secretary)


def test_two_committees_may_have_groups_of_one_name_and_one_may_not_twice(w):
    guidance(w)
    actions.create_group(by=w.c.court, campaign=w.batch.campaign, name="第一指导组", owner=w.t.court)
    with pytest.raises(actions.GroupRefused):
        guidance(w)


def test_sub_groups_stand_one_level_deep_and_with_one_sender(w):
    part = actions.create_group(by=w.c.office, campaign=w.batch.campaign, name="一小组", parent=w.group)
    assert part.parent == w.group
    with pytest.raises(actions.GroupRefused):
        actions.create_group(by=w.c.office, campaign=w.batch.campaign, name="再下一层", parent=part)
    with pytest.raises(actions.GroupRefused):
        guidance(w, parent=w.group)
    with pytest.raises(actions.GroupRefused):
        actions.change_group(by=w.c.office, group=w.group, name=w.group.name, parent=part)


def test_editing_a_group_and_its_people(client, w):
    post(client, w.c.office, "group_edit", w.group.pk, name="第三组", phone="8822333")
    w.group.refresh_from_db()
    assert (w.group.name, w.group.phone) == ("第三组", "8822333")
    member = w.group.members.get(user=w.c.guide_2)
    data = {"seconded_from": "县委党校", "expected_on": clock.today() + dt.timedelta(days=3)}
    assert post(client, w.c.office, "group_member_edit", w.group.pk, member.pk, **data).status_code == 302
    member.refresh_from_db()
    assert (member.seconded_from, member.in_place_on) == ("县委党校", None)
    actions.end_member(by=w.c.office, member=member)
    with pytest.raises(actions.GroupRefused):
        actions.change_group_member(by=w.c.office, member=member, head=False, seconded=Seconded())


def test_the_office_of_a_committee_sends_groups_too(w):
    officer = user_with("office_general", w.t.health)
    assert body_rules.own_senders(officer, w.batch.campaign) == [w.t.health]
    assert not body_rules.can_send_groups(officer, w.batch.campaign, w.t.county)
    assert not body_rules.can_send_groups(officer, w.batch.campaign, w.t.health_1)


def test_the_set_up_of_the_host_leaves_guidance_groups_alone(client, w):
    group = guidance(w)
    actions.assign(by=w.c.secretary, group=group, organization=w.t.health_1)
    page = get(client, w.c.office, "setup_groups", w.batch.pk)
    assert group.pk not in {card["group"].pk for card in page.context["groups"]}
    post(client, w.c.office, "setup_groups", w.batch.pk, **{f"unit-{w.p.health.pk}": group.pk})
    assert not Assignment.objects.filter(group=group, organization=w.t.health).exists()
    assert Assignment.objects.current().filter(group=group, organization=w.t.health_1).exists()


# ---------------------------------------------------------------- the map
def test_the_map_shows_gaps_overlaps_and_what_each_covers(client, w):
    other = actions.create_group(by=w.c.office, campaign=w.batch.campaign, name="第四督导组")
    actions.assign(by=w.c.office, group=other, organization=w.t.health)
    actions.unassign(by=w.c.office, assignment=w.group.assignments.get(organization=w.t.archives))
    page = get(client, w.c.office, "group_map")
    assert page.context["totals"] == {"all": 3, "gaps": 1, "overlaps": 1}
    figures = {row.group.name: (row.units, row.branches, row.members) for row in page.context["figures"]}
    assert figures == {"第三督导组": (2, 3, 9), "第四督导组": (1, 2, 6)}
    for state, unit in (("gap", w.t.archives), ("overlap", w.t.health)):
        rows = get(client, w.c.office, "group_map", state=state).context["rows"]
        assert [row.organization.pk for row in rows] == [unit.pk]
    rows = get(client, w.c.office, "group_map", group=other.pk).context["rows"]
    assert [(row.label, [group.name for group in row.groups]) for row in rows] == [
        ("县卫生局", ["第三督导组", "第四督导组"])
    ]
    assert [row.label for row in get(client, w.c.office, "group_map", q="档案").context["rows"]] == ["县档案局"]


def test_an_assignment_above_covers_what_is_below(w):
    for assignment in list(w.group.assignments.all()):
        actions.unassign(by=w.c.office, assignment=assignment)
    actions.assign(by=w.c.office, group=w.group, organization=w.t.work)
    rows = coverage.with_groups(coverage.to_cover(w.batch, w.t.county), w.batch, w.t.county)
    assert {row.pk: row.groups_n for row in rows} == {w.t.archives.pk: 1, w.t.court.pk: 1, w.t.health.pk: 0}


def test_a_committee_looks_at_its_own_map_and_two_levels_are_no_overlap(client, w):
    group = guidance(w)
    actions.assign(by=w.c.secretary, group=group, organization=w.t.health_1)
    page = get(client, w.c.secretary, "group_map")
    assert page.context["sender"] == w.t.health and page.context["can_manage"]
    assert page.context["totals"] == {"all": 2, "gaps": 1, "overlaps": 0}
    host = get(client, w.c.secretary, "group_map", sender=w.t.county.pk)
    assert host.context["totals"] == {"all": 1, "gaps": 0, "overlaps": 0} and not host.context["can_manage"]


def test_gaps_are_assigned_from_the_map(client, w):
    group = guidance(w)
    sent = post(client, w.c.secretary, "groups_assign", group=group.pk, organizations=[w.t.health_2.pk], map="1")
    assert sent.url == f"{reverse('supervision:group_map')}?sender={w.t.health.pk}"
    assert Assignment.objects.current().filter(group=group, organization=w.t.health_2).exists()


def test_the_map_asks_as_often_for_three_groups_as_for_one(client, w):
    def count():
        client.force_login(w.c.office)
        client.get(reverse("supervision:group_map"))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("supervision:group_map")).status_code == 200
        return len(captured)

    one = count()
    for name in ("甲组", "乙组"):
        group = actions.create_group(by=w.c.office, campaign=w.batch.campaign, name=name)
        actions.assign(by=w.c.office, group=group, organization=w.t.health)
    assert count() == one


def test_units_without_a_group_wait_for_the_office(w):
    url = reverse("supervision:group_map") + "?state=gap"

    def waits(user):
        fresh = type(user).objects.get(pk=user.pk)
        return [one.count for one in todo.gather(fresh) if one.url == url]

    assert waits(w.c.office) == []
    actions.unassign(by=w.c.office, assignment=w.group.assignments.get(organization=w.t.archives))
    assert waits(w.c.office) == [1] and waits(w.c.secretary) == []
    assert Post.objects.current(clock.today()).filter(user=w.c.guide, organization=w.t.archives).count() == 0
