"""Bodies of the campaign and their people; who answers in a unit; whom to turn to (D-01..D-08, D-17, D-18, D-22)."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, Notification
from accounts.tests.factories import UserFactory
from campaign import todo
from campaign.dossier import Subject, events
from supervision import body_rules
from supervision.actions import bodies
from supervision.models import Body, BodyMember, DutyHolder
from supervision.queries.lines import lines_of
from supervision.tests.factories import make_supervised_world
from units.tests.factories import user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_supervised_world(playbook="xingwen-county")


def body(w, organization=None, kind="leading_group", name="领导小组", **facts):
    return bodies.set_up_body(
        by=w.c.office,
        campaign=w.batch.campaign,
        organization=organization or w.t.health,
        kind=kind,
        facts=bodies.BodyFacts(name, **facts),
    )


def named(w, where, name="某人", **kwargs):
    return bodies.name_to_body(by=w.c.office, body=where, name=name, **kwargs)


def get(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(f"supervision:{name}", args=args), query)


def post(client, user, name, /, *args, **data):
    client.force_login(user)
    return client.post(reverse(f"supervision:{name}", args=args), data)


# ---------------------------------------------------------------- actions
def test_an_organisation_has_one_body_of_a_kind_until_it_is_dissolved(w):
    first = body(w)
    member = named(w, first)
    with pytest.raises(bodies.BodyRefused):
        body(w)
    bodies.dissolve_body(by=w.c.office, body=first)
    member.refresh_from_db()
    assert member.to_date == clock.today()
    assert body(w).pk != first.pk
    with pytest.raises(bodies.BodyRefused):
        bodies.dissolve_body(by=w.c.office, body=first)
    with pytest.raises(bodies.BodyRefused):
        named(w, first, "来晚的")


def test_a_body_has_one_head_and_a_person_is_in_it_once(w):
    group = body(w)
    user = UserFactory(name="甲")
    head = named(w, group, "甲", user=user, role="head")
    with pytest.raises(bodies.BodyRefused, match="甲"):
        named(w, group, "乙", role="head")
    with pytest.raises(bodies.BodyRefused):
        named(w, group, "甲", user=user)
    bodies.take_out(by=w.c.office, member=head)
    with pytest.raises(bodies.BodyRefused):
        bodies.take_out(by=w.c.office, member=head)
    with pytest.raises(bodies.BodyRefused):
        bodies.change_member(by=w.c.office, member=head, role="member", seconded=bodies.Seconded())
    assert named(w, group, "乙", role="head").role == "head"
    assert BodyMember.objects.current().filter(body=group).count() == 1


def test_the_database_keeps_one_head_and_names(w):
    group = body(w)
    named(w, group, "甲", role="head")
    for fault in ({"name": "乙", "role": "head"}, {"name": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            BodyMember.objects.create(body=group, **fault)


def test_a_change_says_in_the_history_what_stood_there(w, django_capture_on_commit_callbacks):
    group = body(w)
    with django_capture_on_commit_callbacks(execute=True):
        member = named(w, group, "甲", user=w.c.secretary, seconded=bodies.Seconded(seconded_from="县教育局"))
    assert Notification.objects.filter(user=w.c.secretary).exists()
    bodies.change_member(
        by=w.c.office, member=member, role="deputy", seconded=bodies.Seconded(in_place_on=clock.today())
    )
    entry = AuditEntry.objects.get(action="body.member_changed")
    assert entry.data["role"] == ["member", "deputy"] and entry.data["seconded_from"] == ["县教育局", ""]
    with django_capture_on_commit_callbacks(execute=True):
        bodies.take_out(by=w.c.office, member=member)
    assert Notification.objects.filter(user=w.c.secretary).count() == 2
    bodies.change_body(by=w.c.office, body=group, facts=bodies.BodyFacts("新名", phone="8822000"))
    assert AuditEntry.objects.get(action="body.changed").data["name"] == ["领导小组", "新名"]


def test_a_new_principal_takes_the_place_of_the_old_and_the_team_grows(w):
    for duty, name in (("principal", "甲"), ("deputy", "乙"), ("team", "丙"), ("team", "丁"), ("principal", "戊")):
        bodies.name_holder(by=w.c.secretary, participation=w.p.health, duty=duty, name=name)
    present = DutyHolder.objects.current().filter(participation=w.p.health)
    assert {row.name for row in present} == {"乙", "丙", "丁", "戊"}
    assert AuditEntry.objects.filter(action="duty.named").order_by("pk").last().data["replaced"] == "甲"
    gone = present.get(name="丁")
    bodies.end_holder(by=w.c.secretary, holder=gone)
    with pytest.raises(bodies.BodyRefused):
        bodies.end_holder(by=w.c.secretary, holder=gone)


# ---------------------------------------------------------------- pages
def test_the_office_sets_up_a_body_with_the_words_of_the_plan(client, w):
    page = get(client, w.c.office, "body_new", w.t.county.pk, kind="general")
    assert page.context["form"].initial == {"kind": "general", "name": "综合组", "mode": "集中地点、集中办工"}
    post(client, w.c.office, "body_new", w.t.county.pk, kind="general", name="综合组", mode="集中办公")
    made = Body.objects.get(kind="general")
    shown = get(client, w.c.branch, "body", made.pk).content.decode()
    assert "起草实施意见和各个批次的实施方案" in shown
    again = post(client, w.c.office, "body_new", w.t.county.pk, kind="general", name="又一个")
    assert again.status_code == 200 and "kind" in again.context["form"].errors and Body.objects.count() == 1


def test_a_unit_sets_up_its_own_and_no_neighbour_does(client, w):
    assert post(client, w.c.secretary, "body_new", w.t.health.pk, kind="office", name="办公室").status_code == 302
    made = Body.objects.get(organization=w.t.health)
    assert post(client, w.c.secretary, "body_new", w.t.health.pk, kind="lecture_corps", name="团").status_code == 200
    assert post(client, w.c.secretary, "body_new", w.t.court.pk, kind="office", name="办公室").status_code == 404
    assert post(client, w.c.secretary, "body_new", w.t.county.pk, kind="office", name="办公室").status_code == 404
    assert get(client, w.c.court, "body", made.pk).status_code == 404
    assert post(client, w.c.branch, "body", made.pk, name="某人", role="member").status_code == 403
    assert Body.objects.count() == 1


def test_naming_somebody_keeps_what_was_typed(client, w):
    made = body(w)
    response = post(client, w.c.secretary, "body", made.pk, name="甲", role="member", account="nobody")
    assert response.status_code == 422 and response.context["form"]["name"].value() == "甲"
    tomorrow = clock.today() + dt.timedelta(days=1)
    response = post(client, w.c.secretary, "body", made.pk, name="甲", role="member", in_place_on=tomorrow)
    assert "in_place_on" in response.context["form"].errors
    post(client, w.c.secretary, "body", made.pk, name="甲", role="head", account="branch", expected_on=tomorrow)
    member = BodyMember.objects.get()
    assert (member.user, member.in_place_on, member.expected_on) == (w.c.branch, None, tomorrow)
    edit = {"role": "head", "in_place_on": clock.today(), "seconded_from": "县医院"}
    assert post(client, w.c.secretary, "body_member_edit", member.pk, **edit).status_code == 302
    member.refresh_from_db()
    assert member.seconded_from == "县医院" and member.in_place_on == clock.today()
    assert "县医院" in get(client, w.c.office, "staffing", unit="县医院").content.decode()


def test_a_note_is_for_those_who_keep_the_body(client, w):
    made = body(w, w.t.county, "supervision", "督导组")
    named(w, made, "甲", seconded=bodies.Seconded(note="只给办公室看"))
    assert "只给办公室看" in get(client, w.c.office, "body", made.pk).content.decode()
    assert "只给办公室看" not in get(client, w.c.branch, "body", made.pk).content.decode()


def test_staffing_tells_who_is_awaited_of_bodies_and_groups(client, w):
    made = body(w, w.t.county, "office", "县先教办")
    named(
        w, made, "甲", seconded=bodies.Seconded(seconded_from="县教育局", expected_on=clock.today() - dt.timedelta(1))
    )
    named(w, made, "乙")
    page = get(client, w.c.office, "staffing")
    figures = page.context["figures"]
    assert (figures.total, figures.waiting, figures.units) == (4, 1, [("县教育局", 1)])  # two of the group
    waiting = get(client, w.c.office, "staffing", state="waiting").context["people"]
    assert [(row["person"], row["late"]) for row in waiting] == [("甲", True)]


def test_units_without_bodies_can_be_picked_out(client, w):
    body(w, w.t.health)
    body(w, w.t.health, "office", "办公室")
    body(w, w.t.court)
    rows = get(client, w.c.office, "bodies", state="short").context["page"]
    assert {row.pk for row in rows} == {w.p.archives.pk, w.p.court.pk}
    assert get(client, w.c.secretary, "bodies").context["page"].object_list[0].pk == w.p.health.pk


# ---------------------------------------------------------------- reporting lines
def test_the_way_up_names_posts_bodies_and_groups_level_by_level(client, w):
    office = body(w, w.t.county, "office", "县先教办", phone="8822111")
    named(w, office, "钱主任", role="head")
    bodies.name_holder(by=w.c.secretary, participation=w.p.health, duty="principal", name="孙局长")
    levels = lines_of(w.batch.campaign, w.t.health_1)
    assert [level.organization.pk for level in levels] == [w.t.health_1.pk, w.t.health.pk, w.t.county.pk]
    assert [holder.name for holder in levels[1].holders] == ["孙局长"]
    assert w.c.secretary in {row.user for row in levels[1].posts}
    assert [line.heads[0].name for line in levels[2].bodies] == ["钱主任"]
    assert [(line.heads, line.others) for line in levels[2].groups] == [(["梁志远"], ["宋玉兰"])]
    shown = get(client, w.c.branch, "in_charge", w.t.health_1.pk).content.decode()
    assert all(word in shown for word in ("8822111", "孙局长", "梁志远"))
    assert get(client, w.c.branch, "in_charge", w.t.health.pk).status_code == 200  # the unit above is no secret
    assert get(client, w.c.branch, "in_charge", w.t.court.pk).status_code == 404


# ---------------------------------------------------------------- bounded
def cost(client, user, name, *args):
    client.force_login(user)
    url = reverse(f"supervision:{name}", args=args)
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize("name", ["bodies", "staffing", "in_charge", "body"])
def test_pages_ask_as_often_for_three_as_for_one(client, w, name):
    first = body(w, w.t.county)
    named(w, first, user=w.c.general, role="head")
    bodies.name_holder(by=w.c.office, participation=w.p.health, duty="principal", name="甲")
    args = {"in_charge": [w.t.health_1.pk], "body": [first.pk]}.get(name, [])
    one = cost(client, w.c.office, name, *args)
    for place in (w.t.county, w.t.health):
        more = body(w, place, "office", f"{place.name}办公室")
        named(w, more, "乙", user=w.c.secretary, role="head")
        named(w, more, "丙", user=w.c.leader, role="deputy")
    for person in (w.c.secretary, w.c.leader):
        named(w, first, str(person), user=person)
    bodies.name_holder(by=w.c.office, participation=w.p.health, duty="deputy", name="丁")
    assert cost(client, w.c.office, name, *args) == one


# ---------------------------------------------------------------- to-do and history
def test_people_awaited_stand_on_the_offices_list(w):
    made = body(w, w.t.county, "office", "县先教办")
    member = named(w, made, "甲", seconded=bodies.Seconded(expected_on=clock.today()))
    url = reverse("supervision:staffing") + "?state=waiting"

    def waits(user):
        fresh = type(user).objects.get(pk=user.pk)
        return [(one.count, one.due) for one in todo.gather(fresh) if one.url == url]

    assert waits(w.c.office) == [(1, clock.today())] and waits(w.c.branch) == []
    bodies.change_member(
        by=w.c.office, member=member, role="member", seconded=bodies.Seconded(in_place_on=clock.today())
    )
    assert waits(w.c.office) == []


def test_the_dossier_tells_of_bodies_and_groups(w):
    made = body(w)
    head = named(w, made, "甲", role="head")
    bodies.take_out(by=w.c.office, member=head)
    found = events(Subject(w.t.health, w.p.health, w.c.office), kinds=["bodies"])
    told = " ".join(str(event.title) for event in found)
    assert "第三督导组" in told and "甲" in told and "领导小组" in told
    stranger = events(Subject(w.t.health, w.p.health, w.c.court), kinds=["bodies"])
    assert not [event for event in stranger if "甲" in str(event.title)]


def test_rules(w):
    assert body_rules.can_keep_bodies(w.c.secretary, w.t.health_1)
    assert not body_rules.can_keep_bodies(w.c.secretary, w.t.county)
    assert not body_rules.can_keep_bodies(w.c.supervisor, w.t.health)
    assert not body_rules.can_keep_bodies(user_with("branch_committee", w.t.health), w.t.health)
